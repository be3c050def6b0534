"""Glyphs of which the file does not say which characters they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.chars import Bools, Chars
from pipeline.engines.lattice.pdfium import Ints


def nameless_glyphs(chars: Chars, blank: Bools) -> Ints:
    """The characters that have the code of white space or of a control, but are glyphs whose font has no Unicode value for them.

    pdfium hands out a glyph's number in the font where there is no more to tell; a writer's first glyphs have small numbers.
    """
    controls = chars.controls()
    if not len(controls) or not any(map(pdfium.char_unmapped, *chars.asked(controls))):
        return controls[:0]
    at = np.flatnonzero(blank)
    unmapped = np.fromiter(map(pdfium.char_unmapped, *chars.asked(at)), np.int64, len(at))
    return np.asarray(at[unmapped == 1])


def unmapped_glyphs(chars: Chars, kept: Ints, boxes: npt.NDArray[np.float32]) -> Bools:
    """Which glyphs have no Unicode value in their font; asked once for each character of each height and depth.

    A font has one height and depth at a size, so glyphs that agree in both come from one font, or their characters do. Where
    one has none, fonts of two pages may differ all the same, and each page is asked by itself.
    """
    shape = np.round((boxes[:, 1] - boxes[:, 3]) * 64).astype(np.int64) % 0x4000
    key = shape * 0x110000 + chars.code[kept]
    unmapped = _asked_once(chars, kept, key)
    return _asked_once(chars, kept, (chars.page[kept] << 35) + key) if unmapped.any() else unmapped


def _asked_once(chars: Chars, kept: Ints, key: Ints) -> Bools:
    """Which glyphs have no Unicode value, if those of one key are alike in this."""
    # The place in the lower bits makes the order the same on every machine, and sorting values is faster than sorting places.
    packed = np.sort((key << 23) + np.arange(len(key)))
    order = packed & 0x7FFFFF
    starts = np.ones(len(key), bool)
    starts[1:] = np.diff(packed >> 23) != 0
    found = np.fromiter(map(pdfium.char_unmapped, *chars.asked(kept[order[starts]])), np.int64, int(starts.sum()))
    unmapped = np.zeros(len(key), bool)
    if (found == 1).any():
        unmapped[order] = (found == 1)[np.cumsum(starts) - 1]
    return unmapped


def of_untold_fonts(chars: Chars, kept: Ints, nameless: Bools, unmapped: Bools) -> Bools:
    """Which glyphs are of a font of which nothing can be believed, though pdfium sees no fault in some of its glyphs.

    A simple font without ToUnicode numbers its glyphs, and numbers that are Latin codes pass for letters: but not where one is
    a control and none an ideograph. Of a large font without ToUnicode a few numbers pass too: but not where most do not.
    """
    handles = chars.owners(kept).tolist()
    fonts = np.fromiter((handle and pdfium.text_font(handle) for handle in handles), np.uint64, len(kept))
    known, place = np.unique(fonts, return_inverse=True)
    glyphs, lost = np.bincount(place), np.bincount(place[unmapped], minlength=len(known))
    numbered = np.bincount(place[nameless], minlength=len(known)) > 0
    ideographs = np.bincount(place[~unmapped & (chars.code[kept] >= 0x2E80)], minlength=len(known)) > 0
    untold = (lost > glyphs / 2) | (numbered & ~ideographs)
    return np.asarray(untold[place] & (fonts != 0))
