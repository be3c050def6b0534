"""How the time of cleaning grows with the rows: the whole ``normalize``, on one damaged dump of more and more blocks.

The dumps are the samples', set one after the other under one heading, with serial numbers that run on: one table. What they
print is the same again and again, so a row costs the same however many there are, unless something looks at all of them.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from pipeline.engines import get
from pipeline.normalize import normalize
from pipeline.profile import load

from . import report, setting

TITLE = "Growth of cleaning"
LENGTHS = (1_250, 2_500, 5_000, 10_000)
# A row of the next longer dump may take this much longer before growth is called more than linear.
LINEAR = 1.25
ROUNDS = 3
_ROW = re.compile(r"\d+(?=\t)")


def run() -> str:
    """The section of the report."""
    sources = [path.read_text(encoding="utf-8") for path in sorted(setting.shared("samples").glob("dumps/*/source.txt"))]
    if not sources:
        raise setting.Skipped("there are no sample dumps")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{length}.txt" for length in LENGTHS]
        for path, length in zip(paths, LENGTHS, strict=True):
            path.write_text("\n".join(repeated(sources, length)), encoding="utf-8")
        rounds = [[measured(path) for path in paths] for _ in range(setting.repeats(ROUNDS))]
    return text([(rows, blocks, statistics.median(r[k][2] for r in rounds)) for k, (rows, blocks, _) in enumerate(rounds[0])])


def repeated(sources: Sequence[str], rows: int) -> Iterator[str]:
    """The lines of one dump of at least so many numbered rows: the heading of the first source, then the rows of all."""
    number = 0
    while number < rows:
        for source in sources:
            lines = source.split("\n")
            body = next(i for i, line in enumerate(lines) if _ROW.match(line))
            if number == 0:
                yield from lines[:body]
            for line in lines[body:]:
                number += _ROW.match(line) is not None
                # A heading that stands again on each page would begin with neither.
                if not line or line[0] in "\t0123456789":
                    yield _ROW.sub(str(number), line, count=1)
            yield ""


def measured(path: Path) -> tuple[int, int, float]:
    """Rows that came out, blocks of the dump, CPU seconds of ``normalize``."""
    document, profile = get("dump").read(path), load()
    began = time.process_time()
    made = normalize(document, profile)
    return len(made.records), len(document.pages), time.process_time() - began


def text(found: Sequence[tuple[int, int, float]]) -> str:
    """The table, and whether growth is linear."""
    a_row = [seconds / rows for rows, _, seconds in found]
    linear = all(later <= LINEAR * earlier for earlier, later in pairwise(a_row))
    lines = [
        (f"{rows:,}", f"{blocks:,}", f"{seconds:.1f}", f"{1000 * each:.2f}")
        for (rows, blocks, seconds), each in zip(found, a_row, strict=True)
    ]
    return "\n\n".join(
        [
            "One damaged dump, from what is read to clean rows and issues. The time a row takes grows by at most "
            f"{LINEAR - 1:.0%} from one length to the next: {report.verdict(linear)}.",
            report.table(["rows", "blocks", "CPU s", "ms a row"], lines),
        ]
    )
