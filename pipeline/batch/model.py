"""What is handed about: a job, how all jobs are done, and what came of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["made", "kept", "failed"]
# Why there is no result: the document (password, no_table, source), what stands beside it (error: a source.toml, overrides …),
# its limits (time, memory; limit: pages, objects …), the end of the process that read it (crash), the output (output), or this
# program (fault).
Reason = Literal["", "password", "no_table", "source", "error", "time", "memory", "limit", "crash", "output", "fault"]


@dataclass(frozen=True, slots=True)
class Job:
    """One document: its name (its path below what all documents have in common), where it lies, and the folder to write.

    ``source`` and ``target`` are absolute paths or URLs.
    """

    document: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Settings:
    """How every document is done. ``seconds`` and ``memory`` (bytes, of the reading process) end a document that takes more.

    ``force`` also does what is done, ``report`` also makes the review page of each, ``limits`` change those of the profile by
    name; the others mean what they mean for ``pipeline.run``.
    """

    engine: str | None = None
    profile: str | None = None
    password: str | None = None
    verify: bool = True
    force: bool = False
    seconds: float = 300.0
    memory: int = 1024 * 2**20
    report: bool = False
    limits: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one document.

    ``kept`` is a result that was there, made from the same inputs. ``sha256`` is the source's ("" where it could not be read),
    ``rows``, ``warnings`` and ``errors`` are counts, ``message`` says in one line what failed. ``worker`` and ``resident`` are
    the process that did it and the bytes that it held afterwards (0 where unknown); they are for measuring and never written.
    """

    document: str
    state: State
    sha256: str = ""
    rows: int = 0
    warnings: int = 0
    errors: int = 0
    reason: Reason = ""
    message: str = ""
    worker: int = 0
    resident: int = 0
