"""A tick cell → true, false, or not told; and the group that an audience cell names."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.cast.marks import Marks, is_private
from pipeline.model import Value
from pipeline.text import join_lines, squash

# Doubts with which a blank does not mean "no": the page does not show the cell.
_NOT_TOLD = frozenset({"cut", "no_column", "missing"})


class Tick(NamedTuple):
    """``value`` None: the source does not tell. ``group`` is the name in an audience cell; ``doubt`` a reason code or ""."""

    value: bool | None
    group: str | None = None
    doubt: str = ""


def read_tick(value: Value, marks: Marks, own_names: frozenset[str], named: bool) -> Tick:
    """What a tick cell says (ARCHITECTURE rule 8).

    ``own_names`` are the names of its own column: a cell that repeats one is ticked. ``named``: it is an audience column, in
    which a name means true. A blank is false, unless it is blank because the page does not show it.
    """
    text = squash(value.text).replace("\ufe0f", "")
    if not text:
        reasons = set(filter(None, value.doubt.split("+")))
        return Tick(None if reasons & _NOT_TOLD or (reasons and value.origin == "absent") else False)
    sign = _sign(text, marks)
    if sign is not None:
        return Tick(sign)
    if text in own_names or (len(text) > 1 and any(name.startswith(text) for name in own_names)):
        return Tick(True)
    if all(is_private(char) for char in text):
        return Tick(True, doubt="tick")
    rest = join_lines("".join(char for char in value.text if char not in marks.chosen and not is_private(char)))
    if named and any(char.isalpha() for char in rest):
        return Tick(True, rest)
    return Tick(None, doubt="tick")


def _sign(text: str, marks: Marks) -> bool | None:
    if text.lower() in marks.true_words or all(char in marks.tick_true for char in text):
        return True
    if text.lower() in marks.false_words or all(char in marks.tick_false for char in text):
        return False
    return None
