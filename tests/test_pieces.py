"""Connected pieces of a mask are the same however few bytes their numbers take."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipeline.engines.ocr.pieces import pieces

Dots = npt.NDArray[np.uint8]


def noise(height: int, width: int, share: float) -> Dots:
    return (np.random.default_rng(7).random((height, width)) < share).astype(np.uint8)


def lone_dots(side: int) -> Dots:
    dots = np.zeros((side, side), np.uint8)
    dots[::2, ::2] = 1
    return dots


@pytest.mark.parametrize(
    "mask",
    [
        np.zeros((5, 7), np.uint8),
        np.ones((3, 4), np.uint8),
        noise(1, 40, 0.5),
        noise(40, 1, 0.5),
        noise(301, 403, 0.05),
        noise(301, 403, 0.4),
        lone_dots(40),
        # More pieces than two bytes count, and more beginnings than pieces.
        lone_dots(600),
        noise(900, 900, 0.3),
    ],
)
def test_pieces_are_those_of_wide_numbers(mask: Dots) -> None:
    _, label, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    found = pieces(mask)
    assert np.array_equal(found.label, label)
    assert np.array_equal(found.stats, stats)


def test_a_page_of_type_takes_two_bytes_a_dot_and_one_of_dirt_four() -> None:
    assert pieces(noise(300, 300, 0.1)).label.itemsize == 2
    assert pieces(lone_dots(600)).label.itemsize == 4
