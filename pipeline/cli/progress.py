"""A progress bar on stderr, for whatever takes longer than a second on a terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.engines.base import Progress

PATIENCE = 1.0


@contextmanager
def bar(name: str) -> Iterator[Progress]:
    """A function to call with pages done and pages in all; the bar shows itself after a second and goes away at the end."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"), TimeElapsedColumn())
    display = Progress(*columns, console=Console(stderr=True), transient=True)
    task = display.add_task(f"{name}: reading", total=None)

    def advance(done: int, total: int) -> None:
        # Not before: a process with a second thread cannot be copied safely, and a copy is what reads.
        if not timer.ident:
            timer.start()
        step = "cleaning" if done >= total else "reading"
        display.update(task, completed=done, total=total, description=f"{name}: {step}")

    timer = threading.Timer(PATIENCE, display.start)
    timer.daemon = True
    try:
        yield advance
    finally:
        if timer.ident:
            timer.cancel()
            timer.join()
        if display.live.is_started:
            display.stop()
