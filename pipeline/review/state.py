"""What a desk holds and says: the catalog as it lies on disk, a decision about it, what came of it, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline import page
from pipeline.catalog import Catalog
from pipeline.errors import CatalogError
from pipeline.model import Record


class Refused(CatalogError):
    """A decision that is not possible; the message says why."""


class Unknown(CatalogError):
    """A decision to take back that this desk does not remember."""


class Changed(CatalogError):
    """A decision about a value that is not what its reader saw; ``cell`` is what it is now."""

    def __init__(self, cell: page.Cell) -> None:
        super().__init__("the value has changed since you saw it; look at what it is now, and decide again")
        self.cell = cell


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reader decides about a value: that it is right, or what it is.

    ``value`` is as for ``wanted``. ``expect`` and ``expect_doubt`` are the value and the doubt that the reader saw, None where
    that does not matter.
    """

    row: int
    field: str
    action: Literal["confirm", "correct"]
    value: str | tuple[str, ...] = ""
    every: bool = False
    reason: str = ""
    expect: str | None = None
    expect_doubt: str | None = None


@dataclass(frozen=True)
class State:
    """The catalog as it lies on disk. ``revision`` stands for exactly this; ``fragments`` are the parts of the page by id."""

    made: Catalog
    view: page.View
    fragments: dict[str, str]
    revision: str

    def cell(self, row: int, field: str) -> page.Cell:
        """A value of the page; raises Refused where there is none."""
        cells = (cell for line in self.view.rows if line.number == row for cell in line.cells)
        found = next((cell for cell in cells if cell.column.field == field), None)
        if found is None:
            raise Refused(f"row {row}, {field}: there is no such value; the catalog may have been read again")
        return found

    def record(self, row: int) -> Record:
        """A row that the page shows."""
        return next(record for record in self.made.records if record.row == row)

    @property
    def counts(self) -> dict[str, int]:
        """What the page sums up."""
        return {
            "rows": len(self.made.records),
            "doubts": self.view.doubts,
            "issues": len(self.made.issues),
            "errors": self.view.errors,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision did: ``undo`` takes it back, ``changed`` are the values that are other than before."""

    before: State
    after: State
    undo: str

    @property
    def changed(self) -> list[tuple[int, str]]:
        """Row and field of each value that is not told as before."""
        old = {cell.id: cell for row in self.before.view.rows for cell in row.cells}
        cells = ((row.number, cell) for row in self.after.view.rows for cell in row.cells)
        return [(number, cell.column.field) for number, cell in cells if old.get(cell.id) != cell]
