"""Titles of recognised tables that could not be made out: a title is no value that could be doubted, so an issue tells."""

from __future__ import annotations

from pipeline.headings.match import Matcher
from pipeline.headings.titles import is_whole_title, lines_above
from pipeline.model import Issue, Page, Place
from pipeline.text import is_cjk, squash

# What rules and specks are read as.
_STROKES = frozenset("一二三丨")


def unread_title(
    page: Page, position: int, title: str, inside: bool, goes_on: bool, running: frozenset[str], matcher: Matcher
) -> Issue | None:
    """What is to be told of the title of the ``position``-th table of a recognised page; None where nothing is.

    ``inside``: its headings stand below rows of another table, with which it runs together, and which it is unless its serial
    numbers start again (not ``goes_on``). In small type the recogniser finds a few characters of a line, or none.
    """
    pieces = [text for line in lines_above(page, position) if _is_piece(text := squash(line.text), running, matcher)]
    if title and is_whole_title(title):
        return None
    if title:
        why = f"the title above its table does not end as one, so a part of it may not have been read: {title!r}"
    elif inside and not goes_on:
        return untold_title(page)
    elif pieces and not inside:
        why = f"the title above its table could not be read, only {', '.join(map(repr, pieces))}"
    else:
        return None
    return _issue(page, why)


def untold_title(page: Page) -> Issue:
    """What is to be told of a table that begins where no title was found."""
    return _issue(page, "a table begins below another, and no title was found above it")


def _issue(page: Page, why: str) -> Issue:
    return Issue("title", "warning", f"page {page.number}: {why}", place=Place(page.number))


def _is_piece(text: str, running: frozenset[str], matcher: Matcher) -> bool:
    """Whether a line may be what was read of a title: it has an ideograph, and is neither a heading nor a running line."""
    return any(is_cjk(char) and char.isalpha() and char not in _STROKES for char in text) and not (
        text in running or matcher.known(text)
    )
