"""A small catalog under review: what the tests of the desk, of its server and of its page in a browser share."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pdfs import Sheet, Span, Table, draw

import pipeline
from pipeline import catalog, correct
from pipeline.model import Issue, Record
from pipeline.review import Desk

HEADINGS = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道"]
EVIL = '<img src=x onerror="document.title=1">'
ITEMS = ["参保登记", "待遇申领", "关系转移", "待遇申领", EVIL]
LIMITS = ["*个工作日内", "20日内", "20日内", "20日内", "7日内"]
BODIES = ["人社局", "人社局", "人社局", "医保屆", "医保局"]
OUT, LOOKUPS = Path("normalized/si/2020"), Path("raw/si/2020/lookups.csv")
READING = "医保局"


def pdf(path: Path) -> Path:
    """Five rows on one page: a masked limit in row 1, one body merged over rows 1 to 3, rows 2 and 4 alike, row 5 hostile."""
    spans = [Span(0, col, text) for col, text in enumerate(HEADINGS)]
    for row, item in enumerate(ITEMS, 1):
        cells = {0: str(row), 1: "社保", 2: item, 3: "办理材料", 4: "《社会保险法》", 5: LIMITS[row - 1], 7: "■政府网站□公示栏"}
        spans += [Span(row, col, text) for col, text in cells.items()]
    spans += [Span(1, 6, BODIES[0], row_span=3), Span(4, 6, BODIES[3]), Span(5, 6, BODIES[4])]
    xs = [20, 50, 100, 260, 330, 410, 480, 550, 640]
    return draw(path, Sheet([Table(xs, [40 + 30 * n for n in range(7)], spans)], size=(660, 300)))


def tree(root: Path) -> Path:
    """A tree with that catalog, of which another engine reads the body of row 4 otherwise."""
    home = root / "raw" / "si" / "2020"
    home.mkdir(parents=True)
    made = pipeline.run(pdf(home / "source.pdf"))
    (page,) = made.document.pages
    (table,) = page.tables
    doubted = next(cell for cell in table.cells if cell.text == BODIES[3])
    cells = tuple(replace(cell, doubt="verify") if cell is doubted else cell for cell in table.cells)
    message = f"page 1: lattice reads “{BODIES[3]}”, but pdfplumber reads “{READING}”; compare with the page"
    issue = Issue("verify", "warning", message, place=doubted.place, readings=(("pdfplumber", READING),))
    page = replace(page, tables=(replace(table, cells=cells),), issues=(*page.issues, issue))
    document = replace(made.document, pages=(page,))
    catalog.from_document(document, made.source, made.profile, "all").store()
    return root


def desk(root: Path) -> Desk:
    return Desk(correct.find(root / OUT))


def items(root: Path, field: str) -> list[Any]:
    return [item[field] for item in json.loads((root / OUT / "items.json").read_bytes())]


def lines(root: Path) -> list[dict[str, str]]:
    """The lines of lookups.csv beside the source."""
    if not (root / LOOKUPS).is_file():
        return []
    with (root / LOOKUPS).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def issues(root: Path) -> list[tuple[str, str]]:
    with (root / OUT / "issues.csv").open(encoding="utf-8", newline="") as file:
        return [(line["code"], line["field"]) for line in csv.DictReader(file)]


def values(desk: Desk, field: str) -> list[str]:
    """The values of a field, with ? where they are doubted."""
    rows = desk.state.view.rows
    cells = (cell for row in rows for cell in row.cells if cell.column.field == field)
    return [cell.text + "?" * bool(cell.doubt) for cell in cells]


def record(desk: Desk, row: int) -> Record:
    return desk.state.record(row)


@contextmanager
def served(root: Path, *options: str) -> Iterator[str]:
    """The address that a running ``catalog review`` prints."""
    command = [sys.executable, "-m", "pipeline", "review", str(root / OUT), "--port", "0", *options]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        told = server.stderr.readline()
        found = re.search(r"http://\S+", told)
        assert found, told + (server.stderr.read() if server.poll() is not None else "")
        yield found[0]
    finally:
        server.terminate()
        server.communicate(timeout=20)
