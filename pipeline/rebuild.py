"""What an output depends on, and whether it must be made again. Contents decide, never the time of a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from pipeline import __version__, engines, lookups_csv
from pipeline.engines.base import digest
from pipeline.export import datapackage
from pipeline.model import Lookup
from pipeline.profile import Profile
from pipeline.workspace import Source

Inputs = dict[str, str]
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


def is_needed(source: Source, engine: str | None, pages: frozenset[int] | None, profile: Profile, verify: bool) -> bool:
    """Whether the tree lacks what a run on this source would write, or holds it changed or from other inputs."""
    package = datapackage.read(source.normalized)
    if package is None or datapackage.changed(source.normalized, package):
        return True
    if not source.tables.is_file() or digest(source.tables) != package["run"]["tables"]:
        return True
    lookups = lookups_csv.nearest(source.lookup_folders(profile), profile, source.version)
    name = engine or engines.choose(source.path)
    verified = verify and is_verified(name)
    now = inputs(source, digest(source.path), name, pages_text(pages), profile, lookups, verified)
    return bool(package["run"]["inputs"] != now)
