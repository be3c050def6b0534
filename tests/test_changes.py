"""What is written of a comparison: the same in every format, nothing from a catalog taken for markup, exit codes that tell."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from pipeline import profile, versions
from pipeline.cli import main
from pipeline.diff import diff
from pipeline.errors import CatalogError, OutputError
from pipeline.export import changes, changes_daff, changes_json, changes_md, items_json, provenance_csv, read_back
from pipeline.model import Diff, Record, Value
from pipeline.report import Side, View, html, languages, lines, marked, view

FAMILY = profile.load()
EVIL = '<script>alert("1")</script> & *b* [x](javascript:1) | `c` \x1b[31m'


def row(number: int, name: str, **fields: Any) -> Record:
    values = {
        "row": number,
        "seq": number,
        "first_level_item": "社会保险登记",
        "second_level_item": name,
        "legal_bases": ["《社会保险法》", "《劳动法》", "《政府信息公开条例》", "《保险条例》"],
        "time_limit": "20个工作日内公开",
        "audience_public": True,
    }
    return Record(number, values | fields, {})


NAMES = ["企业年金方案备案", "失业保险金申领", "社会保障卡挂失", "个人权益记录查询", "工伤事故备案", "病残津贴申领"]
SAME = [row(number, name) for number, name in enumerate(NAMES, 10)]
OLD = [
    row(1, "参保单位注销"),
    row(2, "参保登记"),
    row(3, "稳岗补贴申领"),
    row(4, "丧葬补助金申领"),
    *SAME,
    row(20, EVIL, time_limit="7日内"),
]
NEW = [
    row(1, "参保登记", time_limit="15个工作日内公开", audience_public=False),
    row(2, "稳岗返还（稳岗补贴）申领"),
    *[replace(record, row=record.row - 1) for record in SAME],
    row(18, "丧葬补助金申领", time_limit="15个工作日内公开"),
    row(19, EVIL, time_limit="7日内", legal_bases=[EVIL, "《劳动法》", "《政府信息公开条例》", "《保险条例》"]),
    row(20, "待遇资格认证"),
]
DOUBTED = replace(NEW[0], values={"audience_public": Value("", "", doubt="tick")})


@pytest.fixture
def found() -> Diff:
    return diff(OLD, [DOUBTED, *NEW[1:]], FAMILY)


@pytest.fixture
def sides() -> tuple[Side, Side]:
    return Side("2020", "某县目录", OLD, "ab" * 32), Side("2023", "某县目录", [DOUBTED, *NEW[1:]])


@pytest.fixture
def told(found: Diff, sides: tuple[Side, Side]) -> View:
    return view(found, *sides, FAMILY)


class TestJson:
    def test_fits_its_schema(self, found: Diff, sides: tuple[Side, Side]) -> None:
        jsonschema.Draft202012Validator.check_schema(changes_json.schema())
        content = json.loads(changes_json.text(found, *sides, FAMILY))
        jsonschema.validate(content, changes_json.schema())
        assert {entry["kind"] for entry in content["changes"]} == {"added", "removed", "renamed", "moved", "changed"}

    def test_nothing_changed(self, sides: tuple[Side, Side]) -> None:
        content = json.loads(changes_json.text(diff(OLD, OLD, FAMILY), sides[0], sides[0], FAMILY))
        jsonschema.validate(content, changes_json.schema())
        assert (content["summary"]["different"], content["changes"], content["doubtful"]) == (False, [], [])

    def test_one_entry_a_change_in_the_words_of_a_list_of_changes(self, found: Diff, sides: tuple[Side, Side]) -> None:
        entries = json.loads(changes_json.text(found, *sides, FAMILY))["changes"]
        keys = ("kind", "old", "new", "item", "field")
        assert [tuple(entry[key] for key in keys if key in entry) for entry in entries] == [
            ("added", "待遇资格认证"),
            ("removed", "参保单位注销"),
            ("renamed", "稳岗补贴申领", "稳岗返还（稳岗补贴）申领"),
            ("moved", "丧葬补助金申领"),
            ("changed", "参保登记", "time_limit"),
            ("changed", "丧葬补助金申领", "time_limit"),
            ("changed", EVIL, "legal_bases"),
        ]

    def test_a_change_shows_what_was_taken_out_and_put_in(self, found: Diff, sides: tuple[Side, Side]) -> None:
        entry = next(e for e in json.loads(changes_json.text(found, *sides, FAMILY))["changes"] if e.get("field") == "time_limit")
        assert (entry["taken_out"], entry["put_in"]) == (["20"], ["15"])
        assert entry["edits"] == [["out", "20"], ["in", "15"], ["same", "个工作日内公开"]]
        assert (entry["old_row"], entry["new_row"]) == (2, 1)

    def test_only_matches_that_were_not_exact_have_a_score(self, found: Diff, sides: tuple[Side, Side]) -> None:
        entries = json.loads(changes_json.text(found, *sides, FAMILY))["changes"]
        assert {entry["kind"] for entry in entries if "score" in entry} == {"renamed"}

    def test_doubtful_changes_stand_apart_with_their_reason(self, found: Diff, sides: tuple[Side, Side]) -> None:
        (entry,) = json.loads(changes_json.text(found, *sides, FAMILY))["doubtful"]
        assert (entry["field"], entry["doubt"]) == ("audience_public", "tick")

    def test_the_same_comparison_gives_the_same_bytes(self, sides: tuple[Side, Side]) -> None:
        texts = {changes_json.text(diff(OLD, NEW, FAMILY), *sides, FAMILY) for _ in range(2)}
        assert len(texts) == 1


class Page(HTMLParser):
    """The elements, attributes and texts of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


class TestHtml:
    def test_shows_every_change(self, told: View) -> None:
        text = "".join(Page(html(told)).texts)
        for part in (
            "待遇资格认证",
            "参保单位注销",
            "原名：稳岗补贴申领",
            "丧葬补助金申领",
            "20",
            "15",
            "存疑",
            "公开时限",
            EVIL,
        ):
            assert part in text

    def test_nothing_from_a_catalog_is_markup(self, told: View) -> None:
        page = Page(html(told))
        assert page.tags.count("script") == 1
        assert not [name for name, _ in page.attributes if name.startswith("on")]

    def test_needs_nothing_else(self, told: View) -> None:
        page = Page(html(told))
        assert not {"link", "img", "iframe", "object"} & set(page.tags)
        assert not [value for name, value in page.attributes if name in ("src", "href")]
        assert "default-src 'none'" in html(told)

    def test_its_own_script_is_the_only_one_allowed(self, told: View) -> None:
        import base64
        import hashlib

        text = html(told)
        script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
        allowed = re.search(r"script-src 'sha256-([^']+)'", text)
        assert script is not None
        assert allowed is not None
        assert base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode() == allowed[1]

    def test_is_readable_without_the_script(self, told: View) -> None:
        hidden = re.findall(r"<(\w+) [^>]*hidden", html(told))
        assert set(hidden) == {"form", "p"}

    @pytest.mark.parametrize("language", languages())
    def test_every_language_has_all_words(self, found: Diff, sides: tuple[Side, Side], language: str) -> None:
        columns = replace(found, columns_added=("level_city",), columns_removed=("extra_备注",), respelled=found.changed)
        told = view(columns, *sides, FAMILY, language)
        assert html(told)
        assert changes_md.text(told)
        assert list(lines(told))

    def test_an_unknown_language_names_those_there_are(self, found: Diff, sides: tuple[Side, Side]) -> None:
        with pytest.raises(CatalogError, match="en, zh"):
            view(found, *sides, FAMILY, "fr")

    def test_equal_changes_are_told_once(self, told: View) -> None:
        changed = next(section for section in told.sections if section.kind == "changed")
        block = next(block for block in changed.blocks if block.change and block.change.field == "time_limit")
        assert [entry.name for entry in block.entries] == ["参保登记", "丧葬补助金申领"]

    def test_nothing_changed(self, sides: tuple[Side, Side]) -> None:
        told = view(diff(OLD, OLD, FAMILY), sides[0], sides[0], FAMILY)
        assert "没有变化" in told.summary
        assert "form" not in Page(html(told)).tags


class TestMarkdown:
    def test_shows_every_change(self, told: View) -> None:
        text = changes_md.text(told)
        assert text.startswith("# 某县目录：2020 → 2023\n\n与 2020 版（11 项）相比")
        assert "- 稳岗补贴申领 → **稳岗返还（稳岗补贴）申领**" in text
        assert "<del>20</del><ins>15</ins>个工作日内公开" in text

    def test_nothing_from_a_catalog_is_markup(self, told: View) -> None:
        text = changes_md.text(told)
        left = re.sub(r"</?(?:del|ins)>", "", re.sub(r"\\.", "", text))
        assert not re.search(r"[<>`\[\]|]", left)


class TestDaff:
    def table(self, found: Diff, sides: tuple[Side, Side]) -> list[list[str]]:
        return list(csv.reader(io.StringIO(changes_daff.text(found, *sides, FAMILY), newline="")))

    def test_every_row_that_changed_has_its_tag(self, found: Diff, sides: tuple[Side, Side]) -> None:
        header, *body = self.table(found, sides)
        name = header.index("second_level_item")
        tags = {line[name]: line[0] for line in body if line[0] not in ("", "...")}
        assert tags == {
            "参保单位注销": "---",
            "参保登记": "->",
            "稳岗补贴申领->稳岗返还（稳岗补贴）申领": "->",
            "丧葬补助金申领": "->",
            EVIL: "->",
            "待遇资格认证": "+++",
        }

    def test_a_moved_row_and_rows_that_are_left_out(self, sides: tuple[Side, Side]) -> None:
        order = [*OLD[:1], *OLD[2:5], OLD[1], *OLD[5:]]
        body = self.table(diff(OLD, order, FAMILY), (sides[0], Side("b", "", order)))[1:]
        assert [line[0] for line in body] == ["...", "", ":", "", "..."]

    def test_an_arrow_in_a_value_makes_the_arrows_longer(self, sides: tuple[Side, Side]) -> None:
        old, new = [*OLD, row(21, "甲->乙")], [*OLD, row(21, "甲->乙", time_limit="7日内")]
        body = self.table(diff(old, new, FAMILY), (Side("a", "", old), Side("b", "", new)))
        assert "20个工作日内公开-->7日内" in body[-1]
        assert body[-1][0] == "-->"

    def test_columns_that_came_and_went(self, sides: tuple[Side, Side]) -> None:
        new = [replace(record, fields=record.fields | {"level_city": True}) for record in OLD]
        schema, header = self.table(diff(OLD, new, FAMILY), (sides[0], Side("b", "", new)))[:2]
        assert (schema[0], header[0]) == ("!", "@@")
        assert schema[header.index("level_city")] == "+++"


class TestTerminal:
    def test_is_readable_without_colour(self, told: View) -> None:
        text = "\n".join(line.plain for line in lines(told))
        assert "公开时限: [-20-]{+15+}个工作日内公开" in text

    def test_a_catalog_cannot_control_the_terminal(self, told: View, found: Diff) -> None:
        assert "\x1b" not in "".join(line.plain for line in lines(told))
        assert "\x1b" not in "".join(marked(change.edits) for match in found.changed for change in match.changes)


class TestReadBack:
    def write(self, folder: Path, records: list[Record]) -> Path:
        folder.mkdir()
        (folder / "items.json").write_text(items_json.text(records), encoding="utf-8")
        (folder / "provenance.csv").write_text(provenance_csv.text(records), encoding="utf-8")
        return folder

    def test_rows_come_back_as_they_were(self, tmp_path: Path, records: tuple[Record, ...]) -> None:
        back = read_back.records(self.write(tmp_path / "out", list(records)))
        assert items_json.text(back) == items_json.text(records)
        assert provenance_csv.text(back) == provenance_csv.text(records)

    def test_the_first_place_of_each_value(self, tmp_path: Path, records: tuple[Record, ...]) -> None:
        folder = self.write(tmp_path / "out", list(records))
        for whole, short in zip(read_back.records(folder), read_back.records(folder, every_place=False), strict=True):
            assert {name: value.places[:1] for name, value in whole.values.items()} == {
                name: value.places for name, value in short.values.items()
            }

    def test_rows_alone_have_no_doubts(self, tmp_path: Path) -> None:
        (tmp_path / "items.json").write_text('[{"second_level_item": "登记"}]', encoding="utf-8")
        (record,) = read_back.records(tmp_path / "items.json")
        assert (record.row, record.values) == (1, {})

    @pytest.mark.parametrize(
        ("name", "text", "told"),
        [
            pytest.param("items.json", None, "no such file", id="no rows"),
            pytest.param("items.json", "[", "JSON", id="half a file"),
            pytest.param("items.json", '{"a": 1}', "no array of rows", id="no array"),
            pytest.param("provenance.csv", "row,seq\n", "its columns are not", id="other columns"),
            pytest.param("provenance.csv", ",".join(provenance_csv.HEADER) + "\n1,1,seq,1\n", "cannot be read", id="half a line"),
        ],
    )
    def test_what_cannot_be_read_is_told(self, tmp_path: Path, name: str, text: str | None, told: str) -> None:
        if name != "items.json":
            (tmp_path / "items.json").write_text("[]")
        if text is not None:
            (tmp_path / name).write_text(text)
        with pytest.raises(OutputError, match=told):
            read_back.records(tmp_path)


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def called(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Ended(int(ended.value.code or 0), told.out, told.err)

    return called


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three versions of a catalog, two of them dated."""
    for name, rows in (("2020", OLD), ("2023", NEW), ("draft", OLD[:3])):
        folder = tmp_path / "normalized" / "si" / name
        folder.mkdir(parents=True)
        (folder / "items.json").write_text(items_json.text(rows), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


WRITTEN = ["changes.csv", "changes.html", "changes.json", "changes.md"]


class TestCommand:
    @pytest.mark.parametrize("command", ["add", "correct", "diff", "log", "history", "export-lexicon"])
    def test_help_is_there(self, run: Any, command: str) -> None:
        ended = run(command, "--help")
        assert (ended.code, f"Usage: catalog {command}" in ended.out) == (0, True)

    def test_equal_is_0_and_different_is_1(self, run: Any, tree: Path) -> None:
        same = run("diff", "normalized/si/2020", "normalized/si/2020/items.json")
        assert (same.code, "has not changed" in same.out) == (0, True)
        assert run("diff", "normalized/si/2020", "normalized/si/2023").code == 1

    def test_two_versions_of_the_tree_are_written_to_their_place(self, run: Any, tree: Path) -> None:
        ended = run("diff", "si", "2020", "2023")
        assert (ended.code, "normalized/si/2020..2023" in ended.err) == (1, True)
        assert sorted(path.name for path in Path("normalized/si/2020..2023").iterdir()) == WRITTEN
        before = {path.name: path.read_bytes() for path in Path("normalized/si/2020..2023").iterdir()}
        run("diff", "si", "2020", "2023")
        assert {path.name: path.read_bytes() for path in Path("normalized/si/2020..2023").iterdir()} == before

    def test_without_names_each_version_against_the_one_before(self, run: Any, tree: Path) -> None:
        ended = run("diff")
        assert ended.code == 1
        assert "left out draft" in ended.err
        assert [path.name for path in Path("normalized/si").glob("*..*")] == ["2020..2023"]

    def test_an_output_folder(self, run: Any, tree: Path) -> None:
        run("diff", "normalized/si/2020", "normalized/si/2023", "-o", "out")
        assert sorted(path.name for path in Path("out").iterdir()) == WRITTEN
        jsonschema.validate(json.loads(Path("out/changes.json").read_bytes()), changes_json.schema())

    def test_a_filtered_comparison_is_not_written_to_the_tree(self, run: Any, tree: Path) -> None:
        run("diff", "si", "2020", "2023", "--only", "added")
        assert not Path("normalized/si/2020..2023").exists()

    @pytest.mark.parametrize(
        ("options", "code", "shown", "hidden"),
        [
            pytest.param(("--only", "added,renamed"), 1, "Renamed (1)", "Changed", id="only some kinds"),
            pytest.param(("--only", "moved"), 1, "Moved (1)", "Added", id="only one kind"),
            pytest.param(("--fields", "legal_bases"), 1, "Changed (1)", "公开时限", id="only one field"),
            pytest.param(("--language", "zh"), 1, "内容变更", "Changed", id="in Chinese"),
            pytest.param(("--format", "md"), 1, "## 新增", "Added (", id="as Markdown"),
            pytest.param(("--format", "html"), 1, "<!doctype html>", "Added (", id="as HTML"),
            pytest.param(("--format", "csv"), 1, "@@,", "Added (", id="as CSV"),
        ],
    )
    def test_options(self, run: Any, tree: Path, options: tuple[str, ...], code: int, shown: str, hidden: str) -> None:
        ended = run("diff", "normalized/si/2020", "normalized/si/2023", *options)
        assert ended.code == code
        assert shown in ended.out
        assert hidden not in ended.out

    def test_doubtful_changes_alone_can_be_ignored(self, run: Any, tree: Path) -> None:
        doubted = [replace(NEW[0], values={name: Value("", "", doubt="cut") for name in NEW[0].fields}), *NEW[1:]]
        sure = [replace(NEW[0], fields=NEW[0].fields | {"time_limit": "7日内"}), *NEW[1:]]
        for name, rows in (("a", doubted), ("b", sure)):
            Path(name).mkdir()
            Path(name, "items.json").write_text(items_json.text(rows), encoding="utf-8")
            Path(name, "provenance.csv").write_text(provenance_csv.text(rows), encoding="utf-8")
        assert run("diff", "a", "b").code == 1
        assert run("diff", "a", "b", "--ignore-doubtful").code == 0

    def test_json_on_stdout_is_nothing_but_json(self, run: Any, tree: Path) -> None:
        content = json.loads(run("diff", "normalized/si/2020", "normalized/si/2023", "--format", "json").out)
        jsonschema.validate(content, changes_json.schema())

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            pytest.param("diff nowhere normalized/si/2020", "nowhere: no such file or folder", id="no such folder"),
            pytest.param("diff si 2020 1999", "no version 1999; known are 2020, 2023, draft", id="no such version"),
            pytest.param("diff one", "takes OLD NEW", id="one name"),
            pytest.param("diff a b c d", "takes OLD NEW", id="four names"),
            pytest.param("diff si 2020 2023 --only renumbered", "added, removed, renamed, moved, changed", id="no such kind"),
            pytest.param("diff si 2020 2023 --fields limit", "no such field", id="no such field"),
            pytest.param("diff si 2020 2023 --format pdf", "json, md, html, csv", id="no such format"),
            pytest.param("diff si 2020 2023 --language fr", "no such language", id="no such language"),
            pytest.param("diff -o out", "-o goes with two versions", id="all into one folder"),
            pytest.param(
                "diff normalized/si/2020 normalized/si/2023 -o full", "no earlier run wrote", id="a folder of someone else"
            ),
        ],
    )
    def test_what_cannot_be_done_is_2_and_one_line(self, run: Any, tree: Path, arguments: str, told: str) -> None:
        Path("full").mkdir()
        Path("full/thesis.doc").write_text("years of work")
        ended = run(*arguments.split())
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert told in ended.err
        assert not list(Path("normalized/si").glob("*..*"))


def test_versions_follow_each_other_by_their_numbers() -> None:
    names = ["draft", "2020-10", "2020-9", "2019", "v3"]
    assert sorted(names, key=versions._by_number) == ["v3", "2019", "2020-9", "2020-10", "draft"]
    assert versions.successive(["2019", "2020", "text"]) == [("2019", "2020")]


def test_a_folder_of_changes_is_known_as_such(tmp_path: Path, found: Diff, told: View) -> None:
    changes.write(tmp_path / "out", found, told, FAMILY)
    assert changes.is_ours(tmp_path / "out")
    assert not changes.is_ours(tmp_path)
