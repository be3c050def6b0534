"""Deciding in a real browser: what a clerk sees, clicks and types, and what is on disk then."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reviewing import EVIL, OUT, READING, items, lines, served, tree

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BODY, LIMIT = "v4-disclosing_body", "v2-time_limit"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("there is no chromium; `make test` installs it where it may")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tree(tmp_path_factory.mktemp("made"))


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def opened(browser: Any, root: Path) -> Iterator[Any]:
    """Opens the page in a browser of its own, as often as it is called; none of them may say anything on its console."""
    said: list[str] = []
    with served(root) as address:

        def page(**options: Any) -> Any:
            shown = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options)).new_page()
            shown.on("console", lambda message: said.append(message.text))
            shown.on("pageerror", lambda error: said.append(str(error)))
            shown.set_default_timeout(15_000)
            shown.goto(address)
            return shown

        yield page
    # A browser logs every answer that is no success; a conflict is what two pages at once are told.
    assert [text for text in said if "409 (Conflict)" not in text] == []


def choose(page: Any, value: str) -> None:
    page.locator(f'#queue li[data-target="{value}"]').first.click()
    page.wait_for_selector(f"#{value}.selected", state="attached")


def choose_row(page: Any, value: str) -> None:
    page.click("#tab-rows")
    page.click(f"#{value}")
    page.wait_for_selector(f"#{value}.selected", state="attached")


def told(page: Any, kind: str = "good") -> None:
    page.wait_for_selector(f"#told.{kind}")


def test_a_doubtful_value_is_looked_at_corrected_and_still_right_after_a_reload(opened: Any, root: Path) -> None:
    page = opened()
    assert "token" not in page.url
    box = page.locator(f'a.box[data-values~="{BODY}"]')
    before = _pixel(page, box)
    choose(page, BODY)
    assert box.evaluate("it => it.classList.contains('lit')")
    assert page.locator("a.box.lit").count() == 1
    assert _pixel(page, box) != before
    page.locator("#decide .suggestions button").first.click()
    assert page.input_value("[name=value]") == READING
    page.fill("[name=reason]", "见原件")
    page.click("button[name=correct]")
    told(page)
    assert page.locator(f"#{BODY}").get_attribute("data-value") == READING
    assert [(line["value"], line["reason"]) for line in lines(root)] == [(READING, "见原件")]
    assert items(root, "disclosing_body")[3] == READING
    assert page.locator(f'#queue li[data-target="{BODY}"]').count() == 0
    page.reload()
    assert page.locator(f"#{BODY}").get_attribute("data-value") == READING
    assert READING in (root / OUT / "report.html").read_text(encoding="utf-8")


def test_a_value_is_confirmed_and_that_is_taken_back(opened: Any, root: Path) -> None:
    page = opened()
    before = (root / OUT / "items.json").read_bytes()
    choose(page, BODY)
    page.click("button[name=confirm]")
    told(page)
    assert page.locator(f"#{BODY}.doubt").count() == 0
    assert [line["status"] for line in lines(root)] == ["confirmed"]
    page.click("button[name=undo]")
    page.wait_for_selector(f"#{BODY}.doubt", state="attached")
    assert (lines(root), (root / OUT / "items.json").read_bytes()) == ([], before)


def test_all_alike(opened: Any, root: Path) -> None:
    page = opened()
    choose_row(page, LIMIT)
    page.fill("[name=value]", "15日内")
    page.check("[name=all]")
    page.click("button[name=correct]")
    told(page)
    assert items(root, "time_limit") == ["*个工作日内", "15日内", "15日内", "15日内", "7日内"]


def test_two_pages_at_once_do_not_overwrite_each_other(opened: Any, root: Path) -> None:
    one, other = opened(), opened()
    for page, value in ((one, READING), (other, "民政局")):
        choose(page, BODY)
        page.fill("[name=value]", value)
    one.click("button[name=correct]")
    told(one)
    other.click("button[name=correct]")
    told(other, "bad")
    assert other.locator(f"#{BODY}").get_attribute("data-value") == READING
    assert [line["value"] for line in lines(root)] == [READING]
    choose(other, "v1-time_limit")
    other.click("button[name=confirm]")
    told(other)
    assert len(lines(root)) == 2


def test_what_another_page_decided_is_shown(opened: Any) -> None:
    one, other = opened(), opened()
    choose(one, BODY)
    one.click("button[name=confirm]")
    told(one)
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    other.wait_for_selector(f"#{BODY}.looked_up", state="attached")


def test_with_the_keyboard_alone(opened: Any, root: Path) -> None:
    page = opened()
    for _ in range(5):
        page.keyboard.press("j")
        if page.locator(f"#{BODY}.selected").count():
            break
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "confirm":
            break
    page.keyboard.press("Enter")
    told(page)
    assert [line["field"] for line in lines(root)] == ["disclosing_body"]


def test_what_a_page_prints_stays_text(opened: Any) -> None:
    page = opened()
    assert page.title() != "1"
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("#v5-second_level_item").get_attribute("data-value") == EVIL
    choose(page, BODY)
    choose_row(page, "v5-second_level_item")
    page.fill("[name=value]", '"><img src=y onerror="document.title=2">')
    page.click("button[name=correct]")
    told(page)
    assert page.locator("img[src=y]").count() == 0
    assert page.title() not in ("1", "2")


def test_on_a_phone(opened: Any, root: Path) -> None:
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True)
    choose(page, BODY)
    page.locator("button[name=confirm]").scroll_into_view_if_needed()
    page.click("button[name=confirm]")
    told(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def _pixel(page: Any, box: Any) -> tuple[int, ...]:
    """The colour in a corner of a box, where nothing is printed."""
    box.evaluate("it => it.scrollIntoView({block: 'center', inline: 'center'})")
    page.wait_for_timeout(400)
    place = box.bounding_box()
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    colour: tuple[int, ...] = picture.getpixel((round(place["x"] + 4), round(place["y"] + 4)))  # type: ignore[assignment]
    return colour
