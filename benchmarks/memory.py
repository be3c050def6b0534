"""How memory and time grow with the pages: one process a length, which reads a catalog of that many pages and ends."""

from __future__ import annotations

import statistics
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from . import children, report, setting, speed

TITLE = "Memory and growth"
KINDS = ("social-insurance/2020", "layouts/*-chromium-*", "layouts/*-weasyprint-*")
LENGTHS = (125, 250, 500, 1000)
TARGET = 120.0
# A page of the longest catalog may take this much longer than one of the next shorter before growth is called more than linear.
LINEAR = 1.15
ROUNDS = 3

_READ = """
import sys, time
from pathlib import Path
from pipeline import engines
reader = engines.get("lattice")
path = Path(sys.argv[1])
reader.read(path, pages=frozenset([1]))
began = time.process_time()
reader.read(path)
print(time.process_time() - began)
"""


def run() -> str:
    """The section of the report."""
    sources = [setting.sample(f"{kind}/source.pdf") for kind in KINDS]
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(speed.repeated(sources, length, Path(folder) / f"{length}.pdf"), length) for length in LENGTHS]
    return text(rows)


def measured(path: Path, pages: int) -> tuple[int, float, float]:
    """Pages, CPU seconds and peak MB of one length, medians."""
    found = [_measured_once(path) for _ in range(setting.repeats(ROUNDS))]
    return pages, statistics.median(seconds for seconds, _ in found), statistics.median(peak for _, peak in found)


def _measured_once(path: Path) -> tuple[float, float]:
    ended = children.ended([sys.executable, "-c", _READ, str(path)])
    if ended.code:
        raise RuntimeError(f"reading {path.name} ended with {ended.code}: {ended.err[-300:]}")
    return float(ended.out), ended.peak


def text(rows: list[tuple[int, float, float]]) -> str:
    """The table, and whether growth is linear and the longest stays under the target."""
    lines = [(pages, f"{seconds:.2f}", f"{1000 * seconds / pages:.2f}", f"{peak:.0f}") for pages, seconds, peak in rows]
    longest, peak = rows[-1][0], rows[-1][2]
    return "\n\n".join(
        [
            "Extraction by `lattice` of the three catalogs above, repeated; whole process. "
            f"{longest} pages under {TARGET:.0f} MB: {report.verdict(peak < TARGET)}. "
            f"The time a page takes grows by at most {LINEAR - 1:.0%} from one length to the next: "
            f"{report.verdict(is_linear(rows))}.",
            report.table(["pages", "CPU s", "ms a page", "peak MB"], lines),
        ]
    )


def is_linear(rows: list[tuple[int, float, float]]) -> bool:
    """Whether the time a page stays the same from one length to the next."""
    a_page = [seconds / pages for pages, seconds, _ in rows]
    return all(later <= LINEAR * earlier for earlier, later in pairwise(a_page))
