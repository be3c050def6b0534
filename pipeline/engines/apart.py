"""Reading with other engines, for a cross-check: at the same time, each in a process of its own, without harm to the caller.

An engine that says nothing for too long is stopped; one that dies leaves a sentence instead of a document (``pipeline.guard``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from pipeline import raw
from pipeline.engines import get
from pipeline.engines.base import Progress
from pipeline.errors import CatalogError, CrashError, FaultError, LimitError
from pipeline.guard import Call
from pipeline.limits import Limits
from pipeline.model import Document

# Those that stand on other parsers than the fast engine; and how long one may be silent for each page.
ENGINES, SECONDS = ("pdfplumber", "camelot"), 4.0
# Importing camelot takes a second or two, and several times that on a busy machine.
START_SECONDS = 12.0
# Pages that an engine (camelot) reads before it tells of the first.
_AT_ONCE = 8
# What a reading may take in all: whoever asks for it has limits of its own.
_ALL_SECONDS = 24 * 3600.0
# MiB.
MEMORY = 900.0

Answer = Document | str
"""A document, or in one line why there is none."""


def read(
    names: Sequence[str],
    path: Path,
    pages: frozenset[int],
    password: str | None = None,
    seconds: float = SECONDS,
    beat: Callable[[], object] | None = None,
) -> dict[str, Answer]:
    """What the engines of these names see on these pages (1-based) of a source. Whatever an engine does, this does not raise.

    An engine that is silent for more than ``seconds`` for each of the pages that it reads at once is stopped. ``beat`` is called
    now and then while they read.
    """
    limits = Limits(seconds=_ALL_SECONDS, page_seconds=seconds * min(len(pages), _AT_ONCE), memory=MEMORY)
    calls = [
        (name, Call(partial(tables, name, path.resolve(), pages, password), limits, name, forks=False, grace=START_SECONDS))
        for name in names
    ]
    try:
        return {name: _answer(name, call, beat) for name, call in calls}
    finally:
        for _, call in calls:
            call.end()


def tables(name: str, path: Path, pages: frozenset[int], password: str | None, progress: Progress) -> bytes:
    """The document that an engine of this name reads, as a child hands it over."""
    document = get(name).read(path, pages=pages, password=password, progress=progress)
    return raw.document_to_json(document).encode("utf-8", errors="surrogatepass")


def _answer(name: str, call: Call, beat: Callable[[], object] | None) -> Answer:
    try:
        return raw.json_to_document(call.result(beat=beat or (lambda: None)), name)
    except LimitError as error:
        over = {"page_seconds": f"was silent for over {error.most:.0f} s", "memory": f"took more than {error.most:g} MiB"}
        return f"{name} {over[error.limit]} and was stopped" if error.limit in over else _line(error)
    except CrashError as error:
        return f"{name} ended in the middle (exit code {error.code})"
    except CatalogError as error:
        return _line(error)
    # There is no closed list of what the libraries raise on damaged files.
    except FaultError as error:
        return f"{name} failed: {_line(error)[:140]}"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
