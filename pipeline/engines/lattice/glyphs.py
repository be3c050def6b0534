"""The glyphs of a page as numpy columns, in a reader's coordinates, with what their text objects say about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.frame import Frames
from pipeline.engines.lattice.ink import Ink
from pipeline.engines.lattice.pdfium import Floats, Ints

# Text render modes that paint nothing (PDF 32000-1, table 106): 3 = invisible, 7 = clip only.
_INVISIBLE = (3, 7)
_REPLACEMENT = 0xFFFD
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


def ink_to_glyphs(ink: Ink, frames: Frames) -> Glyphs:
    """The glyphs of a strip of pages, each page moved by its offset."""
    piece, code = ink.piece, ink.code
    odd = (code < 0x20) | ((code >= 0xD800) & (code < 0xE000)) | (code >= 0xFFFD)
    if odd.any():
        code = code.copy()
        code[(code == _HYPHENS[0]) | (code == _HYPHENS[1])] = ord("-")
        code[((code >= 0xD800) & (code < 0xE000)) | (code > 0x10FFFF)] = _REPLACEMENT
    if ink.unmapped.any():
        # What pdfium gives instead is the glyph's number, which is no character.
        code = np.where(ink.unmapped, _REPLACEMENT, code)
    home = ink.page[ink.first]
    return Glyphs(
        code,
        frames.boxes(ink.box, ink.page),
        frames.points(ink.origin, home)[piece],
        ink.em[piece],
        piece,
        ink_to_turns(ink, frames.turns)[piece],
        _are_pale(ink.rgba)[piece],
        ((ink.mode == _INVISIBLE[0]) | (ink.mode == _INVISIBLE[1]))[piece],
        _clips(ink, frames, home)[piece],
        ink.unmapped | (code == 0) | (code == _REPLACEMENT),
        ink.spaced,
        ink.worded,
        ink.page,
    )


def _clips(ink: Ink, frames: Frames, home: Ints) -> Floats:
    clip = np.tile([-np.inf, -np.inf, np.inf, np.inf], (len(ink.first), 1))
    if ink.clips:
        at = np.array([one.piece for one in ink.clips])
        clip[at] = frames.boxes(np.array([one.box for one in ink.clips]), home[at])
    return clip


def ink_to_turns(ink: Ink, page_turns: Ints) -> Ints:
    """Quarter turns clockwise of each text object's writing, on a page shown with these turns; -1 when it is slanted by over
    3 degrees."""
    matrix = ink.matrix
    if not page_turns.any() and not matrix[:, 1].any() and (matrix[:, 0] > 0).all():
        return np.zeros(len(matrix), np.int64)
    angle = -np.degrees(np.arctan2(matrix[:, 1], matrix[:, 0])) / 90 + page_turns[ink.page[ink.first]]
    nearest = np.round(angle)
    return np.where(np.abs(angle - nearest) * 90 <= 3, nearest % 4, -1).astype(np.int64)


def _are_pale(rgba: npt.NDArray[np.uint32]) -> Bools:
    """Which colours are pale: ink on white paper after transparency, below 45 % of black, as watermarks are."""
    if not rgba[:, :3].any() and (rgba[:, 3] == 255).all():
        return np.zeros(len(rgba), bool)
    luminance = (rgba[:, :3] @ np.array([0.299, 0.587, 0.114])) / 255
    return np.asarray((1 - luminance) * rgba[:, 3] / 255 < 0.45)
