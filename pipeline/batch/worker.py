"""A process that reads one document after the other, watched by the one that started it.

pdfium is one per process and not made for threads, and some files keep a library busy for ever, fill the memory, or end the
interpreter: so documents are read in processes (``pipeline.guard``), and one that takes too long or too much is ended and
another one started. It may be started from any thread, and from a process that ``multiprocessing`` forbids to have children
(dask's).
"""

from __future__ import annotations

import json
import pickle
import queue
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace
from threading import Thread

from pipeline.batch import places
from pipeline.batch.model import Job, Outcome, Reason, Settings
from pipeline.batch.work import over_memory, work
from pipeline.errors import CatalogError
from pipeline.guard import Child, inside, resident

# Importing takes a second, and many times that on a busy machine or a network disk.
START_SECONDS = 120.0
_POLL_SECONDS = 0.1
_READY = "ready"


class Worker:
    """A process that does jobs, one at a time; it is started when there is one, and anew after it has ended."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: Child | None = None
        self._ended = False

    def do(self, job: Job) -> Outcome:
        """Do one job, within its limits; raises CatalogError only where no process can be started."""
        child = self._running()
        child.tell(job)
        deadline = time.monotonic() + self._settings.seconds
        sha256 = ""
        while True:
            frame = child.hear(_POLL_SECONDS)
            if frame is None:
                over = self._over(child, deadline)
                if over is None:
                    continue
                child.end()
                return _failed(job, sha256, *over, child.pid)
            if frame.kind != inside.SAID:
                child.end()
                return _failed(job, sha256, "crash", child.ended(), child.pid)
            said = json.loads(frame.said)
            if isinstance(said, dict):
                return self._measured(child, Outcome(**said))
            sha256 = str(said)

    def end(self) -> None:
        """End the process, also while another thread waits for its answer."""
        self._ended = True
        if self._child:
            self._child.end()

    def _running(self) -> Child:
        if self._child and self._child.runs():
            return self._child
        if self._child:
            self._child.end()
        if self._ended:
            raise CatalogError("no more documents are read: the work was ended")
        child = self._child = Child.interpreter(serve)
        child.tell(self._settings)
        frame = child.hear(START_SECONDS)
        if frame is None or frame.kind != inside.SAID or self._ended:
            child.end()
            raise CatalogError(f"a process to read documents with cannot be started ({child.ended()})")
        return child

    def _over(self, child: Child, deadline: float) -> tuple[Reason, str] | None:
        if time.monotonic() > deadline:
            return "time", f"took longer than {self._settings.seconds:g} s and was ended"
        if resident(child.pid) > self._settings.memory:
            return "memory", over_memory(self._settings)
        return None

    def _measured(self, child: Child, answer: Outcome) -> Outcome:
        """The outcome with the memory that the worker holds; one that holds much, or ran out of it, gives way to a new one."""
        held = resident(child.pid)
        if held > self._settings.memory // 2 or answer.reason in ("memory", "fault"):
            child.end()
        return replace(answer, worker=child.pid, resident=held)


def serve() -> None:
    """The worker's side: do the jobs that come in, and tell each outcome; the end of the pipe is the end of the process."""
    line = inside.standard_line()
    settings: Settings = pickle.load(sys.stdin.buffer)
    inside.is_child = True
    inside.confine(settings.memory * inside.RESERVED)
    inside.keep_freed()
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    Thread(target=_receive, args=(jobs,), daemon=True).start()
    line.say(_READY)
    while True:
        line.say(asdict(work(jobs.get(), settings, line.say)))


def _receive(jobs: queue.SimpleQueue[Job]) -> None:
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            jobs.put(pickle.load(sys.stdin.buffer))
    # Whoever wanted the answers has gone, in whatever state the pipe was left.
    inside.leave()


def _failed(job: Job, sha256: str, reason: Reason, message: str, process: int) -> Outcome:
    results = places.at(job.target)
    results.tidy(results.path(job.target))
    return Outcome(job.document, "failed", sha256, reason=reason, message=message, worker=process)
