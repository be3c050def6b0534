"""One piece of work in a child, watched: its result, or why there is none."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from pipeline import errors
from pipeline.engines.base import Progress
from pipeline.errors import CatalogError, CrashError, FaultError, LimitError
from pipeline.guard import inside
from pipeline.guard.child import Child, Frame
from pipeline.limits import Limits

# Importing takes a second or two in a new interpreter, and several times that on a busy machine.
START_SECONDS = 12.0
_POLL_SECONDS = 0.05
# Cleaning takes its time for each page that was read.
_CLEANING_SECONDS = 0.5
# What C++ ends with when it gets no memory, or does not believe what it sees.
_GAVE_UP = ("SIGABRT", "SIGTRAP", "SIGILL")
# What a process that ran out of memory had when it was refused more.
_NEARLY = 0.7
# Bytes by which Linux, which counts pages for each thread by itself, may be behind.
_UNCOUNTED = 4 << 20


def call(work: inside.Work, limits: Limits, name: str, progress: Progress | None = None) -> bytes:
    """What ``work`` gives, done in a child within these limits; ``name`` is the file to blame.

    ``work`` is a function of a module, or a ``functools.partial`` of one: another interpreter must find it. Raises what it
    raises of ``CatalogError``; LimitError where it took too much, CrashError where it ended the process. In a child
    it is done right there.
    """
    if inside.is_child:
        return work(progress or (lambda done, total: None))
    going = Call(work, limits, name)
    try:
        return going.result(progress)
    finally:
        going.end()


class Call:
    """A piece of work that is going on in a child."""

    def __init__(
        self, work: inside.Work, limits: Limits, name: str, forks: bool | None = None, grace: float = START_SECONDS
    ) -> None:
        self._limits = limits
        self._name = name
        self._began = time.monotonic()
        self._cleaning = 0.0
        self._patience = 1.0
        self._peak_before = 0
        self._heard, self._waited_before = 0.0, 0.0
        if may_fork() if forks is None else forks:
            # A copy begins with all that this process holds.
            self._inherited = inside.resident(os.getpid())
            self._child = Child.forked(partial(inside.serve, work, limits))
            self._grace = 0.0
        else:
            self._inherited = 0
            self._child = Child.interpreter(inside.main)
            # Until it is an interpreter of its own, the child is this process, and its peak is ours (getrusage(2), execve(2)):
            # that of now, since starting it takes memory too, and as far as the system counts it.
            self._peak_before = inside.peak() + _UNCOUNTED
            self._child.tell((work, limits))
            self._grace = grace

    def result(self, progress: Progress | None = None, beat: Callable[[], object] = lambda: None) -> bytes:
        """Waits for what comes of it; see ``call``. ``beat`` is called now and then while it waits."""
        while True:
            frame = self._child.hear(_POLL_SECONDS)
            beat()
            if frame is None:
                self._watch()
            elif frame.kind == inside.PATIENCE:
                self._grace, self._patience = 0.0, float(json.loads(frame.said))
            elif frame.kind == inside.PROGRESS:
                done, total = _numbers(frame.said)
                self._grace, self._cleaning = 0.0, total * _CLEANING_SECONDS if done >= total else 0.0
                self._watch()
                if progress:
                    progress(done, total)
            else:
                return self._settled(frame)

    def end(self) -> None:
        """End the child if it still runs."""
        self._child.end()

    def _watch(self) -> None:
        """Raises LimitError for what can be seen from outside.

        The time in which the child waits for a processor is not its own: on a crowded machine, what takes three seconds is
        silent for a minute.
        """
        limits, clock, waited = self._limits, time.monotonic(), inside.waited(self._child.pid)
        if self._child.heard != self._heard:
            self._heard, self._waited_before = self._child.heard, waited
        if clock - self._began - waited > limits.seconds + self._grace:
            raise self._over("seconds", f"took longer than {limits.seconds:g} s")
        silent = limits.page_seconds * self._patience + self._cleaning
        if clock - self._heard - max(0.0, waited - self._waited_before) > silent + self._grace:
            raise self._over("page_seconds", f"was silent for over {silent:.0f} s")
        if inside.resident(self._child.pid) - self._inherited > limits.bytes:
            raise self._out_of_memory()

    def _settled(self, frame: Frame) -> bytes:
        if frame.kind == inside.DONE:
            return frame.said
        if frame.kind == inside.REFUSED:
            raise self._refusal(frame.said)
        if frame.kind == inside.FAULT:
            raise FaultError(*_pair(frame.said))
        self._child.end()
        raise self._death()

    def _refusal(self, said: bytes) -> CatalogError:
        kind, message = _pair(said)
        if (kind, message) == (LimitError.__name__, "memory"):
            return self._out_of_memory()
        found = getattr(errors, kind, CatalogError)
        return found(message) if isinstance(found, type) and issubclass(found, CatalogError) else CatalogError(message)

    def _death(self) -> CatalogError:
        told = self._child.ended()
        if told.endswith("SIGXCPU"):
            return self._over("seconds", f"took longer than {self._limits.seconds:g} s")
        own = self._child.peak - self._inherited if self._child.peak > self._peak_before else 0
        if own > _NEARLY * self._limits.bytes:
            return self._out_of_memory()
        asked = f", or asked for more than {self._limits.memory:g} MiB of memory" if told.endswith(_GAVE_UP) else ""
        advice = f"it breaks the reader{asked}; print it into a new PDF, or take another --engine"
        return CrashError(f"{self._name}: {told}: {advice}", self._child.code or 0)

    def _out_of_memory(self) -> LimitError:
        return self._over("memory", f"took more than {self._limits.memory:g} MiB of memory")

    def _over(self, limit: str, told: str) -> LimitError:
        most = getattr(self._limits, limit)
        advice = f"if it is no bomb, --limit {limit}={2 * most:g} allows more"
        return LimitError(f"{self._name}: {told} and was ended; {advice}", limit, most)


def may_fork() -> bool:
    """Whether a copy of this process is safe: a lock that another thread holds would never be let go of in the copy.

    Apple's libraries start threads of their own and end a copy that uses them, so only Linux tells enough.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    with suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1
    return False


def _numbers(said: bytes) -> tuple[int, int]:
    done, total = json.loads(said)
    return int(done), int(total)


def _pair(said: bytes) -> tuple[str, str]:
    kind, message = json.loads(said)
    return str(kind), str(message)
