"""A difference, with only those changes in it that are asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pipeline.model import Diff

KINDS = ("added", "removed", "renamed", "moved", "changed")


def narrowed(diff: Diff, kinds: Collection[str] | None = None, doubtful: bool = True) -> Diff:
    """The difference with only these kinds of changes (None: all, and what is told of columns and captions too).

    ``doubtful`` False leaves out all that is not certain.
    """
    unsure = narrowed(diff.doubtful, kinds) if doubtful and diff.doubtful else None
    if kinds is None:
        return replace(diff, doubtful=unsure)
    return Diff(**{kind: getattr(diff, kind) for kind in KINDS if kind in kinds}, doubtful=unsure)
