"""How right the tables are: catalogs with a truth, ruled notices in Chinese, and the ICDAR 2013 tables beside the peers.

Texts are compared with compatibility forms folded and without white space, for every reader alike. In ``icdar2013`` the truth
lists no blank cell, and some of it counts rows and columns from 1, so blank cells count as single slots, and blank rows and
columns around a table are left out, also for every reader alike.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from . import readers, report, setting
from .grids import Grid, GridCell, printed_only, trimmed
from .scores import Score, best, score

TITLE = "Accuracy"
RULES = Path(__file__).with_name("icdar2013_rules.csv")
OURS = "lattice"

# (pdf, page) → the accepted readings of the page, each a list of tables.
Truth = dict[tuple[str, int], list[list[Grid]]]
# (pdf, page) → the score of each true table, then that of what was told beyond them.
Scores = dict[tuple[str, int], list[Score]]


def run() -> str:
    """The section of the report; a part whose files are absent is left out with a note."""
    readers.hush()
    return "\n\n".join(f"### {name}\n\n{_part(part)}" for name, part in PARTS.items())


def _part(part: Callable[[], str]) -> str:
    try:
        return part()
    except setting.Skipped as reason:
        return f"Skipped: {reason}."
    except ModuleNotFoundError as error:
        return f"Skipped: the package {error.name} is missing; pip install --editable '.[bench]'."


def layouts() -> str:
    """Value by value, by the samples' own scoring program; whole runs of the command, without the cross-check."""
    judge = scorer(setting.shared("tools/score_samples.py"))
    totals: dict[str, int] = defaultdict(int)
    truths = sorted(setting.shared("samples/layouts").glob("*/truth.json"))
    for truth in truths:
        result = _scored(judge, truth)
        totals["perfect"] += result is not None and judge.good(result)
        for name, number in (result or {}).items():
            totals[name] += number
    needless = totals["needless"] / max(1, totals["values"])
    met = report.verdict(totals["perfect"] == len(truths) and needless <= 0.01)
    return (
        f"{totals['perfect']} of {len(truths)} catalogs perfect; of {totals['values']} values {totals['wrong']} wrong "
        f"({totals['silent']} of them without a doubt) and {totals['needless']} ({needless:.2%}) doubted although right. "
        f"Target: all perfect, at most 1 % doubted: {met}."
    )


def _scored(judge: Any, truth: Path) -> dict[str, int] | None:
    with tempfile.TemporaryDirectory() as folder:
        call = setting.command("run", str(truth.with_name("source.pdf")), "--no-verify", "-o", folder)
        subprocess.run(call, cwd=setting.ROOT, capture_output=True, check=False)
        try:
            result: dict[str, int] = judge.score(truth, Path(folder))
        except (OSError, ValueError):
            return None
        return result


def scorer(path: Path) -> Any:
    """The samples' own scoring program as a module; raises Skipped where it cannot be loaded."""
    spec = importlib.util.spec_from_file_location("score_samples", path)
    if spec is None or spec.loader is None:
        raise setting.Skipped(f"{path.name} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shanghai() -> str:
    """Page tables that are exactly right, structure and text."""
    folder = setting.shared("corpora/shanghai")
    truth = read_truth(folder / "tables.json", printed_only)
    rows = []
    for name, reader in readers.READERS.items():
        found = total(compared(folder, truth, reader, printed_only).values())
        rows.append((name, f"{found.exact} of {found.tables}", *_figures(found)))
    ours = rows[list(readers.READERS).index(OURS)][1]
    met = report.verdict(int(ours.split()[0]) >= 131)
    return f"Target: at least 131 page tables exactly right: {met}.\n\n" + report.table(["reader", "exact", *FIGURES], rows)


def icdar2013() -> str:
    """GriTS and adjacency, for all tables and for those that rules divide."""
    folder = setting.shared("corpora/icdar2013")
    truth = read_truth(folder / "tables.json", _printed_and_trimmed)
    ruled = ruled_tables(RULES)
    told = {name: compared(folder, truth, reader, _printed_and_trimmed) for name, reader in readers.READERS.items()}
    every = {name: total(scores.values()) for name, scores in told.items()}
    some = {name: total(only(scores, ruled).values()) for name, scores in told.items()}
    ahead = all(getter(some[OURS]) > getter(some[name]) for name in some if name != OURS for getter in FIGURES.values())
    return "\n\n".join(
        [
            f"Ahead of both libraries on the ruled tables in every figure: {report.verdict(ahead)}.",
            _icdar_table(f"All {every[OURS].tables} tables", every),
            _icdar_table(f"The {some[OURS].tables} tables whose rows and columns are all divided by rules", some),
            "Pages that hold a true table are scored as a whole: what a reader tells beyond the true tables counts against it "
            "(for the ruled tables on pages that hold no other). Which tables are ruled was judged by eye, from pictures of the "
            "pages (`icdar2013_rules.csv`): `grid` (counted here), `partial` (rules between some rows or columns) or `none`.",
        ]
    )


def _icdar_table(heading: str, found: dict[str, Score]) -> str:
    rows = ((name, *_figures(x), f"{x.exact} of {x.tables}") for name, x in found.items())
    return f"{heading}:\n\n" + report.table(["reader", *FIGURES, "exact"], rows)


FIGURES: dict[str, Callable[[Score], float]] = {
    "GriTS_Top": lambda x: x.top.f1,
    "GriTS_Con": lambda x: x.con.f1,
    "adjacency precision": lambda x: x.adjacency.precision,
    "adjacency recall": lambda x: x.adjacency.recall,
}
PARTS = {"Catalogs (`samples/layouts`)": layouts, "`shanghai`": shanghai, "`icdar2013`": icdar2013}


def _figures(x: Score) -> list[str]:
    return [f"{getter(x):.4f}" for getter in FIGURES.values()]


def _printed_and_trimmed(grid: Grid) -> Grid:
    return trimmed(printed_only(grid))


def read_truth(path: Path, form: Callable[[Grid], Grid]) -> Truth:
    """The accepted readings of each page, in the form in which they are compared."""
    pages: dict[tuple[str, int], dict[str, list[Grid]]] = defaultdict(lambda: defaultdict(list))
    for entry in json.loads(path.read_text(encoding="utf-8")):
        pages[entry["pdf"], entry["page"]][entry.get("variant", "")].append(form(_grid(entry)))
    return {page: list(variants.values()) for page, variants in pages.items()}


def _grid(entry: dict[str, Any]) -> Grid:
    cells = (GridCell(c["row"], c["col"], c["rowspan"], c["colspan"], c["text"]) for c in entry["cells"])
    return Grid(entry["nrows"], entry["ncols"], tuple(cells))


def ruled_tables(path: Path) -> set[tuple[str, int, int]]:
    """(pdf, page, number on the page) of the tables that rules divide."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(r["pdf"], int(r["page"]), int(r["table"])) for r in csv.DictReader(file) if r["rules"] == "grid"}


def compared(folder: Path, truth: Truth, reader: readers.Reader, form: Callable[[Grid], Grid]) -> Scores:
    """What a reader tells of the pages that have a truth, scored against the accepted reading that it comes nearest to."""
    pages: dict[str, set[int]] = defaultdict(set)
    for pdf, page in truth:
        pages[pdf].add(page)
    scores: Scores = {}
    for pdf, numbers in pages.items():
        found = _read(reader, folder / pdf, numbers)
        for page in sorted(numbers):
            told = [form(grid) for grid in found.get(page, [])]
            readings = [score(reading, told) for reading in truth[pdf, page]]
            scores[pdf, page] = best(readings, lambda told: total([told]).con.f1)
    return scores


def _read(reader: readers.Reader, path: Path, pages: Collection[int]) -> readers.Tables:
    """A reader that breaks on a file tells nothing of it."""
    try:
        return reader(path, pages)
    except Exception as error:
        print(f"accuracy: {reader.__name__} on {path.name}: {error!r}")
        return {}


def only(scores: Scores, tables: set[tuple[str, int, int]]) -> Scores:
    """The scores of these tables; what was told beyond them counts where the page holds no other table."""
    found: Scores = {}
    for (pdf, page), told in scores.items():
        mine = [x for k, x in enumerate(told[:-1]) if (pdf, page, k) in tables]
        found[pdf, page] = [*mine, told[-1]] if len(mine) == len(told) - 1 else mine
    return found


def total(scores: Iterable[Sequence[Score]]) -> Score:
    """The sum over all pages."""
    return sum((x for page in scores for x in page), Score())
