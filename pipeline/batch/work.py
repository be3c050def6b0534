"""One document, from source to result folder, in the process that calls it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline import catalog, engines, lookups_csv, rebuild, workspace
from pipeline.batch import places
from pipeline.batch.model import Job, Outcome, Reason, Settings
from pipeline.engines.base import check_file, digest
from pipeline.errors import CatalogError, LimitError, NoTableError, OutputError, PasswordError, SourceError
from pipeline.export import REPORT
from pipeline.export.datapackage import NAME as PACKAGE
from pipeline.profile import load

# The first that fits.
_REASONS: tuple[tuple[type[CatalogError], Reason], ...] = (
    (PasswordError, "password"),
    (LimitError, "limit"),
    (NoTableError, "no_table"),
    (SourceError, "source"),
    (OutputError, "output"),
    (CatalogError, "error"),
)


def work(job: Job, settings: Settings, begun: Callable[[str], object] = lambda sha256: None) -> Outcome:
    """Do one job; whatever goes wrong is in the outcome. ``begun`` is told the source's digest before it is read."""
    where, sha256 = "", ""
    try:
        with places.at(job.source).fetched(places.at(job.source).path(job.source)) as path:
            where = str(path)
            check_file(path)
            sha256 = digest(path)
            begun(sha256)
            return _done(job, settings, path, sha256)
    except CatalogError as error:
        reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
        message = str(error)
    except MemoryError:
        reason, message = "memory", over_memory(settings)
    # The libraries, the program and the network may fail in ways that nobody foresaw; the other documents must not suffer.
    except Exception as error:
        reason, message = "fault", f"{type(error).__name__}: {str(error)[:200]}"
    told = " ".join(message.replace(where or job.source, job.document).split())
    return Outcome(job.document, "failed", sha256, reason=reason, message=told)


def over_memory(settings: Settings) -> str:
    """What is said of a document that was ended for its memory."""
    return f"took more than {settings.memory // 2**20} MiB of memory and was ended"


def _done(job: Job, settings: Settings, path: Path, sha256: str) -> Outcome:
    results = places.at(job.target)
    home = results.path(job.target)
    if not settings.force:
        files = results.read(home)
        if (REPORT in files or not settings.report) and _is_current(files, settings, path, sha256):
            return _outcome(job, "kept", sha256, files)
    # This process is the one that is watched.
    made = catalog.run(
        path,
        engine=settings.engine,
        profile=settings.profile,
        password=settings.password,
        verify=settings.verify,
        limits=dict(settings.limits),
        isolate=False,
    )
    files = made.files(report=settings.report)
    results.write(home, files)
    return _outcome(job, "made", sha256, files)


def _is_current(files: Mapping[str, bytes], settings: Settings, path: Path, sha256: str) -> bool:
    """Whether these files are whole and made from the same inputs that a run would have now."""
    try:
        package = json.loads(files[PACKAGE])
        made_from = package["run"]["inputs"]
        described = {resource["path"]: resource["hash"] for resource in package["resources"]}
    except (KeyError, TypeError, ValueError):
        return False
    if any("sha256:" + hashlib.sha256(files[name]).hexdigest() != told for name, told in described.items()):
        return False
    source = workspace.source_at(path)
    profile = load(settings.profile or source.family)
    engine = settings.engine or engines.choose(path)
    verified = settings.verify and rebuild.is_verified(engine)
    lookups = lookups_csv.nearest(source.lookup_folders(profile), profile, source.version)
    return bool(made_from == rebuild.inputs(source, sha256, engine, "all", profile, lookups, verified))


def _outcome(job: Job, state: str, sha256: str, files: Mapping[str, bytes]) -> Outcome:
    """The counts, from the files, so that they are the same for a result that was kept."""
    issues = list(csv.DictReader(io.StringIO(files["issues.csv"].decode("utf-8"), newline="")))
    errors = sum(issue["severity"] == "error" for issue in issues)
    counted = Outcome(job.document, "made", sha256, len(json.loads(files["items.json"])), len(issues) - errors, errors)
    return counted if state == "made" else replace(counted, state="kept")
