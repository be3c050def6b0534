"""How long a decision on the review page takes: until it is on disk, and until the page in a browser shows it.

The catalog is ``raw/social-insurance/2020`` (77 rows, 7 pages). Each decision corrects a value through real HTTP and is taken
back; what is measured is the answer, which comes when everything is on disk, and the CPU time of the server for it. In a
browser the clock runs from the click to the moment the changed value stands in the page. Wall times depend on what else the
machine does; the load beside them says how much that was.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil

import pipeline

from . import report, setting

TITLE = "Review"
TARGET = 300.0
ROW, FIELD = 17, "time_limit"
# Clicks, and waits for the value to stand in the page; gives milliseconds.
CLICKED = """async ([cell, wanted]) => {
  const began = performance.now();
  document.querySelector("button[name=correct]").click();
  while (document.getElementById(cell).dataset.value !== wanted) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def run() -> str:
    """The section of the report."""
    repeats = setting.repeats(15)
    with tempfile.TemporaryDirectory() as folder, served(tree(Path(folder))) as (address, server):
        client = Client(address)
        client.decided("16个工作日内")
        began = _cpu(server)
        times = [client.decided(f"{n + 20}个工作日内") for n in range(repeats)]
        cpu = (_cpu(server) - began) / (2 * repeats) * 1000
        shown = in_browser(address, repeats)
    load = os.getloadavg()[0]
    rows = [("answered (on disk)", _told(times), report.verdict(statistics.median(times) < TARGET))]
    if shown:
        rows.append(("shown in Chromium after the click", _told(shown), report.verdict(statistics.median(shown) < TARGET)))
    rows.append(("CPU time of the server", f"{cpu:.0f} ms", report.verdict(cpu < TARGET)))
    note = f"Load of the machine while it ran: {load:.1f} on {os.cpu_count()} cores. Target: under {TARGET:.0f} ms."
    return report.table(("a decision", "median (fastest)", "target"), rows) + "\n\n" + note


def tree(root: Path) -> Path:
    """The output folder of the catalog in a tree of its own."""
    home = root / "raw" / "social-insurance" / "2020"
    shutil.copytree(setting.ROOT / "raw" / "social-insurance" / "2020", home)
    pipeline.run(home / "source.pdf").store()
    return root / "normalized" / "social-insurance" / "2020"


@contextmanager
def served(output: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a running server, and its process."""
    command = setting.command("review", str(output), "--port", "0")
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    try:
        assert server.stderr is not None
        found = re.search(r"http://\S+", server.stderr.readline())
        if not found:
            raise RuntimeError(f"catalog review did not start: {server.stderr.read()}")
        yield found[0], psutil.Process(server.pid)
    finally:
        server.terminate()
        server.communicate(timeout=20)


class Client:
    """Talks to the server as its page does."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._port, self._token = parts.port or 0, parse_qs(parts.query)["token"][0]

    def decided(self, value: str) -> float:
        """How many milliseconds a correction takes; it is taken back."""
        began = time.perf_counter()
        answer = self.correct(ROW, FIELD, value)
        took = (time.perf_counter() - began) * 1000
        self._post("/api/undo", {"undo": answer["undo"], "revision": answer["revision"]})
        return took

    def correct(self, row: int, field: str, value: str) -> dict[str, Any]:
        """Say what a value is; the server's answer."""
        return self._post("/api/decisions", {"row": row, "field": field, "action": "correct", "value": value})

    def _post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port)
        headers = {"X-Catalog-Token": self._token, "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(data), headers)
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {answer}")
        return answer


def in_browser(address: str, repeats: int) -> list[float]:
    """The milliseconds from click to sight; [] where there is no browser."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        return []
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        cell, times = f"v{ROW}-{FIELD}", []
        page.click("#tab-rows")
        page.click(f"#{cell}")
        for number in range(repeats):
            value = f"{number + 50}个工作日内"
            page.fill("[name=value]", value)
            times.append(float(page.evaluate(CLICKED, [cell, value])))
            page.wait_for_selector("#told.good")
        browser.close()
    return times


def _cpu(server: psutil.Process) -> float:
    spent = server.cpu_times()
    return spent.user + spent.system


def _told(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ms ({min(times):.0f})"
