"""Ticks that are too pale or too worn to be ink: a tick cell that seems blank is compared with the ticks of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.lines import Blobs, Box
from pipeline.engines.ocr.raster import Gray, median

Dark = npt.NDArray[np.float32]
# Shares of the type size: paper around a tick that belongs to its picture, and the rim of a cell that its rules reach.
_AROUND, _RIM = 0.15, 0.12
# From which likeness (correlation) and darkness (1 = as dark as the page's ticks) a place is a tick for sure, likely, or perhaps.
# Measured on 258 blank cells of noisy scans and copies (at most 0.61 and 0.42) and 341 ticks (usually 0.92 and 1.1).
_SURELY, _LIKELY, _PERHAPS = (0.8, 0.6), (0.65, 0.5), (0.5, 0.4)
# The scores of the first two.
_SCORES = (0.9, 0.5)
# A column of ticks is hardly wider than the widest in which one was found.
_WIDE = 1.3
# What a worn tick leaves: at least so many specks within its size, with so much ink together (shares of the type size, and of its
# square). Dirt is seldom as close.
_PIECES, _WITHIN, _INK = 3, 0.8, 0.04


@dataclass(frozen=True, slots=True)
class Faint:
    """A cell that is not as blank as it seems: its number, where a tick may stand, and how sure that is (0 = who knows)."""

    cell: int
    box: Box
    score: float


def faint_ticks(blank: Sequence[tuple[int, Box]], wide: int, ticks: Sequence[Box], gray: Gray, em: float) -> list[Faint]:
    """What the blank cells (number, box) of a page show that looks like its ticks; ``wide`` is the widest cell with a tick."""
    usual = usual_tick(ticks, gray, em)
    if usual is None:
        return []
    narrow = [(number, cell) for number, cell in blank if cell.width <= _WIDE * wide]
    found = [(number, *likest(cell, usual, gray, em)) for number, cell in narrow]
    return [Faint(n, box, _score(like, dark)) for n, like, dark, box in found if _reaches((like, dark), _PERHAPS)]


def worn_away(blank: Sequence[tuple[int, Box]], wide: int, blobs: Blobs, em: float) -> list[int]:
    """The numbers of the blank cells (number, box) that hold specks as close together as the pieces of a mark."""
    boxes = blobs.boxes[1:]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    found = []
    for number, cell in blank:
        inside = (x >= cell.x0) & (x < cell.x1) & (y >= cell.y0) & (y < cell.y1)
        if cell.width > _WIDE * wide or inside.sum() < _PIECES:
            continue
        own, across, down = boxes[inside][:, 4], x[inside], y[inside]
        near = (np.abs(across[:, None] - across) <= _WITHIN * em) & (np.abs(down[:, None] - down) <= _WITHIN * em)
        if ((near.sum(axis=1) >= _PIECES) & (near @ own >= _INK * em * em)).any():
            found.append(number)
    return found


def _score(like: float, dark: float) -> float:
    levels = zip((_SURELY, _LIKELY), _SCORES, strict=True)
    return next((score for level, score in levels if _reaches((like, dark), level)), 0.0)


def _reaches(found: tuple[float, float], level: tuple[float, float]) -> bool:
    return found[0] >= level[0] and found[1] >= level[1]


def usual_tick(ticks: Sequence[Box], gray: Gray, em: float) -> Dark | None:
    """The mean picture of the ticks of a page, as darkness; None where there are fewer than two."""
    if len(ticks) < 2:
        return None
    margin = round(_AROUND * em)
    width, height = (int(median(v)) + 2 * margin for v in ([b.width for b in ticks], [b.height for b in ticks]))
    patches = [_patch(gray, box, width, height) for box in ticks]
    whole = [patch for patch in patches if patch.shape == (height, width)]
    return np.asarray(np.mean(whole, axis=0), np.float32) if len(whole) > 1 else None


def likest(cell: Box, tick: Dark, gray: Gray, em: float) -> tuple[float, float, Box]:
    """How like a tick the likest place of a cell is (correlation, -1..1), how dark it is (1 = as a tick), and where it lies."""
    rim = max(2, round(_RIM * em))
    inner = Box(cell.x0 + rim, cell.y0 + rim, cell.x1 - rim, cell.y1 - rim)
    height, width = tick.shape
    if inner.width < width or inner.height < height:
        return 0.0, 0.0, inner
    dark = 255 - gray[inner.y0 : inner.y1, inner.x0 : inner.x1].astype(np.float32)
    found = cv2.matchTemplate(dark, tick, cv2.TM_CCOEFF)
    x, y = cv2.minMaxLoc(found)[3]
    part, shape = dark[y : y + height, x : x + width], tick - tick.mean()
    part = part - part.mean()
    power = float(np.square(shape).sum())
    like = float((part * shape).sum()) / max((power * float(np.square(part).sum())) ** 0.5, 1e-6)
    return (
        like,
        float(found[y, x]) / max(power, 1e-6),
        Box(inner.x0 + x, inner.y0 + y, inner.x0 + x + width, inner.y0 + y + height),
    )


def _patch(gray: Gray, box: Box, width: int, height: int) -> Dark:
    x, y = (box.x0 + box.x1 - width) // 2, (box.y0 + box.y1 - height) // 2
    return np.asarray(255 - gray[max(y, 0) : y + height, max(x, 0) : x + width].astype(np.float32))
