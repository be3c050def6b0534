"""What a person says of one value → the line of a ``lookups.csv`` that says it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import CatalogError
from pipeline.lookup import CONFIRMED, is_settled, names
from pipeline.model import Lookup, Record, Value
from pipeline.normalize import names as name_fields
from pipeline.profile import Profile
from pipeline.text import squash

# Values that are what the page prints in that very place, or what a person said: without a doubt there is nothing to confirm.
_PLAIN = ("printed", "spanned", "absent", "looked_up")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of one value: that it is ``value``, or (None) that it is right as it is.

    ``row`` counts from 1. ``every`` means all cells that print the same, not this row alone; ``confirmed`` marks a value that
    is given as confirmed too.
    """

    row: int
    field: str
    value: str | None
    reason: str = ""
    every: bool = False
    confirmed: bool = False


def entry_for(
    records: Sequence[Record], correction: Correction, profile: Profile, questioned: Collection[tuple[int, str]] = ()
) -> Lookup:
    """The override that says this; raises CatalogError where the row, the field or the way is not possible.

    ``questioned`` are the values (row and field) that an issue is about: they can be confirmed, in doubt or not.
    """
    record = next((record for record in records if record.row == correction.row), None)
    if record is None:
        raise CatalogError(f"--row {correction.row}: no such row; there are 1 to {len(records)}")
    field = _printed_field(record, correction, profile)
    value = record.values[field]
    where = f"row {record.row}, {field}"
    if correction.every and not squash(value.printed):
        raise CatalogError(f"{where}: nothing is printed there, so --all would fill every blank; drop it")
    if correction.value is None and (record.row, field) not in questioned and not _can_confirm(record, field, profile):
        raise CatalogError(f"{where}: is not in doubt, so there is nothing to confirm")
    item = "" if correction.every else _item(records, record, field, profile)
    status = CONFIRMED if correction.value is None or (correction.confirmed and correction.value) else ""
    return Lookup(field, value.printed, correction.value or "", item, status=status, reason=correction.reason)


def alike(records: Sequence[Record], record: Record, field: str) -> list[Record]:
    """The rows whose cell of this field prints the same; none where it prints nothing."""
    printed = squash(record.values[field].printed)
    return [other for other in records if field in other.values and printed == squash(other.values[field].printed) and printed]


def doubt_of(record: Record, field: str, profile: Profile) -> str:
    """The doubt of a value, or of one that is derived from it: a person who settles the value settles those too."""
    known = profile.field(field)
    names = (field, *(known.derived if known else ()))
    return next((value.doubt for name in names if (value := record.values.get(name)) and value.doubt), "")


def _printed_field(record: Record, correction: Correction, profile: Profile) -> str:
    """The field that the table prints; raises CatalogError where that cannot be set right."""
    field = correction.field
    base = next((known.name for known in profile.fields if field in known.derived), None)
    if base and correction.value is not None:
        raise CatalogError(f"--field {field}: is derived from {base}; correct {base} instead")
    field = base or field
    if field not in record.fields or field in ("row", "table_title"):
        raise CatalogError(f"--field {field}: no such field; there are {', '.join(record.values)}")
    if field not in record.values:
        raise CatalogError(f"row {record.row}: its table has no column {field}; there are {', '.join(record.values)}")
    return field


def _can_confirm(record: Record, field: str, profile: Profile) -> bool:
    return bool(doubt_of(record, field, profile)) or record.values[field].origin not in _PLAIN


def _item(records: Sequence[Record], record: Record, field: str, profile: Profile) -> str:
    """A name that, together with what is printed in the field, fits this row alone; the plainest there is."""
    own, above = name_fields(profile)
    rows = [names.named(other.values, own, above) for other in records]
    meant = names.rows_by_name(rows)
    printed = squash(record.values[field].printed)
    alike = {n for n, other in enumerate(records) if field in other.values and squash(other.values[field].printed) == printed}
    here = next(n for n, other in enumerate(records) if other is record)
    # A name that is itself a person's decision would be lost with it.
    rows[here] = names.named({name: _as_printed(value) for name, value in record.values.items()}, own, above)
    for name in names.names_of(here, rows):
        if alike.intersection(meant.get(squash(name), ())) == {here}:
            return name
    raise CatalogError(f"row {record.row}: no name means this row alone; --all corrects every cell printed alike")


def _as_printed(value: Value) -> Value:
    return replace(value, text=value.printed) if is_settled(value) else value
