"""A font of our own for Chinese type that a file does not carry: without a glyph pdfium drops text.

Many catalogs are set in fonts that they do not carry (SimSun, 仿宋_GB2312). pdfium looks for such a font on the machine; what
that has no glyph for has no ink, and a text object of a single character ("√", "1") then is in no text page at all. Found on a
fresh Debian, which has no Chinese font, and again beside LibreOffice's Droid Sans Fallback, which has no digits: every tick of
such a page was missing, and nobody was told. What a file says must not depend on the fonts of the machine, so text is read in a
font in which every character is an empty frame. Pages are drawn in the machine's font, where it has one, else in frames as
well: they say that something stands here, blank paper does not.

The font is made here, of the seven tables that FreeType wants (OpenType 1.9; ``cmap`` in format 13, many characters to one
glyph); the calls that hand it over are those of pdfium's public ``fpdf_sysfontinfo.h``.
"""

from __future__ import annotations

import ctypes
import struct
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

NAME = b"Catalog Frames"
# pdfium's numbers of Japanese, Korean, simplified and traditional Chinese (fpdf_sysfontinfo.h).
_CHARSETS = (128, 129, 134, 136)
_EM = 1000
_FORM_DEPTH = 4
_INVISIBLE = 3  # text render mode, ISO 32000-1, table 106
_NAME_BYTES = 256
# The frames' outer and inner edges, in thousandths of the type size. pdfium's box of a glyph is where it stands and its ink
# together, so these keep within what every font leaves a glyph: "." is not wide, and a frame as wide as 国 lay on its neighbour.
_NARROW = (20, 0, 180, 600), (60, 40, 140, 560)
_WIDE = (60, 0, 940, 700), (110, 50, 890, 650)
_FIRST, _FIRST_WIDE, _LAST = 0x21, 0x2E80, 0x10FFFF

_installed: list[Any] = []
# Whether pages are drawn, for which the machine's own fonts come first.
_drawing = ContextVar("drawing", default=False)


@contextmanager
def drawing() -> Iterator[None]:
    """While pages are opened in it they are opened to be drawn: in the fonts of the machine where it has them."""
    install()
    before = _drawing.set(True)
    try:
        yield
    finally:
        _drawing.reset(before)


def install() -> None:
    """Hand the font to pdfium, for all that is read and drawn in this process; a second call does nothing."""
    if _installed:
        return
    found = raw.FPDF_GetDefaultSystemFontInfo()
    if not found:
        return  # A build that asks no machine for fonts substitutes as it likes.
    info = found.contents
    types = dict(info._fields_)
    ours = ctypes.create_string_buffer(frames_font(), len(frames_font()))
    handle = ctypes.addressof(ours)

    def system(name: str) -> Any:
        """The function that stood there before, as one of its own: the field of the record is about to change."""
        return types[name](ctypes.cast(getattr(info, name), ctypes.c_void_p).value)

    map_font, get_data, get_name, get_charset, delete = map(
        system, ("MapFont", "GetFontData", "GetFaceName", "GetFontCharset", "DeleteFont")
    )

    def mapped(this: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> int | None:
        chinese = is_chinese(charset, _text(face))
        if chinese and not _drawing.get():
            return handle
        known = map_font(this, weight, italic, charset, pitch, face, exact)
        return int(known) if known else handle if chinese else None

    def data(this: Any, font: int, table: int, buffer: Any, size: int) -> int:
        return (
            _copy(ours.raw if not table else b"", buffer, size)
            if font == handle
            else int(get_data(this, font, table, buffer, size))
        )

    def named(this: Any, font: int, buffer: Any, size: int) -> int:
        return _copy(NAME + b"\0", buffer, size) if font == handle else int(get_name(this, font, buffer, size))

    def charset_of(this: Any, font: int) -> int:
        return raw.FXFONT_GB2312_CHARSET if font == handle else int(get_charset(this, font))

    def deleted(this: Any, font: int) -> None:
        if font != handle:
            delete(this, font)

    calls = {"MapFont": mapped, "GetFontData": data, "GetFaceName": named, "GetFontCharset": charset_of, "DeleteFont": deleted}
    for name, call in calls.items():
        wrapped = types[name](call)
        setattr(info, name, wrapped)
        _installed.append(wrapped)
    _installed.extend([found, ours])  # pdfium keeps addresses of these until it is closed at the end of the process
    raw.FPDF_SetSystemFontInfo(found)


def uncertain(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float, int]]:
    """Where a drawn page may show less than it prints, as the file lacks a Chinese font and nobody knows what the machine's has:
    x0, y0, x1, y1 of these text objects, from the bottom left, in points of what they stand in, and how deep in forms that is
    (0 = on the page)."""
    texts = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_FORM_DEPTH)
    shown = [text for text in texts if raw.FPDFTextObj_GetTextRenderMode(text.raw) != _INVISIBLE]
    return [(*text.get_bounds(), text.level) for text in shown if _is_lacking(raw.FPDFTextObj_GetFont(text.raw))]


def _is_lacking(font: Any) -> bool:
    """Whether a font is a Chinese one that the file does not carry."""
    if not font or raw.FPDFFont_GetIsEmbedded(font):
        return False
    name = ctypes.create_string_buffer(_NAME_BYTES)
    raw.FPDFFont_GetBaseFontName(font, name, _NAME_BYTES)
    return is_chinese(0, name.value)


def is_chinese(charset: int, face: bytes) -> bool:
    """Whether a font that pdfium asks for holds Chinese (Japanese, Korean) characters: by its character set, or its name."""
    if charset in _CHARSETS or not face.isascii():
        return True
    begin, end = _names()
    return _plain(face).startswith(begin) or _plain(face).endswith(end)


def _plain(face: bytes) -> bytes:
    """A name in small letters, without the mark of a subset ("ABCDEF+") and what stands between its words."""
    name = face.partition(b"+")[2] or face
    return bytes(sign for sign in name.lower() if sign >= 0x80 or bytes((sign,)).isalnum())


@cache
def _names() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """What the names of Chinese fonts begin and end with: ``chinese-fonts.toml``."""
    data = tomllib.loads(files("pipeline").joinpath("chinese-fonts.toml").read_text(encoding="utf-8"))
    begin, end = (tuple(name.encode() for name in data[key]) for key in ("begin", "end"))
    return begin, end


@cache
def frames_font() -> bytes:
    """A TrueType font in which every character from U+0021 on is an empty frame, from U+2E80 on a wide one."""
    glyphs = [_frame(*_NARROW), _frame(*_WIDE)]
    ends = [0, 0, len(glyphs[0]), len(glyphs[0]) + len(glyphs[1])]
    groups = struct.pack(">6I", _FIRST, _FIRST_WIDE - 1, 1, _FIRST_WIDE, _LAST, 2)
    (narrow, *_), (left, bottom, right, top) = _NARROW[0], _WIDE[0]
    count = len(ends) - 1
    made = (0x10000, 0x10000, 0, 0x5F0F3CF5, 3, _EM, 0, 0)  # version, revision, sum, magic number, flags, size of the em, dates
    return _packed(
        {
            b"cmap": struct.pack(">2H2HI2H3I", 0, 1, 3, 10, 12, 13, 0, 16 + len(groups), 0, 2) + groups,
            b"glyf": b"".join(glyphs),
            b"head": struct.pack(">4I2H2q4h2H3h", *made, narrow, bottom, right, top, 0, 8, 2, 1, 0),
            b"hhea": struct.pack(">I3hH3h8hH", 0x10000, 880, -120, 0, _EM, narrow, left, right, 1, *[0] * 7, count),
            b"hmtx": struct.pack(">HhHhHh", _EM, 0, _EM, narrow, _EM, left),
            b"loca": struct.pack(f">{len(ends)}I", *ends),
            b"maxp": struct.pack(">I14H", 0x10000, count, 8, 2, 0, 0, 2, *[0] * 8),
        }
    )


def _frame(outer: tuple[int, int, int, int], inner: tuple[int, int, int, int]) -> bytes:
    """A glyph of two contours, the inner one a hole."""
    points = [*_rectangle(outer), *_rectangle(inner)[::-1]]
    steps = [(x - px, y - py) for (x, y), (px, py) in zip(points, [(0, 0), *points], strict=False)]
    glyph = struct.pack(">5h3H8B", 2, *outer, 3, 7, 0, *[1] * 8)
    glyph += b"".join(struct.pack(">h", x) for x, _ in steps) + b"".join(struct.pack(">h", y) for _, y in steps)
    return glyph + b"\0" * (-len(glyph) % 4)


def _rectangle(box: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    x0, y0, x1, y1 = box
    return [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]


def _packed(tables: dict[bytes, bytes]) -> bytes:
    """The tables behind their directory. Sums are left out: FreeType does not ask for them."""
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">I4H", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    offset, directory, body = len(head) + 16 * count, b"", b""
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4s3I", tag, 0, offset + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return head + directory + body


def _text(face: Any) -> bytes:
    return (face if isinstance(face, bytes) else ctypes.cast(face, ctypes.c_char_p).value) or b""


def _copy(content: bytes, buffer: Any, size: int) -> int:
    """How long the content is; it is copied where it has room, as pdfium asks twice, first for the length."""
    if buffer and size >= len(content):
        ctypes.memmove(buffer, content, len(content))
    return len(content)
