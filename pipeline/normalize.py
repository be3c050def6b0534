"""``Document`` → rows and issues: the line of rooms, in the order in which the data goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import account, align, cast, check, fill, headings, lookup, repair, stitch
from pipeline.model import Document, Grid, Issue, Lookup, Record
from pipeline.profile import Profile


@dataclass(frozen=True, slots=True)
class Normalized:
    """The rows of a source in printed order, what a person should know about them, and (field, heading) as printed.

    ``stitched`` is the table as it was before any override: what no decision of a person can change.
    """

    records: tuple[Record, ...]
    issues: tuple[Issue, ...]
    headings: tuple[tuple[str, str], ...] = ()
    stitched: Grid | None = None


def normalize(document: Document, profile: Profile, lookups: Sequence[Lookup] = (), stitched: Grid | None = None) -> Normalized:
    """The rows that a document prints, read as a member of the family that ``profile`` describes.

    ``stitched`` is what came of the same document and profile before, so that it need not be stitched again. Raises
    NoTableError where no table of the family is found.
    """
    stitched = stitched or _stitched(document, profile)
    grid = lookup.apply_to_cells(stitched, lookups)
    grid = repair.repair(grid, profile)
    grid = fill.fill(grid, profile)
    grid = lookup.apply_to_rows(grid, lookups, *names(profile))
    records = cast.cast(grid, profile)
    issues = [*account.account(document), *grid.issues, *check.check(records, profile)]
    return Normalized(tuple(records), tuple(sorted(issues, key=_in_order)), grid.headings, stitched)


def _stitched(document: Document, profile: Profile) -> Grid:
    page_grids = headings.find_headings(document, profile)
    page_grids = align.align(page_grids, profile)
    return stitch.stitch(page_grids, profile)


def names(profile: Profile) -> tuple[list[str], list[str]]:
    """The fields that name a row, and those that name what it belongs to, each the widest first."""
    return [name for name in profile.key if name != profile.parent], [name for name in profile.key if name == profile.parent]


def _in_order(issue: Issue) -> tuple[int, str, str, int, str]:
    """By row and code (issues of the whole source first), then so that equal runs write equal bytes."""
    return issue.row or 0, issue.code, issue.field, issue.place.page if issue.place else 0, issue.message
