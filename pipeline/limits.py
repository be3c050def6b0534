"""How much one document may take: what a file from a stranger is held to, wherever it is read.

The numbers stand in the profile, ``[guard]``; ``--limit NAME=NUMBER`` changes them for a run. Time and memory are watched from
outside (``pipeline.guard``); whoever opens pages asks ``check`` for the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from typing import Any

from pipeline.errors import CatalogError, LimitError

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one document may take.

    ``seconds`` for all of it, ``page_seconds`` from one page to the next (also to the first one; cleaning takes longer for
    many pages or cells; waiting for a processor counts for neither), ``memory`` in MiB of the process that reads, ``pages``
    that are read, ``objects`` in the file, on one page and in one table, ``columns`` of a table, ``image`` in millions of
    pixels, ``nesting`` of forms in forms.
    """

    seconds: float = 1_800
    page_seconds: float = 15
    memory: float = 900
    pages: float = 5_000
    objects: float = 2_000_000
    columns: float = 500
    image: float = 1_000
    nesting: float = 30

    @property
    def bytes(self) -> int:
        """``memory`` in bytes."""
        return int(self.memory * MIB)


NAMES = tuple(field.name for field in fields(Limits))
_DEFAULT = Limits()
_NOW: ContextVar[Limits] = ContextVar("limits", default=_DEFAULT)

_WATCHER: ContextVar[Callable[[float], object]] = ContextVar("watcher", default=float)


def now() -> Limits:
    """The limits that hold here."""
    return _NOW.get()


@contextmanager
def applied(limits: Limits) -> Iterator[None]:
    """Has these limits hold in the block."""
    before = _NOW.set(limits)
    try:
        yield
    finally:
        _NOW.reset(before)


def ask(patience: float) -> None:
    """Tell whoever watches that pages take so many times as long from here on: by nature, such as those that are recognised."""
    _WATCHER.get()(patience)


@contextmanager
def watched(by: Callable[[float], object]) -> Iterator[None]:
    """Has ``by`` be told what is asked for in the block."""
    before = _WATCHER.set(by)
    try:
        yield
    finally:
        _WATCHER.reset(before)


def of(settings: Mapping[str, Any], changed: Mapping[str, float] | None = None) -> Limits:
    """The limits of a profile's settings (section ``guard``) with these changes; raises CatalogError for what is no limit."""
    told = {**settings.get("guard", {}), **(changed or {})}
    for name, value in told.items():
        if name not in NAMES:
            raise CatalogError(f"limit {name}: no such limit; take one of {', '.join(NAMES)}")
        if not isinstance(value, (int, float)) or not value > 0:
            raise CatalogError(f"limit {name}: {value!r} lets no document be read; give a number above 0")
    return replace(Limits(), **told)


def parse(given: Sequence[str]) -> dict[str, float]:
    """``NAME=NUMBER`` as the command takes it → name and number; raises CatalogError where it is none."""
    found: dict[str, float] = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise CatalogError(f"--limit {text!r}: write a name and a number, such as --limit memory=2048") from None
    of({}, found)
    return found


class TooMuch(Exception):
    """Found where the file's name is not known; ``naming`` makes a LimitError of it. ``found`` is how many ``what`` there are."""

    def __init__(self, limit: str, found: float, what: str) -> None:
        super().__init__(f"{found:.0f} {what}")
        self.limit = limit
        self.found = found
        self.what = what


def check(limit: str, found: float, what: str) -> None:
    """Raises TooMuch where ``found`` is over a limit; ``what`` is counted, e.g. ``pages``."""
    if found > getattr(now(), limit):
        raise TooMuch(limit, found, what)


@contextmanager
def naming(name: str, page: int | None = None) -> Iterator[None]:
    """Has what is found too much in the block told as a LimitError of this file and page (1-based)."""
    try:
        yield
    except TooMuch as much:
        most = getattr(now(), much.limit)
        where = f"page {page} has" if page else "has"
        advice = f"if it is no bomb, --limit {much.limit}={math.ceil(much.found)} allows it"
        raise LimitError(f"{name}: {where} {much}, more than {most:.0f}; {advice}", much.limit, most) from None
