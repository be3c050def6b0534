"""Tags, entities and marks of Markdown and LaTeX that a converter left in a cell's text."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from pipeline.text import squash

_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]+\d*);")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BOX = re.compile(r"<input\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:br|p|div|li)\b[^<>]*>", re.IGNORECASE)
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*|__([^_\n]+)__")
_ESCAPED = re.compile(r"\\([*_#|%$&~\[\]])")
_FORMULA = re.compile(r"\$([^$\n]{1,60})\$|\\\((.{1,60}?)\\\)")
_COMMAND = re.compile(r"\\(?:mathrm|text|textbf|mathbf|boldsymbol)\s*\{([^{}]*)\}")


def without_markup(text: str, latex: Sequence[Sequence[str]]) -> str:
    """The text that a reader of the rendered page sees; ``latex`` pairs a command with the mark that it paints.

    A check box becomes ■ whatever its state: layout models set the states at random. Angle brackets around Chinese
    (<关于…的通知>) are quotation marks, not tags.
    """
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", _BOX.sub("■", text)))
    if "\\" in text or "$" in text:
        text = _without_latex(text, latex)
    if "**" in text or "__" in text:
        text = _BOLD.sub(lambda match: match[1] or match[2], text)
    return text


def _without_latex(text: str, latex: Sequence[Sequence[str]]) -> str:
    def plain(match: re.Match[str]) -> str:
        inner = _COMMAND.sub(r"\1", match[1] or match[2])
        for command, mark in latex:
            inner = inner.replace(command, mark)
        return squash(_ESCAPED.sub(r"\1", inner))

    text = _FORMULA.sub(plain, text)
    for command, mark in latex:
        text = text.replace(command, mark)
    return _ESCAPED.sub(r"\1", text)
