"""Pure string helpers for Chinese catalog text. No knowledge of fields, files or pages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Unicode gives the CJK Radicals Supplement (U+2E80..2EF3) almost no decompositions, so NFKC leaves ⻓ and ⻔ as they are. The
# pairs are EquivalentUnifiedIdeograph.txt of the Unicode Character Database (14.0), all of the block, with two exceptions
# where that file names the parent of the form: ⺫ is drawn as 罒 (Noto Serif CJK shares the glyph), ⻏ as 阝. U+2E80 is a
# repetition mark and stands for no character. Kangxi radicals (U+2F00..2FD5) have decompositions, and NFKC agrees with that
# file on all 214; but for ⼾ and ⾭ both give 戶 and 靑, while Noto CJK SC shares the glyph of ⼾ with 户 (Chromium then
# writes the lower code point) and no simplified text holds 靑.
_RADICALS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔罒示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶阝钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
) | {"⼾": "户", "⾭": "青"}

# Radicals, CJK compatibility ideographs, and the two technical angle brackets that Noto CJK shares with 〈 and 〉. Full-width
# and other compatibility forms are none of these: （）：； are what a reader sees and stay.
_STANDS_FOR = re.compile("[\u2329\u232a\u2e80-\u2ef3\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\u3000]+")
# First and last code points of what stands in Chinese text without spaces: ideographs, their punctuation, forms and marks.
CJK_RANGES = (
    (0x2E80, 0x2FDF),
    (0x3001, 0x30FF),
    (0x3105, 0x312F),
    (0x31C0, 0x31EF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFE50, 0xFE6F),
    (0xFF00, 0xFFEF),
    (0x2018, 0x201D),
    (0x2014, 0x2014),
    (0x2026, 0x2026),
    (0x25A0, 0x25FF),
    (0x2600, 0x27BF),
    (0xE000, 0xF8FF),
    (0x20000, 0x3FFFF),
)
_CJK = "".join(f"{chr(first)}-{chr(last)}" for first, last in CJK_RANGES)
_IS_CJK = re.compile(f"[{_CJK}]")
_WITH_WORDS = re.compile(rf"[^\W\d_{_CJK}]")
_ADDRESS = re.compile(r"(?:[a-z]+://|www\.|[\w.+-]+@)[!-~]*$", re.IGNORECASE)
_LONGEST_ADDRESS = 200

# Most of what is compared: ideographs, digits, and signs that have one form only.
_FOLDED = re.compile("[0-9\u3001\u3002\u300a\u300b\u4e00-\u9fff]*")
_ALIKE = str.maketrans(
    dict(zip("〈〉“”〝〞‘’〔〕〜∶", '<>""""\'\'[]~:', strict=True))
    | {"⋯": "..."}
    | dict.fromkeys("‐‒–—―−─", "-")
    | dict.fromkeys("‧・∙⋅", "·")
    | dict.fromkeys("∕⁄", "/")
)


def radicals_to_characters(text: str) -> str:
    """Radical and compatibility code points as the characters that they stand for; everything else is left alone."""
    if not _STANDS_FOR.search(text):
        return text
    return _STANDS_FOR.sub(lambda m: _RADICALS.get(m[0]) or unicodedata.normalize("NFKC", m[0]), text)


# Cells are compared many times over; what is asked most is kept.
@lru_cache(maxsize=2**14)
def squash(text: str) -> str:
    """The text without any white space, soft hyphen or zero-width character."""
    return _SPACE.sub("", text)


def is_cjk(char: str) -> bool:
    """Whether a character is Chinese: an ideograph, or the punctuation and marks that go with it."""
    return bool(_IS_CJK.match(char))


def join_lines(text: str) -> str:
    """Printed lines as one line: no space beside Chinese characters, digits or signs, one between words of an alphabet.

    White space inside a line goes by the same rule, since a narrow column puts a space wherever its setter wanted: ``2\\n0`` is
    20, ``0994-\\n5822000`` one number. An address (``www.``, ``://``, ``@``) that runs on over a line end stays in one piece.
    """
    return _SPACE.sub(_kept_space, text) if _WITH_WORDS.search(text) else squash(text)


def _kept_space(found: re.Match[str]) -> str:
    """What remains of a run of white space: one space where words of an alphabet meet, else nothing."""
    text, start, stop = found.string, found.start(), found.end()
    if start == 0 or stop == len(text) or not _in_word(text[stop]):
        return ""
    if not (_in_word(text[start - 1]) or text[start - 1] in ",.;:!?"):
        return ""
    # A soft hyphen or a zero-width space marks a place inside a word, not its end.
    if "\u00ad" in found[0] or not any(char.isspace() for char in found[0]):
        return ""
    return "" if "\n" in found[0] and _ADDRESS.search(text, max(0, start - _LONGEST_ADDRESS), start) else " "


def _in_word(char: str) -> bool:
    """Whether a character is a letter of a script that sets spaces between words (Latin, Cyrillic, Uyghur …)."""
    return char.isalpha() and not is_cjk(char)


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """One form for comparing: no white space, widths and compatibility forms folded (NFKC), quotes and dashes alike."""
    if _FOLDED.fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKC", radicals_to_characters(squash(text))).translate(_ALIKE)
    # NFKC itself makes spaces (of ¯ and ¨ standing alone); without them neighbours may compose, hence the second time.
    return unicodedata.normalize("NFKC", squash(folded))
