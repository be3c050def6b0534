"""Two versions of a catalog → what changed between them: added, removed, renamed, moved and changed rows.

Rows are matched by their names and by what else they say, never by their serial numbers. The same pairs are found in either
direction, so that the reverse comparison is the mirror image.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.diff.columns import read_columns
from pipeline.diff.matching import pair_rows
from pipeline.diff.narrowing import KINDS, narrowed
from pipeline.diff.sorting import sort_out
from pipeline.model import Diff, Record
from pipeline.profile import Profile

__all__ = ["KINDS", "continued", "diff", "narrowed"]


def diff(old: Sequence[Record], new: Sequence[Record], profile: Profile, fields: Collection[str] | None = None) -> Diff:
    """What changed from ``old`` to ``new``, both in printed order and both read with ``profile``.

    ``fields`` limits in which fields rows are compared (None: all); which rows belong together is decided from all of them.
    Row and serial numbers, and what is derived from another field, are not compared.
    """
    columns = read_columns(old, new, profile)
    pairs = pair_rows(old, new, columns, profile)
    return sort_out(old, new, pairs, columns.only(fields))


def continued(old: Sequence[Record], new: Sequence[Record], profile: Profile) -> dict[int, int]:
    """As which row of ``new`` each row of ``old`` continues, by row number (1-based); rows that end there are left out."""
    pairs = pair_rows(old, new, read_columns(old, new, profile), profile)
    return {old[pair.old].row: new[pair.new].row for pair in pairs}
