"""A catalog as the text dump of an OCR or layout model: pages of tab-separated lines, then damaged. Pure.

The first line of a page prints every value again; below it a value stands only where its run begins. Pages are divided by a
blank line, the title stands above the first.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from . import truth
from .catalog import BLOCKED, RUNNING, TICKS, Catalog

COLUMNS = [
    "seq",
    "first_level_item",
    "second_level_item",
    "content_elements",
    "legal_bases",
    "time_limit",
    "disclosing_body",
    "channels",
    *TICKS[:6],
]
_HEAD = (
    [
        "公开事项",
        "",
        "公开内容（要素）",
        "公开依据",
        "公开时限",
        "公开主体",
        "公开渠道和载体",
        "公开对象",
        "",
        "公开方式",
        "",
        "公开层级",
        "",
    ],
    ["序号", "一级事项", "二级事项", "", "", "", "", "", "全社会", "特定群体", "主动公开", "依申请公开", "县级", "乡级"],
)
_SCRAMBLED = ["序号", "一级事项", "", "", "", "", "", "二级事项", "全社会", "特定群体", "主动公开", "依申请公开", "县级"]


@dataclass
class Line:
    """One row on a page: its texts by field, and the cells once they are laid out. ``row`` counts in the catalog."""

    row: int
    texts: dict[str, str]
    cells: list[str] = field(default_factory=list)


@dataclass
class Page:
    """The lines of one page and the columns that it prints."""

    lines: list[Line]
    columns: list[str] = field(default_factory=lambda: list(COLUMNS))

    def run(self, position: int, name: str) -> list[Line]:
        """The lines that live on the value printed in a line (by position on the page), the line itself first."""
        end = position + 1
        while end < len(self.lines) and not self.lines[end].texts[name]:
            end += 1
        return self.lines[position:end]


@dataclass
class Dump:
    """All pages, the damages done so far, and for each row the fields whose printed value was destroyed.

    ``head``: the headings stand ``once``, on top of ``each page``, or once and ``scrambled``: 二级事项 has slid to the
    right and the last heading is lost, as in the real document.
    """

    catalog: Catalog
    pages: list[Page]
    damages: list[str] = field(default_factory=list)
    unsure: dict[int, set[str]] = field(default_factory=dict)
    head: str = "once"

    def destroy(self, lines: list[Line], *names: str) -> None:
        """Note that what these lines say in these fields can no longer be known."""
        for line in lines:
            self.unsure.setdefault(line.row, set()).update(names)

    def elsewhere(self, page: Page, name: str, text: str) -> bool:
        """Whether another page still prints a text, whole, in a field."""
        return any(line.texts[name] == text for other in self.pages if other is not page for line in other.lines)


def damaged(rng: random.Random, catalog: Catalog) -> tuple[str, dict[str, Any]]:
    """The text of a damaged dump and its truth, which names the damages and the unsure fields of each row."""
    from .damage import spoil

    dump = clean(rng, catalog)
    spoil(rng, dump)
    facts = truth.document([catalog], COLUMNS)
    for index, item in enumerate(facts["items"]):
        if dump.unsure.get(index):
            item["unsure"] = sorted(dump.unsure[index])
    return text(dump), {"title": facts["title"], "damages": dump.damages, "items": facts["items"]}


def clean(rng: random.Random, catalog: Catalog) -> Dump:
    """The undamaged pages, of 3 to 12 rows each."""
    pages, start = [], 0
    while start < len(catalog.rows):
        end = min(len(catalog.rows), start + rng.randint(3, 12))
        pages.append(Page([Line(i, _texts(catalog, i, i == start)) for i in range(start, end)]))
        start = end
    return Dump(catalog, pages)


def _texts(catalog: Catalog, index: int, top: bool) -> dict[str, str]:
    row = catalog.rows[index]
    texts = {"seq": str(row.seq), "second_level_item": row.second}
    first = top or catalog.rows[index - 1].first != row.first
    texts["first_level_item"] = row.first if first else ""
    for name in BLOCKED + RUNNING:
        span = next(s for s in catalog.spans[name] if index in s.rows)
        texts[name] = _value_text(name, span.value) if top or span.start == index else ""
    return texts | {name: "✓" if row.ticks[name] else "" for name in TICKS[:6]}


def _value_text(name: str, value: Any) -> str:
    if name == "time_limit":
        return str(value.text)
    if name == "channels":
        return "\x00".join(value.chosen)
    return str(value) if isinstance(value, str) else "、".join(value)


def text(dump: Dump) -> str:
    """The dump as the file holds it."""
    rows = (_HEAD[0], _SCRAMBLED) if dump.head == "scrambled" else _HEAD
    head = "".join("\t".join(line) + "\n" for line in rows)
    pages = ["\n".join("\t".join(line.cells) for line in page.lines) for page in dump.pages]
    return f"{dump.catalog.title}\n\n{head}" + ("\n\n" + (head if dump.head == "each page" else "")).join(pages) + "\n"
