"""Even paper: the light of a scanner or copier and the shade of a heading taken out, so that one threshold tells ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.engines.ocr.raster import Gray, Mask, median

# Points: the paper is what is brightest within this reach, which must be wider than any stroke.
_REACH = 7.0
# Paper darker than this is no paper, but a black margin or a photograph; it is not made lighter.
_DARKEST = 90
# Bounds of the threshold between ink and paper on flattened dots: the upper one keeps pale ticks of worn type.
_INK = (140.0, 205.0)
# Paper with more noise than this is smoothed a little (dots) before the threshold, so that grains are no ink.
_GRAINY, _SMOOTH = 1.0, 0.7


@dataclass(frozen=True, slots=True)
class Flat:
    """Flattened dots: ``gray`` with paper at 255, ``ink`` 1 where something is printed, ``noise`` the paper's own deviation."""

    gray: Gray
    ink: Mask
    noise: float


def flatten(gray: Gray, unit: float) -> Flat:
    """The picture divided by the light of its paper."""
    small = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(3, round(_REACH * unit / 4) | 1)
    paper = cv2.dilate(cv2.medianBlur(small, 3), np.ones((reach, reach), np.uint8))
    paper = cv2.blur(paper, (reach, reach))
    light = cv2.resize(np.maximum(paper, _DARKEST), (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return flat_of(np.asarray(cv2.divide(gray, light, scale=255), np.uint8))


def flat_of(even: Gray) -> Flat:
    """What there is to know of dots that are flattened already (and turned since)."""
    noise = paper_noise(even)
    return Flat(even, ink_of(even, noise), noise)


def ink_of(even: Gray, noise: float) -> Mask:
    """1 where flattened dots are ink."""
    if noise > _GRAINY:
        even = np.asarray(cv2.GaussianBlur(even, (0, 0), _SMOOTH), np.uint8)
    threshold, _ = cv2.threshold(cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_NEAREST), 0, 255, cv2.THRESH_OTSU)
    return (even < min(max(threshold, _INK[0]), _INK[1])).astype(np.uint8)


def paper_noise(even: Gray) -> float:
    """Standard deviation of the paper's dots, from the median, which ink does not move."""
    sample = even[::7, ::7].astype(np.float32)
    return 1.4826 * median(np.abs(sample - median(sample)))
