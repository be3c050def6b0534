"""Printed cases kept outside the project: setting a PDF takes seconds, reading it again milliseconds.

A case is drawn from its seed, number and attempt, so that only its PDF is kept (``FOLDER/<seed>-<number>-<attempt>.pdf``), or the
reason why it cannot be judged (``….txt``). The truth is drawn again. A change of the generator that prints a case otherwise
needs another folder, or another seed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .make import ATTEMPTS, Case, print_cases, unfair

Draw = Callable[[int, int, int], Case]


@dataclass(frozen=True)
class Shelf:
    """A folder of printed cases of one seed. ``draw(number, seed, attempt)`` gives the case."""

    folder: Path
    seed: int
    draw: Draw

    def cases(self, numbers: Iterable[int], batch: int = 8) -> Iterator[tuple[Case, Path]]:
        """Each number's first fair case with its PDF, set now where it is not on the shelf; numbers without one are left out."""
        self.folder.mkdir(parents=True, exist_ok=True)
        waiting = list(numbers)
        for start in range(0, len(waiting), batch):
            yield from self._some(waiting[start : start + batch])

    def _some(self, numbers: list[int]) -> Iterator[tuple[Case, Path]]:
        for attempt in range(ATTEMPTS):
            cases = [self.draw(number, self.seed, attempt) for number in numbers]
            self._print([c for c in cases if not self._known(c.number, attempt)], attempt)
            fair = [c for c in cases if self._pdf(c.number, attempt).exists()]
            yield from ((case, self._pdf(case.number, attempt)) for case in fair)
            numbers = [number for number in numbers if number not in {c.number for c in fair}]

    def _pdf(self, number: int, attempt: int) -> Path:
        return self.folder / f"{self.seed}-{number:04d}-{attempt}.pdf"

    def _known(self, number: int, attempt: int) -> bool:
        pdf = self._pdf(number, attempt)
        return pdf.exists() or pdf.with_suffix(".txt").exists()

    def _print(self, cases: list[Case], attempt: int) -> None:
        if not cases:
            return
        with tempfile.TemporaryDirectory() as scratch:
            for case, pdf in zip(cases, print_cases(cases, Path(scratch)), strict=True):
                reason, target = unfair(case, pdf), self._pdf(case.number, attempt)
                if reason:
                    target.with_suffix(".txt").write_text(reason + "\n", encoding="utf-8")
                else:
                    shutil.copyfile(pdf, target.with_suffix(".part"))
                    os.replace(target.with_suffix(".part"), target)
