"""The catalogs under raw/, whole: what comes out is what was read and approved.

``make golden`` (pytest --update-golden) writes the expected files anew; the difference is read before it is committed.
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path

import pytest

import pipeline

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
FILES = ("items.json", "issues.csv", "provenance.csv")
SOURCES = sorted(path for path in (ROOT / "raw").glob("*/*/source.*") if path.suffix != ".toml")


@lru_cache(maxsize=1)
def made_from(source: Path) -> dict[str, bytes]:
    return pipeline.run(source).files()


def expected(source: Path, name: str) -> Path:
    return GOLDEN / source.parent.relative_to(ROOT / "raw") / name


def difference(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "approved", "now", lineterm="", n=1)
    return "\n".join(list(lines)[:60])


CASES = [
    pytest.param(source, name, id=f"{source.parent.parent.name}/{source.parent.name}/{name}")
    for source in SOURCES
    for name in FILES
]


@pytest.mark.parametrize(("source", "name"), CASES)
def test_a_catalog_gives_what_was_approved(source: Path, name: str, request: pytest.FixtureRequest) -> None:
    path, now = expected(source, name), made_from(source)[name]
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(now)
    assert path.is_file(), f"{path.relative_to(ROOT)} is missing; read what comes out, then `make golden`"
    assert now == path.read_bytes(), difference(path.read_text(encoding="utf-8"), now.decode())


@pytest.mark.parametrize("source", [pytest.param(path, id=path.parent.name) for path in SOURCES])
def test_a_second_run_gives_the_same_bytes(source: Path) -> None:
    assert pipeline.run(source).files() == made_from(source)


@pytest.mark.parametrize("source", [pytest.param(path, id=path.parent.name) for path in SOURCES])
def test_no_glyph_and_no_slot_is_lost(source: Path) -> None:
    made = pipeline.run(source)
    assert [issue for issue in made.issues if issue.code in ("account", "tiling")] == []
    assert all(page.account.printed > 0 for page in made.document.pages)


@pytest.mark.parametrize("source", [pytest.param(path, id=path.parent.name) for path in SOURCES])
def test_every_value_names_its_place_or_is_absent(source: Path) -> None:
    for record in pipeline.run(source).records:
        for name, value in record.values.items():
            assert value.places or value.origin in ("absent", "looked_up"), (record.row, name)


def test_nothing_is_approved_that_has_no_source() -> None:
    approved = {path.parent.relative_to(GOLDEN) for path in GOLDEN.glob("*/*/items.json")}
    assert approved <= {source.parent.relative_to(ROOT / "raw") for source in SOURCES}


def test_there_are_sources() -> None:
    assert {source.parent.name for source in SOURCES} >= {"2020", "2023", "text"}
