"""Records and issues → files."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import frictionless
import pytest
from casting import PLAIN, grid_of, value
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import export, profile
from pipeline.cast import cast
from pipeline.errors import OutputError
from pipeline.export import agree, datapackage, frame, issues_csv, items_csv, items_json, preview, provenance_csv, read_back
from pipeline.export.text import columns, encoded, plain
from pipeline.model import BBox, Issue, Place, Record, RunInfo

Records = tuple[Record, ...]
ISSUES = (
    Issue("account", "error", "page 3: a glyph, lost", place=Place(3)),
    Issue("serials", "warning", "2 follows 4", 2, 4, "seq", Place(1, BBox(1, 2.126, 3, 4))),
)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def folder_of(path: Path, records: Records, meta: dict[str, str] | None = None) -> Path:
    """An output folder with everything but the tables."""
    texts = {
        "items.json": items_json.text(records),
        "items.csv": items_csv.text(records),
        "provenance.csv": provenance_csv.text(records),
        "issues.csv": issues_csv.text(ISSUES),
    }
    files = {name: encoded(text) for name, text in texts.items()}
    info = RunInfo("source.pdf", "ab" * 32, "fake 1.0", "disclosure-catalog", "0.0", meta or {})
    family = profile.load()
    package = datapackage.text(files, records, family, info, {"inputs": {}}, [("extra_备注", "备注")])
    export.write(path, files | {"datapackage.json": encoded(package)})
    return path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("一 二", "一 二", id="text"),
        pytest.param(None, "", id="unknown"),
        pytest.param(True, "true", id="yes"),
        pytest.param(False, "false", id="no"),
        pytest.param(20, "20", id="whole number"),
        pytest.param(20.0, "20", id="whole float"),
        pytest.param(91.666, "91.67", id="two decimals"),
        pytest.param(100.1, "100.1", id="one decimal"),
        pytest.param(-0.001, "0", id="no minus nothing"),
        pytest.param([], "", id="empty list"),
        pytest.param(["甲", "乙"], "甲；乙", id="list"),
    ],
)
def test_values_as_text(value: Any, text: str) -> None:
    assert plain(value) == text


def test_items_json_says_what_the_records_say(records: Records) -> None:
    assert json.loads(items_json.text(records)) == [record.fields for record in records]


def test_items_json_keeps_order_and_is_unescaped(records: Records) -> None:
    text = items_json.text(records)
    assert list(json.loads(text)[1]) == list(records[1].fields)
    assert '"extra_备注": "<b>&"' in text


def test_items_json_of_no_rows() -> None:
    assert json.loads(items_json.text(())) == []


def test_columns_of_several_tables_stand_where_their_table_has_them(records: Records) -> None:
    merged = columns(records)
    assert merged.index("third_level_item") == merged.index("second_level_item") + 1
    assert merged[-1] == "extra_备注"


def test_items_csv(records: Records) -> None:
    first, second = rows_of(items_csv.text(records))
    assert first["second_level_item"] == '登记，"甲"'
    assert first["legal_bases"] == "《政府信息公开条例》；《社会保险法》"
    assert (first["audience_public"], second["audience_public"], first["level_county"]) == ("true", "false", "")
    assert (first["third_level_item"], second["seq"]) == ("", "")


def test_csv_lines_end_with_a_line_feed(records: Records) -> None:
    text = items_csv.text(records)
    assert "\r" not in text
    assert text.count("\n") == 3


def test_provenance_has_one_line_a_value_and_place(records: Records) -> None:
    lines = rows_of(provenance_csv.text(records))
    laws = [line for line in lines if (line["row"], line["field"]) == ("1", "legal_bases")]
    assert [line["x0"] for line in laws] == ["30", "40"]
    assert laws[0]["printed"] == "《政府信息公开条例》、\n《社会保险法》"
    assert (laws[0]["x1"], laws[0]["bottom"]) == ("40", "30.5")


def test_provenance_of_a_dump_is_block_line_and_column(records: Records) -> None:
    lines = rows_of(provenance_csv.text(records))
    item = next(line for line in lines if (line["row"], line["field"]) == ("2", "second_level_item"))
    assert [item[name] for name in ("page", "top", "x0", "x1", "bottom")] == ["2", "7", "3", "", ""]
    assert [item[name] for name in ("origin", "rule", "score", "doubt")] == ["repaired", "lexicon", "91.67", "near"]


def test_provenance_lists_an_absent_value_without_a_place(records: Records) -> None:
    lines = rows_of(provenance_csv.text(records))
    absent = [line for line in lines if (line["row"], line["field"]) == ("2", "legal_bases")]
    assert [(line["page"], line["doubt"]) for line in absent] == [("", "absent")]


def test_provenance_lists_derived_fields(records: Records) -> None:
    lines = rows_of(provenance_csv.text(records))
    derived = next(line for line in lines if (line["row"], line["field"]) == ("1", "time_limit_value"))
    assert (derived["value"], derived["printed"]) == ("20", "20个工作日")


def test_issues_csv_reads_back(tmp_path: Path) -> None:
    (tmp_path / "issues.csv").write_bytes(encoded(issues_csv.text(ISSUES)))
    first, second = issues_csv.read(tmp_path / "issues.csv")
    assert (first["code"], first["severity"], first["row"], first["page"], first["x0"]) == ("account", "error", "", "3", "")
    assert (second["row"], second["seq"], second["field"], second["top"]) == ("2", "4", "seq", "2.13")


def test_a_frame_keeps_unknown_apart_from_false(records: Records) -> None:
    items = frame.frame(records)
    assert list(items.columns) == list(columns(records))
    assert (str(items["audience_public"].dtype), str(items["time_limit_value"].dtype)) == ("boolean", "Int64")
    assert items["legal_bases"][0] == ["《政府信息公开条例》", "《社会保险法》"]
    assert items["level_county"].isna().all()


def test_a_preview_escapes_what_it_shows(records: Records) -> None:
    doubted = [(records[1], "extra_备注"), (records[1], "second_level_item")]
    html = preview.html("<script>", "2 rows", ("seq", "second_level_item"), records, [doubted[1]])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "登 己" in html


def test_the_package_is_valid(records: Records, tmp_path: Path) -> None:
    meta = {"name": "社保 2020", "title": "目录", "issuer": "某县", "domain": "社会保险", "version": "2020", "origin": "…"}
    target = folder_of(tmp_path / "out", records, meta)
    report = frictionless.validate(str(target / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])


def test_the_package_finds_a_row_that_is_not_there(records: Records, tmp_path: Path) -> None:
    target = folder_of(tmp_path / "out", records)
    text = (target / "issues.csv").read_text(encoding="utf-8").replace(",2,4,seq", ",9,4,seq")
    (target / "issues.csv").write_text(text, encoding="utf-8")
    report = frictionless.validate(str(target / "datapackage.json"))
    assert "foreign-key" in [row[0] for row in report.flatten(["type"])]


def test_the_package_says_what_is_known(records: Records, tmp_path: Path) -> None:
    package = json.loads((folder_of(tmp_path / "out", records, {"issuer": "某县"}) / "datapackage.json").read_bytes())
    assert package["title"] == "社会保险目录"
    assert package["contributors"] == [{"title": "某县", "role": "publisher"}]
    assert package["run"]["source"] == {"name": "source.pdf", "sha256": "ab" * 32}
    assert package["run"]["engine"] == "fake 1.0"
    assert package["run"]["profile"]["sha256"] == profile.load().sha256
    titles = {field["name"]: field["title"] for field in package["resources"][1]["schema"]["fields"]}
    assert titles["time_limit_value"] == "公开时限：数值"
    assert titles["extra_备注"] == "备注"
    types = {field["name"]: field["type"] for field in package["resources"][1]["schema"]["fields"]}
    assert (types["seq"], types["audience_public"], types["time_limit_value"], types["channels"]) == (
        "integer",
        "boolean",
        "integer",
        "string",
    )


def test_a_second_writing_gives_the_same_bytes(records: Records, tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in folder_of(tmp_path / "one", records).iterdir()}
    second = {path.name: path.read_bytes() for path in folder_of(tmp_path / "two" / "deep", records).iterdir()}
    assert first == second


def test_a_data_package_of_someone_else_is_not_replaced(records: Records, tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "theirs", "resources": []}')
    with pytest.raises(OutputError, match="no earlier run wrote"):
        folder_of(tmp_path, records)


def test_files_that_were_written_agree(records: Records, tmp_path: Path) -> None:
    assert agree.disagreements(folder_of(tmp_path / "out", records)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        pytest.param("items.json", "20个工作日", "30个工作日", "items.csv does not say", id="a value in items.json"),
        pytest.param("items.csv", "20个工作日", "30个工作日", "items.csv does not say", id="a value in items.csv"),
        pytest.param("provenance.csv", ",audience_public,true", ",audience_public,false", "audience_public", id="a history"),
        pytest.param("issues.csv", ",2,4,seq", ",9,4,seq", "row 9, which items.json has not", id="a row of an issue"),
        pytest.param("items.json", "[", "{", "cannot be compared", id="no JSON"),
    ],
)
def test_a_change_by_hand_is_told(records: Records, tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    target = folder_of(tmp_path / "out", records)
    text = (target / name).read_text(encoding="utf-8")
    (target / name).write_bytes(text.replace(old, new, 1).encode())
    found = agree.disagreements(target)
    assert f"{name} is missing or is not as it was written" in found
    assert any(told in line for line in found), found


def test_a_folder_without_a_package_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no output of a run"):
        agree.disagreements(tmp_path)


ANYTHING = st.text(st.characters(codec="utf-8"), max_size=30) | st.text("一二《》、；\n\r\t\"',■□√1.（）\x00\ufeff ", max_size=30)
PRINTED = ("seq", "second_level_item", "content_elements", "legal_bases", "time_limit", "channels", "audience_specific",
           "method_proactive", "extra_备注")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[ANYTHING] * len(PRINTED)), min_size=1, max_size=3), st.sampled_from(["", "near", "near+cut"]))
def test_whatever_is_cast_and_written_is_read_again(rows: list[tuple[str, ...]], doubt: str) -> None:
    cells = [{name: value(text, 7.25, doubt=doubt) for name, text in zip(PRINTED, row, strict=True)} for row in rows]
    records = tuple(cast(grid_of(cells), PLAIN))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("items.json", items_json.text(records)), ("provenance.csv", provenance_csv.text(records))):
            Path(folder, name).write_bytes(encoded(text))
        again = read_back.records(Path(folder))
    assert [record.fields for record in again] == [record.fields for record in records]
    # The text of a value is what the file says, typed; its history is as it was, but for line ends, which are line feeds in CSV.
    assert list(map(histories, again)) == list(map(histories, records))


def histories(record: Record) -> dict[str, tuple[Any, ...]]:
    ends = re.compile("\r\n?")
    return {name: (ends.sub("\n", v.printed), v.origin, v.rule, v.score, v.doubt, v.places) for name, v in record.values.items()}
