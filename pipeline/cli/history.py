"""``catalog log`` and ``catalog history``: what became of an item from version to version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from pipeline.history import Step, Thread
    from pipeline.profile import Profile
    from pipeline.versions import Version

Catalog = Annotated[
    str | None, typer.Option("--catalog", metavar="NAME", help="Look only into this catalog of the tree.", show_default=False)
]


def log(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An item's name, or a catalog of the tree.", show_default=False)],
    catalog: Catalog = None,
) -> None:
    """List an item's history, one line a version; of a catalog, how many items each version changed."""
    from pipeline import versions

    if catalog is None and name in versions.catalogs():
        _echo(_of_catalog(_read(name)))
    else:
        _echo(line for found in _named(name, catalog) for line in found.brief())


def history(
    name: Annotated[str, typer.Argument(metavar="ITEM", help="What the item is called in any version.", show_default=False)],
    catalog: Catalog = None,
) -> None:
    """Follow one item through all versions and all its names, with everything that changed on the way."""
    _echo(line for found in _named(name, catalog) for line in found.full())


@dataclass(frozen=True, slots=True)
class _Read:
    """A catalog of the tree: its versions in their order."""

    name: str
    versions: Sequence[Version]
    profile: Profile


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a catalog, from version to version."""

    catalog: _Read
    thread: Thread

    def brief(self) -> Iterator[str]:
        yield f"{self.catalog.name}: {self._name(self.thread.steps[-1])}"
        for step in self.thread.steps:
            told = ", ".join(self._kinds(step))
            yield f"  {step.version}  row {step.record.row}  {self._name(step)}" + (f"  ({told})" if told else "")
        if self.thread.ended:
            yield f"  {self.thread.ended}  no longer there"

    def full(self) -> Iterator[str]:
        from pipeline.check.wording import title_of
        from pipeline.report import marked

        yield f"{self.catalog.name}: {self._name(self.thread.steps[-1])}"
        for step in self.thread.steps:
            group = step.record.fields.get(self.catalog.profile.parent) or ""
            score = f"  (score {min(step.score, 99.9):.1f})" if step.score < 100 else ""
            yield f"  {step.version}  row {step.record.row}, {group}: {self._name(step)}{score}"
            if step.moved:
                yield "      stands elsewhere among the others"
            for change in step.changes:
                between = "；" if isinstance(change.old, list) or isinstance(change.new, list) else ""
                doubt = f"  (in doubt: {change.doubt})" if change.doubt else ""
                yield f"      {title_of(change.field, self.catalog.profile)}: {marked(change.edits, between)}{doubt}"
        if self.thread.ended:
            yield f"  {self.thread.ended}  no longer there"

    def _name(self, step: Step) -> str:
        profile = self.catalog.profile
        names = (str(step.record.fields.get(name) or "") for name in profile.key if name != profile.parent)
        return " / ".join(filter(None, names))

    def _kinds(self, step: Step) -> Iterator[str]:
        fields = [change.field for change in step.changes]
        if any(field in self.catalog.profile.key and field != self.catalog.profile.parent for field in fields):
            yield "renamed"
        if step.moved:
            yield "moved"
        yield from (field for field in fields if field not in self.catalog.profile.key or field == self.catalog.profile.parent)


def _read(name: str) -> _Read:
    """A catalog; a version whose name does not say where it stands among the others is left out, and told."""
    from pipeline import versions

    names = versions.names(name)
    dated = [version for version in names if versions.is_dated(version)] or names[:1]
    for version in names:
        if version not in dated:
            typer.echo(f"{name}/{version}: left out, no number in its name says where it stands", err=True)
    read = [versions.in_tree(name, version) for version in dated]
    return _Read(name, read, versions.family_of(read[-1], None))


def _named(name: str, catalog: str | None) -> list[_Item]:
    """The items that are or were called so; raises SourceError with the names that come nearest."""
    from pipeline import history as room
    from pipeline import versions

    known = versions.catalogs()
    if catalog is not None and catalog not in known:
        raise SourceError(f"--catalog {catalog}: no such catalog in raw/ or normalized/; there are {', '.join(known) or 'none'}")
    read = [_read(each) for each in ([catalog] if catalog else known)]
    found = []
    for each in read:
        fields = [field for field in each.profile.key if field != each.profile.parent]
        found += [_Item(each, thread) for thread in room.of_item(room.threads(each.versions, each.profile), name, fields)]
    if not found:
        raise SourceError(f"{name}: no item is or was called so; {_nearest(name, read)}")
    return found


def _nearest(name: str, read: Sequence[_Read]) -> str:
    from rapidfuzz import process

    names = dict.fromkeys(
        str(record.fields.get(field) or "")
        for each in read
        for field in each.profile.key[-1:0:-1]
        for version in each.versions
        for record in version.records
    )
    near = [found for found, _, _ in process.extract(name, [known for known in names if known], limit=3)]
    return f"the nearest are {', '.join(near)}" if near else "there are no items in raw/ or normalized/"


def _of_catalog(found: _Read) -> Iterator[str]:
    from itertools import pairwise

    from pipeline.diff import diff
    from pipeline.report import Side, view

    yield found.name
    yield from (f"  {version.name}  {len(version.records)} rows" for version in found.versions[:1])
    for old, new in pairwise(found.versions):
        told = diff(old.records, new.records, found.profile)
        sides = [Side(side.name, side.title, side.records) for side in (old, new)]
        counts = ", ".join(text for _, text in view(told, sides[0], sides[1], found.profile, "en").counts)
        yield f"  {new.name}  {len(new.records)} rows  {counts or 'no change that is certain'}"


def _echo(lines: Iterator[str]) -> None:
    for line in lines:
        typer.echo(line)
