"""A process that reads one document after the other, watched by the one that started it.

pdfium is one per process and not made for threads, and some files keep a library busy for ever, fill the memory, or end the
interpreter: so documents are read in processes, and one that takes too long or too much is killed and another one started.
A worker is a new interpreter that is told everything through a pipe: it may be started from any thread, from a process that
``multiprocessing`` forbids to have children (dask's), and no password shows in the list of processes.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import IO, Any

from pipeline.batch import places
from pipeline.batch.model import Job, Outcome, Reason, Settings
from pipeline.batch.work import over_memory, work
from pipeline.errors import CatalogError

# Importing takes a second, and many times that on a busy machine or a network disk.
START_SECONDS = 120.0
_POLL_SECONDS = 0.1
# The watcher looks at the memory in use. What is only reserved may be more; far more is a hostile file, and refused at once.
_RESERVED = 2
_READY = "ready"
# Only after the import path is set can what follows be understood.
_MAIN = """
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from pipeline.batch import worker
worker.serve(pickle.load(sys.stdin.buffer))
"""


class Worker:
    """A process that does jobs, one at a time; it is started when there is one, and anew after it has ended."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._ended = False

    def do(self, job: Job) -> Outcome:
        """Do one job, within its limits; raises CatalogError only where no process can be started."""
        process = self._running()
        self._send(process, job)
        deadline = time.monotonic() + self._settings.seconds
        sha256 = ""
        while True:
            try:
                answer = self._answers.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                over = self._over(process, deadline)
                if over is None:
                    continue
                self._stop(process)
                return _failed(job, sha256, *over, process.pid)
            if isinstance(answer, str):
                sha256 = answer
                continue
            if answer is None:
                self._stop(process)
                return _failed(job, sha256, "crash", _how_ended(process.returncode), process.pid)
            return self._measured(process, answer)

    def end(self) -> None:
        """End the process, also while another thread waits for its answer."""
        self._ended = True
        if self._process:
            self._stop(self._process)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is None:
            return self._process
        if self._process:
            self._stop(self._process)
        if self._ended:
            raise CatalogError("no more documents are read: the work was ended")
        self._answers = queue.SimpleQueue()
        # A session of its own: a Ctrl-C on the terminal is for the one that started it, and all that it starts can be killed.
        process = subprocess.Popen(
            [sys.executable, "-c", _MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._process = process
        Thread(target=_listen, args=(process.stdout, self._answers), daemon=True).start()
        self._send(process, _import_path())
        self._send(process, self._settings)
        try:
            ready = self._answers.get(timeout=START_SECONDS)
        except queue.Empty:
            ready = None
        if ready != _READY or self._ended:
            self._stop(process)
            raise CatalogError(f"a process to read documents with cannot be started ({_how_ended(process.returncode)})")
        return process

    @staticmethod
    def _send(process: subprocess.Popen[bytes], what: Any) -> None:
        assert process.stdin
        # Where the process is gone, the listener says so.
        with suppress(OSError):
            process.stdin.write(pickle.dumps(what))
            process.stdin.flush()

    def _over(self, process: subprocess.Popen[bytes], deadline: float) -> tuple[Reason, str] | None:
        if time.monotonic() > deadline:
            return "time", f"took longer than {self._settings.seconds:g} s and was ended"
        if resident(process.pid) > self._settings.memory:
            return "memory", over_memory(self._settings)
        return None

    def _measured(self, process: subprocess.Popen[bytes], answer: Outcome) -> Outcome:
        """The outcome with the memory that the worker holds; one that holds much, or ran out of it, gives way to a new one."""
        held = resident(process.pid)
        if held > self._settings.memory // 2 or answer.reason in ("memory", "fault"):
            self._stop(process)
        return replace(answer, worker=process.pid, resident=held)

    @staticmethod
    def _stop(process: subprocess.Popen[bytes]) -> None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
        with suppress(OSError):
            assert process.stdin
            process.stdin.close()


def serve(settings: Settings) -> None:
    """The worker's side: do the jobs that come in, and tell each outcome; the end of the pipe is the end of the process."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=0)
    # What a library prints must not get between the answers.
    os.dup2(2, 1)
    _limit_memory(settings.memory * _RESERVED)
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    Thread(target=_receive, args=(jobs,), daemon=True).start()
    _tell(pipe, _READY)
    while True:
        _tell(pipe, work(jobs.get(), settings, lambda sha256: _tell(pipe, sha256)))


def resident(process: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell (proc(5), statm)."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _tell(pipe: Any, answer: Any) -> None:
    pipe.write(pickle.dumps(answer))


def _receive(jobs: queue.SimpleQueue[Job]) -> None:
    try:
        while True:
            jobs.put(pickle.load(sys.stdin.buffer))
    # Whoever wanted the answers has gone, in whatever state the pipe was left.
    finally:
        os._exit(1)


def _listen(stream: IO[bytes], answers: queue.SimpleQueue[Any]) -> None:
    with stream, suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            answers.put(pickle.load(stream))
    answers.put(None)


def _failed(job: Job, sha256: str, reason: Reason, message: str, process: int) -> Outcome:
    results = places.at(job.target)
    results.tidy(results.path(job.target))
    return Outcome(job.document, "failed", sha256, reason=reason, message=message, worker=process)


def _import_path() -> list[str]:
    """Where modules are found here, for a process that may stand elsewhere; this package, also where it was found by ``.``."""
    return [*map(os.path.abspath, sys.path), str(Path(__file__).resolve().parents[2])]


def _how_ended(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"the process that read it was ended by {signal.Signals(-code).name}"
    return f"the process that read it ended with code {code}"


def _limit_memory(most: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
