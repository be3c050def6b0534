"""The vocabulary: ``vocabulary/common.toml`` and ``vocabulary/domains.toml`` as frozen dataclasses."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "vocabulary"


@dataclass(frozen=True)
class Limit:
    """A printed time limit with the number and unit that it tells; None where it tells none."""

    text: str
    value: int | None
    unit: str | None


@dataclass(frozen=True)
class Domain:
    """The terms of one domain; ``groups`` maps a first-level item to its second-level items."""

    name: str
    bodies: tuple[str, ...]
    laws: tuple[str, ...]
    elements: tuple[tuple[str, ...], ...]
    third: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Words:
    """Everything a catalog is composed of."""

    domains: dict[str, Domain]
    laws: tuple[str, ...]
    plain_laws: tuple[str, ...]
    limits: tuple[Limit, ...]
    bodies: tuple[str, ...]
    channels: tuple[str, ...]
    offered: tuple[str, ...]
    elements: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]
    notes: tuple[str, ...]
    watermarks: tuple[str, ...]
    titles: tuple[str, ...]


@cache
def words() -> Words:
    """The vocabulary as it lies beside this module."""
    common = tomllib.loads((_FOLDER / "common.toml").read_text(encoding="utf-8"))
    domains = tomllib.loads((_FOLDER / "domains.toml").read_text(encoding="utf-8"))
    limits = tuple(Limit(text, value or None, unit or None) for text, value, unit in common.pop("limits"))
    elements = tuple(tuple(row) for row in common.pop("elements"))
    lists = {key: tuple(value) for key, value in common.items()}
    return Words({name: _domain(name, table) for name, table in domains.items()}, limits=limits, elements=elements, **lists)


def _domain(name: str, table: dict[str, Any]) -> Domain:
    return Domain(
        name,
        tuple(table["bodies"]),
        tuple(table["laws"]),
        tuple(tuple(row) for row in table["elements"]),
        tuple(table["third"]),
        {first: tuple(seconds) for first, seconds in table["groups"].items()},
    )
