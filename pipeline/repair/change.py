"""What a repair hands back: a changed value keeps what was printed and says by which rule and on which evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.model import Value


@dataclass(frozen=True, slots=True)
class Change:
    """A new text for a value. ``score`` is 0..100, 100 where nothing but noise was taken out; ``doubt`` a reason code or ""."""

    text: str
    rule: str
    score: float = 100.0
    doubt: str = ""


def apply_change(value: Value, change: Change | None) -> Value:
    """The value after a change; the same object where there is none."""
    if change is None:
        return value
    if change.text == value.text:
        return value.doubted(change.doubt)
    rules = [rule for rule in value.rule.split("+") if rule]
    score = round(change.score, 1)
    return replace(
        value,
        text=change.text,
        origin="repaired",
        rule="+".join(dict.fromkeys([*rules, change.rule])),
        score=score if value.score is None else min(score, value.score),
    ).doubted(change.doubt)
