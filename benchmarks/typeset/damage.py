"""What happens to a dump on its way: the kinds of damage seen in real ones. Pure (all in memory).

Each damage takes (rng, dump, page) and says whether it was done. A damage that destroys a value notes it in ``dump.unsure``; one
that does not leaves enough evidence to undo it: the same value whole on another page, the shape of the cells, the tags.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from .catalog import TICKS
from .cells import RADICALS
from .dump import Dump, Page

Damage = Callable[[random.Random, Dump, Page], bool]
TICK_FIELDS = TICKS[:6]
_SPLIT = ("second_level_item", "content_elements", "legal_bases", "time_limit", "disclosing_body")
# Limits that every national template prints: losing a phrase of theirs can be told without another page.
_STANDARD = ("公开事项信息形成或变更之日起20个工作日内公开", "信息形成或者变更之日起20个工作日内")


def split(rng: random.Random, dump: Dump, page: Page) -> bool:
    """White space where the narrow column broke the line."""
    for line in page.lines:
        for name in _SPLIT:
            line.texts[name] = _spaced(rng, line.texts[name])
    return True


def _spaced(rng: random.Random, text: str) -> str:
    pieces, start = [], 0
    while start < len(text):
        step = rng.randint(2, 5)
        pieces.append(text[start : start + step])
        start += step
    return " ".join(pieces)


def no_content(rng: random.Random, dump: Dump, page: Page) -> bool:
    """The content column is missing on this page."""
    page.columns.remove("content_elements")
    dump.destroy(page.lines, "content_elements")
    return True


def drop_phrase(rng: random.Random, dump: Dump, page: Page) -> bool:
    """Limits lose a phrase; only such as are known from a template or from another page."""
    done = False
    for line in page.lines:
        limit = line.texts["time_limit"]
        phrases = [p for p in ("信息形成", "信息", "形成") if p in limit]
        if phrases and (limit in _STANDARD or dump.elsewhere(page, "time_limit", limit)):
            line.texts["time_limit"] = limit.replace(rng.choice(phrases), "", 1)
            done = True
    return done


def truncate(rng: random.Random, dump: Dump, page: Page) -> bool:
    """The last content list of the page ends in the middle of an element that is printed whole elsewhere, or on a 、."""
    position = max(i for i, line in enumerate(page.lines) if line.texts["content_elements"])
    elements = page.lines[position].texts["content_elements"].split("、")
    longest = [i for i, e in enumerate(elements) if i and len(e) >= 4 and _known(dump, page, e)]
    if not longest:
        return False
    last = rng.choice(longest)
    cut = rng.choice([0, *range(2, len(elements[last]))])
    page.lines[position].texts["content_elements"] = "、".join(elements[:last]) + "、" + elements[last][:cut]
    dump.destroy(page.run(position, "content_elements"), "content_elements")
    return True


def _known(dump: Dump, page: Page, element: str) -> bool:
    others = [line.texts["content_elements"] for other in dump.pages if other is not page for line in other.lines]
    return any(element in text.split("、") for text in others)


def blank_top(rng: random.Random, dump: Dump, page: Page) -> bool:
    """The first-level item is not printed again on top of the page where it goes on."""
    top = page.lines[0]
    if not top.row or dump.catalog.rows[top.row - 1].first != dump.catalog.rows[top.row].first:
        return False
    top.texts["first_level_item"] = ""
    return True


def body_short(rng: random.Random, dump: Dump, page: Page) -> bool:
    """A body loses its last character; another page prints it whole."""
    done = False
    for position, line in enumerate(page.lines):
        body = line.texts["disclosing_body"]
        if len(body) >= 5 and dump.elsewhere(page, "disclosing_body", body):
            dump.destroy(page.run(position, "disclosing_body"), "disclosing_body")
            line.texts["disclosing_body"] = body[:-1]
            done = True
    return done


def bleed(rng: random.Random, dump: Dump, page: Page) -> bool:
    """The tail of the first-level item stands at the head of the second."""
    lines = [line for line in page.lines if len(line.texts["first_level_item"]) >= 4]
    if not lines:
        return False
    line = rng.choice(lines)
    first = line.texts["first_level_item"]
    line.texts["second_level_item"] = first[-rng.randint(2, len(first) - 2) :] + " " + line.texts["second_level_item"]
    return True


def item_cut(rng: random.Random, dump: Dump, page: Page) -> bool:
    """A second-level item ends inside its brackets."""
    lines = [line for line in page.lines if re.search("[（(].{3,}[）)]$", line.texts["second_level_item"])]
    if not lines:
        return False
    line = rng.choice(lines)
    item = line.texts["second_level_item"]
    bracket = max(item.find("（"), item.find("("))
    line.texts["second_level_item"] = item[: rng.randint(bracket + 2, len(item) - 2)]
    dump.destroy([line], "second_level_item")
    return True


def laws_as_content(rng: random.Random, dump: Dump, page: Page) -> bool:
    """A content cell repeats its neighbour, the legal bases."""
    places = [i for i, line in enumerate(page.lines) if line.texts["content_elements"] and line.texts["legal_bases"]]
    position = rng.choice(places)
    page.lines[position].texts["content_elements"] = page.lines[position].texts["legal_bases"]
    dump.destroy(page.run(position, "content_elements"), "content_elements")
    return True


def radicals(rng: random.Random, dump: Dump, page: Page) -> bool:
    """Some characters are the look-alikes of the radicals block."""
    for line in page.lines:
        for name in ("first_level_item", *_SPLIT):
            line.texts[name] = "".join(
                c.translate(RADICALS) if ord(c) in RADICALS and rng.random() < 0.6 else c for c in line.texts[name]
            )
    return True


def tags(rng: random.Random, dump: Dump, page: Page) -> bool:
    """Line breaks and entities of HTML inside cells."""
    for line in page.lines:
        for name in _SPLIT:
            text = line.texts[name].replace("<", "&lt;").replace(">", "&gt;")
            if len(text) > 6 and rng.random() < 0.7:
                cut = rng.randint(2, len(text) - 2)
                cut = text.find(";", cut) + 1 if "&" in text[max(0, cut - 3) : cut] else cut
                text = text[:cut] + rng.choice(("<br>", "<br/>", "&nbsp;")) + text[cut:]
            line.texts[name] = text
    return True


def shift(rng: random.Random, dump: Dump, page: Page) -> bool:
    """A row that inherits all its values lost its empty cells: the item stands in the first column, the ticks follow it."""
    lines = [line for line in page.lines[1:] if not any(line.texts[n] for n in ("first_level_item", "channels", *_SPLIT[1:]))]
    if not lines or len(page.columns) < 14:
        return False
    line = rng.choice(lines)
    ticks = [line.texts[n] for n in TICK_FIELDS]
    line.cells = [line.texts["seq"], line.texts["second_level_item"], *ticks, *[""] * 7]
    return True


def slide(rng: random.Random, dump: Dump, page: Page) -> bool:
    """A row whose printed values slid to the right by one or two cells: it got longer, or what fell off its end is lost."""
    lines = [line for line in page.lines if line.texts["content_elements"] and not line.cells]
    if not lines or len(page.columns) < 14:
        return False
    line = rng.choice(lines)
    cells = [line.texts[name] for name in page.columns]
    line.cells = [*cells[:3], *[""] * rng.randint(1, 2), *cells[3:]]
    if rng.random() < 0.3:
        gone = len(line.cells) - 14
        line.cells = line.cells[:14]
        dump.destroy([line], *TICK_FIELDS[-gone:])
    return True


def wide(rng: random.Random, dump: Dump, page: Page) -> bool:
    """Every row of the page has empty cells behind it."""
    for line in page.lines:
        line.cells = [*(line.cells or [line.texts[name] for name in page.columns]), *[""] * 4]
    return True


def tick_compress(rng: random.Random, dump: Dump, page: Page) -> bool:
    """The tick columns lost their empty neighbours: five are left, filled from the left."""
    if len(page.columns) < 14:
        return False
    for line in page.lines:
        ticks = ["✓" for name in TICK_FIELDS if line.texts[name]][:5]
        line.cells = [*[line.texts[name] for name in page.columns if name not in TICK_FIELDS], *ticks, *[""] * (5 - len(ticks))]
    dump.destroy(page.lines, *TICK_FIELDS)
    return True


def boxes(rng: random.Random, dump: Dump, page: Page) -> None:
    """Channels get the marks of the page: ■, a list tag, or check boxes whose states are noise."""
    style = rng.choice(("■", "ul", "checked", "checked", "random"))
    for position, line in enumerate(page.lines):
        names = line.texts["channels"].split("\x00") if line.texts["channels"] else []
        states = [style != "random" or rng.random() < 0.5 for _ in names]
        if not all(states):
            dump.destroy(page.run(position, "channels"), "channels")
        line.texts["channels"] = _channels(names, states, style)


def _channels(names: list[str], states: list[bool], style: str) -> str:
    if not names:
        return ""
    if style == "■":
        return " ".join("■" + name for name in names)
    if style == "ul":
        return '<ul style="list-style-type: none;"> ' + " ".join("■ " + name for name in names) + " "
    box = {True: '<input checked="" type="checkbox"/>', False: '<input type="checkbox"/>'}
    return " ".join(f"{box[state]} {name}" for name, state in zip(names, states, strict=True))


# Damages of the samples, each with its share of pages.
SEEN: tuple[tuple[Damage, float], ...] = (
    (blank_top, 0.25),
    (drop_phrase, 0.25),
    (body_short, 0.15),
    (truncate, 0.12),
    (no_content, 0.12),
    (split, 0.25),
    (shift, 0.2),
    (tick_compress, 0.1),
)
# Damages of the real document that the samples do not show.
BEYOND: tuple[tuple[Damage, float], ...] = (
    (bleed, 0.12),
    (item_cut, 0.1),
    (laws_as_content, 0.07),
    (radicals, 0.1),
    (tags, 0.1),
    (slide, 0.08),
    (wide, 0.08),
)
# Text before layout, and what takes a column away before what looks for evidence on other pages.
_TEXT = (no_content, laws_as_content, blank_top, drop_phrase, body_short, truncate, bleed, item_cut, radicals, split, tags)
_LAYOUT = (shift, slide, tick_compress, wide)
_CLASH = {
    truncate: (no_content,),
    laws_as_content: (no_content, truncate),
    tick_compress: (shift, slide, wide),
    tags: (split,),
    slide: (no_content,),
    shift: (no_content,),
}


def spoil(rng: random.Random, dump: Dump) -> None:
    """Damage the pages. Every second dump has the damages of the samples only, the others have all kinds."""
    share: dict[Damage, float] = dict(SEEN + BEYOND if rng.random() < 0.5 else SEEN)
    chosen = [_choose(rng, share) for _ in dump.pages]
    _each(rng, dump, chosen, _TEXT)
    for page in dump.pages:
        boxes(rng, dump, page)
    _each(rng, dump, chosen, _LAYOUT)
    for page in dump.pages:
        for line in page.lines:
            line.cells = line.cells or [line.texts[name] for name in page.columns]
    dump.head = rng.choice(("once", "once", "each page", "scrambled")) if len(share) > len(SEEN) else "once"


def _choose(rng: random.Random, share: dict[Damage, float]) -> list[Damage]:
    drawn = [damage for damage in _TEXT + _LAYOUT if rng.random() < share.get(damage, 0)]
    return [damage for damage in drawn if not any(other in drawn for other in _CLASH.get(damage, ()))]


def _each(rng: random.Random, dump: Dump, chosen: list[list[Damage]], damages: tuple[Damage, ...]) -> None:
    for damage in damages:
        for page, wanted in zip(dump.pages, chosen, strict=True):
            if damage in wanted and damage(rng, dump, page):
                dump.damages.append(damage.__name__)
