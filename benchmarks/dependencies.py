"""The packages that this project stands on, with version and licence: ``python -m benchmarks.dependencies`` writes the page.

Facts come from the metadata of the installed packages (PEP 639 ``License-Expression``, else the licence classifiers, else the
``License`` field); versions are those that ``constraints.txt`` pins.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions

from .report import table
from .setting import ROOT

PAGE = ROOT / "docs" / "dependencies.md"
# A licence must hold one of these words; then packages whose metadata tells no licence, with the one that they carry as a file.
PERMISSIVE = (
    "MIT",
    "BSD",
    "Apache",
    "ISC",
    "PSF",
    "Python Software Foundation",
    "HPND",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0",
    "MPL",
    "Artistic",
    "Public Domain",
)
COPYLEFT = re.compile(r"(?<!L)GPL|AGPL|SSPL|BUSL|Commons Clause", re.IGNORECASE)
TOLD_ELSEWHERE: dict[str, str] = {"axe-playwright-python": "MIT"}


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    return 0


def pinned() -> dict[str, str]:
    """Package → version, as ``constraints.txt`` pins them."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    pairs = (re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line) for line in lines)
    return {normal(m[1]): m[2] for m in pairs if m}


def installed() -> dict[str, Distribution]:
    """The installed packages by name."""
    return {normal(found.metadata["Name"]): found for found in distributions() if found.metadata["Name"]}


def licence(found: Distribution) -> str:
    """The licence that a package's metadata tells, in one line; "" where it tells none."""
    meta = found.metadata
    classifiers = [c.rpartition(":: ")[2] for c in meta.get_all("Classifier") or () if c.startswith("License ::")]
    told = meta.get("License-Expression") or "; ".join(dict.fromkeys(classifiers)) or (meta.get("License") or "").strip()
    return TOLD_ELSEWHERE.get(normal(meta["Name"]), " ".join(told.split("\n")[0].split())[:160])


def is_permissive(text: str) -> bool:
    """Whether a licence lets the package be used beside code under any other licence."""
    choices = [part for part in re.split(r"\bOR\b|;", text) if part.strip()]
    return any(any(word.lower() in part.lower() for word in PERMISSIVE) and not COPYLEFT.search(part) for part in choices)


def normal(name: str) -> str:
    """A package name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def told() -> dict[tuple[str, str], str]:
    """(package, version) → licence, as the page has them."""
    lines = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else []
    cells = [[part.strip() for part in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {(name, version): text for name, version, text in cells}


def page() -> str:
    """The page: every pinned package that is installed here, and what the page had before of those that are not (extras)."""
    here, before = installed(), told()
    found = {name: licence(here[name]) if name in here else before.get((name, version), "") for name, version in pinned().items()}
    rows = [(name, version, found[name]) for name, version in sorted(pinned().items()) if found[name]]
    head = "# Dependencies\n\nWritten by `make licences` from the metadata of the installed packages.\n\n"
    return head + table(["package", "version", "licence"], [(n, v, text.replace("|", "/")) for n, v, text in rows]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
