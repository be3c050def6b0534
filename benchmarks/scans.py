"""Scanned catalogs: our engine beside Debian's tesseract on the same pages, in one run.

Both readings go through the same ``normalize``; tesseract gets our grid, since it finds none itself. Values are compared by the
samples' own scoring program. The character error rate is the edit distance between the text values and the true ones, over the
length of the true ones, in canonical text (widths folded, no white space, no list punctuation).
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import raw

from . import children, report, setting, tesseract
from .accuracy import scorer

TITLE = "Scans"
TEXTS = (
    "first_level_item",
    "second_level_item",
    "content_elements",
    "legal_bases",
    "time_limit",
    "disclosing_body",
    "channels_offered",
)
# What was asked for: seconds a page on two cores, MB, and by kind the share of values that are right; silent ones of all.
SECONDS, MEGABYTES, SILENT, NEEDLESS = 2.5, 1024.0, 0.003, 0.15
RIGHT = {"clean": 0.99, "skew": 0.99, "noise": 0.96, "seal": 0.96}
OURS = "catalog (rapidocr)"
THEIRS = "tesseract (chi_sim)"


@dataclass
class Tally:
    """What one reader makes of some scans."""

    counts: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    peak: float = 0.0
    edits: int = 0
    characters: int = 0

    def share(self, name: str) -> float:
        return self.counts[name] / max(1, self.counts["values"])

    @property
    def right(self) -> float:
        return 1 - self.share("wrong")

    @property
    def needless(self) -> float:
        """Doubted values that are right, of all that are right."""
        return self.counts["needless"] / max(1, self.counts["values"] - self.counts["wrong"])


def run() -> str:
    """The section of the report."""
    judge = scorer(setting.shared("tools/score_samples.py"))
    peer = tesseract.installed()
    tallies: dict[tuple[str, str], Tally] = {}
    for truth in sorted(setting.shared("samples/scans").glob("*/truth.json")):
        for reader, tally in measured(judge, truth).items():
            tallies[kind_of(truth.parent.name), reader] = tally
    return text(tallies, peer)


def kind_of(name: str) -> str:
    """``000-scan-clean200-calc-…`` → ``clean``."""
    return name.partition("-scan-")[2].partition("-")[0].rstrip("0123456789")


def measured(judge: Any, truth: Path) -> dict[str, Tally]:
    """One scan, read by each reader."""
    source = truth.with_name("source.pdf")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        call = setting.command("run", str(source), "--no-verify", "-o", str(folder / "ours"))
        ended = children.ended(call)
        document = raw.read(folder / "ours" / "tables.json")
        pages = len(document.pages)
        pictures = _pictures(source)
        found = {OURS: _scored(judge, truth, folder / "ours", pages, ended)}
        timed = tesseract.read_pages(document, pictures)
        out = _normalized(raw.document_to_json(timed.document), folder)
        found[THEIRS] = _scored(judge, truth, out, pages, timed.process)
    return found


def _pictures(source: Path) -> list[Any]:
    """The pages in grey at tesseract's resolution."""
    import pypdfium2

    with pypdfium2.PdfDocument(source) as document:
        return [page.render(scale=tesseract.DPI / 72, grayscale=True).to_pil().convert("L") for page in document]


def _normalized(tables: str, folder: Path) -> Path:
    """The folder of rows that ``catalog normalize`` makes of a reading."""
    path, out = folder / "theirs.json", folder / "theirs"
    path.write_text(tables, encoding="utf-8")
    ended = children.ended(setting.command("normalize", str(path), "-o", str(out)))
    if ended.code not in (0, 1):
        raise RuntimeError(f"normalize ended with {ended.code}: {ended.err[-300:]}")
    return out


def _scored(judge: Any, truth: Path, out: Path, pages: int, ended: children.Ended) -> Tally:
    rows = json.loads(truth.read_text(encoding="utf-8"))["items"]
    path = out / "items.json"
    path.write_text(json.dumps(by_position(json.loads(path.read_text(encoding="utf-8")), rows)), encoding="utf-8")
    edits, characters = character_errors(judge, rows, out)
    return Tally(Counter(judge.score(truth, out)), pages, ended.cpu, ended.wall, ended.peak, edits, characters)


def by_position(items: list[dict[str, Any]], truth: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the true serial numbers where there are as many, so that a misread number does not cost a row. Pure."""
    if len(items) != len(truth):
        return items
    return [item | {"seq": row["seq"]} for item, row in zip(items, truth, strict=True)]


def character_errors(judge: Any, rows: list[dict[str, Any]], out: Path) -> tuple[int, int]:
    """Edit distance over all text values of all rows, and the length of the true ones; a row that is missing is all wrong."""
    from rapidfuzz.distance import Levenshtein

    items, _, _ = judge.read_run(out)
    edits = characters = 0
    for row in rows:
        for name in TEXTS:
            want, got = (_plain(judge, item.get(name)) for item in (row, items.get(str(row["seq"]), {})))
            edits += Levenshtein.distance(want, got)
            characters += len(want)
    return edits, characters


def _plain(judge: Any, value: Any) -> str:
    found = judge.canon(value)
    return "".join(found) if isinstance(found, list) else str(found or "")


def text(tallies: dict[tuple[str, str], Tally], peer: str) -> str:
    """What was asked for and whether it is met, and a table of all kinds and readers. Pure."""
    ours = {kind: tally for (kind, reader), tally in tallies.items() if reader == OURS}
    rows = [
        (
            kind,
            reader,
            f"{tally.cpu / tally.pages:.2f}",
            f"{tally.wall / tally.pages:.2f}",
            f"{tally.peak:.0f}",
            f"{tally.edits / max(1, tally.characters):.2%}",
            f"{tally.right:.2%}",
            f"{tally.share('silent'):.2%}",
            f"{tally.needless:.1%}",
        )
        for (kind, reader), tally in tallies.items()
    ]
    columns = ("kind", "reader", "CPU s a page", "s a page", "peak MB", "character errors", "values right", "silent", "needless")
    return "\n\n".join(
        [
            f"Whole processes; the peer is {peer}, given the cells and headings that our engine finds. *Silent*: wrong without "
            "a doubt, of all values; *needless*: doubted although right, of those that are right.",
            _targets(ours),
            report.table(columns, rows),
        ]
    )


def _targets(ours: dict[str, Tally]) -> str:
    asked = [
        (f"{kind}: at least {share:.0%} of values right", ours[kind].right >= share)
        for kind, share in RIGHT.items()
        if kind in ours
    ]
    total = Tally(sum((tally.counts for tally in ours.values()), Counter()))
    asked.append((f"silent errors under {SILENT:.1%} of all values", total.share("silent") < SILENT))
    if "clean" in ours:
        needless = ours["clean"].needless
        asked.append((f"at most {NEEDLESS:.0%} of the right values of the clean scan doubted", needless <= NEEDLESS))
    # Of each kind, not of all together: quick pages would hide a slow one.
    seconds = max(tally.wall / tally.pages for tally in ours.values())
    asked.append((f"at most {SECONDS} s a page", seconds <= SECONDS))
    asked.append((f"at most {MEGABYTES / 1024:.0f} GB", max(tally.peak for tally in ours.values()) <= MEGABYTES))
    return "\n".join(f"- {what}: {report.verdict(met)}" for what, met in asked)
