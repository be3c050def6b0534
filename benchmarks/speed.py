"""How much CPU time extraction takes, warm, in one process, beside pdfium's own floor, pdfplumber and camelot.

All sides read the same file in turn, round after round; a figure is the median over the rounds of the ratio within a round, so
that a busy moment of the machine hits both. The long catalog is read whole by ``lattice`` and by the floor; what is slower
reads two samples of its pages, spread evenly, and the line through both gives its time for all.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import floor, readers, report, setting

TITLE = "Speed"
LONG = 1000
OURS = "lattice"
TARGETS = {"pdfium floor": 2.0, "pdfplumber": 8.0, "camelot vector": 4.5, "camelot default": 50.0}
# What LibreOffice writes is where pdfplumber is slowest.
TARGETS_LIBREOFFICE = TARGETS | {"pdfplumber": 15.0}
# Rounds on the short files; camelot's default takes seconds a file.
ROUNDS, SLOW_ROUNDS = 15, 3
# Pages of the long catalog that the slower ones read: enough for each of its parts to be among them.
PAGES = {"pdfplumber": (12, 48), "camelot vector": (12, 48), "camelot default": (3, 9)}

Read = Callable[[Path, Collection[int] | None], object]
READ: dict[str, Read] = {
    OURS: readers.time_lattice,
    "pdfium floor": floor.read,
    "pdfplumber": readers.time_pdfplumber,
    "camelot vector": readers.time_camelot_vector,
    "camelot default": readers.time_camelot_default,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One file: seconds of each reader (median), and each reader's time as a multiple of ours (median of ratios)."""

    name: str
    pages: int
    seconds: dict[str, float]
    ratios: dict[str, float]
    targets: dict[str, float]


def run() -> str:
    """The section of the report."""
    readers.hush()
    sources = [
        ("LibreOffice", setting.sample("social-insurance/2020/source.pdf"), TARGETS_LIBREOFFICE),
        ("Chromium", setting.sample("layouts/*-chromium-*/source.pdf"), TARGETS),
        ("WeasyPrint", setting.sample("layouts/*-weasyprint-*/source.pdf"), TARGETS),
    ]
    lines = [measured(*source) for source in sources]
    with tempfile.TemporaryDirectory() as folder:
        long = repeated([path for _, path, _ in sources], LONG, Path(folder) / "long.pdf")
        lines.append(extrapolated(f"all three, {LONG} pages", long))
    return text(lines)


def measured(name: str, path: Path, targets: dict[str, float]) -> Line:
    """Every reader on the whole file, in turn."""
    rounds = setting.repeats(ROUNDS)
    times: dict[str, list[float]] = {reader: [] for reader in READ}
    for read in READ.values():
        read(path, {1})
    for k in range(rounds):
        for reader, read in READ.items():
            if reader != "camelot default" or k < SLOW_ROUNDS:
                times[reader].append(seconds(read, path, None))
    return line(name, floor.count_pages(path), times, targets)


def extrapolated(name: str, path: Path) -> Line:
    """Ours and the floor on every page; the others on two samples of pages, and from those on all."""
    rounds = max(1, setting.repeats(ROUNDS) // 5)
    total = floor.count_pages(path)
    times: dict[str, list[float]] = {reader: [] for reader in READ}
    for k in range(rounds):
        for reader, read in READ.items():
            if reader not in PAGES:
                times[reader].append(seconds(read, path, None))
            elif reader != "camelot default" or k == 0:
                few, many = (set(spread(total, n)) for n in PAGES[reader])
                times[reader].append(through(len(few), seconds(read, path, few), len(many), seconds(read, path, many), total))
    return line(name, total, times, TARGETS)


def line(name: str, pages: int, times: dict[str, list[float]], targets: dict[str, float]) -> Line:
    """Medians of what was measured, round by round."""
    ratios = {r: statistics.median(ratios_of(t, times[OURS], r)) for r, t in times.items() if r != OURS}
    return Line(name, pages, {r: statistics.median(t) for r, t in times.items()}, ratios, targets)


def ratios_of(theirs: Sequence[float], ours: Sequence[float], reader: str) -> Iterator[float]:
    """Round by round, how many times as long theirs took; for the floor how many times as long ours took."""
    for their, our in zip(theirs, ours, strict=False):
        yield our / their if reader == "pdfium floor" else their / our


def spread(total: int, n: int) -> list[int]:
    """``n`` page numbers (1-based) spread evenly over ``total`` pages."""
    return [1 + (2 * k + 1) * total // (2 * n) for k in range(n)]


def through(few: int, time_few: float, many: int, time_many: float, total: int) -> float:
    """Seconds for ``total`` pages on the line through two measurements, so that opening the file is counted once."""
    a_page = (time_many - time_few) / (many - few)
    return time_many + a_page * (total - many)


def seconds(read: Read, path: Path, pages: Collection[int] | None) -> float:
    """CPU time of one reading, of all threads: it says the same on a busy machine as on a quiet one."""
    began = time.process_time()
    read(path, pages)
    return time.process_time() - began


def repeated(sources: Sequence[Path], pages: int, target: Path) -> Path:
    """A PDF of that many pages: the pages of each source over and over, one source after the other."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    for k, source in enumerate(sources):
        part = pypdfium2.PdfDocument(source)
        n = pages * (k + 1) // len(sources) - pages * k // len(sources)
        whole.import_pages(part, pages=[i % len(part) for i in range(n)])
        part.close()
    whole.save(target)
    whole.close()
    return target


def text(lines: Sequence[Line]) -> str:
    """Milliseconds a page, ratios, and whether the targets are met."""
    others = [reader for reader in READ if reader != OURS]
    times = ([f"{x.name} ({x.pages} pages)", *(f"{1000 * x.seconds[r] / x.pages:.2f}" for r in READ)] for x in lines)
    ratios = ([x.name, *(_held(x, reader) for reader in others)] for x in lines)
    sampled = ", ".join(f"{reader} {few} and {many}" for reader, (few, many) in PAGES.items())
    return "\n\n".join(
        [
            "Milliseconds of CPU time a page, extraction only, warm, in one process:",
            report.table(["file", *READ], times),
            "How many times as long the others take; for the floor (load page and text page, one loose box a glyph, bounds of "
            "each path object) how many times as long `lattice` takes:",
            report.table(["file", *others], ratios),
            f"On the {LONG} pages `lattice` and the floor read every page. The others read two samples of the pages, spread "
            f"evenly ({sampled}), and the line through both gives their time for all.",
        ]
    )


def _held(x: Line, reader: str) -> str:
    ratio, target = x.ratios[reader], x.targets[reader]
    if reader == "pdfium floor":
        return f"{ratio:.2f} (≤ {target:.1f}: {report.verdict(ratio <= target)})"
    return f"{ratio:.1f} (≥ {target:g}: {report.verdict(ratio >= target)})"
