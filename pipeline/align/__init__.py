"""Align: which printed cell of a dump's row belongs to which column.

A source with geometry needs none of it and passes through. Elsewhere the cells of a row are laid over the table's columns as
a whole, by what they look like, by what the other rows of the page and of the document print, and by the order of the columns.
What is not sure gets a doubt on its cell:

``align``      the cell would fit another column nearly as well, or does not look like its column;
``no_column``  the page does not print the column at all, so the blank tells nothing;
``ticks``      which tick column a tick belongs to was read from the pattern of the other rows;
``cut``        the row ends before the tick column (the blank is not a "no").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pipeline.model import PageGrid
from pipeline.profile import Profile


def align(grids: Sequence[PageGrid], profile: Profile) -> list[PageGrid]:
    """Page grids of a dump with every cell in its column: their cells tile ``n_rows`` × ``len(columns)``.

    In: the body rows as printed, of any number of cells (cells whose place has no column only pad a row), and the columns that
    the document's headings name. Grids with geometry are returned as they are. A row that cannot be aligned with confidence is
    kept, with doubts on its cells and an issue.
    """
    if all(grid.geometry for grid in grids):
        return list(grids)
    # Here, since a PDF has no use for it: loading it takes longer than reading a page.
    from pipeline.align.table import DumpTable

    aligned: list[PageGrid] = []
    for (geometry, _), run in groupby(grids, key=lambda g: (g.geometry, tuple(c.field for c in g.columns))):
        together = list(run)
        aligned.extend(together if geometry else DumpTable(together, profile).aligned())
    return aligned
