"""Bytes → text: which encoding a dump is written in."""

from __future__ import annotations

import codecs
import re

from pipeline.errors import SourceError

# A UTF-8 file with a few damaged bytes is still UTF-8; read as GB18030 it would turn into other characters in silence.
_DAMAGED_SHARE = 0.01
# More control characters than this, and this share of the text, are no accident of a converter.
_CONTROLS, _CONTROL_SHARE = 20, 0.05
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, name: str) -> str:
    """The text of a dump: by its byte order mark, else UTF-8, else GB18030. Bytes that cannot be read become U+FFFD.

    Raises SourceError where the bytes are no text, with what they are when that shows.
    """
    if data.startswith(b"%PDF-"):
        raise SourceError(f"{name}: is a PDF, not a text dump; choose --engine lattice")
    text = _by_mark(data) or _by_trial(data)
    if text is None:
        raise SourceError(f"{name}: is no text in UTF-8 or GB18030; convert it to UTF-8 first")
    if not text.strip():
        raise SourceError(f"{name}: is empty; there is nothing to read")
    if len(_CONTROL.findall(text)) > max(_CONTROLS, _CONTROL_SHARE * len(text)):
        raise SourceError(f"{name}: holds binary data, not text; the dump engine reads .txt, .md and .html")
    return text


def without_controls(text: str) -> tuple[str, int]:
    """The text without control characters (tabs and line ends stay), and how many there were."""
    return _CONTROL.subn("", text)


def _by_mark(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    return None


def _by_trial(data: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") <= _DAMAGED_SHARE * len(text):
            return text
    return None
