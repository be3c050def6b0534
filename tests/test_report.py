"""The review page: what it tells, that nothing printed in a source is markup, and that it needs nothing else."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import catalogs
import pytest
from pdfs import Sheet, draw, grid

import pipeline
from pipeline import page
from pipeline.catalog import Catalog
from pipeline.check.wording import REASONS
from pipeline.cli import main
from pipeline.errors import NoTableError
from pipeline.model import Document, Issue, Place, Record, Value
from pipeline.profile import load

ROOT = Path(__file__).parent.parent
FAMILY = load()
TEXT = ROOT / "raw" / "social-insurance" / "text" / "source.txt"


@pytest.fixture(scope="module")
def dump() -> Catalog:
    return pipeline.run(TEXT)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return pipeline.run(catalogs.merged(tmp_path_factory.mktemp("pdf") / "source.pdf"))


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    rows = [catalogs.row(1, catalogs.HOSTILE, laws=f"《{catalogs.EVIL}》"), catalogs.row(2, "甲", limit="*个工作日")]
    return pipeline.run(catalogs.catalog(tmp_path_factory.mktemp("evil") / "source.pdf", rows))


def cells(view: page.View) -> dict[str, page.Cell]:
    return {cell.id: cell for row in view.rows for cell in row.cells}


def boxes(view: page.View) -> Iterator[page.Box]:
    for sheet in view.sheets:
        yield from sheet.boxes
        for line in sheet.lines:
            yield from (piece for piece in line.pieces if piece.id)


def view_of(records: list[Record], document: Document, *issues: Issue) -> page.View:
    return page.view(records, issues, document, FAMILY)


def record(row: int, **values: Value) -> Record:
    return Record(row, {"row": row, **{name: value.text for name, value in values.items()}}, values)


class Page(HTMLParser):
    """The elements, attributes and texts of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


# What it tells


@pytest.mark.parametrize("kind", ["dump", "pdf", "evil"])
def test_tasks_add_up_to_the_issues(kind: str, request: pytest.FixtureRequest) -> None:
    made: Catalog = request.getfixturevalue(kind)
    view = made.report_view()
    lines = list(csv.DictReader(io.StringIO(made.files(report=False)["issues.csv"].decode())))
    assert len(view.tasks) == len(lines) == sum(count for _, _, count in view.counts)
    assert {code: count for code, _, count in view.counts} == {
        code: sum(line["code"] == code for line in lines) for code in {line["code"] for line in lines}
    }
    assert view.errors == sum(line["severity"] == "error" for line in lines)


@pytest.mark.parametrize("kind", ["dump", "pdf"])
def test_every_value_is_there_and_every_place_has_its_box(kind: str, request: pytest.FixtureRequest) -> None:
    made: Catalog = request.getfixturevalue(kind)
    view = made.report_view()
    known = {box.id: box for box in boxes(view)}
    assert [row.number for row in view.rows] == [record.row for record in made.records]
    for cell in cells(view).values():
        assert all(cell.id in known[box].cells for box in cell.boxes)
    assert any(len(cell.boxes) > 1 for cell in cells(view).values()) == (kind == "pdf")


def test_a_cell_over_a_page_break_has_all_its_places(pdf: Catalog) -> None:
    cell = cells(pdf.report_view())["v2-first_level_item"]
    assert "joined" in cell.marks
    assert cell.pages == (1, 2)
    assert [box.text for box in boxes(pdf.report_view()) if box.id in cell.boxes] == ["参保信息", "变更维护"]


def test_a_repaired_value_shows_what_was_done_to_the_print(dump: Catalog) -> None:
    told = cells(dump.report_view())["v54-second_level_item"]
    assert "repaired" in told.marks
    assert "".join(edit.text for edit in told.edits if edit.op != "in") == "一次性工亡补助金（含生活困难，预支50%确"
    assert "".join(edit.text for edit in told.edits if edit.op != "out") == told.text
    assert told.reasons == (page.Words("单元格被页面截断", "the page cuts the cell off, so it is not known what stands there"),)


def test_markup_and_the_cutting_of_a_list_are_no_difference(dump: Catalog) -> None:
    told = cells(dump.report_view())["v17-channels"]
    assert "repaired" in told.marks
    assert told.edits == ()


def test_a_doubt_of_a_derived_value_stands_at_the_value(pdf: Catalog) -> None:
    view = pdf.report_view()
    assert cells(view)["v4-time_limit"].doubt == "masked"
    assert [(task.target, task.field) for task in view.tasks] == [("v4-time_limit", "time_limit")]


def test_a_limit_is_told_as_it_was_understood(pdf: Catalog) -> None:
    assert page.Words("20 个工作日", "20 working days") in cells(pdf.report_view())["v1-time_limit"].aside


def test_the_worst_comes_first(document: Document) -> None:
    sure, unsure = Value("甲", "甲"), Value("乙", "乙", "repaired", "similar", 81.0, "page_break")
    values = dict.fromkeys(("second_level_item", "disclosing_body"), unsure)
    worse = Value("丙", "丙", doubt="verify")
    records = [record(1, second_level_item=sure, legal_bases=worse), record(2, **values)]
    issues = [
        Issue("doubt", "warning", "3", 2, field="second_level_item"),
        Issue("doubt", "warning", "2", 1, field="legal_bases"),
        Issue("blank", "warning", "4", 1, field="second_level_item"),
        Issue("serial_gap", "error", "1", 2),
    ]
    assert [task.message for task in view_of(records, document, *issues).tasks] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("issue", "target"),
    [
        pytest.param(Issue("doubt", "warning", "", 1, field="second_level_item"), "v1-second_level_item", id="a value"),
        pytest.param(Issue("doubt", "warning", "", 1, field="seq"), "r1", id="a value that the table does not have"),
        pytest.param(Issue("serial_gap", "warning", "", 1), "r1", id="a row"),
        pytest.param(Issue("account", "error", "", place=Place(1)), "page-1", id="a page"),
        pytest.param(Issue("account", "error", "", place=Place(9)), "", id="a page that was not read"),
        pytest.param(Issue("lookup_unused", "warning", "", field="channels"), "", id="the whole"),
    ],
)
def test_what_a_task_is_about(issue: Issue, target: str, document: Document) -> None:
    (task,) = view_of([record(1, second_level_item=Value("甲", "甲"))], document, issue).tasks
    assert task.target == target


def test_an_issue_at_a_cell_is_about_its_box(document: Document) -> None:
    place = document.pages[0].tables[0].cells[1].place
    (task,) = view_of(
        [record(1, second_level_item=Value("甲", "甲", places=(place,)))], document, Issue("region", "warning", "", place=place)
    ).tasks
    assert task.target == "p1c1"


def test_a_decision_of_a_person_is_marked(document: Document) -> None:
    confirmed = Value("甲", "甲", "repaired", "similar+lookup", 90.0)
    view = view_of([record(1, second_level_item=Value("乙", "甲", "looked_up", "lookup"), disclosing_body=confirmed)], document)
    assert cells(view)["v1-second_level_item"].marks == ("looked_up",)
    assert cells(view)["v1-disclosing_body"].marks == ("looked_up", "repaired")


def test_a_decision_is_told_with_its_reason(tmp_path: Path) -> None:
    source = catalogs.merged(tmp_path / "source.pdf")
    line = "time_limit,*个工作日,10个工作日,,,,电话核实<b>\n"
    (tmp_path / "lookups.csv").write_text("field,printed,value,item,version,status,reason\n" + line, encoding="utf-8")
    made = pipeline.run(source)
    assert cells(made.report_view())["v4-time_limit"].decided == "电话核实<b>"
    assert '<span class="decided">电话核实&lt;b&gt;</span>' in made.report()


def test_a_dump_is_shown_line_by_line(dump: Catalog) -> None:
    first = dump.report_view().sheets[0]
    source = TEXT.read_text(encoding="utf-8").split("\n")
    for line in first.lines:
        printed = source[(line.number or 0) - 1]
        assert [piece.text for piece in line.pieces] in ([printed], printed.split("\t"))
    assert [piece.text for piece in first.lines[0].pieces] == ["社会保险领域基层政务公开标准目录"]


def test_every_code_has_words_in_both_languages() -> None:
    """Codes in the source: a new one must not reach a reader as a code."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "pipeline").rglob("*.py")))
    codes = set(re.findall(r"\b[Ii]ssue\(\s*\"([a-z_]+)\"", text))
    wording = page.wording
    assert len(codes) > 10
    codes |= set(REASONS)
    for code in codes:
        told = wording.of_code(code)
        assert told.zh != told.en, code


# The page


def shown(made: Catalog) -> Page:
    return Page(made.report())


def test_a_picture_of_every_page_with_its_boxes_over_it(pdf: Catalog) -> None:
    found = shown(pdf)
    assert [str(image["src"])[:22] for image in found.of("img")] == ["data:image/png;base64,"] * 2
    assert [svg["viewbox"] for svg in found.of("svg")] == ["0 0 842.0 595.0"] * 2
    assert len(found.of("rect")) == sum(len(sheet.boxes) for sheet in pdf.report_view().sheets)


def test_every_link_leads_somewhere(pdf: Catalog, dump: Catalog) -> None:
    for found in (shown(pdf), shown(dump)):
        ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {str(link["href"])[1:] for link in found.of("a") if "href" in link} <= set(ids)


@pytest.mark.parametrize("review", [None, {"token": catalogs.HOSTILE, "revision": "1"}], ids=["report", "review"])
def test_nothing_printed_is_markup(review: Any, evil: Catalog) -> None:
    text = evil.report(review=review)
    found = Page(text)
    assert len(found.of("script")) == (2 if review is None else 4)
    assert all(str(image["src"]).startswith("data:") for image in found.of("img"))
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert catalogs.EVIL in "".join(found.texts)
    assert "\u2028" not in text


def test_it_needs_nothing_else(pdf: Catalog) -> None:
    found = shown(pdf)
    assert not {"link", "iframe", "object", "embed", "base"} & {tag for tag, _ in found.elements}
    assert not [attributes for _, attributes in found.elements if "style" in attributes]
    assert all(str(attributes["href"]).startswith("#") for attributes in found.of("a") if "href" in attributes)


def test_only_its_own_script_and_style_are_allowed(pdf: Catalog) -> None:
    text = pdf.report(review={"token": "x", "revision": "1"})
    policy = next(str(meta["content"]) for meta in Page(text).of("meta") if meta.get("http-equiv"))
    for tag in ("script", "style"):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digests = {base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in found}
        assert digests == set(re.findall(r"'sha256-([^']+)'", policy.split(f"{tag}-src")[1].split(";")[0]))
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "connect-src" not in pdf.report()


def test_the_parts_are_those_of_the_page(pdf: Catalog) -> None:
    text, parts = pdf.report(), page.fragments(pdf.report_view())
    assert set(parts) == {"counts", "queue", "rows", "codes", "boxes-1", "boxes-2"}
    for name, part in parts.items():
        assert f'id="{name}"' in text
        assert part.strip() in text


def test_the_same_catalog_gives_the_same_bytes(pdf: Catalog) -> None:
    again = pipeline.run(pdf.source.path)
    assert again.files()["report.html"] == pdf.files()["report.html"]


def test_pages_drawn_while_the_rows_are_made_give_the_same_bytes(pdf: Catalog) -> None:
    again = pipeline.run(pdf.source.path, isolate=False, draw=True)
    assert again.drawn is not None
    assert sorted(again.drawn) == [page.number for page in pdf.document.pages]
    assert again.files() == pdf.files()


def test_a_source_without_a_table_of_the_family_is_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.catalog.draw_pages", lambda *_: pytest.fail("it was drawn"))
    with pytest.raises(NoTableError):
        pipeline.run(draw(tmp_path / "source.pdf", Sheet([grid([["a", "b"], ["c", "d"]])])), isolate=False, draw=True)


def test_a_catalog_without_its_source_has_a_page_without_pictures(pdf: Catalog) -> None:
    text = pdf.report(pictures={})
    assert "<img" not in text
    assert "没有页面图像" in text


def test_half_a_character_from_a_broken_font_does_not_stop_it(document: Document) -> None:
    made = view_of([record(1, second_level_item=Value("\ud800", "\ud800"))], document)
    assert "\ud800" in page.html(made, {})


# The command


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_a_run_writes_it_unless_it_is_not_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = catalogs.merged(tmp_path / "source.pdf"), tmp_path / "out"
    assert run("run", source, "--no-verify", "-o", out) == 0
    assert (out / "report.html").is_file()
    assert run("run", source, "--no-verify", "--no-report", "-o", out) == 0
    assert not (out / "report.html").exists()
    # Who writes it again keeps to that.
    pipeline.run(source).write(out)
    assert not (out / "report.html").exists()
    assert run("run", source, "--no-verify", "-o", out) == 0
    assert (out / "report.html").is_file()


def test_a_missing_report_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "raw" / "si" / "2020"
    home.mkdir(parents=True)
    catalogs.merged(home / "source.pdf")
    monkeypatch.chdir(tmp_path)
    assert run("run", "--no-verify") == 0
    written = tmp_path / "normalized" / "si" / "2020" / "report.html"
    before = written.read_bytes()
    assert run("run", "--no-verify") == 0
    assert "up to date" in capsys.readouterr().err
    written.unlink()
    assert run("run", "--no-verify") == 0
    assert "report.html missing" in capsys.readouterr().err
    assert written.read_bytes() == before


@pytest.mark.parametrize("asked", [True, False])
def test_batch_writes_it_where_it_is_asked_for(asked: bool, tmp_path: Path) -> None:
    catalogs.merged(tmp_path / "a.pdf")
    wanted = ["--report"] if asked else []
    assert run("batch", tmp_path / "a.pdf", "-o", tmp_path / "out", "-j", 1, "--no-verify", *wanted) == 0
    assert [path.name for path in (tmp_path / "out").rglob("report.html")] == (["report.html"] if asked else [])
