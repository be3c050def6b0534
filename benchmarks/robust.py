"""Malformed, hostile and odd files: each ends in a result or in a one-line error, in bounded time and memory.

Every file is read by a process of its own (``catalog extract``), under a limit of address space that keeps the machine alive.
"""

from __future__ import annotations

import csv
import os
import re
import statistics
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import children, report, setting

TITLE = "Bad input"
SECONDS, MEGABYTES = 20.0, 1024.0
RANDOM_MEGABYTES, ROUNDS = 100, 5
# The child is killed beyond these; far enough above the targets for a file that misses them to be seen missing them.
_WALL, _ADDRESS_SPACE = 3 * SECONDS, 6 * 2**30
RESULT, ERROR, ENCRYPTED, NOTHING = "in a result", "in an error", "in an error (encrypted)", "in nothing"


@dataclass(frozen=True, slots=True)
class Case:
    """One file: how it ended, and what was wrong with that ("" = nothing)."""

    name: str
    odd: str
    how: str
    fault: str
    wall: float
    peak: float


def run() -> str:
    """The section of the report."""
    folder = setting.shared("corpora/bad")
    odd = _odd(folder / "index.tsv")
    files = sorted(folder.glob("*.pdf"))
    # Two at a time: wall times stay comparable, and a file that hangs does not hold up all others.
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        cases = list(pool.map(lambda path: tried(path, odd.get(path.name, "")), files))
    return "\n\n".join([text(cases), refusal(setting.repeats(ROUNDS))])


def refusal(rounds: int) -> str:
    """How long it takes to refuse random bytes that are called a PDF, beside the start of a Python that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.pdf"
        with path.open("wb") as file:
            for _ in range(RANDOM_MEGABYTES):
                file.write(os.urandom(2**20))
        ours, alone = [], []
        for _ in range(rounds):
            ours.append(children.ended(setting.command("run", str(path), "-o", str(Path(folder) / "out"))))
            alone.append(children.ended([sys.executable, "-c", "pass"]))
    if {one.code for one in ours} != {2}:
        raise RuntimeError(f"random bytes were not refused: {ours[0].err[-300:]}")
    wall, cpu = (statistics.median(getattr(one, kind) for one in ours) for kind in ("wall", "cpu"))
    least = statistics.median(one.wall for one in alone)
    return (
        f"{RANDOM_MEGABYTES} MB of random bytes named .pdf are refused in {wall:.2f} s of wall time ({cpu:.2f} s of CPU), median "
        f"of {rounds}; `python -c pass` takes {least:.2f} s. Under a second: {report.verdict(wall < 1)}."
    )


def tried(path: Path, odd: str) -> Case:
    """Extract one file in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "tables.json"
        call = setting.command("extract", str(path), "-o", str(output))
        ended = children.ended(call, seconds=_WALL, address_space=_ADDRESS_SPACE)
        how, fault = judged(ended, output.exists())
    return Case(path.name, odd, how, fault, ended.wall, ended.peak)


def judged(ended: children.Ended, written: bool) -> tuple[str, str]:
    """How a process ended, and what is wrong with it: a crash, a hang, too much memory, a trace instead of a line, no result."""
    lines = [line for line in ended.err.splitlines() if line.strip()]
    faults = {
        "killed after a hang": ended.timed_out,
        f"crash (signal {-ended.code})": ended.code < 0 and not ended.timed_out,
        f"more than {SECONDS:.0f} s": ended.wall > SECONDS and not ended.timed_out,
        f"more than {MEGABYTES:.0f} MB": ended.peak > MEGABYTES,
        "a trace instead of a line": "Traceback (most recent call last)" in ended.err,
        "an error of more than one line": ended.code == 2 and len(lines) != 1,
    }
    if ended.code == 2:
        how = ENCRYPTED if re.search("encrypted|password", ended.err) else ERROR
    else:
        how = RESULT if written else NOTHING
    told = [fault for fault, found in faults.items() if found]
    return how, "; ".join(told or ["no result"] * (how == NOTHING))


def text(cases: list[Case]) -> str:
    """How many ended how, the slowest and the largest, and every file with a fault."""
    hows = Counter(case.how for case in cases)
    slowest, largest = max(cases, key=lambda c: c.wall), max(cases, key=lambda c: c.peak)
    faults = [case for case in cases if case.fault]
    told = [
        f"{len(cases)} files (`corpora/bad`) end: " + ", ".join(f"{n} {how}" for how, n in hows.most_common()) + ". "
        f"Slowest {slowest.wall:.1f} s (`{slowest.name}`), largest {largest.peak:.0f} MB (`{largest.name}`), whole processes, "
        f"two at a time. No crash, no hang over {SECONDS:.0f} s, no more than {MEGABYTES:.0f} MB, each a result or a one-line "
        f"error: {report.verdict(not faults)}."
    ]
    if faults:
        rows = [(f"`{c.name}`", c.odd, c.how, c.fault, f"{c.wall:.1f}", f"{c.peak:.0f}") for c in faults]
        told.append(report.table(["file", "odd", "ends", "fault", "s", "MB"], rows))
    return "\n\n".join(told)


def _odd(index: Path) -> dict[str, str]:
    if not index.exists():
        return {}
    with index.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row["odd"] for row in csv.DictReader(file, delimiter="\t")}
