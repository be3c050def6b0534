"""``catalog explain``: the history of one row."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from test_cli import run  # noqa: F401

HEADER = ["row", "seq", "field", "value", "printed", "origin", "rule", "score", "doubt", "page", "x0", "top", "x1", "bottom"]
LINES = [
    "1,1,seq,1,1,printed,,,,1,10,20,30,40",
    "1,1,second_level_item,参保登记,参 保登记,repaired,spaces,100,,1,30,20,60,40",
    "2,2,second_level_item,退休申请,职工正常退休申请,repaired,bleed,92.5,bleed,3,2,17,,",
    "2,2,legal_bases,《甲法》,《甲法》,joined,,,,1,60,20,90,40",
    "2,2,legal_bases,《甲法》,《甲法》,joined,,,,2,60,20,90,40",
    "3,2,second_level_item,又一表,又一表,printed,,,,5,30,20,60,40",
    "3,2,audience_public,,,absent,,,cut,,,,,",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with (tmp_path / "provenance.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *(line.split(",") for line in LINES)])
    return tmp_path


def test_a_row_is_told_field_by_field(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("COLUMNS", "200")
    ended = run("explain", folder, "--row", 2)
    assert ended.code == 0
    assert "row 2, serial 2" in ended.out
    for told in (
        "职工正常退休申请",
        "退休申请",
        "bleed",
        "92.5",
        "as the value",
        "page 2 at 60, 20",
        "block 3, line 17, column 2",
    ):
        assert told in ended.out
    assert "参保登记" not in ended.out


def test_a_serial_of_two_tables_is_told_for_both(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("COLUMNS", "200")
    out = run("explain", folder, "--seq", 2).out
    for told in ("row 2, serial 2", "row 3, serial 2", "nowhere"):
        assert told in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["--row", "9"], "no row with row 9; there are 1 to 3", id="no such row"),
        pytest.param([], "either --seq N", id="no row named"),
        pytest.param(["--row", "1", "--seq", "1"], "either --seq N", id="named twice"),
    ],
)
def test_what_cannot_be_explained_is_an_error(run: Any, folder: Path, arguments: list[str], told: str) -> None:  # noqa: F811
    ended = run("explain", folder, *arguments)
    assert (ended.code, told in ended.err) == (2, True)


def test_a_folder_without_rows_is_an_error(run: Any, tmp_path: Path) -> None:  # noqa: F811
    ended = run("explain", tmp_path, "--row", 1)
    assert (ended.code, "holds no provenance.csv" in ended.err) == (2, True)
