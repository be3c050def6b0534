"""Lines that are the same picture are found; lines that differ by a dot of a stroke are not taken for the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipeline.engines.ocr import cells
from pipeline.engines.ocr.alike import same_pictures
from pipeline.engines.ocr.cells import SURE, read_lines
from pipeline.engines.ocr.recognise import Reading

Dots = npt.NDArray[np.uint8]
EM = 22
# Type so small that none of its lines is taken for another.
SMALL = 14.0


def strokes(*lines: tuple[float, float, float, float], move: tuple[float, float] = (0.0, 0.0), noise: float = 0.0) -> Dots:
    """A line of type drawn as strokes (x0, y0, x1, y1) two dots thick, anywhere between the dots, on grainy paper."""
    fine = 8
    picture = np.full((28 * fine, 120 * fine), 255, np.uint8)
    for x0, y0, x1, y1 in lines:
        ends = [(round((x + move[0]) * fine), round((y + move[1]) * fine)) for x, y in ((x0, y0), (x1, y1))]
        cv2.line(picture, ends[0], ends[1], 0, 2 * fine)
    small = cv2.resize(picture, (120, 28), interpolation=cv2.INTER_AREA).astype(np.float64)
    return np.clip(small + np.random.default_rng(7).normal(0, noise, small.shape), 0, 255).astype(np.uint8)


# 己 thrice, with air between.
BODY = [
    stroke
    for x in (5.0, 40.0, 75.0)
    for stroke in (
        (x, 5.0, x + 16, 5.0),
        (x + 16, 5.0, x + 16, 13.0),
        (x + 2, 13.0, x + 16, 13.0),
        (x + 2, 13.0, x + 2, 22.0),
        (x + 2, 22.0, x + 17, 22.0),
    )
]
# The stub that makes the middle one 已, and the one that makes it 巳.
HALF, WHOLE = (42.0, 9.0, 42.0, 13.0), (42.0, 5.0, 42.0, 13.0)


def groups(lines: Sequence[Dots], size: float = EM) -> list[list[int]]:
    return list(same_pictures((line, size) for line in lines))


def test_a_line_is_the_same_as_itself() -> None:
    line = strokes(*BODY)
    assert groups([line, line]) == [[0, 1]]
    assert groups([]) == []


@pytest.mark.parametrize("move", [(0.5, 0.0), (0.0, 0.5), (0.3, -0.4), (1.0, 1.0)])
def test_a_line_that_lies_otherwise_on_the_dots_is_the_same(move: tuple[float, float]) -> None:
    assert groups([strokes(*BODY), strokes(*BODY, move=move, noise=4)]) == [[0, 1]]


@pytest.mark.parametrize("stub", [HALF, WHOLE])
@pytest.mark.parametrize("noise", [0.0, 6.0, 12.0])
@pytest.mark.parametrize("move", [(0.0, 0.0), (0.5, 0.5)])
def test_a_stub_of_a_stroke_makes_another_line(
    stub: tuple[float, float, float, float], noise: float, move: tuple[float, float]
) -> None:
    assert groups([strokes(*BODY), strokes(*BODY, stub, move=move, noise=noise)]) == [[0], [1]]


def test_a_full_stop_makes_another_line() -> None:
    assert groups([strokes(*BODY), strokes(*BODY, (98.0, 21.0, 99.0, 21.0))]) == [[0], [1]]


def test_a_group_is_given_before_the_next_line_is_asked_for() -> None:
    line, other = strokes(*BODY), strokes(*BODY, HALF)
    asked: list[int] = []

    def cut() -> Iterator[tuple[Dots, float]]:
        for k, dots in enumerate((line, other, line)):
            asked.append(k)
            yield dots, EM

    found = same_pictures(cut())
    assert (next(found), asked) == ([0], [0])
    assert (next(found), asked) == ([1], [0, 1])
    assert list(found) == []


def test_small_type_and_lines_of_other_sizes_are_read_each() -> None:
    line = strokes(*BODY)
    assert groups([line, line], 14.0) == [[0], [1]]
    assert groups([line, line[:, :100], line[:20]]) == [[0], [1], [2]]


@pytest.mark.parametrize(("score", "read"), [(SURE, 2), (SURE - 0.01, 4)])
def test_only_a_sure_reading_stands_for_other_pictures_of_its_line(
    score: float, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Dots] = []

    def model(lines: Iterable[Dots], squeeze: float = 1.0) -> list[Reading]:
        taken = list(lines)
        given.extend(taken)
        return [Reading("己己己", (1.0, score, 1.0), (0.12, 0.41, 0.7)) for _ in taken]

    monkeypatch.setattr(cells, "recognise", model)
    line, other = strokes(*BODY), strokes(*BODY, HALF)
    said = read_lines((dots, EM) for dots in (line, other, line, line))
    assert len(given) == read
    assert [reading.text for reading in said] == ["己己己"] * 4


def times_read(line: Dots, score: float, monkeypatch: pytest.MonkeyPatch, lines: int = 1, size: float = EM) -> float:
    """How often each of some lines is given to a model that is so sure of all of them."""
    given: list[Dots] = []

    def model(lines: Iterable[Dots], squeeze: float = 1.0) -> list[Reading]:
        taken = list(lines)
        given.extend(taken)
        return [Reading("己己己", (score, score, score), (0.12, 0.41, 0.7)) for _ in taken]

    monkeypatch.setattr(cells, "recognise", model)
    read_lines([(line, size)] * lines)
    return len(given) / lines


def test_an_unsure_line_is_read_twice_but_not_from_the_same_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    line = strokes(*BODY)
    assert times_read(line, 0.99, monkeypatch) == 1
    assert times_read(line, 0.6, monkeypatch) == 2
    # So short a line is not narrowed, neither the first time nor the second.
    assert times_read(line[:, :24], 0.6, monkeypatch) == 1


@pytest.mark.parametrize(("score", "times"), [(0.3, 1), (0.84, 1), (0.86, 2)])
def test_where_nothing_can_be_read_it_is_not_tried_again(score: float, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert times_read(strokes(*BODY), score, monkeypatch, 7, SMALL) == times
    # A line or two are no page.
    assert times_read(strokes(*BODY), score, monkeypatch, 6, SMALL) == 2
