"""The review page in a real browser: what lights up, what the keys do, what is read aloud, and that nothing printed runs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import catalogs
import pytest
from PIL import Image

import pipeline

ROOT = Path(__file__).parent.parent
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
Reports = dict[str, Path]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """The pages of a catalog with a cell over a page break and a doubt, of text dumps, and of hostile ones."""
    home = tmp_path_factory.mktemp("reports")
    evil = [catalogs.row(1, catalogs.HOSTILE, laws=f"《{catalogs.EVIL}》"), catalogs.row(2, "甲", limit="*个工作日")]
    sources = {
        "merged": catalogs.merged(home / "merged.pdf"),
        "evil": catalogs.catalog(home / "evil.pdf", evil),
        "small": catalogs.dump(home / "small.txt"),
        "evil dump": catalogs.dump(home / "evil.txt", catalogs.HOSTILE),
        "dump": ROOT / "raw" / "social-insurance" / "text" / "source.txt",
    }
    for name, source in sources.items():
        (home / f"{name}.html").write_text(pipeline.run(source).report(), encoding="utf-8")
    return {name: home / f"{name}.html" for name in sources}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with catalogs.browser() as opened:
        yield opened


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Opens a page; at the end, nothing may have been said on its console, asked of a network, or popped up."""
    said: list[str] = []
    contexts = []

    def start(path: Path, size: dict[str, int] = WIDE, ready: bool = True, **more: Any) -> Any:
        context = browser.new_context(viewport=size, **{"locale": "zh-CN", **more})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.goto(path.as_uri())
        if ready:
            page.wait_for_selector("html[data-ready]")
        return page

    yield start
    for context in contexts:
        context.close()
    assert said == []


def lit(page: Any) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('.box.lit')].map((box) => box.id)")
    return found


def shot(page: Any, selector: str) -> Image.Image:
    """What is to be seen where an element is."""
    box = page.locator(selector).bounding_box()
    return Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")


def orange(image: Image.Image) -> float:
    """The share of pixels in the colour of what is selected."""
    pixels = image.getcolors(1 << 24) or []
    hits = sum(
        n for n, (red, green, blue) in pixels if red > 230 and 150 < green < 235 and blue < green - 15 and red - green > 20
    )
    return hits / (image.width * image.height)


def test_a_doubtful_value_shows_where_it_is_printed(reports: Reports, opened: Any) -> None:
    page = opened(reports["merged"])
    box = page.locator("[id='v4-time_limit']").get_attribute("data-boxes")
    page.click("#queue .task a")
    assert lit(page) == [box]
    page.wait_for_timeout(100)
    assert orange(shot(page, f"#{box} rect")) > 0.5
    other = page.locator("[id='v3-time_limit']").get_attribute("data-boxes")
    assert orange(shot(page, f"#{other} rect")) < 0.01
    told = page.inner_text("#panel")
    assert "公开时限" in told
    assert "*个工作日" in told
    assert "数字未印出，仅有占位符" in told


def test_all_places_of_a_joined_cell_light_up(reports: Reports, opened: Any) -> None:
    page = opened(reports["merged"])
    page.keyboard.press("r")
    page.click("[id='v2-first_level_item'] a")
    boxes = page.locator("[id='v2-first_level_item']").get_attribute("data-boxes").split()
    assert (len(boxes), lit(page)) == (2, boxes)
    assert [box.split("c")[0] for box in boxes] == ["p1", "p2"]
    assert "参保信息" in page.inner_text("#panel")
    assert "变更维护" in page.inner_text("#panel")
    # What is said of the place leads to it.
    page.click("#panel .place >> nth=1")
    page.wait_for_timeout(100)
    assert orange(shot(page, f"#{boxes[1]} rect")) > 0.5


def test_a_cell_shows_its_values_one_after_the_other(reports: Reports, opened: Any) -> None:
    page = opened(reports["merged"])
    box = page.locator("[id='v2-first_level_item']").get_attribute("data-boxes").split()[0]
    chosen = []
    for _ in range(3):
        page.locator(f"#{box} rect").scroll_into_view_if_needed()
        page.locator(f"#{box} rect").click()
        chosen.append(page.locator("#rows td.selected").get_attribute("id"))
        assert page.locator("#rows td.selected").is_visible()
    assert chosen == ["v2-first_level_item", "v3-first_level_item", "v2-first_level_item"]


def test_the_keyboard_alone_goes_through_what_is_to_be_checked(reports: Reports, opened: Any) -> None:
    page = opened(reports["dump"])
    tasks = page.locator("#queue .task").count()
    assert tasks > 20
    seen = []
    for key in ("j", "n", "j", "k"):
        page.keyboard.press(key)
        seen.append(page.locator("#queue .selected").get_attribute("id"))
        assert page.locator("#queue .selected").is_visible()
    assert seen == ["q1", "q2", "q3", "q2"]
    page.keyboard.press("p")
    page.keyboard.press("p")
    assert page.locator("#queue .selected").get_attribute("id") == f"q{tasks}"
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    page.keyboard.press("/")
    page.keyboard.type("军地")
    assert page.locator("#queue .task:visible").count() < tasks
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#rows td.selected").count() == 1


def test_filters_and_counts_agree(reports: Reports, opened: Any) -> None:
    page = opened(reports["dump"])
    whole = page.locator("#queue .task").count()
    assert page.inner_text("#issue-count") == page.inner_text("#tab-tasks b") == str(whole)
    by_code = [int(text) for text in page.locator("#counts .codes b").all_text_contents()]
    assert sum(by_code) == whole
    page.select_option("select[name=field]", "time_limit")
    fields = {task.get_attribute("data-field") for task in page.locator("#queue .task:visible").all()}
    assert fields <= {"time_limit"}
    page.select_option("select[name=field]", "")
    page.select_option("select[name=kind]", "repaired")
    page.select_option("select[name=page]", "2")
    page.keyboard.press("r")
    page.click("#tab-rows")
    for row in page.locator("#rows .row:visible").all():
        assert row.locator("td.repaired[data-pages~='2']").count()
    assert page.locator("#rows .row:visible").count() == int(page.inner_text("#tab-rows b")) < 77
    page.click("button[type=reset]")
    # Not wait_for_function: it evaluates a string, which the report's own policy forbids, as soon as it has to ask twice.
    page.locator("#tab-rows b", has_text=re.compile("^77$")).wait_for()


def test_it_speaks_chinese_and_english(reports: Reports, opened: Any) -> None:
    page = opened(reports["merged"])
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert "待核" in page.inner_text("#tab-tasks")
    page.check("#language-en")
    assert "To check" in page.inner_text("#tab-tasks")
    assert "待核" not in page.inner_text(".side")
    page.keyboard.press("j")
    assert "only a placeholder" in page.inner_text("#panel")
    assert page.get_attribute("input[name=text]", "placeholder") == "Search"
    english = opened(reports["merged"], locale="en-GB")
    assert english.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_nothing_runs_over_the_side(size: dict[str, int], reports: Reports, opened: Any) -> None:
    for name in ("merged", "dump"):
        page = opened(reports[name], size)
        page.keyboard.press("j")
        for key in ("t", "r"):
            page.keyboard.press(key)
            wide = "[document.documentElement, ...document.querySelectorAll('.side, .pane, .panel, .filters, .head')]"
            over = page.evaluate(
                f"{wide}.filter((it) => it.scrollWidth > it.clientWidth + 1 && it.clientWidth).map((it) => it.className)"
            )
            assert over == []
        assert page.locator("#panel").bounding_box()["width"] <= size["width"]


def test_on_a_phone_the_place_can_be_read(reports: Reports, opened: Any) -> None:
    page = opened(reports["merged"], PHONE)
    page.keyboard.press("j")
    page.wait_for_timeout(100)
    (box,) = lit(page)
    place, sheets = page.locator(f"#{box} rect").bounding_box(), page.locator("#sheets").bounding_box()
    # 90 points wide, at more than a pixel a point, and in sight.
    assert place["width"] > 100
    assert sheets["x"] <= place["x"]
    assert place["x"] + place["width"] <= sheets["x"] + sheets["width"]
    assert sheets["y"] <= place["y"]
    assert place["y"] + place["height"] <= sheets["y"] + sheets["height"]


def test_without_its_script_it_is_a_plain_table(reports: Reports, browser: Any) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    page.goto(reports["merged"].as_uri())
    assert page.locator("#table").is_visible()
    assert page.locator("thead th").first.is_visible()
    assert page.locator("#filters").is_hidden()
    assert page.locator("#rows .row").count() == 4
    page.check("#language-en")
    assert page.locator("thead").get_by_text("Time limit").is_visible()
    # A value leads to its place, and a place to its value.
    page.click("[id='v4-time_limit'] a")
    box = page.url.split("#")[1]
    assert page.locator(f"#{box}").evaluate("(it) => it.matches(':target')")
    page.locator(f"#{box} rect").click()
    assert page.url.endswith("#v4-time_limit")
    context.close()


def test_it_prints_whole(reports: Reports, opened: Any) -> None:
    page = opened(reports["dump"])
    page.keyboard.press("j")
    page.emulate_media(media="print")
    assert page.locator("thead th").first.is_visible()
    assert page.locator("#rows .row:visible").count() == 77
    assert page.locator("#queue .task:visible").count() == page.locator("#queue .task").count()
    for hidden in (".pages", "#filters", ".tabs", "#panel"):
        assert page.locator(hidden).is_hidden()


@pytest.mark.parametrize("name", ["evil", "evil dump"])
def test_nothing_printed_runs(name: str, reports: Reports, opened: Any) -> None:
    """The fixture fails where anything is said on the console or pops up."""
    page = opened(reports[name])
    page.keyboard.press("r")
    page.click("[id='v1-legal_bases'] a")
    page.click("[id='v1-second_level_item'] a")
    assert catalogs.EVIL in page.inner_text("#panel")
    page.fill("input[name=text]", "alert")
    assert page.locator("#rows .row:visible").count() == 1
    page.wait_for_timeout(100)
    assert page.evaluate("document.querySelectorAll('img:not(.paper img)').length") == 0


@pytest.mark.parametrize(
    ("name", "size", "tab", "language"),
    [
        pytest.param("small", WIDE, "t", "zh", id="a dump, what is to be checked"),
        pytest.param("merged", WIDE, "r", "en", id="the rows, in English"),
        pytest.param("merged", PHONE, "t", "zh", id="phone"),
    ],
)
def test_it_is_accessible(name: str, size: dict[str, int], tab: str, language: str, reports: Reports, opened: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(reports[name], size, bypass_csp=True)
    page.check(f"#language-{language}")
    page.keyboard.press("j")
    page.keyboard.press(tab)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
