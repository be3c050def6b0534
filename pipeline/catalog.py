"""The Python API: a source in, a ``Catalog`` out, with its rows, its doubts and the tables that they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, export, guard, lookups_csv, raw, rebuild, workspace
from pipeline import limits as limited
from pipeline.engines.base import Progress
from pipeline.errors import OutputError
from pipeline.export.text import encoded
from pipeline.extract import extract
from pipeline.limits import Limits
from pipeline.model import Document, Grid, Issue, Lookup, PageTable, Record, RunInfo
from pipeline.parcel import Parcel
from pipeline.pictures import Picture
from pipeline.pictures import from_bytes as pages_as_pictures
from pipeline.pictures import to_bytes as draw_pages
from pipeline.profile import Profile, load
from pipeline.verify import Agreement, with_rows
from pipeline.verify import verify as cross_check
from pipeline.workspace import TABLES, Source

if TYPE_CHECKING:
    import pandas

    from pipeline.normalize import Normalized
    from pipeline.page import View

# What cleans the rows, and what makes their review page: a scan has them loaded while its first page is drawn.
_CLEANS, _SHOWS = ("pipeline.normalize",), ("pipeline.page.render", "jinja2", "PIL.WebPImagePlugin")
# Cells that may take as long to clean and to write as a page to read: ten times as many are usual.
_CELLS = 2_000


@dataclass(frozen=True, repr=False)
class Catalog:
    """One source, read: its rows with their history, what to look at, and the document that an engine saw."""

    source: Source
    document: Document
    profile: Profile
    normalized: Normalized
    inputs: rebuild.Inputs
    agreement: Agreement | None = None
    lookups: tuple[Lookup, ...] = ()
    password: str | None = None
    drawn: Mapping[int, Picture] | None = None

    @property
    def records(self) -> tuple[Record, ...]:
        """The rows in printed order; ``record.fields`` are typed values, ``record.values`` their history."""
        return self.normalized.records

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What a person should know: ``error`` is certainly wrong or lost, ``warning`` is to be looked at."""
        return self.normalized.issues

    @property
    def tables(self) -> list[PageTable]:
        """The page tables, exactly as printed, in reading order."""
        return [table for page in self.document.pages for table in page.tables]

    @property
    def items(self) -> pandas.DataFrame:
        """The rows as a DataFrame, one column a field of ``items.json``; pandas is imported when this is asked for."""
        return self.to_frame()

    def to_frame(self, lists: export.frame.Lists = "keep") -> pandas.DataFrame:
        """The rows as a DataFrame; ``lists`` are kept as lists, joined by ；, or exploded to one row an entry.

        Lists of one record are exploded side by side, numbered in the column ``entry``: every entry stands once in its column.
        """
        return export.frame.frame(self.records, lists)

    @property
    def doubts(self) -> list[tuple[Record, str]]:
        """Each doubted value as its record and field; a derived field counts only where its own field has no doubt."""
        base = {name: field.name for field in self.profile.fields for name in field.derived}
        doubted = [(record, name) for record in self.records for name, value in record.values.items() if value.doubt]
        known = {(record.row, name) for record, name in doubted}
        return [(record, name) for record, name in doubted if (record.row, base.get(name, "")) not in known]

    @property
    def summary(self) -> str:
        """How many rows, doubts and issues, e.g. ``77 rows, 3 values in doubt, 2 issues (1 of them an error)``.

        After a cross-check also how many cells the engines agree on.
        """
        errors = sum(issue.severity == "error" for issue in self.issues)
        of_them = f" ({errors} of them {'errors' if errors > 1 else 'an error'})" if errors else ""
        counts = ((self.records, "row{}"), (self.doubts, "value{} in doubt"), (self.issues, "issue{}"))
        told = ", ".join(f"{len(found)} {what.format('s' * (len(found) != 1))}" for found, what in counts) + of_them
        return f"{told}; {self.agreement}" if self.agreement else told

    @property
    def decisions(self) -> dict[tuple[int, str], Lookup]:
        """The override that decided each value that a person has settled, by row (from 1) and field."""
        from pipeline.lookup import deciding
        from pipeline.normalize import names

        return deciding(self.records, self.lookups, *names(self.profile))

    def again(self, lookups: Mapping[Path, bytes | None] | None = None) -> Catalog:
        """The same document with the overrides as they lie around the source now, without reading it again.

        ``lookups`` gives files of overrides another content than they have (None: as if they were not there).
        """
        stitched, pages = self.normalized.stitched, self.inputs["pages"]
        made = from_document(self.document, self.source, self.profile, pages, self.agreement, stitched, lookups)
        made = replace(made, inputs={**made.inputs, "verified": self.inputs["verified"]}, password=self.password)
        # The document is the same, so its text is.
        made.__dict__["_tables"] = self._tables
        return made

    @cached_property
    def _tables(self) -> bytes:
        return encoded(raw.document_to_json(self.document))

    def pictures(self) -> dict[int, Picture]:
        """The pictures of its pages, drawn from the source; {} for a dump, or where the source is not at hand.

        They are drawn in a child of this process: images are where a hostile file strikes.
        """
        return dict(_pictures(self.document, self.source, self.profile, self.password) if self.drawn is None else self.drawn)

    def report(self, pictures: Mapping[int, Picture] | None = None, review: Mapping[str, Any] | None = None) -> str:
        """The review page (HTML), with these pictures of its pages (None: drawn now); ``review`` is what a server tells it."""
        from pipeline import page  # here and below: a run that writes no page does not load what makes one

        drawn = self.pictures() if pictures is None else pictures
        return page.html(self.report_view(), drawn, review, self.report_parts())

    def report_parts(self, keep: bool = False) -> dict[str, str]:
        """What of the review page a decision can change, by the id of its element; made once, ``keep`` as ``fragments`` says."""
        from pipeline import page

        known: dict[str, dict[str, str]] = self.__dict__
        if "_parts" not in known:
            known["_parts"] = page.fragments(self.report_view(), keep)
        return known["_parts"]

    def report_view(self) -> View:
        """What the review page tells, before any format; made once."""
        return self._view

    @cached_property
    def _view(self) -> View:
        from pipeline import page

        described, printed = self.source.described(), (record.fields.get("table_title") for record in self.records)
        title = described.get("title") or next(filter(None, printed), None) or self.profile.title
        decided = {key: line.reason for key, line in self.decisions.items() if line.reason}
        version = f"（{self.source.version}）" if self.source.version else ""
        return page.view(self.records, self.issues, self.document, self.profile, f"{title}{version}", decided)

    def files(self, *, report: bool | None = None, pictures: Mapping[int, Picture] | None = None) -> dict[str, bytes]:
        """What ``write`` writes: file name → content. Equal catalogs give equal bytes.

        ``report`` False leaves out the review page, None makes it where the source is at hand; ``pictures`` are those of its
        pages, where they are drawn already.
        """
        texts = {
            "items.json": export.items_json.text(self.records),
            "items.csv": export.items_csv.text(self.records),
            "provenance.csv": export.provenance_csv.text(self.records),
            "issues.csv": export.issues_csv.text(self.issues),
        }
        files = {name: encoded(text) for name, text in texts.items()} | {TABLES: self._tables}
        made = files | self._package(files, files[TABLES])
        if report or (report is None and self.source.path.is_file()):
            made[export.REPORT] = encoded(self.report(pictures))
        return made

    def write(self, target: str | Path, *, report: bool | None = None, pictures: Mapping[int, Picture] | None = None) -> None:
        """Write all files into a folder, which is replaced as a whole; raises OutputError, and then it is as before.

        ``report`` None writes the review page unless the folder is one that was made without.
        """
        home = Path(target)
        export.write(home, self.files(report=_with_report(home, report), pictures=pictures))

    def store(self, *, report: bool | None = None, pictures: Mapping[int, Picture] | None = None) -> None:
        """Write a catalog of the tree to its places: the tables beside the source, the rest under ``normalized/``."""
        if not self.source.in_tree:
            raise OutputError(f"{self.source.path}: lies in no {workspace.RAW}/<catalog>/<version>/; name a folder with -o")
        self.parcel(None, report=report, pictures=pictures).write(self.source, None)

    def parcel(self, output: Path | None, *, report: bool | None = None, pictures: Mapping[int, Picture] | None = None) -> Parcel:
        """What is to be written, into ``output`` or (None) to the places in the tree, and what is to be said of it."""
        files, tables = self.files(report=_with_report(output or self.source.normalized, report), pictures=pictures), None
        if output is None:
            tables = files.pop(TABLES)
            files.pop(export.datapackage.NAME)
            data = {name: content for name, content in files.items() if name != export.REPORT}
            files |= self._package(data, tables)
        errors = sum(issue.severity == "error" for issue in self.issues)
        return Parcel(files, tables, self.document.source, self.summary, errors)

    def _package(self, files: dict[str, bytes], tables: bytes) -> dict[str, bytes]:
        document, described = self.document, self.source.described()
        info = RunInfo(document.source, document.sha256, document.engine, self.profile.name, __version__, described)
        made_from = {"tables": hashlib.sha256(tables).hexdigest(), "inputs": self.inputs}
        text = export.datapackage.text(files, self.records, self.profile, info, made_from, self.normalized.headings)
        return {export.datapackage.NAME: encoded(text)}

    def __repr__(self) -> str:
        return f"<Catalog {self.document.source}: {self.summary}>"

    def _repr_html_(self) -> str:
        brief = self.profile.names("serial", "text", "limit", "channels")
        return export.preview.html(self.document.source, self.summary, brief, self.records, self.doubts)


def run(
    path: str | Path,
    *,
    engine: str | None = None,
    profile: str | Path | None = None,
    pages: Iterable[int] | None = None,
    password: str | None = None,
    verify: bool = False,
    progress: Progress | None = None,
    limits: Mapping[str, float] | None = None,
    isolate: bool = True,
    draw: bool = False,
) -> Catalog:
    """Read a source and normalise it.

    ``engine`` and ``profile`` are names (or a profile's folder; None: what the source asks for), ``pages`` page numbers
    from 1, ``progress`` is called with pages done (of a scan first with 0) and pages in all. ``verify`` has pdfplumber and
    camelot read the pages that the engine ``lattice`` has read, in processes of their own: a cell that they read otherwise is
    doubted. ``limits`` change those of the profile by name, e.g. ``{"pages": 20_000}``.

    The source is opened in a child of this process: one that crashes pdfium or fills the memory is an error here, and not the
    end of the caller. ``isolate=False`` opens it in this process, without limits of time and memory. That saves the start of a
    Python (a quarter of a second) where this process has threads; it is for sources of one's own, and for a caller that is such
    a child already, which may also have a second thread ``draw`` the pages while the rows are made, for their review page.
    Raises SourceError, PasswordError, LimitError, NoTableError, ProfileError or LookupsError, each with a message in one line.
    """
    source = workspace.source_at(Path(path))
    family = load(profile or source.family)
    wanted = None if pages is None else frozenset(pages)
    held = limited.of(family.settings, limits)
    if isolate:
        read = partial(tables, Path(path), engine, wanted, password)
        document = raw.json_to_document(guard.call(read, held, Path(path).name, progress), Path(path).name)
    else:
        document = _read(Path(path), engine, wanted, password, held, progress, _CLEANS + _SHOWS * draw)
    agreement = None
    if verify and rebuild.is_verified(document.engine.split()[0]):
        document, agreement = _cross_checked(source.path, document, family, password, progress)
    # A dump is one page however many rows it has: what cleans them is not measured by pages alone.
    limited.ask(1 + sum(len(table.cells) for page in document.pages for table in page.tables) / _CELLS)
    make = partial(from_document, document, source, family, rebuild.pages_text(wanted), agreement)
    if not draw:
        return replace(make(), password=password)
    from pipeline import headings

    # What is no table of the family ends here, before its pages are drawn.
    headings.find_headings(document, family)
    with ThreadPoolExecutor(1) as pool:
        # The limits that hold in this thread hold in the other, which alone calls pdfium now.
        drawing = pool.submit(copy_context().run, _pictures, document, source, family, password)
        return replace(make(), password=password, drawn=drawing.result())


def _pictures(document: Document, source: Source, profile: Profile, password: str | None) -> dict[int, Picture]:
    turned = {page.number: page.turned for page in document.pages}
    work = partial(draw_pages, source.path, turned, password)
    return pages_as_pictures(guard.call(work, limited.of(profile.settings), source.path.name))


def _with_report(target: Path, asked: bool | None) -> bool | None:
    """Whether a review page goes into this folder: as asked, else unless a run made the folder without one."""
    return False if asked is None and export.datapackage.is_ours(target) and not (target / export.REPORT).is_file() else asked


def _read(
    path: Path,
    engine: str | None,
    pages: frozenset[int] | None,
    password: str | None,
    held: Limits,
    progress: Progress | None,
    needed: Iterable[str],
) -> Document:
    """The document; the modules that are ``needed`` afterwards are loaded while another thread opens its first page, if one does.

    What cannot be loaded is told of where it is needed.
    """

    def told(done: int, total: int) -> None:
        if progress:
            progress(done, total)
        for name in () if done else needed:
            with suppress(ImportError):
                import_module(name)

    with limited.applied(held):
        return extract(path, engine, pages, password, told)


def tables(
    path: Path, engine: str | None, pages: frozenset[int] | None, password: str | None, progress: Progress | None
) -> bytes:
    """The document as a child hands it over."""
    return raw.document_to_json(extract(path, engine, pages, password, progress)).encode("utf-8", errors="surrogatepass")


def _cross_checked(
    path: Path, document: Document, profile: Profile, password: str | None, progress: Progress | None
) -> tuple[Document, Agreement]:
    """The document with doubts where other engines read a cell otherwise, and how far they agree."""
    from pipeline import headings
    from pipeline.engines import apart  # here, so that a run without it does not load what starts processes

    # The others take their time: what is no table of the family ends here, before they do.
    headings.find_headings(document, profile)
    pages = frozenset(page.number for page in document.pages)
    asked = profile.settings.get("verify", {})
    names, seconds = asked.get("engines", apart.ENGINES), asked.get("seconds", apart.SECONDS)
    # Whoever watches this process must not take the others' time for silence.
    beat = partial(progress, len(pages), len(pages)) if progress else None
    return cross_check(document, apart.read(names, path, pages, password, seconds, beat))


def from_document(
    document: Document,
    source: Source,
    profile: Profile,
    pages: str,
    agreement: Agreement | None = None,
    stitched: Grid | None = None,
    instead: Mapping[Path, bytes | None] | None = None,
) -> Catalog:
    """Normalise a document that was extracted before, with the overrides around ``source``.

    ``pages`` says which pages it holds, ``agreement`` what came of a cross-check; ``stitched`` is what ``normalize`` gave for the
    same document before, ``instead`` the content of files of overrides, where it is not to be the one that they have.
    """
    from pipeline.normalize import normalize

    lookups = lookups_csv.nearest(source.lookup_folders(profile), profile, source.version, instead)
    normalized = normalize(document, profile, lookups, stitched)
    issues = (*_not_as_received(source, document), *with_rows(normalized.issues, normalized.records))
    engine = document.engine.split()[0]
    inputs = rebuild.inputs(source, document.sha256, engine, pages, profile, lookups, agreement is not None)
    return Catalog(source, document, profile, replace(normalized, issues=issues), inputs, agreement, lookups)


def _not_as_received(source: Source, document: Document) -> list[Issue]:
    if source.meta.get("sha256", document.sha256) == document.sha256:
        return []
    message = f"{document.source} is not the file that source.toml describes (its sha256 differs); bring them in line"
    return [Issue("source_changed", "warning", message)]
