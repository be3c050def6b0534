"""Scans of several pages: while one is read the next is opened, and nobody can tell from what comes out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pictures import ROWS, blank, page, scan, sheet, texts

from pipeline import engines
from pipeline.engines import ocr
from pipeline.engines.ocr import recognise as recognising
from pipeline.engines.ocr.recognise import Reading, recognise
from pipeline.engines.ocr.straighten import skew
from pipeline.errors import SourceError
from pipeline.extract import extract

TABLE = [list(row) for row in ROWS]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source.pdf"


def test_a_page_is_read_the_same_alone_and_among_others(source: Path) -> None:
    scan(source, page(), page(ROWS[:3]), page())
    together = extract(source).pages
    for number, shown in enumerate(together, 1):
        (alone,) = engines.get("ocr").read(source, pages=frozenset([number])).pages
        assert alone.tables == shown.tables


def test_a_turned_page_between_others_is_turned_and_the_others_stay(source: Path) -> None:
    document = extract(scan(source, page(), sheet(np.rot90(page(), 2)), page()))
    assert texts(document) == [TABLE, TABLE, TABLE]
    assert [[issue.code for issue in shown.issues] for shown in document.pages] == [[], ["turned"], []]


@pytest.mark.parametrize("turned", [False, True])
def test_a_page_is_laid_out_by_the_columns_of_all_pages_before_it(
    source: Path, turned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[int, list[list[float]]] = {}
    real = ocr.open_page

    def noted(shown: Any, number: int, known: Any) -> Any:
        given[number] = [edges.tolist() for edges in known]
        return real(shown, number, known)

    monkeypatch.setattr(ocr, "open_page", noted)
    middle = sheet(np.rot90(page(left=60), 2)) if turned else page(left=60)
    ocr.read(scan(source, page(left=20), middle, page()))
    assert [len(given[number]) for number in (1, 2, 3)] == [0, 1, 2]
    first, second = given[3]
    assert first == pytest.approx([20, 88, 241, 360], abs=1)
    # An upside-down page has its columns where they are when it is upright.
    assert second == pytest.approx([60, 128, 281, 400], abs=1)


def test_progress_is_told_page_by_page_in_order(source: Path) -> None:
    told: list[tuple[int, int]] = []
    ocr.read(scan(source, page(), blank(), page()), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_page_that_cannot_be_opened_is_named_and_the_one_before_it_was_read(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    real = ocr.open_page

    def broken(shown: Any, number: int, known: Any) -> Any:
        if number == 2:
            raise ValueError("bad picture")
        return real(shown, number, known)

    monkeypatch.setattr(ocr, "open_page", broken)
    with pytest.raises(SourceError, match=r"source\.pdf.*page 2.*bad picture"):
        ocr.read(scan(source, page(), page()), progress=lambda done, total: told.append(done))
    assert told == [0, 1]


def test_what_a_line_says_does_not_depend_on_the_other_lines() -> None:
    whole = page()
    lines = [whole[y : y + 40, x : x + w] for y in (141, 252, 363) for x, w in ((125, 60), (305, 350), (740, 200))]
    together = recognise(lines, 0.7)
    assert any(reading.text.strip() for reading in together)
    alone = [recognise([line], 0.7)[0] for line in lines]
    assert [reading.text for reading in together] == [reading.text for reading in alone]
    for reading, other in zip(together, alone, strict=True):
        assert reading.scores == pytest.approx(other.scores, abs=1e-4)
        assert reading.places == other.places
    assert recognise([]) == []


def test_lines_are_read_while_others_are_still_being_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = threading.Event()

    def read(lines: list[Any], model: object) -> list[Reading]:
        reading.set()
        return [Reading(str(line[0, 0]), (), ()) for line in lines]

    def cut() -> Iterator[Any]:
        for shade in range(20):
            # More than one call takes: the first is going on.
            if shade == 18:
                assert reading.wait(60)
            yield np.full((48, 48 if shade % 5 else 300), shade, np.uint8)

    monkeypatch.setattr(recognising, "_read", read)
    assert [said.text for said in recognise(cut())] == [str(shade) for shade in range(20)]


@pytest.mark.parametrize("degrees", [-4.9, -0.7, 0.0, 0.3, 2.5])
def test_skew_is_measured_to_a_few_hundredths_of_a_degree(degrees: float) -> None:
    ink = (page() < 128).astype(np.uint8)
    middle, climb = ink.shape[1] / 2, np.tan(np.radians(degrees))
    sheared = np.stack([np.roll(ink[:, x], -round(climb * (x - middle))) for x in range(ink.shape[1])], axis=1)
    assert skew(sheared, 200 / 72) == pytest.approx(degrees, abs=0.04)
