"""Markdown: pipe tables and the lines between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.engines.dump.ragged import glyphs

_SEPARATOR = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HEADING = re.compile(r"\s*#{1,6}\s+")

# (line of the file, text)
Line = tuple[int, str]


class PipeTable:
    """The lines of one pipe table: its rows (line of the file, cell texts) and how many glyphs it prints."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.printed = sum(glyphs(text) for _, text in lines)
        rows = [(number, _cells(text)) for number, text in lines if not _is_separator(text)]
        self.rows = [(number, cells) for number, cells in rows if any(map(glyphs, cells))]


def has_pipe_table(text: str) -> bool:
    """Whether a text holds a pipe table: a row of cells between bars over a row of dashes."""
    return any("|" in above and _is_separator(below) for above, below in pairwise(text.splitlines()))


def split_pipes(lines: Sequence[Line]) -> list[PipeTable | list[Line]]:
    """Lines as pipe tables and the lines between them, in order."""
    parts: list[PipeTable | list[Line]] = []
    plain: list[Line] = []
    at = 0
    while at < len(lines):
        if at + 1 < len(lines) and "|" in lines[at][1] and _is_separator(lines[at + 1][1]):
            end = at + 2
            while end < len(lines) and "|" in lines[end][1]:
                end += 1
            parts += [plain, PipeTable(lines[at:end])]
            plain, at = [], end
        else:
            plain.append(lines[at])
            at += 1
    return [*parts, plain]


def without_marks(line: str) -> str:
    """A line without the marks of a heading or of bold type."""
    return _HEADING.sub("", line, count=1).strip().strip("*")


def _is_separator(line: str) -> bool:
    return "|" in line and bool(_SEPARATOR.fullmatch(line))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [_BREAK.sub("\n", cell).replace("\\|", "|").strip() for cell in _BAR.split(inner)]
