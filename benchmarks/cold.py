"""What a whole process costs, from its start: ``catalog run`` beside a Python that has pdfplumber extract the same tables."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import children, report, setting

TITLE = "Cold start"
ROUNDS = 15
_PLUMBER = """
import sys
import pdfplumber
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_tables()
"""
OURS, THEIRS, ALONE = "`catalog run SOURCE --no-verify -o DIR`", "`python -c` with pdfplumber", "`python -c pass`"
# The data alone: drawing the pages and writing the review page is work that the other side has no counterpart of.
DATA = "the same with `--no-report`"


def run() -> str:
    """The section of the report."""
    source = str(setting.sample("social-insurance/2020/source.pdf"))
    with tempfile.TemporaryDirectory() as folder:
        calls = {
            OURS: setting.command("run", source, "--no-verify", "-o", str(Path(folder) / "out")),
            DATA: setting.command("run", source, "--no-verify", "--no-report", "-o", str(Path(folder) / "data")),
            THEIRS: [sys.executable, "-c", _PLUMBER, source],
            ALONE: [sys.executable, "-c", "pass"],
        }
        return text(measured(calls, setting.repeats(ROUNDS)))


def measured(calls: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[children.Ended]]:
    """Each command in turn, round after round; a first round warms the disk and writes the byte code, and is not counted."""
    found: dict[str, list[children.Ended]] = {name: [] for name in calls}
    for k in range(rounds + 1):
        for name, call in calls.items():
            ended = children.ended(call)
            if ended.code not in (0, 1):
                raise RuntimeError(f"{name} ended with {ended.code}: {ended.err[-300:]}")
            if k:
                found[name].append(ended)
    return found


def text(found: dict[str, list[children.Ended]]) -> str:
    """CPU time and wall time, and whether ours costs less."""
    rows = [
        (name, *(f"{1000 * statistics.median(getattr(x, kind) for x in ended):.0f}" for kind in ("cpu", "wall")))
        for name, ended in found.items()
    ]
    ratio, data = (
        statistics.median(ours.cpu / theirs.cpu for ours, theirs in zip(found[name], found[THEIRS], strict=True))
        for name in (OURS, DATA)
    )
    return "\n\n".join(
        [
            "On the 2020 catalog of social insurance, `catalog run` (reading, cleaning, writing all files, and the review page "
            f"with its pictures) takes {ratio:.2f} times the CPU time of extracting the tables with pdfplumber, as whole "
            f"processes. Target: less than once: {report.verdict(ratio < 1)}. Without the review page it takes {data:.2f} times "
            f"as much: {report.verdict(data < 1)}.",
            report.table(["process", "CPU ms", "wall ms"], rows),
        ]
    )
