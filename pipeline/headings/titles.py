"""The caption above a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.model import Page
from pipeline.text import is_cjk, join_lines, squash

# Lines that stand above tables and are no captions: page numbers, attachment marks, units and dates.
_NO_TITLE = re.compile(r"^(附件\d*|附表\d*|第?\d+页?|[-—－\d\s/共页第]+|单位[:：].*|填报.*|\d{4}年.*日|更新.*)[:：]?$")


def title_above(page: Page, position: int) -> str:
    """The caption of the ``position``-th table of a page: the lines between it and the table above, "" where there are none.

    A dump has no boxes: there the lines before the block's table count.
    """
    table = page.tables[position]
    if table.bbox is None:
        lines = [
            line for line in page.outside if line.place.line is None or _line(table.cells[0].place.line) > _line(line.place.line)
        ]
    else:
        top = table.bbox.top
        floor = max((t.bbox.bottom for t in page.tables[:position] if t.bbox and t.bbox.bottom <= top), default=0.0)
        lines = [
            line
            for line in page.outside
            if line.place.bbox and floor <= line.place.bbox.top and line.place.bbox.bottom <= top + 3
        ]
    return caption([line.text for line in lines])


def caption(lines: Sequence[str]) -> str:
    """The title that lines above a table print, "" where none of them is one; a title may stand on two lines."""
    texts = [join_lines(line) for line in lines if _is_title(line)]
    return "".join(texts[-2:]) if len(texts) > 1 and not texts[-2].endswith(("目录", "清单", "表")) else "".join(texts[-1:])


def _line(number: int | None) -> int:
    return number or 0


def _is_title(line: str) -> bool:
    text = squash(line)
    return sum(map(is_cjk, text)) >= 4 and not _NO_TITLE.match(text)
