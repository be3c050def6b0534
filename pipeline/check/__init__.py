"""What cannot be right in the rows: broken serial numbers, blanks, doubts. One file a kind of question."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.check.doubts import doubted_values
from pipeline.check.serials import broken_serials
from pipeline.check.values import blank_fields, repeated_items, unclosed_titles, unread_limits, unticked_groups
from pipeline.model import Issue, Record
from pipeline.profile import Profile


def check(records: Sequence[Record], profile: Profile) -> list[Issue]:
    """Everything about the rows that a person should look at, by row.

    The profile's ``[assertions]`` say what must hold: ``serials`` (``consecutive``), ``not_blank``, ``one_of`` (groups of
    ticks), ``closed_titles`` (lists in which 《 needs its 》). What it does not name is not checked; a column that the table
    does not have is never blank.
    """
    found = [
        *broken_serials(records, profile),
        *blank_fields(records, profile),
        *unticked_groups(records, profile),
        *repeated_items(records, profile),
        *unclosed_titles(records, profile),
        *unread_limits(records, profile),
        *doubted_values(records, profile),
    ]
    return sorted(found, key=lambda issue: (issue.row or 0, issue.code, issue.field))


__all__ = ["check"]
