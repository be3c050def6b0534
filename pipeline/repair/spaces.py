"""White space and line breaks inside Chinese text: where a dump's cell was split, and where a space separates entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipeline.text import join_lines, squash

_SEPARATED = re.compile(r"[、；;，,。《]")
_NUMBER = re.compile(r"(?:(?<=\s)|^)[(（]?(\d{1,2})\s?[.．、)）](?!\d)")
_TITLE_LINE = re.compile(r"(?<=[》）)条号款])[^\S\n]*\n\s*(?=《)")
_MARK = re.compile(r"[■□☑☐☒◆◇●○▢▣✓✔√]")

Known = Callable[[str], bool]


def join_text(text: str) -> str:
    """A text that is one name or one sentence."""
    return join_lines(text)


def join_list(text: str, known: Known) -> str:
    """A list: its entries keep their separators, and each printed number begins a line.

    Where nothing but white space separates, each piece that is known, or can be put together from pieces, is a line, else each
    printed line is; ``known`` tells whether a text without white space is an entry. A line that begins a title stays one.
    """
    numbered = _at_numbers(text)
    if len(numbered) > 1:
        return "\n".join(join_lines(piece) for piece in numbered)
    if _SEPARATED.search(text) or not re.search(r"\s", text.strip()):
        return "\n".join(join_lines(piece) for piece in _TITLE_LINE.split(text))
    pieces = _segments(text.split(), known) or [join_lines(line) for line in text.split("\n") if line.strip()]
    return "\n".join(pieces)


def join_channels(text: str, known: Known) -> str:
    """A list of channels: one line for each mark with what follows it, names without white space inside."""
    text = text.strip()
    if not _MARK.search(text):
        return join_list(text, known)
    starts = [match.start() for match in _MARK.finditer(text)]
    pieces = [text[: starts[0]], *(text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True))]
    pieces = [piece.strip() for piece in pieces if piece.strip()]
    clean = [join_lines(piece) for piece in pieces]
    if clean == pieces and "\n" not in text:
        return text
    # A publisher may set the marks behind the names; then lines would tear them apart.
    return "\n".join(clean) if text.startswith(tuple(_marks(text))) else " ".join(clean)


def _marks(text: str) -> set[str]:
    return set(_MARK.findall(text))


def _at_numbers(text: str) -> list[str]:
    """The text cut where a printed number 1, 2, 3 … begins."""
    cuts, wanted = [], 1
    for match in _NUMBER.finditer(text):
        if int(match[1]) == wanted:
            cuts.append(match.start())
            wanted += 1
    if len(cuts) < 2:
        return [text]
    pieces = [text[: cuts[0]], *(text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True))]
    return [piece for piece in pieces if piece.strip()]


def _segments(pieces: Sequence[str], known: Known) -> list[str]:
    """Pieces put together so that each entry is known, as few entries as possible; [] where that cannot be done."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(pieces) + 1):
        options = []
        for start in range(max(0, end - 12), end):
            entry = squash("".join(pieces[start:end]))
            head = best[start]
            if head is not None and known(entry):
                options.append([*head, entry])
        best.append(min(options, key=len, default=None))
    return best[-1] or []
