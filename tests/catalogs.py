"""Small catalogs as PDFs, and a browser to look at their review page with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pdfs import Sheet, Span, Table, draw, grid

HEADINGS = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体"]
EVIL = "<img src=x onerror=alert(1)>"
# What would end a script, open a comment, or break a line of one.
HOSTILE = f"{EVIL}</script><script>alert(2)</script><!--\u2028"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def row(serial: int, item: str, first: str = "登记", limit: str = "20个工作日", laws: str = "《社会保险法》") -> list[str]:
    """A row of a catalog, as printed."""
    return [str(serial), first, item, "办理条件", laws, limit, "人社局", "■政府网站"]


def catalog(path: Path, *pages: Sequence[Sequence[str]]) -> Path:
    """A catalog of these rows a page, the headings on the first; a masked limit makes a doubt."""
    sheets = []
    for number, rows in enumerate(pages):
        texts = [HEADINGS, *rows] if number == 0 else list(rows)
        sheets.append(Sheet([grid(texts, width=90)], size=(842, 595)))
    return draw(path, *sheets)


def dump(path: Path, item: str = "参保登记") -> Path:
    """The same kind of catalog as a converter wrote it out; the limit of its last row is masked, a name is split by a space."""
    rows = [HEADINGS, row(1, item), row(2, "参保 变更", ""), row(3, "关系转移", limit="*个工作日")]
    path.write_text("\n".join("\t".join(line) for line in rows), encoding="utf-8")
    return path


def merged(path: Path) -> Path:
    """Two pages; the first-level item and the laws of the last row of the first go on over the page break."""
    first = [HEADINGS, row(1, "参保登记", "登记"), row(2, "参保变更", "参保信息")]
    second = [row(3, "参保注销", "变更维护"), row(4, "关系转移", "转移", "*个工作日")]
    sheets = []
    for rows, open_side in ((first, "bottom"), (second, "top")):
        table = grid(rows, width=90)
        at = len(rows) - 1 if open_side == "bottom" else 0
        spans = [cut(span, at, open_side) for span in table.spans]
        sheets.append(Sheet([Table(table.xs, table.ys, spans)], size=(842, 595)))
    return draw(path, *sheets)


def cut(span: Span, row_number: int, side: str) -> Span:
    """The cell, without a rule on that side where it is the first-level item of this row."""
    if (span.row, span.col) != (row_number, 1):
        return span
    return Span(span.row, span.col, span.text, hidden=frozenset({side}))


@contextmanager
def browser() -> Iterator[Any]:
    """A chromium; the test is left out where there is none (`make test` installs it where it may)."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("there is no chromium; `make test` installs it where it may")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()
