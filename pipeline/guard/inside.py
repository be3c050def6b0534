"""The child's side: it limits itself, works, says what comes of it, and never outlives the one that started it."""

from __future__ import annotations

import json
import os
import pickle
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from pipeline.engines.base import Progress
from pipeline.errors import CatalogError, LimitError
from pipeline.limits import Limits, applied, watched

Work = Callable[[Progress], bytes]
"""One piece of work: it is given a function to tell pages done and pages in all, and gives bytes."""

# A frame: its kind, the length of what follows, and that.
HEADER = struct.Struct(">cQ")
PROGRESS, PATIENCE, DONE, REFUSED, FAULT, SAID = b"p", b"a", b"d", b"r", b"f", b"s"
# Characters of a trace that are told: its end says where it was.
_TRACE = 8_000
# A library may use as many processors as there are, each of which counts.
_PROCESSORS = os.cpu_count() or 1
_PR_SET_PDEATHSIG = 1
# Of malloc.h; bytes. A larger block than the first is given back at once (it is the most that glibc takes there).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST_KEPT, _MOST_KEPT = 32 << 20, 64 << 20
# The watcher looks at the memory in use. What is only reserved may be more; far more is a hostile file, and refused at once.
RESERVED = 2
is_child = False
"""Whether this process is a child that is watched: what it starts to do is held to its limits already."""


class Line:
    """The child's end of the pipe to the one that started it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def tell(self, kind: bytes, said: bytes = b"") -> None:
        """Send one frame."""
        left = memoryview(HEADER.pack(kind, len(said)) + said)
        while left:
            left = left[os.write(self._handle, left) :]

    def say(self, what: Any) -> None:
        """Send what JSON can hold."""
        self.tell(SAID, json.dumps(what).encode())

    def progress(self, done: int, total: int) -> None:
        """Tell pages done and pages in all."""
        self.tell(PROGRESS, json.dumps([done, total]).encode())

    def ask(self, patience: float) -> None:
        """Ask the watcher for so many times its patience with each page from here on."""
        self.tell(PATIENCE, json.dumps(patience).encode())


def standard_line() -> Line:
    """The line of a new interpreter: its standard output. What libraries print must not get between the frames."""
    line = Line(os.dup(1))
    os.dup2(2, 1)
    return line


def confine(memory: int, seconds: float | None = None) -> None:
    """Limit this process to so many bytes for itself and so many seconds of a processor; it leaves no core behind.

    RLIMIT_DATA counts what is written to, so that libraries and files that are only mapped are free (man 2 setrlimit; Linux
    4.7). It outlives nothing: a child of this process that wants less says so itself.
    """
    with suppress(ImportError):
        import resource  # not on Windows

        wanted = {"RLIMIT_DATA": memory, "RLIMIT_CORE": 0}
        if seconds is not None:
            wanted["RLIMIT_CPU"] = int(seconds * _PROCESSORS) + 1
        for name, most in wanted.items():
            with suppress(ValueError, OSError, AttributeError):
                kind = getattr(resource, name)
                hard = resource.getrlimit(kind)[1]
                most = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(kind, (most, most))


def keep_freed() -> None:
    """Have freed memory kept for the next to ask for it, whatever its thread (glibc; mallopt(3)), up to a bound.

    By itself the C library gives each block of the size of a page's picture back to the system, which must fill the next one
    with zeros: of a scanned A3 page a tenth of the time. It also has each thread keep what it freed to itself: where all have one
    heap, the page takes 35 MB less, and a twentieth of the time.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError):
            set_option = ctypes.CDLL(None).mallopt
            set_option(_M_MMAP_THRESHOLD, _LARGEST_KEPT)
            set_option(_M_TRIM_THRESHOLD, _MOST_KEPT)
            set_option(_M_ARENA_MAX, 1)


def written(process: int) -> int:
    """Bytes that a process may write to, what RLIMIT_DATA counts; 0 where the system does not tell (proc(5), statm)."""
    return _statm(process, 5)


def resident(process: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    return _statm(process, 1)


def waited(process: int) -> float:
    """Seconds that a process was ready to run and had no processor; 0 where the system does not tell.

    The longest of its threads' (Documentation/scheduler/sched-stats.rst of Linux: schedstat, the second number, nanoseconds).
    """
    longest = 0
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with suppress(OSError, ValueError, IndexError), open(f"/proc/{process}/task/{thread}/schedstat", "rb") as file:
                longest = max(longest, int(file.read().split()[1]))
    return longest / 1e9


def peak() -> int:
    """The most memory (bytes) that this process ever held; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _statm(process: int, column: int) -> int:
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def end_with_parent() -> None:
    """Have the system end this process with the one that started it (Linux; elsewhere the limit of processor time does)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, 9)


def end_with_input() -> None:
    """End this process when its standard input ends: nobody waits for it any more."""

    def wait() -> None:
        with suppress(OSError, ValueError):
            sys.stdin.buffer.read()
        leave()

    threading.Thread(target=wait, daemon=True).start()


def leave() -> NoReturn:
    """End this process at once, whatever its threads are at."""
    os._exit(1)


def serve(work: Work, limits: Limits, line: Line) -> None:
    """Do one piece of work within its limits, and tell what came of it."""
    global is_child
    is_child = True
    confine(written(os.getpid()) + RESERVED * limits.bytes, limits.seconds)
    keep_freed()
    try:
        with applied(limits), watched(line.ask):
            result = work(line.progress)
        line.tell(DONE, result)
    except CatalogError as error:
        line.tell(REFUSED, json.dumps([type(error).__name__, str(error)]).encode())
    except MemoryError:
        line.tell(REFUSED, json.dumps([LimitError.__name__, "memory"]).encode())
    except Exception as error:
        told = f"{type(error).__name__} {str(error)[:200]}".rstrip()
        line.tell(FAULT, json.dumps([told, traceback.format_exc()[-_TRACE:]]).encode())


def main() -> None:
    """A new interpreter's whole life: it is told the work and its limits on its standard input."""
    line = standard_line()
    work, limits = pickle.load(sys.stdin.buffer)
    end_with_input()
    serve(work, limits, line)
    # Threads of a library may hang where the work did not.
    os._exit(0)


def import_path() -> list[str]:
    """Where modules are found here, for a process that may stand elsewhere; this package, also where it was found by ``.``."""
    return [*map(os.path.abspath, sys.path), str(Path(__file__).resolve().parents[2])]
