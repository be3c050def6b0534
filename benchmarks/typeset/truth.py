"""What must come out of a catalog: ``truth.json`` as the samples have it. Pure."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from .catalog import TICKS, Catalog, Channels
from .layout import Layout, heading_texts
from .words import Limit

LISTS = ("content_elements", "legal_bases")
_ALWAYS = TICKS[:6]
EXTRAS = ("note", "contact")
_DERIVED = {
    "channels_offered": "channels",
    "time_limit_value": "time_limit",
    "time_limit_unit": "time_limit",
}


def items(catalog: Catalog, columns: list[str]) -> list[dict[str, Any]]:
    """One dict a row. A tick field that the table has no column for is null; a third level only where it is printed."""
    return [_item(catalog, i, columns) for i in range(len(catalog.rows))]


def _item(catalog: Catalog, index: int, columns: list[str]) -> dict[str, Any]:
    row = catalog.rows[index]
    item: dict[str, Any] = {"seq": row.seq, "first_level_item": row.first, "second_level_item": row.second}
    if "third_level_item" in columns:
        item["third_level_item"] = row.third
    item |= {name: list(chain.from_iterable(map(_parts, catalog.value(name, index)))) for name in LISTS}
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
    item |= {name: None for name in _DERIVED if name in item and _DERIVED[name] not in columns}
    return item | {name: None for name in (*LISTS, "channels", "disclosing_body", "time_limit") if name not in columns}


def _parts(entry: str) -> list[str]:
    """An entry that numbers its own parts is its head and each of them."""
    head, *parts = re.split(r"；?（\d）", entry) if "：（1）" in entry else [entry]
    return [head, *parts]


def with_extras(items: list[dict[str, Any]], catalogs: list[Catalog], layout: Layout) -> list[dict[str, Any]]:
    """The items with what the columns say that the family does not know, as ``extra_<heading>``."""
    extras = {name: f"extra_{text}" for name, text in heading_texts(layout).items() if name in EXTRAS}
    rows = [row for catalog in catalogs for row in catalog.rows]
    return [item | {f: getattr(row, name) or None for name, f in extras.items()} for item, row in zip(items, rows, strict=True)]


def document(catalogs: list[Catalog], columns: list[str], titled: bool = True) -> dict[str, Any]:
    """The whole truth file. Where several catalogs stand in one file, each item names its table (null where no title is
    printed) and its row in the output, since every table may count its serials from 1."""
    if len(catalogs) == 1:
        return {"title": catalogs[0].title, "items": items(catalogs[0], columns)}
    every = [
        {**item, "table_title": catalog.title if titled else None} for catalog in catalogs for item in items(catalog, columns)
    ]
    return {"title": catalogs[0].title, "items": [{**item, "row": n} for n, item in enumerate(every, 1)]}
