"""Profiles: a family of documents as data.

A profile is a folder: ``profile.toml`` (fields, thresholds, marks, assertions), ``headings.csv`` (``field,heading,group``,
one spelling a line), ``lexicons/*.txt`` (one term a line, ``#`` starts a comment line) and ``lookups.csv`` (human overrides
for the whole family). It holds no code. The package carries its own profiles; ``load`` also takes a folder. A profile that
names another one in ``extends`` has its lexicons, and those of its settings that it does not set itself.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import ProfileError
from pipeline.text import squash

HOME = Path(__file__).parent / "profiles"
DEFAULT = "disclosure-catalog"

Kind = Literal["serial", "text", "list", "limit", "channels", "tick"]
Inherit = Literal["never", "parent", "run"]


@dataclass(frozen=True, slots=True)
class Field:
    """A printed column that the family knows.

    ``kind`` says how it is cast; ``lexicon`` names the terms that are evidence for a repair ("" = none); ``inherit`` says what
    a blank means where the source has no geometry: ``never``, ``parent`` (starts anew with each value of the profile's parent
    field) or ``run`` (runs on across parents). ``derived`` are the output fields that cast makes from it, after it, in order;
    ``negates`` are words that make a tick cell false. ``optional`` fields appear in the output only where the table has them.
    """

    name: str
    title: str
    title_en: str
    kind: Kind
    lexicon: str = ""
    inherit: Inherit = "never"
    derived: tuple[str, ...] = ()
    optional: bool = False
    splits: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """One spelling of a column's heading; ``group`` is the heading above it ("" = whatever stands above)."""

    field: str
    heading: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A family of documents. ``sha256`` covers every file of the folder, so a changed profile re-runs its catalogs."""

    name: str
    title: str
    version: str
    path: Path
    sha256: str
    parent: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    headings: tuple[Heading, ...]
    lexicons: dict[str, tuple[str, ...]]
    settings: dict[str, Any]
    _by_name: dict[str, Field] = dataclass_field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {known.name: known for known in reversed(self.fields)})

    def field(self, name: str) -> Field | None:
        """The field of that name, or None (an extra column)."""
        return self._by_name.get(name)

    def kind(self, name: str) -> Kind:
        """How a field is cast; columns that the profile does not know are text."""
        found = self.field(name)
        return found.kind if found else "text"

    def names(self, *kinds: Kind) -> tuple[str, ...]:
        """The names of all fields of these kinds, in order."""
        return tuple(f.name for f in self.fields if f.kind in kinds)

    def terms(self, field_name: str) -> tuple[str, ...]:
        """The lexicon of a field, () where it has none."""
        found = self.field(field_name)
        return self.lexicons.get(found.lexicon, ()) if found else ()

    def setting(self, section: str, name: str) -> Any:
        """One value of ``profile.toml``, e.g. ``setting("repair", "score")``; raises ProfileError where it is missing."""
        try:
            return self.settings[section][name]
        except KeyError:
            raise ProfileError(f"{self.path / 'profile.toml'}: [{section}] {name} is missing; add it") from None


def available() -> list[str]:
    """The names of the profiles that come with the package."""
    return sorted(p.parent.name for p in HOME.glob("*/profile.toml"))


def load(name_or_path: str | Path = DEFAULT) -> Profile:
    """The profile of that name, or in that folder; raises ProfileError with the names that exist."""
    folder = HOME / str(name_or_path)
    if not (folder / "profile.toml").is_file():
        folder = Path(name_or_path)
    if not (folder / "profile.toml").is_file():
        raise ProfileError(f"profile {name_or_path}: no such profile or folder; known are {', '.join(available())}")
    return _load(folder.resolve())


@lru_cache(maxsize=8)
def _load(folder: Path) -> Profile:
    try:
        data = tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8"))
        base = _extended(data, folder)
        fields = tuple(_field(entry) for entry in data.pop("fields"))
        return Profile(
            name=data.pop("name"),
            title=data.pop("title"),
            version=str(data.pop("version")),
            path=folder,
            sha256=_digest(folder, base),
            parent=data.pop("parent"),
            key=tuple(data.pop("key")),
            fields=fields,
            headings=_headings(folder / "headings.csv", {f.name for f in fields}),
            lexicons=(base.lexicons if base else {}) | {p.stem: _terms(p) for p in sorted((folder / "lexicons").glob("*.txt"))},
            settings=_merged(base.settings, data) if base else data,
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"profile {folder.name}: profile.toml is incomplete or damaged: {error}") from error


def _extended(data: dict[str, Any], folder: Path) -> Profile | None:
    """The profile that this one extends. It must extend none itself, so that a reader has two files to look at, not a chain."""
    name = data.pop("extends", None)
    if name is None:
        return None
    if name not in available() or HOME / name == folder:
        raise ProfileError(f"{folder / 'profile.toml'}: extends {name}: no such profile; known are {', '.join(available())}")
    return load(name)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Settings table by table: what stands in ``own`` counts, what does not stands as in ``base``."""
    tables = {key: _merged(base[key], value) for key, value in own.items() if isinstance(value, dict) and key in base}
    return base | own | tables


def _field(entry: dict[str, Any]) -> Field:
    settled: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return Field(**settled)


def _headings(path: Path, fields: set[str]) -> tuple[Heading, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Heading(r["field"], squash(r["heading"]), squash(r["group"] or "")) for r in csv.DictReader(file)]
    unknown = sorted({r.field for r in rows} - fields)
    if unknown:
        raise ProfileError(f"{path}: no such field: {', '.join(unknown)}; allowed are {', '.join(sorted(fields))}")
    return tuple(rows)


def _terms(path: Path) -> tuple[str, ...]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def _digest(folder: Path, base: Profile | None) -> str:
    digest = hashlib.sha256(base.sha256.encode() if base else b"")
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
