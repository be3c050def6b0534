"""What an output depends on, and whether it must be made again. Contents decide, never the time of a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from pipeline import __version__, engines, lookups_csv
from pipeline.engines.base import digest
from pipeline.export import REPORT, datapackage
from pipeline.model import Lookup
from pipeline.profile import Profile
from pipeline.workspace import TABLES, Source

Inputs = dict[str, str]

# What it means that an input is another one than before.
_CHANGED = {
    "source": "the source changed",
    "described": "source.toml changed",
    "engine": "another engine",
    "verified": "cross-check asked for or not",
    "pages": "other pages",
    "profile": "the profile changed",
    "lookups": "the overrides changed",
    "program": "another version of the program",
}
_CHECKED = "lattice"


def inputs(
    source: Source, sha256: str, engine: str, pages: str, profile: Profile, lookups: Sequence[Lookup], verified: bool
) -> Inputs:
    """Everything that the output depends on, as digests and names: equal inputs, equal bytes.

    ``sha256`` is the source's, ``engine`` the engine's name, ``pages`` what ``pages_text`` gives, ``verified`` whether other
    engines were asked too.
    """
    described = json.dumps(source.described(), ensure_ascii=False, sort_keys=True)
    return {
        "source": sha256,
        "described": hashlib.sha256(described.encode()).hexdigest(),
        "engine": engine,
        "verified": "yes" if verified else "no",
        "pages": pages,
        "profile": profile.sha256,
        "lookups": lookups_csv.digest(lookups),
        "program": __version__,
    }


def pages_text(pages: frozenset[int] | None) -> str:
    """Which pages were read: ``all``, or their numbers."""
    return "all" if pages is None else ",".join(map(str, sorted(pages)))


def is_verified(engine: str) -> bool:
    """Whether what this engine reads is cross-checked when that is asked for: the others are there to check the fast one."""
    return engine == _CHECKED


def why(
    source: Source, engine: str | None, pages: frozenset[int] | None, profile: Profile, verify: bool, report: bool = False
) -> str:
    """Why the tree does not hold what a run on this source would write, in words; "" where it does.

    ``report``: whether a review page belongs to it.
    """
    package = datapackage.read(source.normalized)
    if package is None:
        return "not run before"
    if changed := datapackage.changed(source.normalized, package):
        return f"{', '.join(changed)} missing or changed by hand"
    if not source.tables.is_file() or digest(source.tables) != package["run"]["tables"]:
        return f"{TABLES} missing or changed by hand"
    if report and not (source.normalized / REPORT).is_file():
        return f"{REPORT} missing"
    lookups = lookups_csv.nearest(source.lookup_folders(profile), profile, source.version)
    name = engine or engines.choose(source.path)
    verified = verify and is_verified(name)
    now = inputs(source, digest(source.path), name, pages_text(pages), profile, lookups, verified)
    before = package["run"]["inputs"]
    return ", ".join(_CHANGED.get(key, key) for key in {**now, **before} if now.get(key) != before.get(key))
