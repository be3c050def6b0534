"""What the issues of the cross-check say: which engines differ, and what each of them reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.text import join_lines

# Longer readings are shown around the place where they part.
_LONGEST, _BEFORE = 80, 20


def differs(page: int, engine: str, ours: str, others: Mapping[str, str | None]) -> str:
    """A cell of a page that is read in several ways; ``others`` are the readings by engine, None = no such cell."""
    texts = {name: None if text is None else join_lines(text) for name, text in others.items()}
    own = join_lines(ours)
    start = _shared([own, *(text for text in texts.values() if text is not None)])
    told = "; ".join(f"{_names(names)} {_quoted(text, start)}" for text, names in _by_text(texts).items())
    return f"page {page}: {engine} reads {_quoted(own, start)}, but {told}; compare with the page"


def beside(page: int, engine: str, names: Sequence[str], cells: int, text: str) -> str:
    """Cells that other engines read where the one that is checked reads no table."""
    many = "a cell" if cells == 1 else f"{cells} cells"
    return f"page {page}: {_names(names)} {many} where {engine} reads none: {_quoted(join_lines(text), 0)}; compare with the page"


def not_read(engine: str, reason: str) -> str:
    """An engine that gave no reading. The advice at the end of its message is for those who chose it, so it is left out."""
    return f"not cross-checked with {engine}: {reason.rpartition('; ')[0] or reason}"


def _by_text(texts: Mapping[str, str | None]) -> dict[str | None, list[str]]:
    grouped: dict[str | None, list[str]] = {}
    for name, text in texts.items():
        grouped.setdefault(text, []).append(name)
    return grouped


def _names(names: Sequence[str]) -> str:
    return f"{' and '.join(names)} {'read' if len(names) > 1 else 'reads'}"


def _shared(texts: Sequence[str]) -> int:
    """How many characters the texts have in common at their head."""
    together = zip(*texts, strict=False)
    return next((i for i, chars in enumerate(together) if len(set(chars)) > 1), min(map(len, texts)))


def _quoted(text: str | None, start: int) -> str:
    if text is None:
        return "no cell with these edges"
    if not text:
        return "nothing"
    first = max(start - _BEFORE, 0) if len(text) > _LONGEST else 0
    shown = text[first : first + _LONGEST]
    return f"“{'…' * (first > 0)}{shown}{'…' * (first + len(shown) < len(text))}”"
