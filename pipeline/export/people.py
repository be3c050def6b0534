"""How values are shown to people in Chinese: headings, yes and no, reasons for a doubt; and what a spreadsheet must not run."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.export.text import plain

# What a cell begins with that Excel, LibreOffice or an import of theirs takes for a formula (OWASP, CSV Injection); the wide
# forms count in East Asian versions. A leading space or line end does not keep a program from looking at what follows.
_STARTERS = "=+-@＝＋－＠"
_BLANKS = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"


def shown(value: Any) -> str:
    """A value as a reader expects it: 是 or 否, nothing for what is not known, the entries of a list joined by ；."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return plain(value)


def runs(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula."""
    return text[:1] in ("\t", "\r", "\n") or text.lstrip(_BLANKS)[:1] in tuple(_STARTERS)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if runs(text) else text


def reasons(doubt: str) -> str:
    """The reason codes of a doubt, joined by ``+``, in Chinese; a code that has no wording stays as it is."""
    return "；".join(_words().get(code, code) for code in doubt.split("+") if code)


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    words = tomllib.loads((files("pipeline.report") / "words.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = words["zh"]["reasons"]
    return found
