"""Frozen dataclasses made in bulk.

A frozen dataclass sets every field through ``object.__setattr__``, which makes a cell with its place cost 4 µs, as much as
pdfium takes for the glyphs in it. Here the fields are set on a mutable twin with the same slots, which then takes the frozen
class: the objects are the same in every respect, at a tenth of the cost.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, make_dataclass
from typing import Any, TypeVar

from pipeline.model import BBox, Cell, Place

T = TypeVar("T")


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: what is made in bulk is kept, so that each walk over it (for every 700 objects one) is in
    vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def maker(frozen: type[T]) -> Callable[..., list[T]]:
    """A function that makes instances of a slotted frozen dataclass from columns, one for every field."""
    names = [f.name for f in fields(frozen)]  # type: ignore[arg-type]
    twin = make_dataclass(frozen.__name__, names, slots=True)

    def make(*columns: Iterable[object]) -> list[T]:
        made: list[Any] = list(map(twin, *columns))
        for one in made:
            one.__class__ = frozen
        return made

    return make


new_bboxes: Callable[..., list[BBox]] = maker(BBox)
new_places: Callable[..., list[Place]] = maker(Place)
new_cells: Callable[..., list[Cell]] = maker(Cell)
