"""``Document`` → ``[Issue]``: what an engine owes. Every glyph has a place, every slot of a table has one cell."""

from __future__ import annotations

from pipeline.model import Document, Issue, Page, PageTable, Place


def account(document: Document) -> list[Issue]:
    """The engine's own issues, and an error for each page whose glyph account does not balance or table does not tile.

    A glyph that is counted nowhere is text that a reader sees and the rows do not hold: it is reported, never guessed.
    """
    return [issue for page in document.pages for issue in (*page.issues, *_balance(page), *_tiles(page.tables))]


def _balance(page: Page) -> list[Issue]:
    sums = page.account
    if sums.balances:
        return []
    dropped = ", ".join(f"{count} {reason}" for reason, count in sums.dropped) or "none"
    message = (
        f"page {page.number}: {sums.printed} glyphs printed, but {sums.in_cells} in cells, "
        f"{sums.outside} outside tables, dropped: {dropped}"
    )
    return [Issue("account", "error", message, place=Place(page.number))]


def _tiles(tables: tuple[PageTable, ...]) -> list[Issue]:
    return [
        Issue(
            "tiling",
            "error",
            f"page {table.page}: the cells of a table of {table.n_rows} × {table.n_cols} do not cover it exactly once",
            place=Place(table.page, table.bbox),
        )
        for table in tables
        if not table.tiles()
    ]
