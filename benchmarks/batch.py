"""Many documents: the rate with two processes beside one, the memory of a process over the run, and a cluster that loses one.

The documents are samples under other names; one in three is bad, by truncation or by a password. They are not cross-checked:
what is compared is the same work, done by one, by two, and by a cluster of two, one of which is killed on the way.
"""

from __future__ import annotations

import os
import signal
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline import batch
from pipeline.batch import cluster, pool
from pipeline.batch.model import Job, Outcome, Settings

from . import report, setting

TITLE = "Many documents"
DOCUMENTS = 500
KINDS = 6
GAIN = 1.7
SETTINGS = Settings(verify=False)
# From here on a process has met all kinds of documents.
WARM = 50
# A process whose memory grows by less over the rest of the run holds nothing of what it has read.
GROWTH = 1.1


def run() -> str:
    """The section of the report."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write(home / "in", DOCUMENTS)
        jobs = {name: batch.find([f"{home}/in/**/*.pdf"], str(home / name)) for name in ("one", "two", "cluster")}
        rates: dict[int, list[float]] = {1: [], 2: []}
        outcomes: list[Outcome] = []
        for _ in range(setting.repeats(1)):
            for processes, name in ((1, "one"), (2, "two")):
                began = time.perf_counter()
                settings = Settings(verify=False, force=True)
                outcomes = gathered(pool.outcomes(jobs[name], settings, processes), home / name)
                rates[processes].append(DOCUMENTS / (time.perf_counter() - began))
        lost = gathered(with_a_loss(jobs["cluster"]), home / "cluster")
        same = {name: files(home / name) == files(home / "one") for name in ("two", "cluster")}
        return text(rates, outcomes, lost, same)


def write(folder: Path, number: int) -> None:
    """That many documents, a hundred a folder: the smallest samples in turn, every third truncated or encrypted."""
    sources = sorted(setting.shared("samples/layouts").glob("*/source.pdf"), key=lambda path: path.stat().st_size)[:KINDS]
    contents = [path.read_bytes() for path in sources]
    locked = encrypted(folder.with_name("locked.pdf"))
    for k in range(number):
        path = folder / f"{k // 100:02}" / f"{k:05}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = contents[k // 3 * 2 % KINDS if k % 3 == 0 else (k // 3 * 2 + k % 3 - 1) % KINDS]
        bad = locked if k % 6 == 2 else whole[: len(whole) // 2]
        path.write_bytes(bad if k % 3 == 2 else whole)


def encrypted(path: Path) -> bytes:
    """A PDF that asks for a password."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt="secret")
    canvas.drawString(72, 720, "locked")
    canvas.save()
    return path.read_bytes()


def with_a_loss(jobs: Sequence[Job]) -> Iterable[Outcome]:
    """The outcomes of a cluster of two workers, one of which is killed after a fifth of the documents."""
    import distributed

    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=None, dashboard_address="127.0.0.1:0") as two,
        distributed.Client(two) as client,
    ):
        for done, outcome in enumerate(cluster.submitted(client, jobs, SETTINGS), 1):
            yield outcome
            if done == len(jobs) // 5:
                os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)


def gathered(outcomes: Iterable[Outcome], folder: Path) -> list[Outcome]:
    """The outcomes as they came; the files over all of them are written."""
    ledger = batch.Ledger(str(folder))
    came = []
    for outcome in outcomes:
        ledger.add(outcome)
        came.append(outcome)
    ledger.close()
    return came


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def growth(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """Of each process: MiB held (median) over the documents after the first ones, and over as many at the end."""
    found = []
    for process in {outcome.worker for outcome in outcomes[WARM:]}:
        held = [outcome.resident / 2**20 for outcome in outcomes[WARM:] if outcome.worker == process]
        found.append((statistics.median(held[:WARM]), statistics.median(held[-WARM:])))
    return found


def text(rates: dict[int, list[float]], outcomes: Sequence[Outcome], lost: Sequence[Outcome], same: dict[str, bool]) -> str:
    """The figures, and whether the targets are met."""
    one, two = (statistics.median(rates[n]) for n in (1, 2))
    gain = statistics.median(b / a for a, b in zip(rates[1], rates[2], strict=True))
    failed = sum(outcome.state == "failed" for outcome in outcomes)
    held = growth(outcomes)
    flat = all(last <= first * GROWTH for first, last in held)
    rows = [
        ["documents, of them bad", f"{len(outcomes)}, {failed}", ""],
        ["documents a second, one process", f"{one:.2f}", ""],
        ["documents a second, two processes", f"{two:.2f}", ""],
        ["gain", f"{gain:.2f}", f"≥ {GAIN}: {report.verdict(gain >= GAIN)}"],
        [
            f"MiB held by a process after {WARM} documents → at the end",
            ", ".join(f"{first:.0f} → {last:.0f}" for first, last in held),
            f"≤ × {GROWTH}: {report.verdict(flat)}",
        ],
        ["the same files from two processes as from one", "", report.verdict(same["two"])],
        [
            "the same files from a cluster of two, one killed",
            f"{sum(outcome.state == 'kept' for outcome in lost)} found written",
            report.verdict(same["cluster"] and len(lost) == len(outcomes)),
        ],
    ]
    return report.table(["", "", "target"], rows)
