"""Fields of which a recognised table has no column, because the heading of one was misread: they are doubted, not left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz

from pipeline.model import Column
from pipeline.profile import Profile
from pipeline.text import fold


def misread(strange: Sequence[Column], missing: Collection[str], profile: Profile) -> set[str]:
    """Those of the ``missing`` fields that may be one of the ``strange`` columns, whose headings the family does not know.

    Where a scan's heading is misread (金社包), or two run together over one column (主动依申请全动公开), the field has no column,
    and would be null in every row as if the table did not have it. A remark (备注) is like no heading of the family, and stands
    under none.
    """
    found: set[str] = set()
    for column in strange:
        group, heading = fold(column.group), fold(column.heading)
        own = {h.field for h in profile.headings if h.field in missing and _may_be(heading, group, h.heading, h.group, profile)}
        found |= own or (set(missing) if group else set())
    return found


def _may_be(heading: str, group: str, spelling: str, above: str, profile: Profile) -> bool:
    """Whether a heading, or what stands above it, is like a spelling of the family, whole or as a piece of it."""
    guessed, read = float(profile.setting("headings", "guessed")), float(profile.setting("headings", "recognised"))
    spelling, above = fold(spelling), fold(above)
    if group and above and fuzz.ratio(group, above) >= guessed:
        return True
    piece = len(spelling) < len(heading) and fuzz.partial_ratio(heading, spelling) >= read
    return bool(heading) and (piece or fuzz.ratio(heading, spelling) >= guessed)
