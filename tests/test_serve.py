"""The database over real HTTP, and in a real browser."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import databases
import pytest

from pipeline import serve
from pipeline.db import update
from pipeline.errors import OutputError

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = databases.tree(tmp_path_factory.mktemp("served") / "normalized")
    update(root, root / "catalogs.db")
    return root / "catalogs.db"


@pytest.fixture(scope="module")
def port(database: Path) -> Iterator[int]:
    """The port of a running ``catalog serve``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    command = [sys.executable, "-m", "pipeline", "serve", str(database), "--port", str(number)]
    server = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    try:
        _wait_for(number, server)
        yield number
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(f"catalog serve ended: {server.stderr.read().decode() if server.stderr else ''}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("catalog serve does not listen")


def get(port: int, path: str, **values: str) -> str:
    query = urllib.parse.urlencode(values)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/catalogs{path}?{query}", timeout=30) as response:
        text: str = response.read().decode()
        return text


def rows(port: int, path: str, **values: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(get(port, f"{path}.json", _shape="array", **values))
    return found


@pytest.mark.parametrize(
    ("words", "items"),
    [
        pytest.param("工伤", {"工伤认定", "工伤预防"}, id="two characters"),
        pytest.param("学", {"入学", "转学"}, id="one"),
        pytest.param("工伤 认定", {"工伤认定"}, id="two words"),
        pytest.param('工伤" OR "学', set(), id="a quote"),
    ],
)
def test_a_table_is_searched(words: str, items: set[str], port: int) -> None:
    # 《工伤保险条例》 is a legal basis of every item of the catalog; what is asked for here are the names.
    found = {row["second_level_item"] for row in rows(port, "/items", _search=words)}
    assert {item for item in found if words[0] in item} == items


def test_rows_come_as_csv(port: int) -> None:
    lines = list(csv.DictReader(io.StringIO(get(port, "/items.csv", _search="入学"))))
    assert [line["second_level_item"] for line in lines] == ["入学"]


def test_a_table_has_facets(port: int) -> None:
    facets = json.loads(get(port, "/items.json", _search="工伤"))["facet_results"]
    counts = {value["value"]: value["count"] for value in facets["disclosing_body"]["results"]}
    assert counts == {"人社局": 7}
    assert {"catalog", "current", "first_level_item", "disclosing_body"} <= set(facets)


def test_which_laws_are_cited_by_which_items(port: int) -> None:
    assert {row["law"] for row in rows(port, "/cited", law="")} >= {"《工伤保险条例》", "《义务教育法》"}
    cited = rows(port, "/cited", law="工伤")
    assert {row["law"] for row in cited} == {"《工伤保险条例》"}
    assert {row["second_level_item"] for row in cited} == {"工伤认定", "失业登记", "养老待遇"}


def test_what_changed_last(port: int) -> None:
    found = {(row["side"], row["second_level_item"]) for row in rows(port, "/last_changes")}
    assert found == {("新", "失业登记"), ("旧", "失业登记"), ("新", "养老待遇"), ("旧", "退休申请")}


def test_all_doubtful_values(port: int) -> None:
    found = rows(port, "/doubtful")
    assert {(row["second_level_item"], row["reason"], row["value"]) for row in found} == {
        ("养老待遇", "masked", "20个工作日"),
        ("养老待遇", "masked", "20"),
    }


def test_full_text(port: int) -> None:
    assert {row["second_level_item"] for row in rows(port, "/search", words="工伤认")} == {"工伤认定"}


@pytest.mark.parametrize("query", ["most_cited", "history"])
def test_the_other_queries_run(query: str, port: int) -> None:
    assert rows(port, f"/{query}", item="工伤认定")


def test_nothing_can_be_changed(port: int, database: Path) -> None:
    before = database.read_bytes()
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(port, ".json", sql="delete from items")
    assert refused.value.code in (400, 403)
    assert database.read_bytes() == before


def test_the_connection_is_read_only(database: Path) -> None:
    served = serve.datasette(database)
    connection = served.databases[serve.NAME].connect()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM items")
    writer = served.databases[serve.NAME].connect(write=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        writer.execute("DELETE FROM items")


def test_other_machines_are_not_let_in(port: int) -> None:
    """The address 127.0.0.2 is this machine too, but a server that listens at 127.0.0.1 alone does not answer there."""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


@pytest.mark.parametrize("content", [None, b"", b"text" * 1000])
def test_what_is_no_database_is_told(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(OutputError, match=r"catalog db"):
        serve.application(tmp_path / "x.db")


def test_a_browser_searches_and_follows_a_facet(port: int) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("there is no chromium; `make test` installs it where it may")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/catalogs/items")
        page.fill("input[name=_search]", "工伤")
        page.press("input[name=_search]", "Enter")
        page.wait_for_url("**_search=*")
        assert page.locator("td.col-second_level_item").all_inner_texts().count("工伤认定") == 2
        page.locator(".facet-info[data-column=current] a", has_text="1").first.click()
        page.wait_for_url("**current=1*")
        assert sorted(page.locator("td.col-second_level_item").all_inner_texts()) == ["养老待遇", "失业登记", "工伤认定"]
        browser.close()
