"""Upright pages: the skew of the whole page, and the perspective that is left in its rules, both undone."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.raster import Floats, Gray, Mask, median

# Degrees: how far a page may lie askew, and the step of the first search.
_FURTHEST, _STEP = 6.0, 0.25
# Dots per point of the small picture on which the skew is measured. Along a row so many dots are one: a strip so narrow is hardly
# higher at one end than at the other, whatever the slope.
_COARSE, _STRIP = 1.1, 8
# Below this angle (degrees), or this shift of a corner (points), the picture is left as it is: turning blurs.
_STRAIGHT, _SQUARE = 0.04, 0.7
_IDENTITY = np.eye(3)


def skew(ink: Mask, unit: float) -> float:
    """The angle (degrees, against the clock) by which text and rules climb to the right."""
    fine = _smaller(ink * np.uint8(255), min(1.0, 2 * _COARSE / unit))
    coarse = _strips(_smaller(fine, 0.5))
    best = _best(coarse, np.arange(-_FURTHEST, _FURTHEST + _STEP, _STEP))
    best = _best(coarse, best + np.arange(-_STEP, _STEP + 0.01, _STEP / 5))
    return _best(_strips(fine), best + np.arange(-0.06, 0.061, 0.02))


def _smaller(gray: Gray, factor: float) -> Gray:
    """Made smaller by area: a thin rule must not vanish between two dots."""
    return np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def _strips(gray: Gray) -> npt.NDArray[np.float32]:
    """The mean of the dots of each strip of each row."""
    strips = gray[:, : gray.shape[1] // _STRIP * _STRIP].reshape(len(gray), -1, _STRIP)
    return np.asarray(strips.mean(axis=2, dtype=np.float32))


def _best(picture: npt.NDArray[np.float32], angles: Floats) -> float:
    return float(angles[int(np.argmax([_sharpness(picture, angle) for angle in angles.tolist()]))])


def _sharpness(picture: npt.NDArray[np.float32], angle: float) -> float:
    """How much neighbouring rows differ when the picture is sheared level: most where lines lie along rows."""
    height, width = picture.shape
    shear = np.tan(np.radians(angle)) * _STRIP
    matrix = np.array([[1, 0, 0], [shear, 1, -shear * width / 2]])
    level = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return float(np.square(np.diff(level.sum(axis=1))).sum())


def turning(angle: float, width: int, height: int) -> Floats:
    """The 3 x 3 matrix that turns a picture of that size level about its centre; the identity where it lies level."""
    if abs(angle) < _STRAIGHT:
        return _IDENTITY
    return np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0), [0.0, 0.0, 1.0]])


def squaring(across: Floats, down: Floats, unit: float) -> Floats:
    """The 3 x 3 matrix that makes rules level and upright which perspective has left askew.

    ``across`` are rows (x0, y0, x1, y1) of long level rules, ``down`` of upright ones, in dots. The slope of the rules is
    fitted as a line over the page in both directions; the table's outline with those slopes is drawn out to a rectangle.
    """
    if len(across) < 3 or len(down) < 3:
        return _IDENTITY
    level = _slopes(
        (across[:, 1] + across[:, 3]) / 2,
        (across[:, 3] - across[:, 1]) / (across[:, 2] - across[:, 0]),
        across[:, 2] - across[:, 0],
    )
    upright = _slopes(
        (down[:, 0] + down[:, 2]) / 2, (down[:, 2] - down[:, 0]) / (down[:, 3] - down[:, 1]), down[:, 3] - down[:, 1]
    )
    x0, x1 = float(down[:, [0, 2]].min()), float(down[:, [0, 2]].max())
    y0, y1 = float(across[:, [1, 3]].min()), float(across[:, [1, 3]].max())
    if x1 - x0 < 50 * unit or y1 - y0 < 50 * unit:
        return _IDENTITY
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    corners = np.array([[_meet(x, y, middle, level, upright) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]], np.float32)[
        0
    ]
    square = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    if np.abs(corners - square).max() < _SQUARE * unit:
        return _IDENTITY
    return np.asarray(cv2.getPerspectiveTransform(corners, square), np.float64)


def _slopes(position: Floats, slope: Floats, weight: Floats) -> tuple[float, float]:
    """Slope as a line over the position (constant, gain), fitted twice, the second time without what lies far off."""
    kept = np.ones(len(position), bool)
    fit = (0.0, 0.0)
    for _ in range(2):
        if kept.sum() < 3 or np.ptp(position[kept]) < 1:
            return (float(np.average(slope[kept], weights=weight[kept])) if kept.any() else 0.0), 0.0
        gain, constant = np.polyfit(position[kept], slope[kept], 1, w=weight[kept])
        fit = (float(constant), float(gain))
        off = np.abs(slope - (constant + gain * position))
        kept = off <= max(3 * median(off), 0.002)
    return fit


def _meet(
    x: float, y: float, middle: tuple[float, float], level: tuple[float, float], upright: tuple[float, float]
) -> tuple[float, float]:
    """Where the outline's level side at height y and its upright side at x meet, each drawn with its slope."""
    rise, lean = level[0] + level[1] * y, upright[0] + upright[1] * x
    corner_x, corner_y = x, y
    for _ in range(3):
        corner_y = y + rise * (corner_x - middle[0])
        corner_x = x + lean * (corner_y - middle[1])
    return corner_x, corner_y


def warp(gray: Gray, matrix: Floats) -> Gray:
    """The picture moved by a 3 x 3 matrix, white beyond its edges; the same object where the matrix moves nothing."""
    if matrix is _IDENTITY or np.allclose(matrix, _IDENTITY):
        return gray
    height, width = gray.shape
    moved = cv2.warpPerspective(
        gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255.0
    )
    return np.asarray(moved, np.uint8)
