"""``RESULTS.md``: one section a benchmark, each replaced when its benchmark runs again. Sections keep their order."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("pypdfium2", "pdfplumber", "camelot-py", "numpy", "rapidfuzz")
INTRODUCTION = """# Results

Written by `make bench`. Both sides of a comparison ran in the same process or in turn, on the same machine, in the same run;
figures are medians. Samples and corpora are those that the head of `benchmarks/__init__.py` describes.
"""


def write(title: str, body: str, order: Sequence[str], path: Path = RESULTS) -> None:
    """Put a section into the report, with the date, the versions and the machine; other sections stay as they are."""
    old = path.read_text(encoding="utf-8") if path.exists() else INTRODUCTION
    path.write_text(replaced(old, title, f"{stamp()}\n\n{body.strip()}", order), encoding="utf-8")


def replaced(text: str, title: str, body: str, order: Sequence[str]) -> str:
    """The report with one section replaced or added; sections stand as in ``order``, those it does not name at the end."""
    head, sections = split(text)
    sections[title] = body
    known = {name: k for k, name in enumerate(order)}
    ranked = sorted(sections, key=lambda name: known.get(name, len(known)))
    return head.strip() + "\n" + "".join(f"\n## {name}\n\n{sections[name].strip()}\n" for name in ranked)


def split(text: str) -> tuple[str, dict[str, str]]:
    """What stands above the first section, and the sections by title."""
    head, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return head, {title.strip(): body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is left-aligned, the others right-aligned."""
    lines = [headings, [":--", *["--:"] * (len(headings) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def verdict(met: bool) -> str:
    """How a target is marked."""
    return "met" if met else "**missed**"


def stamp() -> str:
    """The date, the versions and the machine, as one line."""
    python = f"Python {platform.python_version()}"
    versions = [f"{name} {found}" for name in PACKAGES if (found := _version(name))]
    return f"*{date.today().isoformat()} · {' · '.join([python, *versions])} · {machine()}*"


def machine() -> str:
    """Processor and number of cores, as far as the system tells."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {platform.system()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if sys.platform == "linux" and info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
