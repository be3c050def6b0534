"""changes.html shows where both versions print what changed: pieces of pages with boxes, or lines of a dump."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfs import Sheet, Span, Table, draw
from tables import document as document_of

import pipeline
from pipeline.cli import main
from pipeline.export import read_back
from pipeline.model import BBox, Page, Place, Record
from pipeline.report.shots import Shot, Sight, shots

HEADINGS = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pdf(path: Path, limit: str, names: list[str]) -> Path:
    """Two pages of a table with one row for each name; all rows of the second page print ``limit``."""
    xs = [20 + 70 * n for n in range(9)]
    sheets = []
    for page, rows in enumerate((names[:3], names[3:])):
        spans = [Span(0, col, text) for col, text in enumerate(HEADINGS)]
        for row, name in enumerate(rows, 1):
            cells = [str(3 * page + row), "社保", name, "材料", "《社会保险法》", limit if page else "5日内", "人社局", "网站"]
            spans += [Span(row, col, text) for col, text in enumerate(cells)]
        sheets.append(Sheet([Table(xs, [40 + 30 * n for n in range(len(rows) + 2)], spans)], size=(620, 300)))
    return draw(path, *sheets)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with two versions: another limit on page 2, and the last row is gone."""
    root = tmp_path_factory.mktemp("versions")
    names = ["登记", "变更", "注销", "申领", "转移", "认证"]
    for version, limit, kept in (("2020", "20日内", names), ("2023", "15日内", names[:5])):
        home = root / "raw" / "si" / version
        home.mkdir(parents=True)
        pipeline.run(pdf(home / "source.pdf", limit, kept)).store()
    return root


@pytest.fixture
def tree(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changes(*arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["diff", *arguments])
    assert ended.value.code == 1
    return Path("normalized/si/2020..2023/changes.html").read_text(encoding="utf-8")


class Tags(HTMLParser):
    """All start tags with what they say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag]


def place(version: str, row: int, field: str) -> BBox:
    (record,) = [record for record in read_back.records(Path("normalized/si", version)) if record.row == row]
    box = record.values[field].places[0].bbox
    assert box is not None
    return box


def test_only_the_pages_that_changes_touch_are_in_the_file_each_once(tree: Path) -> None:
    tags = Tags(changes("si", "2020", "2023"))
    assert [image["id"] for image in tags.of("image")] == ["old-2", "new-2"]
    assert all(image["href"].startswith("data:image/png;base64,") for image in tags.of("image"))
    assert {use["href"] for use in tags.of("use")} == {"#old-2", "#new-2"}


def test_the_box_is_where_the_value_is_printed(tree: Path) -> None:
    tags = Tags(changes("si", "2020", "2023"))
    boxes = [tuple(float(rect[name]) for name in ("x", "y", "width", "height")) for rect in tags.of("rect")]
    for version in ("2020", "2023"):
        box = place(version, 4, "time_limit")
        assert pytest.approx((box.x0, box.top, box.width, box.height), abs=0.01) in boxes


def test_it_is_the_same_bytes_every_time_and_small(tree: Path) -> None:
    first = changes("si", "2020", "2023")
    assert changes("si", "2020", "2023") == first
    assert len(first.encode()) < 10_000_000


def test_without_the_sources_it_tells_the_changes_all_the_same(tree: Path) -> None:
    Path("raw/si/2020/source.pdf").unlink()
    Path("raw/si/2020/tables.json").unlink()
    tags = Tags(changes("si", "2020", "2023"))
    assert [image["id"] for image in tags.of("image")] == ["new-2"]
    shutil.rmtree("raw")
    text = changes("si", "2020", "2023")
    assert "<svg" not in text
    assert "15" in text


def test_a_source_that_was_replaced_is_not_shown(tree: Path) -> None:
    pdf(Path("raw/si/2020/source.pdf"), "1日内", ["别的"] * 5)
    assert [image["id"] for image in Tags(changes("si", "2020", "2023")).of("image")] == ["new-2"]


def test_the_lines_of_a_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for version, limit in (("2020", "20日内"), ("2023", "15日内")):
        home = tmp_path / "raw" / "si" / version
        home.mkdir(parents=True)
        row = f"1\t社保\t登记<b>\t材料\t《社会保险法》\t{limit}\t人社局\t网站"
        (home / "source.txt").write_text("\t".join(HEADINGS) + "\n" + row + "\n", encoding="utf-8")
        pipeline.run(home / "source.txt").store()
    text = changes("si", "2020", "2023")
    assert "<b>" not in text.replace("<b></b>", "")
    assert re.findall(r'<span class="value">(.*?)</span>', text) == ["20日内", "15日内"]
    assert "2020 · 原文第 2 行" in text


def test_in_a_browser_without_scripts_both_places_stand_side_by_side(tree: Path) -> None:
    changes("si", "2020", "2023")
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("there is no chromium; `make test` installs it where it may")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        said: list[str] = []
        for width, side_by_side in ((1440, True), (390, False)):
            page = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False).new_page()
            page.on("console", lambda message: said.append(message.text))
            page.goto(Path("normalized/si/2020..2023/changes.html").resolve().as_uri())
            old, new = (page.locator(f"section.changed .{side} svg").first.bounding_box() for side in ("old", "new"))
            assert (abs(old["y"] - new["y"]) < 5) == side_by_side
            assert max(old["x"] + old["width"], new["x"] + new["width"]) <= width
        browser.close()
        assert said == []


WIDTH, HEIGHT = 600.0, 400.0
spots = st.builds(
    lambda x, y, width, height: BBox(x, y, min(x + width, WIDTH), min(y + height, HEIGHT)),
    st.floats(0, 500),
    st.floats(0, 380),
    st.floats(5, 300),
    st.floats(5, 300),
)


@given(spots, st.lists(spots, max_size=3))
def test_a_piece_lies_on_its_page_and_shows_the_name(name: BBox, values: list[BBox]) -> None:
    page = Page(1, WIDTH, HEIGHT, ())
    places: dict[tuple[int, str], tuple[Place, ...]] = {(1, "name"): (Place(1, name),)}
    places[1, "value"] = tuple(Place(1, box) for box in values)
    sight = Sight(document_of(page), places, drawn=True)
    (piece,) = shots(sight, Record(1, {}, {}), ["name"], ["value"])
    assert isinstance(piece, Shot)
    assert piece.x >= 0
    assert piece.y >= 0
    assert piece.x + piece.width <= WIDTH + 0.02
    assert piece.y + piece.height <= HEIGHT + 0.02
    assert piece.y <= name.top + 0.01
    assert piece.y + piece.height >= min(name.bottom, name.top + 100) - 0.02
    assert [box.kind for box in piece.boxes].count("name") == 1


def test_nothing_is_shown_of_what_cannot_be_drawn() -> None:
    place = Place(1, BBox(0, 0, 10, 10))
    sight = Sight(document_of(Page(1, WIDTH, HEIGHT, ())), {(1, "name"): (place,)})
    asked: Any = (Record(1, {}, {}), ["name"], ["name"])
    assert shots(sight, *asked) == ()
    assert shots(None, *asked) == ()
    assert shots(replace(sight, drawn=True), *asked) != ()
