"""What a request asks for, from its JSON; everything in it is checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.review.state import Decision, Refused

_ACTIONS = ("confirm", "correct")


def decision_of(body: bytes) -> tuple[Decision, str]:
    """The decision that is asked for, and the revision that its page shows; raises Refused where something is amiss."""
    data = _object(body)
    action = data.get("action")
    if action not in _ACTIONS:
        raise Refused(f"action: expected one of {', '.join(_ACTIONS)}")
    decision = Decision(
        *value_of(data),
        action=action,
        value=_given(data, action),
        every=data.get("all") is True,
        reason=_clean(_text(data, "reason") or ""),
        expect=_text(data, "expect"),
        expect_doubt=_text(data, "expect_doubt"),
    )
    return decision, _text(data, "revision") or ""


@dataclass(frozen=True, slots=True)
class Undo:
    """What is to be taken back: a decision by its ``number`` ("" = none), else whatever decides ``value`` (row, field, text)."""

    number: str
    value: tuple[int, str, str | None] | None
    revision: str


def undo_of(body: bytes) -> Undo:
    """What is to be taken back, and the page's revision; raises Refused where neither a decision nor a value is named."""
    data = _object(body)
    number = _text(data, "undo") or ""
    value = (*value_of(data), _text(data, "expect")) if "row" in data or not number else None
    return Undo(number, value, _text(data, "revision") or "")


def value_of(data: Mapping[str, Any]) -> tuple[int, str]:
    """The row and the field that are named."""
    row, field = data.get("row"), data.get("field")
    if isinstance(row, str) and row.isdecimal() and len(row) < 10:
        row = int(row)
    if not isinstance(row, int) or isinstance(row, bool) or not isinstance(field, str) or not field:
        raise Refused("expected a row (a number) and a field (its name in items.json)")
    return row, field


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError as error:
        raise Refused(f"expected a JSON object: {error}") from error
    if not isinstance(data, dict):
        raise Refused("expected a JSON object")
    return data


def _given(data: Mapping[str, Any], action: str) -> str | tuple[str, ...]:
    value = data.get("value")
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(map(_clean, value))
    if value is None and action == "confirm":
        return ""
    if not isinstance(value, str):
        raise Refused("value: expected a text, or the entries of a list")
    return _clean(value)


def _text(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused(f"{name}: expected a text")
    return value


def _clean(text: str) -> str:
    """Without control characters, which a pasted text may bring; a line end is a space."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "" for char in text).strip()
