"""What pdfium tells of the glyphs of a strip of pages while these are open: raw columns in the files' coordinates.

Nearly all of the time goes into calls, so nothing is asked twice: white space is left out, what a whole text object says is
asked once for each, and its colour only where that can matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.chars import Bools, Chars, read_chars
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import median
from pipeline.engines.lattice.unreadable import nameless_glyphs, of_untold_fonts, unmapped_glyphs

# A pale glyph this many times larger than the page's usual type is a watermark; smaller pale text is just grey text.
WATERMARK_SIZE = 1.6
# Glyphs closer than this share of their height follow each other without a gap.
_SET_SOLID = 0.01
# And a row of them whose ends differ by no more than this share from where even glyphs end is set evenly. Little is allowed:
# some fonts have boxes as tight as the ink, which differ from glyph to glyph.
_EVEN = 0.002
# Boxes as tight as the ink lie so far from each other's edges, a comma's from a bracket's; as a share of the higher one.
_LEVEL = 0.9
_ALONG = np.array([1, 0, 1, 0], np.float32)


@dataclass(frozen=True, slots=True)
class Clip:
    """What is left visible of a text object (its number and its handle): a box in the coordinates of what it stands in."""

    piece: int
    handle: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ink:
    """n glyphs that are not white space, and the m text objects that they belong to.

    Of glyphs: ``page`` (its place in the strip, ascending), ``code``, ``box`` (n, 4), ``piece`` (its text object), ``spaced`` and
    ``worded`` (white space before it, and such as the file itself prints), ``unmapped`` (its font does not say which character
    it is). Of text objects: ``first`` (its first glyph), ``matrix`` (m, 6), ``em`` (the font size on the page), ``rgba`` (m, 4;
    black where the type is not large), ``origin`` (m, 2), ``mode``, ``clips`` where one is cut, and ``handles`` (0 where pdfium
    itself made the glyphs).
    """

    page: Ints
    code: Ints
    box: npt.NDArray[np.float32]
    piece: Ints
    spaced: Bools
    worded: Bools
    unmapped: Bools
    first: Ints
    matrix: npt.NDArray[np.float32]
    em: Floats
    rgba: npt.NDArray[np.uint32]
    origin: Floats
    mode: Ints
    clips: tuple[Clip, ...]
    handles: list[int]


def read_ink(texts: Sequence[int]) -> Ink:
    """The ink of open text pages."""
    chars = read_chars(texts)
    blank = chars.blank()
    nameless = nameless_glyphs(chars, blank)
    blank[nameless] = False
    kept = np.flatnonzero(~blank)
    code, page = chars.code[kept], chars.page[kept]
    boxes = _boxes(chars, kept)
    spaced = chars.after(blank)[kept]
    first, piece, handles = _pieces(chars, kept, boxes, spaced)
    begins = kept[first]
    matrix = np.zeros((len(first), 6), np.float32)
    pdfium.fill_rows(pdfium.char_matrix, *chars.asked(begins), matrix, 1)
    origin = _origins(chars, begins, matrix, boxes[first])
    em = _sizes(chars, begins, matrix, boxes[first])
    rgba = _colours(chars, begins, em, em[piece], page, len(texts))
    mode, clips = _modes_and_clips(handles)
    unmapped = unmapped_glyphs(chars, kept, boxes)
    if unmapped.any():
        unmapped |= of_untold_fonts(chars, kept, np.isin(kept, nameless), unmapped)
    worded = chars.after(_own_spaces(chars))[kept]
    return Ink(page, code, boxes, piece, spaced, worded, unmapped, first, matrix, em, rgba, origin, mode, clips, handles)


def _boxes(chars: Chars, kept: Ints) -> npt.NDArray[np.float32]:
    """The loose box of each glyph.

    Chinese characters that follow each other are as wide as each other, so of a row of them the first and the last are asked;
    where these lie as far apart as the row is long, the others stand evenly between them. They are told the height of
    both together: where boxes are as high as the ink, which is so in fonts without a height, no more of it is known. A row ends
    between two equal characters: of a text that is painted twice pdfium may leave one behind, and where the type is spaced the
    row was as long as that of one character more.
    """
    boxes = np.zeros((len(kept), 4), np.float32)
    code = chars.code[kept]
    wide = _IS_SQUARE[np.minimum(code, 0xFFFF)]
    joined = np.zeros(len(kept) + 1, bool)
    joined[1:-1] = wide[1:] & wide[:-1] & (code[1:] != code[:-1]) & (np.diff(kept) == 1) & (np.diff(chars.page[kept]) == 0)
    inner = joined[1:] & joined[:-1]
    _ask_boxes(chars, kept, np.flatnonzero(~inner), boxes)
    first, last = np.flatnonzero(~joined[:-1] & joined[1:]), np.flatnonzero(joined[:-1] & ~joined[1:])
    one, other, steps = boxes[first], boxes[last], (last - first)[:, None]
    moved, size = other - one, one[:, 2:] - one[:, :2]
    high = np.maximum(np.abs(size[:, 1:]), np.abs(other[:, 3:] - other[:, 1:2]))
    even = np.abs(moved - steps * size[:, :1] * _ALONG) <= high * np.where(_ALONG, _EVEN, _LEVEL)
    run = np.cumsum(~joined[:-1] & joined[1:]) - 1
    told = inner & even.all(axis=1)[run] if len(even) else inner
    _ask_boxes(chars, kept, np.flatnonzero(inner & ~told), boxes)
    at = np.flatnonzero(told)
    row = run[at]
    boxes[at, ::2] = one[row, ::2] + (at - first[row])[:, None] / steps[row] * moved[row, ::2]
    boxes[at, 1], boxes[at, 3] = np.maximum(one, other)[row, 1], np.minimum(one, other)[row, 3]
    return boxes


def _ask_boxes(chars: Chars, kept: Ints, at: Ints, boxes: npt.NDArray[np.float32]) -> None:
    found = np.zeros((len(at), 4), np.float32)
    pdfium.fill_rows(pdfium.char_box, *chars.asked(kept[at]), found, 1)
    boxes[at] = found


def _origins(chars: Chars, begins: Ints, matrix: npt.NDArray[np.float32], boxes: npt.NDArray[np.float32]) -> Floats:
    """A point on the base line of each text object: where its matrix puts it.

    Vertical writing hangs from that point, so where it does not lie in the lower half of an upright glyph, pdfium is asked.
    """
    origin = matrix[:, 4:].astype(float)
    height, above = boxes[:, 3] - boxes[:, 1], origin[:, 1] - np.minimum(boxes[:, 1], boxes[:, 3])
    plain = (matrix[:, 1] == 0) & (matrix[:, 0] > 0) & (above >= 0) & (above <= 0.5 * np.abs(height))
    odd = np.flatnonzero(~plain)
    if len(odd):
        found = np.zeros((len(odd), 2))
        pdfium.fill_rows(pdfium.char_origin, *chars.asked(begins[odd]), found, 2)
        origin[odd] = found
    return origin


def _pieces(chars: Chars, kept: Ints, boxes: npt.NDArray[np.float32], spaced: Bools) -> tuple[Ints, Ints, list[int]]:
    """The runs of one text object: the first glyph of each, each glyph's run, and the objects' handles (0 where none is).

    A glyph that begins exactly where the one before it ends, on the same line, is asked nothing: it goes on its run, and where
    it does not, its object differs in nothing that matters here.
    """
    asked = np.ones(len(kept), bool)
    near = _SET_SOLID * (boxes[1:, 1] - boxes[1:, 3])
    gap, drop = np.abs(boxes[1:, 0] - boxes[:-1, 2]), np.abs(boxes[1:, 3] - boxes[:-1, 3])
    asked[1:] = spaced[1:] | (gap > near) | (drop > near) | (np.diff(chars.page[kept]) > 0)
    at = np.flatnonzero(asked)
    handles = _owners(chars, kept[at], spaced[at])
    starts = np.ones(len(at), bool)
    starts[1:] = (handles[1:] != handles[:-1]) | (np.diff(chars.page[kept[at]]) > 0)
    opens = np.zeros(len(kept), np.int64)
    opens[at[starts]] = 1
    return at[starts], np.cumsum(opens) - 1, handles[starts].tolist()


def _owners(chars: Chars, at: Ints, spaced: Bools) -> npt.NDArray[np.uint64]:
    """The text object of each of these glyphs (0 where there is none).

    A text object is one stretch of glyphs. So of those without white space between them the first and the last are asked; where
    they are of one object, all are.
    """
    opens = spaced | np.concatenate([[True], np.diff(chars.page[at]) > 0])[: len(at)]
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(at))[: len(first)] - 1
    row = np.cumsum(opens) - 1
    heads, feet = chars.owners(at[first]), np.zeros(len(first), np.uint64)
    long = last > first
    feet[long] = chars.owners(at[last[long]])
    owners: npt.NDArray[np.uint64] = heads[row]
    owners[last[long]] = feet[long]
    mixed = long & (heads != feet)
    if mixed.any():
        inside = mixed[row] & ~opens
        inside[last] = False
        owners[inside] = chars.owners(at[inside])
    return owners


def _sizes(chars: Chars, begins: Ints, matrix: npt.NDArray[np.float32], boxes: npt.NDArray[np.float32]) -> Floats:
    """The font size of each text object on the page; the height of its first glyph where it has none.

    A font is as high as its size says, so objects that agree in their matrix and in the height of a glyph are asked once.
    """
    shape = np.concatenate([matrix[:, :4], boxes[:, 1:2] - boxes[:, 3:]], axis=1).view(np.uint32).astype(np.uint64)
    _, asked, alike = np.unique(shape @ _MIXED, return_index=True, return_inverse=True)
    size = np.fromiter(map(pdfium.char_size, *chars.asked(begins[asked])), float, len(asked))[alike]
    em = size * np.hypot(matrix[:, 2], matrix[:, 3])
    return em if not len(em) or em.min() > 0 else np.where(em > 0, em, np.abs(boxes[:, 1] - boxes[:, 3]))


def _colours(chars: Chars, begins: Ints, em: Floats, each: Floats, page: Ints, pages: int) -> npt.NDArray[np.uint32]:
    """The colour of each text object whose type is much larger than is usual on its page; it matters for no other."""
    rgba = np.zeros((len(begins), 4), np.uint32)
    rgba[:, 3] = 255
    first = np.searchsorted(page, np.arange(pages + 1))
    usual = np.array([median(each[a:b]) if b > a else 0.0 for a, b in pairwise(first)])
    large = np.flatnonzero(em > WATERMARK_SIZE * usual[chars.page[begins]])
    if len(large):
        found = np.zeros((len(large), 4), np.uint32)
        pdfium.fill_rows(pdfium.char_fill, *chars.asked(begins[large]), found, 4)
        rgba[large] = found
    return rgba


def _modes_and_clips(handles: list[int]) -> tuple[Ints, tuple[Clip, ...]]:
    """How each text object is painted, and what is left visible of those that are cut.

    A glyph without a text object (pdfium's own hyphens) is plain and not clipped.
    """
    at = range(len(handles)) if 0 not in handles else [i for i, h in enumerate(handles) if h]
    real = handles if 0 not in handles else [h for h in handles if h]
    mode = np.zeros(len(handles), np.int64)
    mode[at] = np.fromiter(map(pdfium.text_mode, real), np.int64, len(real))
    clips = tuple(Clip(at[i], real[i], box) for i in pdfium.clipped(real) if (box := pdfium.clip_box(real[i])))
    return mode, clips


def _own_spaces(chars: Chars) -> Bools:
    """The spaces between two letters or digits that stand in the file; the others were made up by pdfium."""
    code, page = chars.code, chars.page
    narrow = (code > 0x20) & (code < 0x2E80)
    between = np.zeros(len(code), bool)
    between[1:-1] = (code[1:-1] == 0x20) & narrow[:-2] & narrow[2:] & (page[:-2] == page[2:])
    at = np.flatnonzero(between)
    between[at] = [not made_up for made_up in map(pdfium.char_generated, *chars.asked(at))]
    return between


# Odd numbers without a pattern: columns that differ anywhere have another sum of products.
_MIXED = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], np.uint64)

# Ideographs and what is set as wide as they are: their punctuation, full-width forms, kana.
_IS_SQUARE = np.zeros(0x10000, bool)
for _first, _last in ((0x2E80, 0x2FDF), (0x3001, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF01, 0xFF5E)):
    _IS_SQUARE[_first : _last + 1] = True
