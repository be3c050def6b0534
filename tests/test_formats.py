"""The formats for other systems, each read back by a tool that did not write it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import jsonschema
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_export import folder_of

from pipeline.cli import main
from pipeline.errors import CatalogError, MissingExtraError, OutputError
from pipeline.export import feed, formats, people
from pipeline.export.feed import Feed
from pipeline.export.text import LIST_SEPARATOR
from pipeline.model import BBox, Place, Record, Value
from pipeline.schemas.items import items_schema

Records = tuple[Record, ...]
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1", "＋1", "－1", "＠a")


def nasty(records: Records) -> Records:
    """What breaks formats: formulas, signs of Markdown, line ends, a text that Excel cannot hold, half a surrogate pair."""
    texts = (*FORMULAS, "a|b\n*c* <i>", "长" * 40_000, "\ud800", 'x"y,z')
    first = records[0]
    more = [
        replace(first, row=n, fields=first.fields | {"row": n, "second_level_item": text, "legal_bases": [text, "二"]})
        for n, text in enumerate(texts, len(records) + 1)
    ]
    return (*records, *more)


@pytest.fixture
def folder(tmp_path: Path, records: Records) -> Path:
    return folder_of(tmp_path / "normalized" / "si" / "2020", nasty(records), {"name": "si-2020", "title": "目录"})


@pytest.fixture
def read(folder: Path) -> Feed:
    return feed.read(folder)


def written(read: Feed, name: str, path: Path, merged: bool = False) -> Path:
    form = formats.FORMATS[name]
    target = path / f"{read.name}{form.suffix}"
    target.write_bytes(formats.data(form, read, merged))
    return target


def one_line(value: Any) -> str:
    return LIST_SEPARATOR.join(value) if isinstance(value, list) else str(value)


def test_a_feed_holds_what_was_written(read: Feed, records: Records) -> None:
    assert [record.fields for record in read.records[:2]] == [record.fields for record in records]
    assert [place.bbox.x0 for place in read.records[0].values["legal_bases"].places if place.bbox] == [30, 40]
    assert (read.name, read.title) == ("si-2020", "目录")


def test_a_feed_knows_what_the_columns_hold(read: Feed) -> None:
    kinds = {column.name: column.kind for column in read.columns}
    assert {kinds[name] for name in ("row", "seq", "time_limit_value")} == {"integer"}
    assert {kinds[name] for name in ("legal_bases", "channels", "channels_offered")} == {"list"}
    assert (kinds["level_county"], kinds["extra_备注"]) == ("boolean", "string")
    assert {column.name: column.title for column in read.columns}["extra_备注"] == "备注"


def test_a_folder_that_no_run_wrote_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no output of a run"):
        feed.read(tmp_path)


@pytest.mark.parametrize("name", ["xlsx", "parquet", "sqlite", "csv-excel", "jsonl", "markdown"])
def test_the_same_rows_give_the_same_bytes(name: str, read: Feed) -> None:
    form = formats.FORMATS[name]
    assert formats.data(form, read) == formats.data(form, read)


@pytest.mark.parametrize("name", list(formats.FORMATS))
def test_no_rows_are_a_file_too(name: str, tmp_path: Path) -> None:
    empty = feed.read(folder_of(tmp_path / "empty", ()))
    assert written(empty, name, tmp_path).is_file()


# xlsx, read by openpyxl


def sheet(path: Path, name: str = "目录") -> Any:
    return openpyxl.load_workbook(path)[name]


def test_a_workbook_has_chinese_headings_frozen_panes_and_filters(read: Feed, tmp_path: Path) -> None:
    items = sheet(written(read, "xlsx", tmp_path))
    assert [cell.value for cell in items[1]][:4] == ["行号", "目录名称", "序号", "二级事项"]
    assert items["E1"].value == "三级事项"
    assert items.freeze_panes == "F2"
    assert items.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(len(read.columns))}{len(read.records) + 1}"


def test_a_workbook_runs_nothing(read: Feed, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(read, "xlsx", tmp_path))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    formulas = [cell for cell in cells if isinstance(cell.value, str) and people.runs(cell.value)]
    assert len(formulas) >= len(FORMULAS)
    assert all(cell.quotePrefix for cell in formulas)


def test_a_workbook_keeps_the_values(read: Feed, tmp_path: Path) -> None:
    items = sheet(written(read, "xlsx", tmp_path))
    names = [column.name for column in read.columns]
    cells = [dict(zip(names, (cell.value for cell in line), strict=True)) for line in items.iter_rows(min_row=2)]
    assert [line["row"] for line in cells] == [record.row for record in read.records]
    assert (cells[0]["audience_public"], cells[1]["audience_public"], cells[0]["level_county"]) == ("是", "否", None)
    assert cells[0]["legal_bases"] == "《政府信息公开条例》；《社会保险法》"
    for line, row in zip(cells, read.rows, strict=True):
        if len(row["second_level_item"]) < 32_767:
            assert line["second_level_item"] == row["second_level_item"]


def test_a_text_that_excel_cannot_hold_says_so(read: Feed, tmp_path: Path) -> None:
    items = sheet(written(read, "xlsx", tmp_path))
    longest = max((str(cell.value) for line in items.iter_rows() for cell in line), key=len)
    assert len(longest) == 32_767
    assert longest.endswith("全文见 items.json）")


def test_doubtful_cells_are_coloured_with_the_reason(read: Feed, tmp_path: Path) -> None:
    items = sheet(written(read, "xlsx", tmp_path))
    names = [column.name for column in read.columns]
    doubted, sure = (items.cell(row, names.index("time_limit") + 1) for row in (3, 2))
    assert doubted.fill.fgColor.rgb == "FFFFE699"
    assert "数字未印出" in doubted.comment.text
    assert "*个工作日" in doubted.comment.text
    assert sure.comment is None
    assert sure.fill.fill_type is None
    doubts = sum(bool(value.doubt) for record in read.records for value in record.values.values())
    assert sum(cell.comment is not None for line in items.iter_rows() for cell in line) == doubts
    assert sheet(tmp_path / "si-2020.xlsx", "存疑").max_row == doubts + 1


def test_the_merged_look_merges_what_is_one_cell(tmp_path: Path, records: Records) -> None:
    laws = Value("《甲》", "《甲》", "spanned", places=(Place(1, BBox(0, 0, 9, 9)),))
    rows = [replace(records[0], row=n, fields=records[0].fields | {"row": n}, values={"legal_bases": laws}) for n in (1, 2, 3)]
    read = feed.read(folder_of(tmp_path / "made", tuple(rows)))
    plain, merged = (sheet(written(read, "xlsx", tmp_path, merged)) for merged in (False, True))
    column = openpyxl.utils.get_column_letter([c.name for c in read.columns].index("legal_bases") + 1)
    assert (list(plain.merged_cells.ranges), plain.auto_filter.ref is not None) == ([], True)
    assert [str(block) for block in merged.merged_cells.ranges] == [f"{column}2:{column}4"]
    assert merged.auto_filter.ref is None


# csv-excel


def csv_rows(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_for_excel_runs_nothing(read: Feed, tmp_path: Path) -> None:
    header, *lines = csv_rows(written(read, "csv-excel", tmp_path))
    assert len(lines) == len(read.records)
    assert not [cell for line in (header, *lines) for cell in line if people.runs(cell)]
    names = [column.name for column in read.columns]
    for text, line in zip(FORMULAS, lines[2:], strict=False):
        assert line[names.index("second_level_item")] == f"'{text}"


def test_csv_for_excel_is_read_by_frictionless(read: Feed, tmp_path: Path) -> None:
    path = written(read, "csv-excel", tmp_path)
    with frictionless.system.use_context(trusted=True):
        resource = frictionless.Resource(path=str(path), encoding="utf-8-sig")
        assert resource.validate().valid
        rows = resource.read_rows()
    assert rows[0]["二级事项"] == '登记，"甲"'
    assert len(rows) == len(read.records)


def test_only_what_a_spreadsheet_opens_is_made_harmless(read: Feed, folder: Path, tmp_path: Path) -> None:
    for name in ("jsonl", "parquet", "sqlite", "duckdb"):
        assert "'=1+1" not in written(read, name, tmp_path).read_bytes().decode("utf-8", "replace")
    assert "'=1" not in (folder / "items.csv").read_text(encoding="utf-8")


@settings(deadline=None)
@given(st.text())
def test_what_is_harmless_does_not_run(text: str) -> None:
    assert not people.runs(people.harmless(text))
    assert people.harmless(text).endswith(text)


@pytest.mark.parametrize("text", ["", "登记", "1-2", "a=b", "—", "20", "'quoted"])
def test_what_does_not_run_stays(text: str) -> None:
    assert people.harmless(text) == text


# parquet and duckdb, read by DuckDB (Parquet was written by Arrow) and, for the DuckDB file, by a connection of its own


def duck(query: str, path: Path | None = None) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path) if path else ":memory:", read_only=path is not None) as connection:
        return connection.execute(query).fetchall()


def test_parquet_has_real_lists_and_booleans(read: Feed, tmp_path: Path) -> None:
    path = written(read, "parquet", tmp_path)
    types = {name: kind for name, kind, *_ in duck(f"DESCRIBE SELECT * FROM '{path}'")}
    assert types["legal_bases"] == "VARCHAR[]"
    assert (types["audience_public"], types["level_county"], types["time_limit_value"]) == ("BOOLEAN", "BOOLEAN", "BIGINT")
    assert [list(row) for row in duck(f"SELECT * FROM '{path}' ORDER BY row")] == [list(row.values()) for row in read.rows]


def test_parquet_tells_what_it_is(read: Feed, tmp_path: Path) -> None:
    path = written(read, "parquet", tmp_path)
    told = dict(duck(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{path}')"))
    assert json.loads(told["catalog"])["title"] == "目录"


def test_the_command_says_what_it_wrote_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    arguments = ["export", str(folder), "--to", ",".join(formats.FORMATS), "-o", str(tmp_path / "feeds")]
    ended = subprocess.run([sys.executable, "-m", "pipeline", *arguments], capture_output=True, text=True, check=True)
    # DuckDB tells of leaks when its module is not walked by the last garbage collection.
    assert [" → " in line for line in ended.stderr.splitlines()] == [True] * len(formats.FORMATS)


def test_a_duckdb_file_holds_everything(read: Feed, tmp_path: Path) -> None:
    path = written(read, "duckdb", tmp_path)
    assert [list(row) for row in duck("SELECT * FROM items ORDER BY row", path)] == [list(row.values()) for row in read.rows]
    assert duck("SELECT count(*) FROM provenance", path) == [(len(list(feed.histories(read.records))),)]
    assert duck("SELECT value FROM about WHERE name = 'title'", path) == [("目录",)]
    assert duck("SELECT count(*) FROM issues", path) == [(len(read.issues),)]
    comments = dict(duck("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'items'", path))
    assert comments["legal_bases"] == "公开依据"


# sqlite


def test_an_sqlite_file_holds_everything(read: Feed, tmp_path: Path) -> None:
    path = written(read, "sqlite", tmp_path)
    rows = duck(f"SELECT row, second_level_item FROM sqlite_scan('{path}', 'items') ORDER BY row") if _has_scanner() else None
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT row, second_level_item FROM items ORDER BY row").fetchall()
    assert found == [(row["row"], row["second_level_item"]) for row in read.rows]
    assert rows is None or rows == found
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    laws = "SELECT value FROM items, json_each(legal_bases) WHERE row = 1"
    entries = "SELECT entry FROM entries WHERE row = 1 AND field = 'legal_bases' ORDER BY position"
    assert connection.execute(laws).fetchall() == connection.execute(entries).fetchall()
    assert connection.execute("SELECT count(*) FROM provenance").fetchone() == (len(list(feed.histories(read.records))),)
    connection.close()


def _has_scanner() -> bool:
    """DuckDB's scanner for SQLite is fetched from the net the first time; without it SQLite itself reads the file."""
    try:
        duck("LOAD sqlite")
    except duckdb.Error:
        return False
    return True


# jsonl and markdown


def test_json_lines_keep_to_the_schema(read: Feed, tmp_path: Path) -> None:
    lines = written(read, "jsonl", tmp_path).read_text(encoding="utf-8").split("\n")[:-1]
    rows = [json.loads(line) for line in lines]
    assert rows == read.rows
    jsonschema.validate(rows, items_schema())


def test_markdown_is_a_table_of_the_values(read: Feed, tmp_path: Path) -> None:
    text = written(read, "markdown", tmp_path).read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [t.children or [] for before, t in pairwise(tokens) if before.type in ("td_open", "th_open")]
    texts = ["".join(child.content for child in cell if child.type == "text" or child.type == "text_special") for cell in cells]
    filled = [c for c in read.columns if any(row[c.name] not in (None, []) for row in read.rows)]
    assert {child.type for cell in cells for child in cell} <= {"text", "text_special"}
    assert texts[: len(filled)] == [column.title for column in filled]
    assert len(texts) == len(filled) * (len(read.records) + 1)
    laws = [c.name for c in filled].index("legal_bases")
    assert texts[len(filled) + laws] == "《政府信息公开条例》；《社会保险法》"
    assert "a|b *c* <i>" in texts


def test_markdown_marks_doubts_and_names_empty_columns(read: Feed, tmp_path: Path) -> None:
    text = written(read, "markdown", tmp_path).read_text(encoding="utf-8")
    assert "\\*个工作日 ⚠" in text
    assert "数字未印出" in text
    assert "公开层级：县级" in text.split("无内容的栏目：")[1]


# the command


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["export", *arguments])
    return int(ended.value.code or 0)


def test_the_command_writes_several_at_once(folder: Path, tmp_path: Path) -> None:
    assert run(str(folder), "--to", "xlsx,jsonl", "--to", "sqlite", "-o", str(tmp_path / "out")) == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["si-2020.jsonl", "si-2020.sqlite", "si-2020.xlsx"]


@pytest.mark.parametrize("name", ["si/2020", "si", "normalized"])
def test_the_command_takes_a_name(name: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(name, "--to", "jsonl", "-o", "out") == 0
    assert (tmp_path / "out" / "si-2020.jsonl").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["si/2020", "--to", "xls"], "no such format; there are xlsx", id="format"),
        pytest.param(["si/1999", "--to", "xlsx"], "si/2020", id="name"),
    ],
)
def test_the_command_says_what_there_is(
    arguments: list[str],
    told: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    assert told in capsys.readouterr().err


def test_a_missing_library_is_told(read: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name="xlsxwriter")

    monkeypatch.setattr(formats.importlib, "import_module", absent)
    with pytest.raises(MissingExtraError, match=r"\[feeds\]") as told:
        formats.data(formats.FORMATS["xlsx"], read)
    assert isinstance(told.value, CatalogError)
