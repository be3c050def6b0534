"""The section of the report: edits found, 20,000 rows against 20,000, and the peers on the same tables."""

from __future__ import annotations

import csv
import json
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import children, report, setting
from benchmarks.diff.edits import Edited, Item, draw_catalog, edit, records
from benchmarks.diff.score import Tally
from pipeline import profile
from pipeline.diff import diff
from pipeline.export import items_json
from pipeline.export.text import plain

CASES, HARD_CASES, LARGE, MIDDLE = 1000, 300, 20_000, 2_000
SHARES = (0.04, 0.08, 0.15)
TARGET_FOUND, TARGET_SECONDS, TARGET_MB = 0.99, 10.0, 1024.0
PATIENCE = 120.0
NAME = "second_level_item"
KINDS = ("added", "removed", "renamed", "moved", "changed")


def section() -> str:
    """All of it, as Markdown."""
    tally, hard, large = _found(), _found_hard(), edit(_counties(LARGE), random.Random("large"), 0.05)
    with tempfile.TemporaryDirectory() as folder:
        inside, whole = _large(large, Path(folder))
        sizes = [_sample(), edit(_counties(MIDDLE), random.Random("middle"), 0.05), large]
        beside = [row for edited in sizes for row in _beside(edited, Path(folder))]
    return "\n\n".join([_found_text(tally), _hard_text(hard), _large_text(inside, whole), _beside_text(beside)])


def _found() -> Tally:
    family, tally = profile.load(), Tally()
    for case in range(CASES):
        rng = random.Random(f"case/{case}")
        edited = edit(draw_catalog(rng), rng, rng.choice(SHARES))
        tally.add(edited, diff(records(edited.old), records(edited.new), family))
    return tally


def _found_hard() -> Tally:
    """The real catalog, in which most rows say the same, with renamings that leave 60 % of a name."""
    family, tally, items = profile.load(), Tally(), _sample().old
    for case in range(HARD_CASES):
        rng = random.Random(f"hard/{case}")
        edited = edit(items, rng, rng.choice(SHARES), hard=True)
        tally.add(edited, diff(records(edited.old), records(edited.new), family))
    return tally


def _hard_text(tally: Tally) -> str:
    return f"""The sample of 2020, in which most rows say the same, with every renaming replacing 40 % of the name: of
{tally.made.total():,} edits {tally.share:.2%} found ({tally.doubtful.total()} of them as doubtful),
{tally.invented.total()} invented."""


def _found_text(tally: Tally) -> str:
    rows = [
        (kind, tally.made[kind], f"{tally.found[kind] / tally.made[kind]:.2%}", tally.doubtful[kind], tally.invented[kind])
        for kind in KINDS
    ]
    every = (tally.made.total(), f"{tally.share:.2%}", tally.doubtful.total(), tally.invented.total())
    table = report.table(("edit", "made", "found", "of them as doubtful", "invented"), [*rows, ("all", *every)])
    met = report.verdict(tally.share >= TARGET_FOUND and tally.invented.total() < tally.made.total() / 1000)
    return f"""{CASES} catalogs of 10 to 90 rows, edited at random: rows renamed by up to 40 % of their characters, added,
removed, moved, fields changed, several of it in one row. {TARGET_FOUND:.0%} of the edits found and none invented (fewer than
one in a thousand): {met}.

{table}"""


def _counties(rows: int) -> list[Item]:
    """Catalogs of many counties one below the other; each item's name also tells its county, so that keys are unique."""
    rng, items, county = random.Random("counties"), list[Item](), 0
    while len(items) < rows:
        county += 1
        items += [{**item, NAME: f"{item[NAME]}（{county}县）"} for item in draw_catalog(rng) if not item.get("third_level_item")]
    unique = {(item["first_level_item"], item[NAME]): item for item in items}
    return list(unique.values())[:rows]


def _sample() -> Edited:
    """The two versions of ``raw/``; which item was renamed is known."""
    import pipeline

    home = setting.ROOT / "raw" / "social-insurance"
    old, new = ([record.fields for record in pipeline.run(home / version / "source.pdf").records] for version in ("2020", "2023"))
    known = json.loads((setting.ROOT / "tests/golden/social-insurance/changes-2020-2023.json").read_bytes())
    rows = {item[NAME]: number for number, item in enumerate(old)}
    names = {entry["new"]: entry["old"] for entry in known if entry["kind"] == "renamed"}
    origin = [rows.get(names.get(item[NAME], item[NAME])) for item in new]
    return Edited(old, new, origin, renamed={rows[name] for name in names.values()})


# What a child process does: compare two files of rows in memory, and tell how long that took.
_INSIDE = """
import json, sys, time
from benchmarks.diff.edits import records
from pipeline import profile
from pipeline.diff import diff
old, new = (records(json.load(open(name, encoding="utf-8"))) for name in sys.argv[1:3])
family, began = profile.load(), time.perf_counter()
diff(old, new, family)
print(time.perf_counter() - began)
"""


def _large(edited: Edited, folder: Path) -> tuple[tuple[float, float], children.Ended]:
    """Seconds and peak MB of a comparison in memory, and the whole command, which also reads and writes."""
    old, new = _json(edited.old, folder / "large-old"), _json(edited.new, folder / "large-new")
    calls = [sys.executable, "-c", _INSIDE, str(old), str(new)], setting.command("diff", *_parents(old, new, folder))
    inside, whole = ([children.ended(call) for _ in range(setting.repeats(3))] for call in calls)
    return min((float(ended.out), ended.peak) for ended in inside), min(whole, key=lambda ended: ended.wall)


def _parents(old: Path, new: Path, folder: Path) -> tuple[str, ...]:
    return str(old.parent), str(new.parent), "-o", str(folder / "out")


def _large_text(inside: tuple[float, float], whole: children.Ended) -> str:
    met = report.verdict(whole.wall < TARGET_SECONDS and max(whole.peak, inside[1]) < TARGET_MB)
    rows = [
        ("`diff(old, new)`, records in memory", f"{inside[0]:.1f}", "", f"{inside[1]:.0f}"),
        ("`catalog diff OLD NEW -o DIR`, whole process", f"{whole.wall:.1f}", f"{whole.cpu:.1f}", f"{whole.peak:.0f}"),
    ]
    table = report.table(("20,000 rows against 20,000", "wall s", "CPU s", "peak MB"), rows)
    return f"Under {TARGET_SECONDS:.0f} s and {TARGET_MB:.0f} MB (the quickest of several runs): {met}.\n\n{table}"


@dataclass(frozen=True, slots=True)
class _Measured:
    """One program on one pair of tables: how many of ``renames`` it reports as renames."""

    rows: int
    program: str
    ended: children.Ended
    found: int
    renames: int


def _beside(edited: Edited, folder: Path) -> list[_Measured]:
    home = Path(tempfile.mkdtemp(dir=folder))
    tables = _csv(edited.old, home / "old.csv"), _csv(edited.new, home / "new.csv")
    pages = _json(edited.old, home / "old"), _json(edited.new, home / "new")
    out = home / "out"
    rows, renames = len(edited.old), _renames(edited)
    calls: list[tuple[str, Sequence[str], Callable[[Path], set[tuple[str, str]]]]] = [
        ("catalog diff", setting.command("diff", *map(str, pages), "--format", "json"), _told_by_us),
        ("daff", ["daff", "--output-format", "csv", *map(str, tables)], _told_by_daff),
        ("csv-diff, by name", ["csv-diff", *map(str, tables), "--key", NAME, "--json"], _told_by_csv_diff),
    ]
    measured = []
    for program, call, told in calls:
        if program != "catalog diff" and not find_spec(program.split(",")[0].replace("-", "_")):
            raise setting.Skipped(f"{program.split(',')[0]} is not installed: pip install daff csv-diff")
        first = call[0] if program == "catalog diff" else str(Path(sys.executable).with_name(call[0]))
        ended = children.ended(["/bin/sh", "-c", 'exec "$@" > "$0"', str(out), first, *call[1:]], seconds=PATIENCE)
        found = len(told(out) & renames) if not ended.timed_out else 0
        measured.append(_Measured(rows, program, ended, found, len(renames)))
    return measured


def _renames(edited: Edited) -> set[tuple[str, str]]:
    place = {origin: row for row, origin in enumerate(edited.origin) if origin is not None}
    return {(edited.old[row][NAME], edited.new[place[row]][NAME]) for row in edited.renamed}


def _told_by_us(out: Path) -> set[tuple[str, str]]:
    content = json.loads(out.read_bytes())
    return {(e["old"], e["new"]) for e in (*content["changes"], *content["doubtful"]) if e["kind"] == "renamed"}


def _told_by_daff(out: Path) -> set[tuple[str, str]]:
    """A cell that holds the old name, an arrow and the new one."""
    with out.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    header = next(line for line in lines if "@@" in line)
    column = header.index(NAME)
    cells = (line[column] for line in lines if len(line) == len(header) and any(cell.endswith("->") for cell in line[:2]))
    return {(old.rstrip("-"), new) for old, arrow, new in (cell.partition("->") for cell in cells) if arrow}


def _told_by_csv_diff(out: Path) -> set[tuple[str, str]]:
    """A row is another row where its key is: renames can only be told where the key did not change."""
    changed = json.loads(out.read_bytes())["changed"]
    return {tuple(entry["changes"][NAME]) for entry in changed if NAME in entry["changes"]}


def _beside_text(measured: Sequence[_Measured]) -> str:
    rows = [
        (
            f"{one.rows:,}",
            one.program,
            f"over {PATIENCE:.0f}" if one.ended.timed_out else f"{one.ended.wall:.2f}",
            f"{one.ended.cpu:.2f}" if not one.ended.timed_out else "",
            f"{one.ended.peak:.0f}" if not one.ended.timed_out else "",
            "–" if one.ended.timed_out else f"{one.found} of {one.renames}",
        )
        for one in measured
    ]
    table = report.table(("rows", "program", "wall s", "CPU s", "peak MB", "renames told as renames"), rows)
    return f"""Whole processes on the same tables: the sample 2020 → 2023, and catalogs of many counties, edited at random. Row
and serial numbers are left out of the CSV files, since every program but this one would report each of them.

{table}"""


def _json(items: Sequence[Item], folder: Path) -> Path:
    folder.mkdir()
    (folder / "items.json").write_text(items_json.text(records(items)), encoding="utf-8")
    return folder / "items.json"


def _csv(items: Sequence[Item], path: Path) -> Path:
    names = [name for name in dict.fromkeys(name for item in items for name in item) if name not in ("row", "seq")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer: Any = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([plain(item.get(name)) for name in names] for item in items)
    return path
