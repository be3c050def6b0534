"""A process, and what it says: frames that are read while it works, and its end."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, NamedTuple

from pipeline.errors import CatalogError
from pipeline.guard import inside

# Only after the import path is set can what follows be understood.
MAIN = """
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
pickle.load(sys.stdin.buffer)()
"""
# What a child says at most in one frame.
_LONGEST = 2**31


class Frame(NamedTuple):
    """One thing that a child said; ``kind`` is b"" for its end."""

    kind: bytes
    said: bytes = b""


class Child:
    """A process that works for this one. It is in a session of its own: a Ctrl-C on the terminal is for its parent, and all that
    it starts ends with it."""

    def __init__(self, pid: int, stream: IO[bytes], process: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self.code: int | None = None
        """How it ended: its exit code, or the number of a signal, negative; None while it runs."""
        self.peak = 0
        """The most memory that it held, in bytes, known after its end (0 where the system does not tell)."""
        self.heard = time.monotonic()
        """When it last said something."""
        self._process = process
        self._ending = threading.Lock()
        self._frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, args=(stream,), daemon=True)
        self._listener.start()

    @classmethod
    def forked(cls, work: Callable[[inside.Line], None]) -> Child:
        """A copy of this process that does the work and ends; only where there is no other thread that may hold a lock."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            _live(work, reading, writing)
        os.close(writing)
        return cls(pid, os.fdopen(reading, "rb", buffering=0))

    @classmethod
    def interpreter(cls, main: Callable[[], None]) -> Child:
        """A new interpreter that runs a function of a module; ``tell`` is what it finds on its standard input."""
        if not sys.executable:
            raise CatalogError("there is no Python to start another process with (sys.executable is empty)")
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        assert process.stdout
        child = cls(process.pid, process.stdout, process)
        child.tell(inside.import_path())
        child.tell(main)
        return child

    def tell(self, what: Any) -> None:
        """Hand something to an interpreter; where it is gone, the next frame says so."""
        assert self._process
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.write(pickle.dumps(what))
            self._process.stdin.flush()

    def hear(self, seconds: float) -> Frame | None:
        """The next thing that it says, or its end; None where nothing comes for so many seconds."""
        try:
            return self._frames.get(timeout=seconds)
        except queue.Empty:
            return None

    def runs(self) -> bool:
        """Whether it is still there."""
        return self.code is None and self._listener.is_alive()

    def end(self) -> None:
        """End it, and all that it started, if it still runs; ``code`` says how it ended."""
        with self._ending:
            if self.code is None:
                self._kill()
                self._wait()
        self._listener.join()
        if self._process and self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()

    def ended(self) -> str:
        """In words how it ended."""
        if self.code is not None and self.code < 0:
            with suppress(ValueError):
                return f"the process that read it was ended by {signal.Signals(-self.code).name}"
        return f"the process that read it ended with code {self.code}"

    def _kill(self) -> None:
        if sys.platform == "win32":
            assert self._process
            self._process.kill()
            return
        for kill in (os.killpg, os.kill):
            with suppress(OSError):
                kill(self.pid, signal.SIGKILL)

    def _wait(self) -> None:
        if sys.platform == "win32":
            assert self._process
            self.code = self._process.wait()
            return
        try:
            _, status, usage = os.wait4(self.pid, 0)
            self.code = os.waitstatus_to_exitcode(status)
            self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        except ChildProcessError:
            # Whoever embeds this program has the system reap its children (SIGCHLD ignored).
            self.code = 0
        if self._process:
            self._process.returncode = self.code

    def _listen(self, stream: IO[bytes]) -> None:
        with stream, suppress(OSError, EOFError):
            while True:
                kind, length = inside.HEADER.unpack(_exactly(stream, inside.HEADER.size))
                if length > _LONGEST:
                    break
                said = _exactly(stream, length)
                self.heard = time.monotonic()
                self._frames.put(Frame(kind, said))
        self._frames.put(Frame(b""))


def _live(work: Callable[[inside.Line], None], reading: int, writing: int) -> None:
    """The life of a forked child: nothing of its parent's is left to it but what it was told."""
    code = 1
    try:
        os.close(reading)
        os.setsid()
        inside.end_with_parent()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for handle in (0, 1, 2):
            os.dup2(nowhere, handle)
        work(inside.Line(writing))
        code = 0
    # Whatever it is, it must not go up into the copy of the caller.
    except BaseException:
        code = 1
    finally:
        os._exit(code)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    parts, left = [], length
    while left:
        part = stream.read(min(left, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
