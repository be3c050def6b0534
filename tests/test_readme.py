"""What the READMEs show is so: every command runs, and the rows before and after are those of raw/ and normalized/."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline import lookups_csv, profile
from pipeline.cli import main
from pipeline.export.text import plain

ROOT = Path(__file__).parent.parent
NAMES = ("README.md", "README.zh-CN.md")
readmes = pytest.mark.parametrize("name", NAMES)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(name), re.DOTALL | re.MULTILINE)


def commands(name: str) -> list[list[str]]:
    lines = (line for block in blocks(name, "sh") for line in block.splitlines())
    return [words for line in lines if (words := shlex.split(line, comments=True))]


@lru_cache(maxsize=1)
def catalog() -> pipeline.Catalog:
    return pipeline.run(ROOT / "raw" / "social-insurance" / "text" / "source.txt")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with raw/ in it, to run the commands in."""
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@readmes
def test_the_first_screen_shows_the_two_commands(name: str) -> None:
    assert [words[:2] for words in commands(name)[:2]] == [["make", "run"], ["make", "test"]]
    assert text_of(name).index("make test") < 1500


@readmes
def test_every_command_runs(name: str, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for program, *arguments in commands(name):
        if program == "make":
            asked = ["make", "--dry-run", *arguments]
            assert subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0
            continue
        assert program == ".venv/bin/catalog"
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code in (0, 1, None), (arguments, capsys.readouterr().err)


@readmes
def test_every_make_target_is_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", text_of(name))) <= targets


@readmes
def test_the_python_runs(name: str, checkout: Path) -> None:
    for block in blocks(name, "python"):
        exec(compile(block, name, "exec"), {})
    assert (checkout / "out" / "items.json").is_file()


@readmes
def test_the_rows_before_and_after_are_real(name: str) -> None:
    table = re.search(r"<!-- row (\d+) of social-insurance/text -->\n((?:\|.*\n)+)", text_of(name))
    assert table is not None
    received = (ROOT / "raw" / "social-insurance" / "text" / "source.txt").read_text(encoding="utf-8")
    cells = next(line for line in received.splitlines() if line.startswith(f"{table[1]}\t")).split("\t")
    items: list[dict[str, Any]] = json.loads(catalog().files()["items.json"])
    item = next(item for item in items if item["seq"] == int(table[1]))
    rows = [re.findall(r"`([^`]*)`", line) for line in table[2].splitlines()[2:]]
    assert len(rows) >= 5
    for field, before, after in rows:
        assert before in [cell.strip() for cell in cells]
        assert plain(item[field]) == after, field


@readmes
def test_the_overrides_are_well_formed_and_match(name: str, tmp_path: Path) -> None:
    (block,) = blocks(name, "csv")
    (tmp_path / "lookups.csv").write_text(block, encoding="utf-8")
    printed = {value.printed for record in catalog().records for value in record.values.values()}
    for entry in lookups_csv.read(tmp_path / "lookups.csv", profile.load()):
        assert entry.printed in printed


@readmes
def test_every_link_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text_of(name)):
        assert (ROOT / link).exists(), link


def test_both_languages_show_the_same() -> None:
    assert commands(NAMES[0]) == commands(NAMES[1])
    tables = [re.findall(r"^\| `(?:second|legal|time|dis|chan|aud).*$", text_of(name), re.MULTILINE) for name in NAMES]
    assert tables[0] == tables[1]
