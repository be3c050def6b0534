"""Marks by their shape: which boxes of a cell are boxes, and which may be the character 口."""

from __future__ import annotations

import pytest

from pipeline.engines.ocr.lines import Box
from pipeline.engines.ocr.marks import CHECKED, DASH, EMPTY, FILLED, Mark, in_company
from pipeline.engines.ocr.recognise import Reading
from pipeline.engines.ocr.ticks import settle_sign

EM = 20.0


def marks(line: int, *places: tuple[float, str]) -> list[Mark]:
    """Marks at these places of a line, in type sizes from its beginning."""
    return [Mark(text, Box(round(x * EM), line * 30, round(x * EM) + 18, line * 30 + 18)) for x, text in places]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        pytest.param([[(0, FILLED)], [(0, EMPTY)], [(0, EMPTY)]], 3, id="a choice, a line each"),
        pytest.param([[(0, FILLED), (5, EMPTY)], [(0, EMPTY), (5, EMPTY)]], 4, id="a choice, two a line"),
        pytest.param([[(0, EMPTY), (5, FILLED)]], 2, id="a choice in one line"),
        pytest.param([[], [(2, EMPTY)]], 0, id="户口登记"),
        pytest.param([[(1, EMPTY)], [(4, EMPTY)]], 0, id="户口, 户口"),
        pytest.param([[], [(0, EMPTY)]], 0, id="a line that begins with 口"),
        pytest.param([[(0, FILLED)]], 1, id="the one that is chosen"),
        pytest.param([[], []], 0, id="none"),
    ],
)
def test_an_empty_box_needs_company(cell: list[list[tuple[float, str]]], kept: int) -> None:
    lines = [Box(0, 30 * k, 200, 30 * k + 20) for k in range(len(cell))]
    found = [marks(k, *places) for k, places in enumerate(cell)]
    assert sum(map(len, in_company(found, lines, EM))) == kept


def test_an_empty_box_of_another_size_than_the_others_may_be_a_character() -> None:
    lines = [Box(0, 30 * k, 200, 30 * k + 20) for k in range(4)]
    found = [marks(k, (0, EMPTY)) for k in range(3)] + [[Mark(EMPTY, Box(0, 94, 14, 108))]]
    assert [len(kept) for kept in in_company(found, lines, EM)] == [1, 1, 1, 0]
    assert [len(kept) for kept in in_company(found[2:], lines[2:], EM)] == [1, 1]


@pytest.mark.parametrize(
    ("mark", "said", "score", "settled"),
    [
        pytest.param(DASH, "—", 0.99, DASH, id="a dash"),
        pytest.param(DASH, "一", 0.98, DASH, id="一 is no word of one character"),
        pytest.param(CHECKED, "目", 0.99, "", id="a character for sure"),
        pytest.param(CHECKED, "回", 0.8, "☑?", id="perhaps a character"),
        pytest.param(DASH, "", 1.0, "—?", id="nothing, as of what is left of a rule"),
        pytest.param(EMPTY, "□", 0.4, "□?", id="a sign, hardly"),
    ],
)
def test_a_sign_among_words_must_be_read_as_one(mark: str, said: str, score: float, settled: str) -> None:
    found, sure = settle_sign(mark, Reading(said, (score,) * len(said), (0.5,) * len(said)))
    assert found + ("?" if found and sure <= 0.5 else "") == settled
