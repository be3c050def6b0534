"""Rules by which two readings of one cell may differ and both be sound. What no rule proves is a doubt.

Each rule stands on what the page's reading proves: text that a clip hides, a side without a rule, glyphs that the account
says were dropped and why. A dropped glyph explains a difference only to an engine that knows nothing of such glyphs: where
one that tells watermarks too has the text in its cell, the drop itself is in question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import Page
from pipeline.text import fold
from pipeline.verify.units import Unit

CLIPPED, WATERMARK, PAINTED_TWICE = "clipped", "watermark", "painted twice"
# What an engine does not know of, so that it stands in its cells like any other text.
_BLIND_TO = {"pdfplumber": {CLIPPED}, "camelot": {CLIPPED, WATERMARK, PAINTED_TWICE}}

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """What explains differences on one page between the reading that is checked and another one.

    ``hidden`` are the cells for which text is painted where a clip hides it, with its lines above and below; ``outside``
    counts the characters that the other reading has outside its tables. ``dropped`` counts the glyphs that the checked
    reading left out and the other engine knows nothing of, by reason; each explains one character, so explaining uses it up.
    """

    hidden: tuple[tuple[Unit, Lines, Lines], ...]
    outside: Counter[str]
    dropped: Counter[str]


def evidence(page: Page, units: Iterable[Unit], engine: str, theirs: Page) -> Evidence:
    """The evidence of a page (``units`` are its cells) against ``theirs``, the reading of ``engine``."""
    blind_to = _BLIND_TO.get(engine, set())
    lines = ((unit, _lines(c.hidden_above for c in unit.cells), _lines(c.hidden_below for c in unit.cells)) for unit in units)
    hidden = tuple(entry for entry in lines if entry[1] or entry[2]) if CLIPPED in blind_to else ()
    outside = Counter(fold("".join(line.text for line in theirs.outside)))
    return Evidence(hidden, outside, Counter({reason: n for reason, n in page.account.dropped if reason in blind_to}))


def explain(ours: Unit, theirs: Unit | None, known: Evidence) -> str:
    """The rule that explains why another reading has another text in this cell, or has no such cell; "" where none does."""
    if ours.is_sliver:
        return "thin"
    text = theirs.text if theirs else ""
    if _is_open_end(ours, text, known):
        return "open"
    if theirs is None or not _is_part(ours.text, text):
        return ""
    more = Counter(text) - Counter(ours.text)
    if any(more == Counter("".join(lines)) for lines in _clipped_runs(ours, known)):
        return CLIPPED
    if not more - Counter(ours.text) and _take(known, PAINTED_TWICE, more.total()):
        return PAINTED_TWICE
    return WATERMARK if _take(known, WATERMARK, more.total()) else ""


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


def _take(known: Evidence, reason: str, count: int) -> bool:
    if not 0 < count <= known.dropped[reason]:
        return False
    known.dropped[reason] -= count
    return True
