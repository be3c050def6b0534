"""The desk: one output folder in memory, and each decision about it on disk at once.

A decision is worked out in memory first, then written: the line into ``lookups.csv``, then the output folder, each as a whole.
Whoever is killed in between leaves both old or new, and the next start (or `catalog run`) brings the folder in step with the
lines. Others may decide about the same source meanwhile, in another browser or by `catalog correct`: decisions wait for each
other, what others wrote is read before the next one, and one about a value that is no longer what its reader saw is refused.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pipeline import correct, folder, lookups_csv, page
from pipeline.catalog import Catalog
from pipeline.correct import Place
from pipeline.entry import alike
from pipeline.errors import CatalogError
from pipeline.export import datapackage
from pipeline.review import suggest
from pipeline.review.aim import aim_of
from pipeline.review.change import Change, Lines
from pipeline.review.state import Changed, Decision, Outcome, Refused, State, Unknown

# How many decisions can be taken back by number; any other one by its value.
_REMEMBERED = 1000


class Desk:
    """One output folder, under review. All its methods may be called from several threads at once."""

    def __init__(self, place: Place, password: str | None = None) -> None:
        """Read the folder, and bring it in step with ``lookups.csv`` where it is not; raises CatalogError."""
        self._lock = threading.RLock()
        self._done: dict[str, Change] = {}
        self._place = place
        with folder.held(place.source.path):
            # Nothing is written below where a desk was killed after its decision, while it removed the old folder.
            folder.tidy(place.output)
            folder.tidy(place.lookups)
            made = replace(correct.made_again(place), password=password)
            self._pictures = made.pictures()
            self._bring_in_step(made)

    @property
    def state(self) -> State:
        """What lies on disk now."""
        with self._lock:
            if self._revision() != self._state.revision:
                with folder.held(self._place.source.path):
                    self._catch_up()
            return self._state

    def html(self, token: str) -> str:
        """The page, with the form for decisions."""
        state = self.state
        return page.html(state.view, self._pictures, {"token": token, "revision": state.revision}, state.fragments)

    def suggestions(self, row: int, field: str) -> tuple[list[suggest.Suggestion], int]:
        """What a value may be, and in how many rows the same is printed; raises Refused where there is no such value."""
        state = self.state
        state.cell(row, field)
        record, made = state.record(row), state.made
        if field not in record.values:
            return [], 0
        offers = suggest.suggestions(made.records, made.issues, record, field, made.profile)
        return offers, len(alike(made.records, record, field))

    def decide(self, decision: Decision) -> Outcome:
        """Write a decision, and make the rows again; raises Changed, or Refused with the reason, and then nothing is written."""
        with self._deciding() as state:
            cell = state.cell(decision.row, decision.field)
            _check_seen(cell, decision)
            aim, refused = aim_of(state, decision), ""
            for change in self._lines().ways(state, decision):
                made = state.made.again({self._place.lookups: change.after})
                refused = aim.missed(made)
                if not refused:
                    return self._write(state, change, made)
            raise Refused(refused)

    def remembers(self, number: str) -> bool:
        """Whether a decision of this number can be taken back."""
        return number in self._done

    def undo(self, number: str) -> Outcome:
        """Take a decision back; raises Unknown, or Refused where its line was changed since, and then nothing is written."""
        with self._deciding() as state:
            if number not in self._done:
                raise Unknown("there is no such decision to take back; take it back by its value")
            outcome = self._do(state, self._lines().taken_back(self._done[number]))
            del self._done[number]
            return outcome

    def withdraw(self, row: int, field: str, expect: str | None = None) -> Outcome:
        """Take the line out that decides a value, whenever it was written; raises Changed, or Refused where none here does."""
        with self._deciding() as state:
            cell = state.cell(row, field)
            if expect is not None and cell.text != expect:
                raise Changed(cell)
            return self._do(state, self._lines().without(state, row, field))

    @contextmanager
    def _deciding(self) -> Iterator[State]:
        """What lies on disk, while nobody else decides."""
        with self._lock, folder.held(self._place.source.path):
            if self._revision() != self._state.revision:
                self._catch_up()
            try:
                yield self._state
            except (Refused, Changed, Unknown):
                raise
            except CatalogError as error:
                raise Refused(str(error)) from error

    def _do(self, state: State, change: Change) -> Outcome:
        return self._write(state, change, state.made.again({self._place.lookups: change.after}))

    def _write(self, state: State, change: Change, made: Catalog) -> Outcome:
        """Write a change of ``lookups.csv`` and what it makes."""
        with correct.written(self._place.lookups, change.after):
            self._store(made)
        number = secrets.token_hex(8)
        self._done[number] = change
        for old in list(self._done)[:-_REMEMBERED]:
            del self._done[old]
        return Outcome(state, self._state, number)

    def _catch_up(self) -> None:
        """Take in what others wrote, and write what they left unwritten."""
        place = correct.find(self._place.output, self._place.source.path, str(self._place.profile.path))
        same = place.package["run"]["tables"] == self._place.package["run"]["tables"]
        self._place = place
        made = self._state.made.again() if same else correct.made_again(place)
        self._bring_in_step(replace(made, password=self._state.made.password))

    def _bring_in_step(self, made: Catalog) -> None:
        package = self._place.package
        if made.inputs == package["run"]["inputs"] and not datapackage.changed(self._place.output, package):
            self._take(made)
        else:
            self._store(made)

    def _store(self, made: Catalog) -> None:
        # So that what is unchanged is not told anew: the page that is written takes these parts too.
        made.report_parts(keep=True)
        correct.store(self._place, made, self._pictures)
        self._place = replace(self._place, package=datapackage.read(self._place.output) or self._place.package)
        self._take(made)

    def _take(self, made: Catalog) -> None:
        self._state = State(made, made.report_view(), made.report_parts(keep=True), self._revision())

    def _revision(self) -> str:
        """Stands for what all files of overrides and the output hold."""
        folders = [path for _, path in self._place.source.lookup_folders(self._place.profile)]
        held = [folder.content(path / lookups_csv.NAME) for path in folders]
        digest = hashlib.sha256()
        for data in (*held, folder.content(self._place.output / datapackage.NAME)):
            digest.update(b"-" if data is None else hashlib.sha256(data).digest())
        return digest.hexdigest()[:16]

    def _lines(self) -> Lines:
        path = self._place.lookups
        return Lines(path, folder.content(path), self._place.profile)


def _check_seen(cell: page.Cell, decision: Decision) -> None:
    seen = (decision.expect, decision.expect_doubt)
    if any(told is not None and told != now for told, now in zip(seen, (cell.text, cell.doubt), strict=True)):
        raise Changed(cell)
