"""Rules by which two readings of one cell may differ and both be sound. What no rule proves is a doubt.

Each rule stands on what the page's reading proves: text that a clip hides, a side without a rule, glyphs that the account
says were dropped and why. A dropped glyph explains a difference only to an engine that knows nothing of such glyphs: where
one that tells watermarks too has the text in its cell, the drop itself is in question.

On a page full of watermarks any lost character could pass for one of theirs, so the account is taken at its word: the whole
page of the other reading must not hold more characters beyond ours than the account says were dropped, and each of them
explains one character of one cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import Page
from pipeline.text import fold
from pipeline.verify.units import Unit

CLIPPED, OPEN, THIN, WATERMARK, PAINTED_TWICE = "clipped", "open", "thin", "watermark", "painted twice"
# Rules under which the other engine has seen the very same glyphs: as good as the same text.
PROVEN = frozenset({CLIPPED, OPEN, THIN})
# What an engine does not know of, so that it stands in its cells like any other text.
_BLIND_TO = {"pdfplumber": {CLIPPED}, "camelot": {CLIPPED, WATERMARK, PAINTED_TWICE}}

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """What explains differences on one page between the reading that is checked and another one.

    ``hidden`` are the cells for which text is painted where a clip hides it, with its lines above and below; ``outside``
    counts the characters that the other reading has outside its tables. ``dropped`` counts the characters that the checked
    reading left out for ``reasons`` of which the other engine knows nothing; what is explained by them is taken off.
    """

    hidden: tuple[tuple[Unit, Lines, Lines], ...]
    outside: Counter[str]
    dropped: Counter[str]
    reasons: frozenset[str]


def evidence(page: Page, units: Iterable[Unit], engine: str, theirs: Page) -> Evidence:
    """The evidence of a page (``units`` are its cells) against ``theirs``, the reading of ``engine``."""
    blind_to = _BLIND_TO.get(engine, set())
    lines = ((unit, _lines(c.hidden_above for c in unit.cells), _lines(c.hidden_below for c in unit.cells)) for unit in units)
    hidden = tuple(entry for entry in lines if entry[1] or entry[2]) if CLIPPED in blind_to else ()
    account = {reason: n for reason, n in page.account.dropped if reason in blind_to}
    dropped = _characters(theirs) - _characters(page)
    if dropped.total() > sum(account.values()):
        dropped.clear()
    return Evidence(hidden, _outside(theirs), dropped, frozenset(account))


def explain(ours: Unit, theirs: Unit | None, known: Evidence) -> str:
    """The rule that explains why another reading has another text in this cell, or has no such cell; "" where none does."""
    if ours.is_sliver:
        return THIN
    text = theirs.text if theirs else ""
    if _is_open_end(ours, text, known):
        return OPEN
    if theirs is None or not _is_part(ours.text, text):
        return ""
    more = Counter(text) - Counter(ours.text)
    if any(more == Counter("".join(lines)) for lines in _clipped_runs(ours, known)):
        return CLIPPED
    reason = WATERMARK if more - Counter(ours.text) or PAINTED_TWICE not in known.reasons else PAINTED_TWICE
    if reason not in known.reasons or not more or more - known.dropped:
        return ""
    known.dropped.subtract(more)
    return reason


def _is_open_end(ours: Unit, text: str, known: Evidence) -> bool:
    """Whether the cell has no closing rule, and to the other engine its text ends with the rules beside it: the rest is
    outside all tables."""
    if ours.open_bottom and ours.text.startswith(text):
        rest = ours.text[len(text) :]
    elif ours.open_top and ours.text.endswith(text):
        rest = ours.text[: len(ours.text) - len(text)]
    else:
        return False
    return not Counter(rest) - known.outside


def _clipped_runs(ours: Unit, known: Evidence) -> Iterator[Sequence[str]]:
    """Runs of lines that are painted over this cell where a clip hides them: its own, or those of a cell in its columns.

    Calc paints the whole text of a cut cell on each page, also over the repeated heading above the rest of the cell.
    """
    for owner, above, below in known.hidden:
        if owner.table == ours.table and owner.bbox.x0 < ours.bbox.x1 and ours.bbox.x0 < owner.bbox.x1:
            for lines in (above, below):
                yield from (lines[i:j] for i in range(len(lines)) for j in range(i + 1, len(lines) + 1))
            yield from ((*above[i:], *below[:j]) for i in range(len(above)) for j in range(1, len(below) + 1))


def _lines(texts: Iterable[str]) -> Lines:
    return tuple(folded for text in texts for line in text.split("\n") if (folded := fold(line)))


def _is_part(text: str, whole: str) -> bool:
    """Whether ``whole`` holds all characters of ``text`` in their order, and others among them."""
    rest = iter(whole)
    return all(char in rest for char in text)


def _characters(page: Page) -> Counter[str]:
    """All characters that a reading has of a page: in cells, hidden, or outside tables."""
    cells = [cell for table in page.tables for cell in table.cells]
    return Counter(fold("".join(cell.hidden_above + cell.text + cell.hidden_below for cell in cells))) + _outside(page)


def _outside(page: Page) -> Counter[str]:
    return Counter(fold("".join(line.text for line in page.outside)))
