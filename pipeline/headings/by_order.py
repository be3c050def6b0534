"""Columns of a recognised page whose headings were lost: by their place between columns that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.model import Column
from pipeline.profile import Profile
from pipeline.text import fold


def named_by_order(columns: tuple[Column, ...], profile: Profile) -> tuple[tuple[Column, ...], frozenset[int]]:
    """The columns, those without a field named after the fields that belong there, and the numbers of these.

    A column is named only where as many fields of the family are missing between its known neighbours as there are columns
    without one. A picture loses headings (县级 is read as 级, a long one is clipped), and then all values of a column; that the
    column is one which the family does not know is less likely, but what is named so is to be doubted.
    """
    order = [field.name for field in profile.fields if not field.optional]
    taken = {column.field for column in columns}
    found, guessed = list(columns), set[int]()
    for start, stop in _nameless(columns):
        before = columns[start - 1].field if start else ""
        after = columns[stop].field if stop < len(columns) else ""
        # Columns may stand in another order than the family's: a field that has its column elsewhere is not missing here.
        missing = [name for name in _between(before, after, order) if name not in taken]
        if not after:
            # Columns that no family knows (remarks) stand last.
            stop = min(stop, start + len(missing))
        if len(missing) > stop - start and _in_group(columns[:stop], start):
            # Under one heading stand only the fields of its group, however many others the table does not have.
            missing = [name for name in missing if _groups(name, profile) & _groups(before, profile)]
        if missing and len(missing) == stop - start and (after or _under_known(columns, start, stop, missing, profile)):
            for number, name in zip(range(start, stop), missing, strict=True):
                found[number] = replace(columns[number], field=name)
                guessed.add(number)
    return tuple(found), frozenset(guessed)


def beside_missing(columns: Sequence[Column], profile: Profile) -> frozenset[int]:
    """The numbers of the columns next to which one is missing that every table of the family has: it may stand in them."""
    order = [field.name for field in profile.fields]
    at = {column.field: number for number, column in enumerate(columns) if column.field in order}
    found: set[int] = set()
    for name in profile.settings.get("assertions", {}).get("not_blank", ()):
        if name not in at and name in order:
            place = order.index(name)
            before = next((at[other] for other in reversed(order[:place]) if other in at), None)
            after = next((at[other] for other in order[place:] if other in at), None)
            found |= {number for number in (before, after) if number is not None}
    return frozenset(found)


def _in_group(columns: Sequence[Column], start: int) -> bool:
    """Whether the last columns, from ``start``, stand under the heading of the one before them: a remark (备注) does not."""
    return bool(start and columns[start].group) and all(c.group == columns[start - 1].group for c in columns[start:])


def _groups(name: str, profile: Profile) -> set[str]:
    """The headings above those of a field."""
    return {heading.group for heading in profile.headings if heading.field == name and heading.group}


def _under_known(columns: Sequence[Column], start: int, stop: int, names: Sequence[str], profile: Profile) -> bool:
    return _in_group(columns[:stop], start) or _alike(columns[start:stop], names, profile)


def _alike(columns: Sequence[Column], names: Sequence[str], profile: Profile) -> bool:
    """Whether the headings of columns are like those of the fields that they would be: most characters are read as printed."""
    known = {name: [fold(h.heading) for h in profile.headings if h.field == name] for name in names}
    least = float(profile.setting("headings", "guessed"))
    return all(
        any(fuzz.ratio(fold(column.heading), heading) >= least for heading in known[name])
        for column, name in zip(columns, names, strict=True)
    )


def _nameless(columns: Sequence[Column]) -> list[tuple[int, int]]:
    """Runs (start, stop) of columns without a field."""
    edges = [n for n in range(len(columns) + 1) if _is_named(columns, n - 1) != _is_named(columns, n)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _is_named(columns: Sequence[Column], number: int) -> bool:
    return not 0 <= number < len(columns) or bool(columns[number].field)


def _between(before: str, after: str, order: Sequence[str]) -> list[str]:
    if (before and before not in order) or (after and after not in order) or not (before or after):
        return []
    start = order.index(before) + 1 if before else 0
    return list(order[start : order.index(after) if after else len(order)])
