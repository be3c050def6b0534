"""Lines of one page that are the same picture: a catalog prints the same words row after row.

Two lines are the same only if nothing of one is missing in the other anywhere, as far as a scan can show it: laid over each
other as well as they go, the darkest difference left in any place as small as a full stop must be paler than the noise of
print. 己 and 已, 。 and . differ by far more (``tests/test_alike.py``), so what is read of one line may be said of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.raster import Gray

Dark = npt.NDArray[np.float32]
# Of the darkness of type: the most that two pictures of one line may differ in any place. Measured on 85 groups of characters
# that are mistaken for each other (3 fonts, 18 to 24 dots high, clean and noisy): they differ by at least 0.099.
_DIFFER = 0.09
# Dots: smaller type is too coarse to tell.
_SMALLEST = 19.0
# The side of such a place, as a share of the type size; how far (a share too) sizes may differ, at least _OFF dots.
_PLACE, _UNEQUAL, _OFF = 0.1, 0.06, 2
# Dots: how much a picture is softened, so that it can be moved by parts of a dot.
_SOFT = 0.8
# Thumbnails of pictures that may be the same are so alike (correlation); at most so many are laid over each other.
_LIKELY, _TRIES = 0.8, 3
# Of one width, so many are remembered: a page of dirt has thousands.
_MOST = 200
_ROWS, _SHORT, _LONG = 4, 8, 32


def same_pictures(lines: Iterable[tuple[Gray, float]]) -> Iterator[list[int]]:
    """The numbers of the lines (dots, and the size of their type) in groups that show the same.

    Each group is given when the first of it is found; the others are added to it as they come.
    """
    by_width: defaultdict[int, list[_Group]] = defaultdict(list)
    for k, (crop, size) in enumerate(lines):
        if size < _SMALLEST:
            yield [k]
            continue
        picture = _soft(crop)
        thumb = _thumbnail(picture)
        for group in _likeliest(picture, thumb, by_width, size):
            if difference(group.picture, picture, size) <= _DIFFER:
                group.members.append(k)
                break
        else:
            members = [k]
            by_width[picture.shape[1]].append(_Group(members, picture, thumb))
            yield members


@dataclass(frozen=True, slots=True)
class _Group:
    """Crops that show the same: their numbers, and the first as a picture and as a thumbnail."""

    members: list[int]
    picture: Dark
    thumb: Dark


def _likeliest(picture: Dark, thumb: Dark, by_width: Mapping[int, Sequence[_Group]], em: float) -> list[_Group]:
    """The groups whose first picture is about as large and looks much the same from afar, the most alike first."""
    off = max(_OFF, round(_UNEQUAL * em))
    height, width = picture.shape
    near = [
        (float(thumb @ group.thumb), group)
        for wide in range(width - off, width + off + 1)
        for group in by_width.get(wide, ())[-_MOST:]
        if abs(group.picture.shape[0] - height) <= off and len(group.thumb) == len(thumb)
    ]
    near = sorted((entry for entry in near if entry[0] >= _LIKELY), key=lambda entry: -entry[0])
    return [group for _, group in near[:_TRIES]]


def _soft(crop: Gray) -> Dark:
    """The darkness of a picture, softened, 1 where its type is darkest."""
    dark = cv2.GaussianBlur(cv2.bitwise_not(crop), (0, 0), _SOFT).astype(np.float32)
    return np.asarray(dark / max(float(dark.max()), 1.0), np.float32)


def _thumbnail(picture: Dark) -> Dark:
    """A small picture with mean 0 and length 1."""
    height, width = picture.shape
    size = (_SHORT if width < 2 * height else _LONG, _ROWS)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).ravel()
    small -= small.mean()
    return np.asarray(small / max(float(np.sqrt(small @ small)), 1e-6), np.float32)


def difference(one: Dark, other: Dark, em: float) -> float:
    """The largest difference between two softened pictures in any place, when one is laid over the other as well as it goes."""
    off = max(_OFF, round(_UNEQUAL * em))
    height, width = one.shape
    room = cv2.copyMakeBorder(other, off, 2 * off, off, 2 * off, cv2.BORDER_CONSTANT, value=0.0)
    room = np.ascontiguousarray(room[: height + 2 * off, : width + 2 * off])
    x, y = cv2.minMaxLoc(cv2.matchTemplate(room, one, cv2.TM_SQDIFF))[2]
    left = _fitted(one, np.ascontiguousarray(room[y : y + height, x : x + width]))
    side = max(3, round(_PLACE * em) | 1)
    return float(np.abs(cv2.blur(left, (side, side))).max())


def _fitted(one: Dark, other: Dark) -> Dark:
    """What is left of the difference when it is explained as far as may be by a move of less than a dot, a little more or less
    stretch, and paler print: least squares over all dots."""
    both = one + other
    across, down = (cv2.Sobel(both, cv2.CV_32F, 1 - k, k, ksize=3, scale=1 / 16) for k in (0, 1))
    along = np.linspace(-1, 1, one.shape[1], dtype=np.float32)[None, :]
    causes = np.stack([across, down, across * along, down * along, both / 2]).reshape(5, -1)
    apart = (other - one).ravel()
    square = causes @ causes.T + 1e-6 * np.eye(5, dtype=np.float32)
    return np.asarray((apart - np.linalg.solve(square, causes @ apart) @ causes).reshape(one.shape), np.float32)
