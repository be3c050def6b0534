"""What came of all documents: ``documents.csv`` for those with a result, ``failures.csv`` for those without one."""

from __future__ import annotations

import time
from collections.abc import Callable

from pipeline.batch import places
from pipeline.batch.model import Outcome
from pipeline.export.text import csv_text, encoded

DOCUMENTS, FAILURES = "documents.csv", "failures.csv"
_DONE_HEADER = ("document", "sha256", "rows", "warnings", "errors")
_FAILED_HEADER = ("document", "sha256", "reason", "message")
# Failures are to be seen while the others are at work; writing them all again each time would take its time.
_EVERY_SECONDS = 10.0


class Ledger:
    """Gathers outcomes and writes the two files into the output folder, sorted, so that they do not tell who came first."""

    def __init__(self, output: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = places.at(output)
        self._home = self._store.path(output)
        self._clock = clock
        self._written = clock()
        self._changed = False
        self.outcomes: dict[str, Outcome] = {}

    def add(self, outcome: Outcome) -> None:
        """Take one in; failures that are not yet written are written every few seconds."""
        self.outcomes[outcome.document] = outcome
        self._changed |= outcome.state == "failed"
        if self._changed and self._clock() - self._written > _EVERY_SECONDS:
            self._write_failures()

    def close(self) -> None:
        """Write both files; raises OutputError."""
        done = [o for o in self._sorted() if o.state != "failed"]
        lines = ((o.document, o.sha256, o.rows, o.warnings, o.errors) for o in done)
        self._store.write_file(f"{self._home}/{DOCUMENTS}", encoded(csv_text(_DONE_HEADER, lines)))
        self._write_failures()

    def count(self, *states: str) -> int:
        """How many documents ended so."""
        return sum(outcome.state in states for outcome in self.outcomes.values())

    def _sorted(self) -> list[Outcome]:
        return [self.outcomes[name] for name in sorted(self.outcomes)]

    def _write_failures(self) -> None:
        lines = ((o.document, o.sha256, o.reason, o.message) for o in self._sorted() if o.state == "failed")
        self._store.write_file(f"{self._home}/{FAILURES}", encoded(csv_text(_FAILED_HEADER, lines)))
        self._written, self._changed = self._clock(), False
