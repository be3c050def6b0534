"""The line from a seed to sample folders. Reads as a table of contents."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import check, docx, dump, html, render, sheet, truth, xlsx
from .catalog import Catalog, Plan, build
from .layout import RENDERERS, Layout, draw
from .words import words

ATTEMPTS = 6
_PAGES = 30


@dataclass(frozen=True)
class Case:
    """One sample to be set; ``variations`` names what was made otherwise than the samples are."""

    number: int
    catalogs: list[Catalog]
    layout: Layout
    variations: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.number:03d}-{self.layout.renderer}-{self.catalogs[0].domain}"


def layouts(folder: Path, count: int, seed: int) -> Iterator[str]:
    """Write ``count`` layout samples, renderers in turn; a line for each that is written or drawn again."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(range(count))
    for attempt in range(ATTEMPTS):
        cases = [draw_case(number, seed, attempt) for number in wanted]
        with tempfile.TemporaryDirectory() as scratch:
            pdfs = print_cases(cases, Path(scratch))
            reasons = {case.number: unfair(case, pdf) for case, pdf in zip(cases, pdfs, strict=True)}
            for case, pdf in zip(cases, pdfs, strict=True):
                reason = reasons[case.number]
                if not reason:
                    _write(folder / case.name, case, pdf)
                yield f"{case.name}: {reason or 'written'}"
        wanted = [number for number in wanted if reasons[number]]


def draw_case(
    number: int, seed: int | str, attempt: int = 0, rows: tuple[int, int] = (18, 60), renderer: int | None = None
) -> Case:
    """The case of a number and a seed; each attempt is another draw. ``renderer`` counts them in turn (None: by the number)."""
    rng = random.Random(f"{seed}/layout/{number}/{attempt}")
    vocabulary = words()
    layout = draw(rng, RENDERERS[(number if renderer is None else renderer) % len(RENDERERS)])
    domains = rng.sample(sorted(vocabulary.domains), layout.tables)
    count = rng.randint(14, 22) if layout.repeat_cells else rng.randint(*rows) // layout.tables
    plan = plan_for(rng, layout, count)
    catalogs: list[Catalog] = []
    for domain in domains:
        follow = rng.random() < 0.5
        start = catalogs[-1].rows[-1].seq + 1 if catalogs and follow else 1
        catalogs.append(build(rng, vocabulary, domain, replace(plan, first_seq=start)))
    if layout.renderer in ("chromium", "weasyprint") and rng.random() < 0.3:
        layout = replace(layout, watermark=rng.choice(vocabulary.watermarks))
    return Case(number, catalogs, layout)


def plan_for(rng: random.Random, layout: Layout, rows: int) -> Plan:
    return Plan(
        rows=rows,
        blocks=rng.choice(("shared", "shared", "shared", "own", "row")) if rows < 30 else rng.choice(("shared", "shared", "own")),
        running=rng.choice(("long", "long", "block")),
        third="third_level_item" in layout.cols,
        full=layout.chanstyle.startswith("full"),
        plain=layout.lawstyle in ("、", "；", "numbered", "lines") and rng.random() < 0.3,
        named_group=rng.random() < 0.12,
        short_elements=6 if layout.elemstyle == "lines" else 0,
        comma=layout.elemstyle not in ("、", "lines"),
    )


def print_cases(cases: list[Case], scratch: Path) -> list[Path]:
    """Set all cases; LibreOffice converts its documents in one call a kind."""
    pdfs = [scratch / f"{case.number}.pdf" for case in cases]
    office: dict[str, list[Path]] = {"writer": [], "calc": []}
    for case, pdf in zip(cases, pdfs, strict=True):
        renderer = case.layout.renderer
        if renderer in office:
            source = pdf.with_suffix(".docx" if renderer == "writer" else ".xlsx")
            (docx if renderer == "writer" else xlsx).write(source, case.catalogs, case.layout)
            office[renderer].append(source)
        else:
            source = pdf.with_suffix(".html")
            source.write_text(html.page(case.catalogs, case.layout), encoding="utf-8")
            (render.chromium if renderer == "chromium" else render.weasyprint)(source, pdf)
    for sources in office.values():
        render.libreoffice(sources)
    for case, pdf in zip(cases, pdfs, strict=True):
        if pdf.exists() and (case.layout.turn or any(case.layout.offset)):
            sheet.relay(pdf, case.layout.turn, case.layout.offset)
    return pdfs


def unfair(case: Case, pdf: Path) -> str:
    """Why a printed case cannot be judged, or ""."""
    if not pdf.exists():
        return "the renderer gave no PDF"
    layer = check.text_layer(pdf)
    if len(layer) > _PAGES:
        return f"{len(layer)} pages"
    lost = check.missing(layer, case.catalogs, case.layout)
    if lost:
        return f"not in the text layer: {''.join(sorted(lost.elements()))[:40]}"
    over = check.overprinted(pdf) if case.layout.renderer == "writer" else []
    return f"printed over each other: {' '.join(over[:10])}" if over else ""


def _write(folder: Path, case: Case, pdf: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(pdf, folder / "source.pdf")
    write_json(folder / "layout.json", case.layout.as_json())
    write_json(folder / "truth.json", truth.document(case.catalogs, case.layout.cols, case.layout.title))


def write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def dumps(folder: Path, count: int, seed: int) -> Iterator[str]:
    """Write ``count`` text dumps; a line for each."""
    for number in range(count):
        rng = random.Random(f"{seed}/dump/{number}")
        domain = rng.choice(sorted(words().domains))
        catalog = build(rng, words(), domain, Plan(rows=rng.randint(20, 60), comma=False))
        text, facts = dump.damaged(rng, catalog)
        target = folder / f"{number:03d}-dump-{domain}"
        target.mkdir(parents=True, exist_ok=True)
        (target / "source.txt").write_text(text, encoding="utf-8")
        write_json(target / "truth.json", facts)
        yield f"{target.name}: {', '.join(facts['damages'])}"
