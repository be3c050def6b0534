"""What must come out of a catalog: ``truth.json`` as the samples have it. Pure."""

from __future__ import annotations

from typing import Any

from .catalog import TICKS, Catalog, Channels
from .words import Limit

LISTS = ("content_elements", "legal_bases")
_ALWAYS = TICKS[:6]


def items(catalog: Catalog, columns: list[str]) -> list[dict[str, Any]]:
    """One dict a row. A tick field that the table has no column for is null; a third level only where it is printed."""
    return [_item(catalog, i, columns) for i in range(len(catalog.rows))]


def _item(catalog: Catalog, index: int, columns: list[str]) -> dict[str, Any]:
    row = catalog.rows[index]
    item: dict[str, Any] = {"seq": row.seq, "first_level_item": row.first, "second_level_item": row.second}
    if "third_level_item" in columns:
        item["third_level_item"] = row.third
    item |= {name: list(catalog.value(name, index)) for name in LISTS}
    limit: Limit = catalog.value("time_limit", index)
    channels: Channels = catalog.value("channels", index)
    item |= {"time_limit": limit.text, "disclosing_body": catalog.value("disclosing_body", index)}
    item["channels"] = list(channels.chosen)
    item |= {name: row.ticks[name] if name in columns else None for name in TICKS if name in _ALWAYS or name in columns}
    item["channels_offered"] = list(channels.offered)
    if limit.value is not None:
        item |= {"time_limit_value": limit.value, "time_limit_unit": limit.unit}
    if row.group and "audience_specific" in columns:
        item["audience_specific_group"] = row.group
    return item


def document(catalogs: list[Catalog], columns: list[str], titled: bool = True) -> dict[str, Any]:
    """The whole truth file. Where several catalogs stand in one file, each item names its table (null where no title is
    printed) and its row in the output, since every table may count its serials from 1."""
    if len(catalogs) == 1:
        return {"title": catalogs[0].title, "items": items(catalogs[0], columns)}
    every = [
        {**item, "table_title": catalog.title if titled else None} for catalog in catalogs for item in items(catalog, columns)
    ]
    return {"title": catalogs[0].title, "items": [{**item, "row": n} for n, item in enumerate(every, 1)]}
