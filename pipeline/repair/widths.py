"""Characters that stand for others: radicals that fonts share with characters, full-width letters and digits."""

from __future__ import annotations

from pipeline.text import radicals_to_characters

_FULL_WIDTH = {
    code: code - 0xFEE0
    for block in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(block[0], block[1] + 1)
}


def normal_characters(text: str) -> str:
    """The text with radicals as characters and ASCII letters and digits at half width; punctuation stays as printed."""
    return radicals_to_characters(text).translate(_FULL_WIDTH)
