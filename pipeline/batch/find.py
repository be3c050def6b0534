"""Patterns → jobs. A document's name is its path below the folder that all patterns have in common."""

from __future__ import annotations

import glob
import posixpath
from collections.abc import Sequence

from pipeline.batch import places
from pipeline.batch.model import Job
from pipeline.errors import CatalogError, SourceError


def find(patterns: Sequence[str], output: str) -> list[Job]:
    """The jobs that these paths, URLs or patterns (``*``, ``**``, ``?``, ``[…]``) name, by name; each document once.

    The folder of a document is its name below ``output``. Raises SourceError for a pattern without a match, CatalogError where
    the patterns lie in different kinds of places.
    """
    if len({pattern.partition("://")[0] if "://" in pattern else "" for pattern in patterns}) > 1:
        raise CatalogError("the documents lie in different kinds of places; run one kind after the other")
    sources, results = places.at(patterns[0]), places.at(output)
    home = results.path(output)
    paths = [sources.path(pattern) for pattern in patterns]
    root = posixpath.commonpath([_fixed(path) for path in paths])
    found: dict[str, str] = {}
    for pattern, path in zip(patterns, paths, strict=True):
        matches = sources.matches(path)
        if not matches:
            raise SourceError(f"{pattern}: no file there; put a pattern in quotes, ** for folders of any depth")
        found |= {posixpath.relpath(match, root): match for match in matches}
    return [Job(name, sources.url(found[name]), results.url(f"{home}/{name}")) for name in sorted(found)]


def _fixed(path: str) -> str:
    """The folders of a path before the first that is a pattern."""
    parts = path.split("/")[:-1]
    first = next((k for k, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return "/".join(parts[:first]) or "/"
