"""Numbers as they are printed: ``20``, ``２０``, ``二十``, ``②``, ``⑵``, ``㈡``."""

from __future__ import annotations

import re
import unicodedata

_WRITTEN = ("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {char: value for value, chars in enumerate(_WRITTEN) for char in chars}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "廿": 20, "卅": 30}
HAN = "".join([*_DIGITS, *_TENS])
_WIDE = str.maketrans({chr(0xFF01 + i): chr(0x21 + i) for i in range(94)} | {"\u3000": " ", "､": "、", "｡": "。"})
_WRAPPER = re.compile(r"^[(\[第#№No.\s]*(.*?)[)\].、,，:项号条\s]*$")


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation as ASCII, character by character: the length stays the same."""
    return text.translate(_WIDE)


def han_number(text: str) -> int | None:
    """The number that Chinese numerals up to 999 write (二十 → 20, 廿一 → 21, 二〇 → 20); None where they write none."""
    if not 0 < len(text) < 10 or any(char not in HAN for char in text):
        return None
    if not any(char in _TENS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif _TENS[char] in (20, 30):
            total, digit = total + _TENS[char], None
        else:
            total, digit = total + (1 if digit is None else digit) * _TENS[char], None
    return total + (digit or 0)


def number(text: str) -> int | None:
    """The whole number that a text writes in ASCII digits or Chinese numerals, or None."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else han_number(text)


def serial_number(text: str) -> int | None:
    """The whole number in a serial cell, whatever stands around it (``（3）``, ``3.``, ``3、``, ``③``, ``第3项``), or None."""
    found = _WRAPPER.match(unicodedata.normalize("NFKC", text))
    return number(found[1]) if found else None
