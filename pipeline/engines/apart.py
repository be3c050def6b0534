"""Reading with engines in processes of their own: at the same time, under a time limit, and without harm to the caller.

Some files keep a library busy for ever, or end the interpreter with it. A child that says nothing for too long is killed; one
that dies leaves a sentence instead of a document. Children are new interpreters that are told everything through a pipe: a
caller needs no ``if __name__ == "__main__"``, and no password shows in the list of processes.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from pipeline.engines import get
from pipeline.errors import CatalogError
from pipeline.model import Document

# Those that stand on other parsers than the fast engine; and how long one may be silent for each page.
ENGINES, SECONDS = ("pdfplumber", "camelot"), 4.0
# Importing camelot takes a second or two, and several times that on a busy machine.
START_SECONDS = 12.0
# Pages that an engine (camelot) reads before it tells of the first.
_AT_ONCE = 8
# What a child may take for itself (bytes): a hostile file may ask for all there is.
MEMORY = 900 * 2**20
_POLL_SECONDS = 0.05
_STILL_READING = b"."
_MAIN = """
import pickle, sys
request = pickle.load(sys.stdin.buffer)
sys.path[:] = request.pop("sys_path")
from pipeline.engines import apart
apart.answer(request)
"""

Answer = Document | str
"""A document, or in one line why there is none."""


def read(
    names: Sequence[str], path: Path, pages: frozenset[int], password: str | None = None, seconds: float = SECONDS
) -> dict[str, Answer]:
    """What the engines of these names see on these pages (1-based) of a source. Whatever an engine does, this does not raise.

    An engine that is silent for more than ``seconds`` for each of the pages that it reads at once is stopped.
    """
    request = {"sys_path": _absolute(sys.path), "path": path.resolve(), "pages": pages, "password": password}
    children = [_Child(name, request, seconds * min(len(pages), _AT_ONCE)) for name in names]
    try:
        return {child.name: child.answer() for child in children}
    finally:
        for child in children:
            child.end()


def answer(request: dict[str, Any]) -> None:
    """The child's side: read, and write a dot for every page, then the pickled document or the reason on the pipe."""
    # What a library prints must not get between the dots.
    pipe = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    _limit_memory()
    Thread(target=_end_with_parent, daemon=True).start()
    found = _read(request, lambda done, total: pipe.write(_STILL_READING))
    pipe.write(pickle.dumps(found))
    # Threads of a library may hang where the reading did not.
    os._exit(0)


class _Child:
    """An engine at work in another process."""

    def __init__(self, name: str, request: dict[str, Any], patience: float) -> None:
        self.name = name
        self._patience = patience
        self._heard = time.monotonic() + START_SECONDS
        self._received = bytearray()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _MAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._listener = Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._listener.start()
        with suppress(BrokenPipeError):
            assert self._process.stdin
            self._process.stdin.write(pickle.dumps(request | {"engine": name}))
            # The pipe stays open: its end tells the child that nobody waits any more.
            self._process.stdin.flush()

    def answer(self) -> Answer:
        """The document, or why there is none; waits as long as pages come in."""
        while self._listener.is_alive():
            self._listener.join(_POLL_SECONDS)
            if time.monotonic() - self._heard > self._patience:
                self.end()
                return f"{self.name} was silent for over {self._patience:.0f} s and was stopped"
        code = self._process.wait()
        if code or not self._received.lstrip(_STILL_READING):
            return f"{self.name} ended in the middle (exit code {code})"
        found: Answer = pickle.loads(self._received.lstrip(_STILL_READING))
        return found

    def end(self) -> None:
        """Stop the process if it still runs, and close what belongs to it."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):
                stream.close()

    def _listen(self, stream: IO[bytes]) -> None:
        while chunk := os.read(stream.fileno(), 1 << 16):
            self._received += chunk
            self._heard = max(self._heard, time.monotonic())


def _read(request: dict[str, Any], progress: Any) -> Answer:
    try:
        engine = get(request["engine"])
        return engine.read(request["path"], pages=request["pages"], password=request["password"], progress=progress)
    except CatalogError as error:
        return " ".join(str(error).split())
    # There is no closed list of what the libraries raise on damaged files.
    except Exception as error:
        return f"{request['engine']} failed: {type(error).__name__} {' '.join(str(error).split())[:120]}".rstrip()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _absolute(entries: Sequence[str]) -> list[str]:
    """The import path for a process that may stand elsewhere."""
    return [os.path.abspath(entry) for entry in entries]
