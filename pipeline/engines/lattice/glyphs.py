"""The glyphs of a page as numpy columns, in a reader's coordinates, with what their text objects say about them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.frame import Frame, frames_to_boxes
from pipeline.engines.lattice.pdfium import Floats, Ints

Bools = npt.NDArray[np.bool_]

# Text render modes that paint nothing (PDF 32000-1, table 106): 3 = invisible, 7 = clip only.
_INVISIBLE = (3, 7)
_REPLACEMENT = 0xFFFD
# Glyphs closer than this share of their height follow each other without a gap.
_SET_SOLID = 0.01
_HYPHENS = (0x0002, 0xFFFE)  # pdfium's marks for a hyphen that ends a line


@dataclass(frozen=True, slots=True)
class Glyphs:
    """n glyphs of a strip of pages, white space left out, in the order in which the file paints them.

    ``code`` Unicode; ``box`` (n, 4) x0, top, x1, bottom; ``base`` (n, 2) a point on the glyph's base line (across the line it is
    exact, along it it is the text object's first glyph); ``em`` the font size; ``piece`` the number of the text object. Of
    each glyph's text object: ``turn`` quarter turns clockwise of its writing, -1 for a slanted one; ``pale`` (transparent or
    nearly white), ``hidden`` (painted invisibly), ``clip`` (n, 4) what is left visible. ``unreadable``: the file does not say
    which character the glyph stands for. ``spaced``: white space before it, ``worded``: one that the file itself prints between
    letters (pdfium makes up others from gaps). ``page``: its page's place in the strip.
    """

    code: Ints
    box: Floats
    base: Floats
    em: Floats
    piece: Ints
    turn: Ints
    pale: Bools
    hidden: Bools
    clip: Floats
    unreadable: Bools
    spaced: Bools
    worded: Bools
    page: Ints

    def __len__(self) -> int:
        return len(self.code)

    def take(self, index: npt.NDArray[np.bool_] | Ints) -> Glyphs:
        """The glyphs of a mask or an index array."""
        return Glyphs(*(getattr(self, name)[index] for name in self.__slots__))

    @property
    def middle(self) -> Floats:
        """(n, 2): where each glyph stands: the centre along its line, and a third of its size above the base line.

        Boxes are no measure across the line: those of Type3 fonts are as tight as the ink, so a comma would stand lower than
        the character before it.
        """
        if not self.turn.any():
            return np.stack([(self.box[:, 0] + self.box[:, 2]) / 2, self.base[:, 1] - 0.35 * self.em], axis=1)
        centre = (self.box[:, :2] + self.box[:, 2:]) / 2
        up = np.array([[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])[np.maximum(self.turn, 0)]
        raised = self.base + 0.35 * self.em[:, None] * up
        sideways = (self.turn % 2 == 1)[:, None]
        return np.where(np.array([[True, False]]) ^ sideways, centre, raised)


@dataclass(frozen=True, slots=True)
class Ink:
    """What pdfium tells of one page's glyphs while the page is open: raw columns in the file's coordinates.

    ``code``, ``box`` (n, 4), ``piece``, ``spaced``, ``worded`` and ``unmapped`` of n glyphs that are not white space;
    ``matrix`` (m, 6), ``rgba`` (m, 4), ``origin`` (m, 2), ``size`` and ``mode`` of m text objects; ``clips``: (text object, box)
    where one is cut.
    """

    code: Ints
    box: npt.NDArray[np.float32]
    piece: Ints
    spaced: Bools
    worded: Bools
    unmapped: Bools
    matrix: npt.NDArray[np.float32]
    rgba: npt.NDArray[np.uint32]
    origin: Floats
    size: Floats
    mode: Ints
    clips: tuple[tuple[int, tuple[float, float, float, float]], ...]


def read_ink(text_page: int) -> Ink:
    """The ink of an open text page."""
    n = pdfium.count_chars(text_page)
    code = _codes(text_page, n)
    blank = _IS_BLANK[np.minimum(code, 0xFFFF)]
    kept = np.flatnonzero(~blank)
    at = kept.tolist()
    boxes = np.zeros((len(at), 4), np.float32)
    pdfium.fill_rows(pdfium.char_box, repeat(text_page), at, boxes, 1)
    spaced = _after(blank)[kept]
    first, piece, known = _pieces(text_page, kept, boxes, spaced)
    chars, m = kept[first].tolist(), len(first)
    matrix, rgba, origin = np.zeros((m, 6), np.float32), np.zeros((m, 4), np.uint32), np.zeros((m, 2))
    pdfium.fill_rows(pdfium.char_matrix, repeat(text_page), chars, matrix, 1)
    pdfium.fill_rows(pdfium.char_fill, repeat(text_page), chars, rgba, 4)
    pdfium.fill_rows(pdfium.char_origin, repeat(text_page), chars, origin, 2)
    size = np.fromiter(map(pdfium.char_size, repeat(text_page), chars), float, m)
    # A glyph without a text object (pdfium's own hyphens) is plain and not clipped.
    real = [h for h in known if h]
    mode = np.fromiter(map(pdfium.text_mode, real), np.int64, m) if len(real) == m else np.zeros(m, np.int64)
    clips = tuple((i, box) for i in pdfium.clipped(real) if (box := pdfium.clip_box(real[i]))) if len(real) == m else ()
    unmapped = _unmapped(text_page, kept, code[kept], boxes)
    worded = _after(_own_spaces(text_page, code))[kept]
    return Ink(code[kept], boxes, piece, spaced, worded, unmapped, matrix, rgba, origin, size, mode, clips)


def _pieces(text_page: int, char: Ints, boxes: npt.NDArray[np.float32], spaced: Bools) -> tuple[Ints, Ints, list[int]]:
    """The runs of one text object: the first glyph of each, each glyph's run, and the objects' handles (0 where there is none).

    A glyph that begins exactly where the one before it ends, on the same line, is asked nothing: it goes on its run, and where
    it does not, its object differs in nothing that matters here.
    """
    asked = np.ones(len(char), bool)
    height = boxes[1:, 1] - boxes[1:, 3]
    asked[1:] = (
        spaced[1:]
        | (np.abs(boxes[1:, 0] - boxes[:-1, 2]) > _SET_SOLID * height)
        | (np.abs(boxes[1:, 3] - boxes[:-1, 3]) > _SET_SOLID * height)
    )
    at = np.flatnonzero(asked)
    found = list(map(pdfium.char_object, repeat(text_page), char[at].tolist()))
    handles = np.array(found if None not in found else [h or 0 for h in found], np.uint64)
    starts = np.ones(len(at), bool)
    starts[1:] = handles[1:] != handles[:-1]
    first = at[starts]
    opens = np.zeros(len(char), np.int64)
    opens[first] = 1
    return first, np.cumsum(opens) - 1, handles[starts].tolist()


def _after(blank: Bools) -> Bools:
    spaced = np.zeros(len(blank), bool)
    spaced[1:] = blank[:-1]
    return spaced


def _own_spaces(text_page: int, code: Ints) -> Bools:
    """The spaces between two letters or digits that stand in the file; the others were made up by pdfium."""
    narrow = (code > 0x20) & (code < 0x2E80)
    between = np.zeros(len(code), bool)
    between[1:-1] = (code[1:-1] == 0x20) & narrow[:-2] & narrow[2:]
    at = np.flatnonzero(between).tolist()
    between[at] = [not made_up for made_up in map(pdfium.char_generated, repeat(text_page), at)]
    return between


def _unmapped(text_page: int, char: Ints, code: Ints, boxes: npt.NDArray[np.float32]) -> Bools:
    """Which glyphs have no Unicode value in their font; asked once for each character of each height and depth.

    A font has one height and depth at a size, so glyphs that agree in both come from one font, or their characters do.
    """
    shape = np.round((boxes[:, 1] - boxes[:, 3]) * 64).astype(np.int64)
    key = (shape % 0x4000) * 0x110000 + code
    _, first = np.unique(key, return_index=True)
    asked = np.fromiter(map(pdfium.char_unmapped, repeat(text_page), char[first].tolist()), np.int32, len(first))
    return np.isin(key, key[first][asked == 1]) if (asked == 1).any() else np.zeros(len(char), bool)


def ink_to_glyphs(inks: list[Ink], frames: list[Frame], offsets: Floats) -> Glyphs:
    """The glyphs of several pages as one; page ``i`` is moved by ``offsets[i]`` in both directions, so that pages stay apart."""
    counts = np.array([len(ink.code) for ink in inks])
    pieces = np.array([len(ink.size) for ink in inks])
    start = np.concatenate([[0], np.cumsum(pieces)])
    piece = np.concatenate([ink.piece + at for ink, at in zip(inks, start[:-1].tolist(), strict=True)])
    code = np.concatenate([ink.code for ink in inks])
    odd = (code < 0x20) | ((code >= 0xD800) & (code < 0xE000)) | (code >= 0xFFFD)
    if odd.any():
        code[(code == _HYPHENS[0]) | (code == _HYPHENS[1])] = ord("-")
        code[((code >= 0xD800) & (code < 0xE000)) | (code > 0x10FFFF)] = _REPLACEMENT
    box = frames_to_boxes(frames, [ink.box for ink in inks], offsets)
    base = np.concatenate([np.stack(f.points(k.origin[:, 0], k.origin[:, 1]), axis=1) for f, k in zip(frames, inks, strict=True)])
    base += np.repeat(offsets, pieces)[:, None]
    matrix = np.concatenate([ink.matrix for ink in inks])
    mode = np.concatenate([ink.mode for ink in inks])
    em = (np.concatenate([ink.size for ink in inks]) * np.hypot(matrix[:, 2], matrix[:, 3]))[piece]
    if len(em) and em.min() <= 0:
        em = np.where(em > 0, em, box[:, 3] - box[:, 1])
    return Glyphs(
        code,
        box,
        base[piece],
        em,
        piece,
        _turns(matrix, np.repeat([f.turns for f in frames], pieces))[piece],
        _are_pale(np.concatenate([ink.rgba for ink in inks]))[piece],
        ((mode == _INVISIBLE[0]) | (mode == _INVISIBLE[1]))[piece],
        _clips(inks, frames, offsets, start)[piece],
        np.concatenate([ink.unmapped for ink in inks]) | (code == 0) | (code == _REPLACEMENT),
        np.concatenate([ink.spaced for ink in inks]),
        np.concatenate([ink.worded for ink in inks]),
        np.repeat(np.arange(len(inks)), counts),
    )


def _clips(inks: list[Ink], frames: list[Frame], offsets: Floats, start: Ints) -> Floats:
    clip = np.tile([-np.inf, -np.inf, np.inf, np.inf], (int(start[-1]), 1))
    for ink, frame, offset, at in zip(inks, frames, offsets.tolist(), start.tolist(), strict=False):
        for piece, box in ink.clips:
            clip[at + piece] = frame.boxes(np.array([box]))[0] + offset
    return clip


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


def _turns(matrix: npt.NDArray[np.float32], page_turns: Ints) -> Ints:
    """Quarter turns clockwise of each writing direction on its shown page; -1 when it is slanted by over 3 degrees."""
    if not page_turns.any() and not matrix[:, 1].any() and (matrix[:, 0] > 0).all():
        return np.zeros(len(matrix), np.int64)
    angle = -np.degrees(np.arctan2(matrix[:, 1], matrix[:, 0])) / 90 + page_turns
    nearest = np.round(angle)
    return np.where(np.abs(angle - nearest) * 90 <= 3, nearest % 4, -1).astype(np.int64)


def _are_pale(rgba: npt.NDArray[np.uint32]) -> Bools:
    """Which colours are pale: ink on white paper after transparency, below 45 % of black, as watermarks are."""
    if not rgba[:, :3].any() and (rgba[:, 3] == 255).all():
        return np.zeros(len(rgba), bool)
    luminance = (rgba[:, :3] @ np.array([0.299, 0.587, 0.114])) / 255
    return np.asarray((1 - luminance) * rgba[:, 3] / 255 < 0.45)
