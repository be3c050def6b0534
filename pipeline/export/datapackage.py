"""``datapackage.json`` (specs.frictionlessdata.io, version 1): what the files are, what they were made from and with."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.export import schema
from pipeline.export.text import columns
from pipeline.model import Record, RunInfo
from pipeline.profile import Profile

NAME = "datapackage.json"
PROGRAM = "catalog"
Json = dict[str, Any]

# CSV as this program writes it; the line ends are named since a reader may expect those of RFC 4180.
_DIALECT: Json = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def text(
    files: Mapping[str, bytes],
    records: Sequence[Record],
    profile: Profile,
    info: RunInfo,
    made_from: Mapping[str, Any],
    headings: Sequence[tuple[str, str]] = (),
) -> str:
    """The package that describes ``files`` (name → content).

    ``made_from`` are digests and versions on which the content depends: a run with equal ones need not be made again.
    ``info.meta`` is what is known of the catalog: title, issuer, domain, version, origin …
    """
    meta = info.meta
    package: Json = {
        "profile": "data-package",
        "name": _slug(meta.get("name", "")) or "catalog",
        "title": meta.get("title") or _printed_title(records) or profile.title,
        "version": meta.get("version"),
        "keywords": [meta["domain"]] if meta.get("domain") else None,
        "contributors": [{"title": meta["issuer"], "role": "publisher"}] if meta.get("issuer") else None,
        "sources": [{"title": info.source}],
        "catalog": dict(meta) or None,
        "run": _run(profile, info, made_from),
        "resources": [_resource(name, data, _schema(name, records, profile, headings)) for name, data in files.items()],
    }
    return json.dumps({key: value for key, value in package.items() if value is not None}, ensure_ascii=False, indent=1) + "\n"


def read(folder: Path) -> Json | None:
    """The package of an output folder; None where there is none, or none that this program wrote."""
    try:
        package = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return None
    run = package.get("run") if isinstance(package, dict) else None
    ours = isinstance(run, dict) and isinstance(run.get("program"), dict) and run["program"].get("name") == PROGRAM
    return package if ours else None


def is_ours(folder: Path) -> bool:
    """Whether a run of this program wrote the folder, so that another may replace it."""
    return read(folder) is not None


def changed(folder: Path, package: Json) -> list[str]:
    """The files that are missing or no longer what the package says."""
    wrong = []
    for resource in package["resources"]:
        path = folder / resource["path"]
        if not path.is_file() or _digest(path.read_bytes()) != resource["hash"]:
            wrong.append(resource["path"])
    return wrong


def _run(profile: Profile, info: RunInfo, made_from: Mapping[str, Any]) -> Json:
    return {
        "program": {"name": PROGRAM, "version": info.program},
        "source": {"name": info.source, "sha256": info.sha256},
        "engine": info.engine,
        "profile": {"name": profile.name, "version": profile.version, "sha256": profile.sha256, "key": list(profile.key)},
        **made_from,
    }


def _resource(name: str, data: bytes, table_schema: Json | None) -> Json:
    stem, _, kind = name.rpartition(".")
    resource: Json = {
        "name": stem if kind == "csv" else f"{stem}-{kind}",
        "path": name,
        "format": kind,
        "mediatype": "text/csv" if kind == "csv" else "application/json",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": _digest(data),
    }
    if table_schema is not None:
        resource |= {"profile": "tabular-data-resource", "dialect": _DIALECT, "schema": table_schema}
    return resource


def _schema(name: str, records: Sequence[Record], profile: Profile, headings: Sequence[tuple[str, str]]) -> Json | None:
    if name == "items.csv":
        return schema.items(columns(records), profile, dict(headings))
    return {"provenance.csv": schema.provenance(), "issues.csv": schema.issues()}.get(name)


def _printed_title(records: Sequence[Record]) -> str | None:
    return next((title for record in records if (title := record.fields.get("table_title"))), None)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-")


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
