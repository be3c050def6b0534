"""How long the database of 1,000 catalog versions takes, whether the time grows in proportion, and how fast a search is.

The versions are those of ``raw/`` over and over under other names: in each catalog the bodies are called otherwise, and every
second version is the later one, so that something changes between them. Building goes on in one database, a quarter at a time;
a line through nothing but proportion would give each quarter the same time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pipeline
from pipeline.db import search, tables, update

from . import report, setting

TITLE = "Database"
VERSIONS, QUARTERS, OF_CATALOG = 1000, 4, 4
TARGET_GROWTH, TARGET_SEARCH = 1.25, 50.0
QUERIES = ("工伤", "工", "养老保险", "公开事项信息形成", "工伤 申请")
FIRST_PAGE = """SELECT id, first_level_item, second_level_item FROM items
WHERE id IN (SELECT rowid FROM items_search WHERE items_search MATCH ?) ORDER BY id LIMIT 51"""
COUNT = f"SELECT count(*) FROM {tables.SEARCH} WHERE {tables.SEARCH} MATCH ?"
BODY = "人力资源社会保障部门"


def run() -> str:
    """The section of the report."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "normalized"
        sources = _sources(Path(folder) / "made")
        path, seconds = Path(folder) / "catalogs.db", []
        for quarter in range(QUARTERS):
            for number in range(quarter * VERSIONS // QUARTERS, (quarter + 1) * VERSIONS // QUARTERS):
                _copy(sources[number % 2], root, number)
            seconds.append(_timed(lambda: update(root, path)))
        again = _timed(lambda: update(root, path))
        return _text(path, seconds, again)


def _sources(folder: Path) -> list[Path]:
    """The two versions of ``raw/`` as a run writes them."""
    for version in ("2020", "2023"):
        pipeline.run(setting.ROOT / "raw" / "social-insurance" / version / "source.pdf").write(folder / version)
    return [folder / "2020", folder / "2023"]


def _copy(source: Path, root: Path, number: int) -> None:
    """A version of its own: other names of bodies in each catalog, and a package that fits."""
    catalog, index = divmod(number, OF_CATALOG)
    target = root / f"county-{catalog:04}" / str(2020 + index)
    target.mkdir(parents=True)
    package = json.loads((source / "datapackage.json").read_bytes())
    for resource in package["resources"]:
        if resource["path"] == "tables.json":
            continue
        data = (source / resource["path"]).read_text(encoding="utf-8").replace(BODY, f"第{catalog}县{BODY}").encode()
        (target / resource["path"]).write_bytes(data)
        resource["hash"] = "sha256:" + hashlib.sha256(data).hexdigest()
    package["resources"] = [resource for resource in package["resources"] if resource["path"] != "tables.json"]
    (target / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _text(path: Path, seconds: list[float], again: float) -> str:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        items = connection.execute("SELECT count(*) FROM items").fetchone()[0]
        searches = [_search(connection, words) for words in QUERIES]
    growth = seconds[-1] / seconds[0]
    size = path.stat().st_size
    rows = [
        (f"versions {n * VERSIONS // QUARTERS + 1} to {(n + 1) * VERSIONS // QUARTERS}", f"{s:.1f} s")
        for n, s in enumerate(seconds)
    ]
    built = report.table(("building", "time"), [*rows, ("nothing new", f"{again:.2f} s")])
    found = report.table(
        ("searching", "items found", "first page, ms", "with count, ms"),
        [(words, count, f"{page:.1f}", f"{both:.1f}") for words, count, page, both in searches],
    )
    slowest = searches[0][3]
    grown, fast = report.verdict(growth <= TARGET_GROWTH), report.verdict(slowest < TARGET_SEARCH)
    return f"""{VERSIONS} versions, {items:,} items, {size / 1e6:,.0f} MB, {1000 * sum(seconds) / VERSIONS:.0f} ms a version.

{built}

The last quarter takes {growth:.2f} times as long as the first (target: at most {TARGET_GROWTH}): {grown}.

{found}

{QUERIES[0]} over {items:,} items: {slowest:.1f} ms (target: below {TARGET_SEARCH:.0f} ms): {fast}."""


def _search(connection: sqlite3.Connection, words: str) -> tuple[str, int, float, float]:
    """Words, how many items are found, and milliseconds for the first page of them, without and with their number."""
    expression = [search.matching(words)]
    count = connection.execute(COUNT, expression).fetchone()[0]
    page, both = [], []
    for _ in range(setting.repeats(15)):
        page.append(_timed(lambda: connection.execute(FIRST_PAGE, expression).fetchall()))
        both.append(page[-1] + _timed(lambda: connection.execute(COUNT, expression).fetchone()))
    return words, count, 1000 * statistics.median(page), 1000 * statistics.median(both)
