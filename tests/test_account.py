"""What an engine owes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.account import account
from pipeline.model import Document, GlyphAccount


def test_a_page_in_order_has_only_the_issues_of_its_engine(document: Document) -> None:
    assert account(document) == list(document.pages[0].issues)


@pytest.mark.parametrize(
    "sums",
    [
        pytest.param(GlyphAccount(10, 9, 0), id="a glyph is lost"),
        pytest.param(GlyphAccount(10, 9, 2), id="a glyph is counted twice"),
        pytest.param(GlyphAccount(10, 5, 4, (("watermark", 2),)), id="too many are dropped"),
    ],
)
def test_an_account_that_does_not_balance_is_an_error(document: Document, sums: GlyphAccount) -> None:
    page = replace(document.pages[0], account=sums, issues=(), number=7)
    (issue,) = account(replace(document, pages=(page,)))
    assert (issue.code, issue.severity, issue.place and issue.place.page) == ("account", "error", 7)
    assert "page 7: 10 glyphs printed" in issue.message


def test_cells_that_do_not_tile_their_table_are_an_error(document: Document) -> None:
    page = document.pages[0]
    table = replace(page.tables[0], cells=page.tables[0].cells[1:])
    (issue,) = account(replace(document, pages=(replace(page, tables=(table,), issues=()),)))
    assert (issue.code, issue.severity) == ("tiling", "error")
