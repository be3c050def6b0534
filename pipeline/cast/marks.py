"""The characters and words by which a family marks things, read from the profile's ``[marks]``."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.profile import Profile


@dataclass(frozen=True, slots=True)
class Marks:
    """Sets of single characters (``tick_true`` … ``bullets``), of words, and of field names (``named``, ``documents``)."""

    tick_true: frozenset[str]
    tick_false: frozenset[str]
    true_words: frozenset[str]
    false_words: frozenset[str]
    chosen: frozenset[str]
    offered: frozenset[str]
    bullets: frozenset[str]
    named: frozenset[str]
    documents: frozenset[str]
    document_ends: tuple[str, ...]
    title_verbs: tuple[str, ...]


def read_marks(profile: Profile) -> Marks:
    """The marks of a profile; raises ProfileError where one is missing."""

    def chars(name: str) -> frozenset[str]:
        return frozenset(profile.setting("marks", name))

    return Marks(
        tick_true=chars("tick_true"),
        tick_false=chars("tick_false"),
        true_words=chars("true_words"),
        false_words=chars("false_words"),
        chosen=chars("chosen"),
        offered=chars("offered"),
        bullets=chars("bullets"),
        named=chars("named"),
        documents=chars("documents"),
        document_ends=tuple(profile.setting("marks", "document_ends")),
        title_verbs=tuple(profile.setting("marks", "title_verbs")),
    )


def is_private(char: str) -> bool:
    """Whether a character is one of a font's own (private use), such as the ticks and boxes of Wingdings."""
    return "\ue000" <= char <= "\uf8ff" or char >= "\U000f0000"
