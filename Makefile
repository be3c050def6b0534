# `make run` sets everything up and turns what is new or changed under raw/ into normalized/; `make help` lists the rest.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SECONDEXPANSION:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Build tools are pinned by the same file as the packages.
PIP := PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

# pip compiles what it installs, but not what it links to; without byte code every start would compile the program anew.
COMPILE := $(BIN)/python -m compileall -q pipeline

SOURCES := $(filter-out %.toml,$(wildcard raw/*/*/source.*))
ITEMS := $(patsubst raw/%,normalized/%items.json,$(dir $(SOURCES)))
PROGRAM := $(shell find pipeline -type f -not -path '*/__pycache__/*' 2>/dev/null)

.PHONY: help run diff setup test browser docs golden lint format bench tesseract fuzz kill mutants licences sbom clean

help:
	@sed -n 's/^## *//p' $(MAKEFILE_LIST)

## run     set up, then turn what is new or changed under raw/ into normalized/
# The command comes last since it goes by contents: it also sees what has no newer file, such as an override that was removed.
run: $(ITEMS) | $(VENV)/.run
	@$(BIN)/catalog run || [ $$? -eq 1 ]

# A source, what lies beside it, or the program: only what depends on the change is made again.
# Exit code 1 means done, with errors to look at; the command says how many.
normalized/%/items.json: $$(wildcard raw/$$*/source.* raw/$$*/lookups.csv $$(dir raw/$$*)lookups.csv) $(PROGRAM) | $(VENV)/.run
	@$(BIN)/catalog run $(filter-out %.toml,$(filter raw/$*/source.%,$^)) || [ $$? -eq 1 ]

## diff    run, then write what each version changed into normalized/<catalog>/<old>..<new>/
# Exit code 1 means that versions differ, which is what one asks for here.
diff: run
	@$(BIN)/catalog diff || [ $$? -eq 1 ]

## test    set up, then run the tests
test: $(VENV)/.dev | browser
	$(BIN)/python -m pytest -q -n auto

# One test looks at what is served in a real browser. It is installed where this user may; without it that test is left out.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -qq -y chromium; } || \
	  echo 'there is no chromium; on Debian: sudo apt install chromium' >&2

## docs    write the schemas and the docs of the fields anew
docs: $(VENV)/.dev
	$(BIN)/python -m pipeline.schemas

## golden  write the expected outputs under tests/golden anew; read the difference before you commit it
golden: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/test_golden.py --update-golden

## lint    set up, then ruff and mypy
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## format  lay out the code as `make lint` wants it
format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## bench   set up, then measure speed and accuracy
bench: $(VENV)/.dev | tesseract
	$(BIN)/python -m benchmarks

# One peer is no Python package. It is installed where this user may; without it that benchmark is left out.
tesseract:
	@command -v tesseract >/dev/null || \
	  { [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    apt-get install -qq -y tesseract-ocr tesseract-ocr-chi-sim; } || \
	  echo 'there is no tesseract; on Debian: sudo apt install tesseract-ocr tesseract-ocr-chi-sim' >&2

## fuzz    set up, then read mutated sources for an hour; what fails is kept under build/fuzz
fuzz: $(VENV)/.dev
	$(BIN)/python -m benchmarks.fuzz --seconds 3600

## kill    set up, then kill commands at 200 random moments; every output must be the old or the new one
kill: $(VENV)/.dev
	$(BIN)/python -m benchmarks.kill --times 200

## mutants sample the mutants of the rooms where a wrong sign is a wrong value; writes docs/mutation.md
mutants: $(VENV)/.dev
	$(PIP) --editable '.[mutants]'
	$(BIN)/python -m benchmarks.mutants

## licences write docs/dependencies.md anew: every package with its version and licence
licences: $(VENV)/.dev
	$(BIN)/python -m benchmarks.dependencies

## sbom    write sbom.json (CycloneDX, checked against its schema): every package of the environment
sbom: $(VENV)/.dev
	$(PIP) --editable '.[sbom]'
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o sbom.json $(VENV)/bin/python

## setup   only set up
setup: $(VENV)/.dev

$(VENV)/.run: $(VENV)/.packages $(PROGRAM)
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: $(VENV)/.dev-packages $(VENV)/.run
	@touch $@

$(VENV)/.packages: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[ocr,review]'
	@touch $@

$(VENV)/.dev-packages: pyproject.toml constraints.txt | $(VENV)/.packages
	$(PIP) --editable '.[dev]'
	@touch $@

# Debian and Ubuntu keep venv in a package of its own; it is installed where this user may.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && apt-get install -qq -y python3-venv; } || \
	  { echo 'python3 has no venv; on Debian or Ubuntu: sudo apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

## clean   remove what was made: the environment, normalized/, the extracted tables, caches
clean:
	rm -rf $(VENV) normalized raw/*/*/tables.json .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
