"""Silent errors: how many values are wrong and not doubted, in catalogs typeset and damaged at random.

PDFs come from Chromium, LibreOffice Writer, LibreOffice Calc and WeasyPrint (``typeset/variety.py``), dumps from
``typeset/damage.py``. A PDF counts only where its text layer holds every character of its truth. Setting a PDF takes seconds, so
the PDFs are kept in the folder that ``BENCH_PDFS`` names (else in the system's folder for temporary files) and set only once;
``BENCH_VALUES``, ``BENCH_DUMPS`` and ``BENCH_DRAWN`` say how many values of PDFs, dumps and catalogs cut into pages to judge,
``BENCH_SEED`` takes another seed.
The seed here is one that nobody looked into while mending: what it shows is what unseen catalogs may expect. Who mends a fault
that it shows moves it on.

The intervals are those of Clopper and Pearson ("The use of confidence or fiducial limits illustrated in the case of the
binomial", Biometrika 26, 1934), 95 %, and take values as independent, which those of one file are not: a fault often hits all
rows of a cell. So the files with a fault are told as well.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import catalog
from pipeline.errors import CatalogError
from pipeline.normalize import normalize
from pipeline.profile import load

from . import report
from .typeset import dump, pages, truth
from .typeset.catalog import Plan, build
from .typeset.judge import Counts, Fault, judge, told
from .typeset.make import Case
from .typeset.shelf import Shelf
from .typeset.variety import draw_case
from .typeset.words import words

TITLE = "Silent errors"
SEED = int(os.environ.get("BENCH_SEED") or 20270014)
# How many values of PDFs, how many dumps, and every how many-th PDF is also read with the cross-check, which takes its time.
VALUES, DUMPS, VERIFIED = 100_000, 100, 60
# How many catalogs are cut into pages in every way.
DRAWN = 40
MOST_FILES = 1000


@dataclass
class Tally:
    """What was counted for one kind of source."""

    files: int = 0
    faulty: int = 0
    counts: Counts = field(default_factory=Counts)
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, counts: Counts, faults: Sequence[Fault]) -> None:
        self.files += 1
        self.counts += counts
        silent = [fault for fault in faults if not fault.doubt]
        self.faulty += bool(silent or counts.surplus)
        self.faults.update(fault.field for fault in silent)
        for line in told(silent):
            print(f"silent: {name}: {line}", flush=True)


def run() -> str:
    """The section of the report."""
    wanted = int(os.environ.get("BENCH_VALUES") or VALUES)
    by_writer: dict[str, Tally] = defaultdict(Tally)
    verified = Tally()
    for case, pdf in _cases():
        _judge(by_writer[case.layout.renderer], case, pdf, verify=False)
        if case.number % VERIFIED == 0:
            _judge(verified, case, pdf, verify=True)
        if sum(tally.counts.values for tally in by_writer.values()) >= wanted:
            break
    dumps = _dumps(int(os.environ.get("BENCH_DUMPS") or DUMPS))
    drawn = _drawn(int(os.environ.get("BENCH_DRAWN") or DRAWN))
    rows = [(name, by_writer[name]) for name in sorted(by_writer)]
    every = _sum(tally for _, tally in rows)
    others = [("with the cross-check", verified), ("dumps", dumps), *((f"pages: {name}", drawn[name]) for name in drawn)]
    table = _table([*rows, ("all PDFs", every), *others])
    return f"{_summary(every)}\n\n{table}\n\n{_NOTE}"


_NOTE = (
    "Without the cross-check (`--no-verify`) unless told; *rate* is silent errors by values, as the 95 % interval of Clopper "
    "and Pearson. Two thirds of the PDFs are varied beyond the samples: other column orders, missing, extra and empty columns, "
    "merged ticks, several tables, cells over several pages, tiny and large type, running heads, striped rows, radicals, text "
    "painted twice or running downward, pages under a /Rotate or inside a CropBox, underlined text, line breaks that a clerk "
    "typed, lines around the caption, page numbers in many forms, other stylesheets, sheets that are not fitted to their page, "
    "other borders and paragraphs in documents. *pages*: the same catalogs cut into pages in each way that "
    "writers have and in some that none was seen to have, without a PDF between. In "
    "dumps the values that the damage destroyed are left out of *values*; *untold* counts those of them without a doubt."
)


def _cases() -> Iterator[tuple[Case, Path]]:
    folder = Path(os.environ.get("BENCH_PDFS") or Path(tempfile.gettempdir()) / "catalog-bench-pdfs")
    yield from Shelf(folder, SEED, draw_case).cases(range(MOST_FILES))


def _judge(tally: Tally, case: Case, pdf: Path, verify: bool) -> None:
    try:
        records = catalog.run(pdf, verify=verify).records
    except CatalogError as error:
        # Refusing a file is no silent error, but none of its values are there.
        print(f"silent: {case.name}: {error}", flush=True)
        records = ()
    tally.add(case.name, *judge(_items(case), records))


def _dumps(count: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source.txt"
        for number in range(count):
            rng = random.Random(f"{SEED}/dump/{number}")
            domain = rng.choice(sorted(words().domains))
            drawn = build(rng, words(), domain, Plan(rows=rng.randint(20, 60), comma=False))
            text, facts = dump.damaged(rng, drawn)
            path.write_text(text, encoding="utf-8")
            tally.add(f"dump {number}", *judge(facts["items"], catalog.run(path).records))
    return tally


def _drawn(count: int) -> dict[str, Tally]:
    """Catalogs cut into pages in every way that writers have, without a PDF between."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for number in range(count):
        case = draw_case(number, SEED)
        for cutting in pages.CUTTINGS if len(case.catalogs) == 1 and not case.layout.repeat_cells else ():
            rng = random.Random(f"{SEED}/pages/{number}/{cutting.name}")
            document = pages.document(rng, case.catalogs[0], case.layout, cutting)
            tallies[cutting.name].add(f"{case.name} {cutting.name}", *judge(_items(case), normalize(document, load()).records))
    return tallies


def _items(case: Case) -> list[dict[str, Any]]:
    items = truth.document(case.catalogs, case.layout.cols, case.layout.title)["items"]
    return truth.with_extras(items, case.catalogs, case.layout)


def _sum(tallies: Iterator[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.files += tally.files
        total.faulty += tally.faulty
        total.counts += tally.counts
        total.faults += tally.faults
    return total


def _summary(every: Tally) -> str:
    counts = every.counts
    doubted = counts.doubted / max(1, counts.values)
    met = report.verdict(counts.silent == 0 and counts.surplus == 0 and counts.values >= VALUES and doubted < 0.01)
    low, high = interval(counts.silent, counts.values)
    where = f" ({', '.join(f'{name} {n}' for name, n in every.faults.most_common(5))})" if every.faults else ""
    return (
        f"Of {counts.values:,} values of {every.files} PDFs {counts.silent} are wrong without a doubt{where}: {low:.4%} to "
        f"{high:.4%}; {counts.wrong - counts.silent} are wrong and doubted; {counts.doubted:,} ({doubted:.2%}) are doubted. "
        f"Target: no silent error in {VALUES:,}, under 1 % doubted: {met}."
    )


def _table(rows: Sequence[tuple[str, Tally]]) -> str:
    headings = ["source", "files", "with a silent error", "values", "wrong", "silent", "rate", "doubted", "untold"]
    return report.table(headings, [_line(name, tally) for name, tally in rows])


def _line(name: str, tally: Tally) -> list[object]:
    c = tally.counts
    low, high = interval(c.silent, c.values)
    share = f"{c.doubted / max(1, c.values):.2%}"
    untold = f"{c.untold} of {c.unsure:,}" if c.unsure else ""
    return [name, tally.files, tally.faulty, f"{c.values:,}", c.wrong, c.silent, f"{low:.4%}–{high:.4%}", share, untold]


def interval(found: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of Clopper and Pearson for a share."""
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, found, of - found + 1)) if found else 0.0
    high = float(beta.ppf(1 - tail, found + 1, of - found)) if found < of else 1.0
    return low, high
