"""More rules for stylesheets, ``vocabulary/styles.toml``: their names, and what they say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "vocabulary" / "styles.toml"


@cache
def _read() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def style_names(renderer: str) -> list[str]:
    """The styles that a renderer sets as they are meant."""
    return sorted([*_read()["both"], *_read().get(renderer, {})])


def style_rules(names: Iterable[str]) -> list[str]:
    """The rules of these styles."""
    every = {name: rule for styles in _read().values() for name, rule in styles.items()}
    return [every[name] for name in names]
