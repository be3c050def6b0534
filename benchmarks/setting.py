"""Where the samples and corpora lie, how often to measure, and how to start the command; all from the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED, REPEATS = "BENCH_SHARED", "BENCH_REPEATS"


class Skipped(Exception):
    """What a benchmark needs is not there; the message says what."""


def shared(part: str) -> Path:
    """A folder or file of samples or corpora, e.g. ``samples/layouts``; raises Skipped where it is absent."""
    home = Path(os.environ.get(SHARED) or ROOT.parent / "shared")
    path = home / part
    if not path.exists():
        raise Skipped(f"{part} is not in {home}; name the folder with --shared or {SHARED}")
    return path


def repeats(default: int) -> int:
    """How often to measure: the environment's number, else the benchmark's own."""
    return max(1, int(os.environ.get(REPEATS) or default))


def sample(pattern: str) -> Path:
    """The first file that matches below ``samples``, e.g. ``layouts/*-chromium-*/source.pdf``; raises Skipped."""
    found = sorted(shared("samples").glob(pattern))
    if not found:
        raise Skipped(f"no sample matches {pattern}")
    return found[0]


def command(*arguments: str) -> list[str]:
    """The command ``catalog`` of this environment, or of this checkout where it is not installed."""
    installed = Path(sys.executable).with_name("catalog")
    start: Sequence[str] = [str(installed)] if installed.exists() else [sys.executable, "-m", "pipeline"]
    return [*start, *arguments]
