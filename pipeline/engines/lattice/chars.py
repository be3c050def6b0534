"""The characters of a strip of pages as pdfium counts them: code points, and where each is to be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.pdfium import Ints

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chars:
    """All characters of a strip: code points, and where each is to be asked for (text page, index in it)."""

    code: Ints
    page: Ints
    index: Ints
    texts: npt.NDArray[np.uint64]
    starts: Ints

    def asked(self, at: Ints) -> tuple[list[int], list[int]]:
        """The first two arguments of a call for each of these characters."""
        return self.texts[self.page[at]].tolist(), self.index[at].tolist()

    def after(self, marked: Bools) -> Bools:
        """Which characters follow a marked one on their page."""
        follows = np.zeros(len(marked), bool)
        follows[1:] = marked[:-1]
        follows[self.starts] = False
        return follows

    def blank(self) -> Bools:
        """Which are white space or controls."""
        return np.asarray(_IS_BLANK[np.minimum(self.code, 0xFFFF)])

    def controls(self) -> Ints:
        """The places of controls that no text holds (pdfium itself makes line ends, and writers tabs)."""
        return np.flatnonzero(_IS_CONTROL[np.minimum(self.code, 0xFFFF)])

    def owners(self, at: Ints) -> npt.NDArray[np.uint64]:
        """The text object of each of these characters, 0 where there is none."""
        return np.fromiter(map(pdfium.char_object, *self.asked(at)), np.uint64, len(at))


def read_chars(texts: Sequence[int]) -> Chars:
    """All characters of open text pages."""
    counts = [pdfium.count_chars(text) for text in texts]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    code = np.concatenate([np.zeros(0, np.int64), *map(_codes, texts, counts)])
    page = np.repeat(np.arange(len(texts)), counts)
    index = np.arange(len(code)) - starts[page]
    return Chars(code, page, index, np.array(texts, np.uint64), starts[:-1][np.array(counts) > 0])


def _codes(text_page: int, n: int) -> Ints:
    """Code points of all characters: in one call where UTF-16 units and characters agree, else one by one."""
    units = np.empty(n + 1, np.uint16)
    written = pdfium.text_bytes(text_page, 0, n, units.ctypes.data)
    if written == n + 1 and not _SURROGATE[units[:n]].any():
        return units[:n].astype(np.int64)
    return np.fromiter(map(pdfium.char_code, repeat(text_page), range(n)), np.int64, n)


def _blanks(code: Ints) -> Bools:
    return np.asarray(
        ((code <= 0x20) & (code != 0) & (code != 0x0002))
        | ((code >= 0x7F) & (code <= 0xA0))
        | (code == 0xAD)
        | ((code >= 0x2000) & (code <= 0x200F))
        | ((code >= 0x2028) & (code <= 0x202F))
        | (code == 0x2060)
        | (code == 0x3000)
        | (code == 0xFEFF)
    )


_SURROGATE = (np.arange(0x10000) >= 0xD800) & (np.arange(0x10000) < 0xE000)
# White space and controls of the Basic Multilingual Plane, looked up instead of compared for every glyph.
_IS_BLANK = _blanks(np.arange(0x10000))
_IS_CONTROL = _IS_BLANK & (np.arange(0x10000) < 0xA0) & ~np.isin(np.arange(0x10000), (0x09, 0x0A, 0x0D, 0x20))
