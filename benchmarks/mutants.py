"""Mutation testing of the rooms where a wrong sign is a wrong value: ``python -m benchmarks.mutants`` or ``make mutants``.

mutmut makes the mutants and runs, for each, the tests of its room that reach it, in a copy of the checkout. A sample of each
room, drawn by a fixed seed, is tried within a time limit; ``docs/mutation.md`` tells the score and the survivors. What was looked
at by a person stands in ``mutants_seen.toml``: a survivor there is equal to the original, or changes nothing that a user sees.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from . import report
from .setting import ROOT

PAGE = ROOT / "docs" / "mutation.md"
KEPT = ROOT / "build" / "mutants"
SEEN = Path(__file__).with_name("mutants_seen.toml")
ROOMS = {
    "stitch": ("test_stitch.py",),
    "fill": ("test_fill.py",),
    "align": ("test_align.py",),
    "repair": ("test_repair.py", "test_recognised.py", "test_honest_scans.py", "test_worn_pages.py", "test_worn_rules.py"),
    "diff": ("test_diff.py",),
}
# What the tests of these rooms read.
COPIED = ("pipeline", "tests", "benchmarks", "docs", "raw", "constraints.txt", "LICENSE", "README.md")
# Exit codes of mutmut: a test failed or broke, or ran out of its time; 0 is a mutant that lived.
_KILLED, _TIMEOUT, _LIVED, _NO_TESTS = {1, 3}, {24, 36, 152, 255, -24}, 0, {5, 33}


@dataclass(frozen=True, slots=True)
class Room:
    """What became of a room's mutants: ``made`` in all; the sampled ones by name, with mutmut's exit code (None: not reached)."""

    name: str
    made: int
    codes: Mapping[str, int | None]

    def count(self, codes: Iterable[int]) -> int:
        return sum(code in codes for code in self.codes.values())

    @property
    def tried(self) -> int:
        """Mutants that were run to an end, those that no test reaches included."""
        return sum(code is not None for code in self.codes.values())

    @property
    def lived(self) -> list[str]:
        return sorted(name for name, code in self.codes.items() if code == _LIVED or code in _NO_TESTS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all without one")
    parser.add_argument("--sample", type=int, default=50, help="mutants a room (default: 50)")
    parser.add_argument("--seconds", type=int, default=900, help="time limit a room (default: 900)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if find_spec("mutmut") is None:
        parser.error("mutmut is not installed; `make mutants` does all of it, `pip install '.[mutants]'` only that")
    KEPT.mkdir(parents=True, exist_ok=True)
    for room in args.rooms or ROOMS:
        kept(room).write_text(json.dumps(asdict(tried(room, args.sample, args.seconds, args.seed))), encoding="utf-8")
        PAGE.write_text(text([room for room in known_rooms() if room.tried], seen()), encoding="utf-8")
    return 0


def kept(room: str) -> Path:
    """Where the result of a room is kept."""
    return KEPT / f"{room}.json"


def known_rooms() -> list[Room]:
    """What is known of each room, in their order."""
    return [Room(**json.loads(kept(room).read_text(encoding="utf-8"))) for room in ROOMS if kept(room).exists()]


def tried(room: str, sample: int, seconds: int, seed: int) -> Room:
    """A sample of one room's mutants, run in a copy of the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in (*COPIED, "pyproject.toml"):
            copy(ROOT / part, home / part)
        configure(home / "pyproject.toml", room)
        began = time.monotonic()
        # No mutant has this name: mutmut makes them all, and measures which test reaches which.
        mutmut(home, ["no.such.mutant"], seconds)
        made = codes(home)
        told = (home / "log").read_text(encoding="utf-8")
        if not made or "failed to collect stats" in told:
            raise RuntimeError(f"{room}: its tests fail without a mutant, or there is none:\n{told[-2000:]}")
        chosen = random.Random(seed).sample(sorted(made), min(sample, len(made)))
        mutmut(home, chosen, seconds - (time.monotonic() - began))
        found = codes(home)
        done = Room(room, len(made), {name: found.get(name) for name in chosen})
        for name in done.lived:
            show(home, name)
        return done


def show(home: Path, name: str) -> None:
    """Print what a mutant changes."""
    shown = subprocess.run([sys.executable, "-m", "mutmut", "show", name], cwd=home, capture_output=True, text=True, check=False)
    changed = [line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    print("\n".join([name, *changed]), flush=True)


def copy(source: Path, target: Path) -> None:
    """A file or a folder, without what was compiled."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    elif source.exists():
        shutil.copyfile(source, target)


def configure(path: Path, room: str) -> None:
    """mutmut's settings for one room, in the place of those for all."""
    source = f"pipeline/{room}" if (path.parent / "pipeline" / room).is_dir() else f"pipeline/{room}.py"
    settings = (
        f'[tool.mutmut]\nsource_paths = ["{source}"]\n'
        f"pytest_add_cli_args_test_selection = {json.dumps([f'tests/{name}' for name in ROOMS[room]])}\n"
        'pytest_add_cli_args = ["-p", "no:cacheprovider"]\n'
        f"also_copy = {json.dumps(COPIED)}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + "\n" + settings, encoding="utf-8")


def mutmut(home: Path, names: Sequence[str], seconds: float) -> None:
    """Run mutmut on these mutants; what it has not reached by the limit stays unknown."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
    with (home / "log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, start_new_session=True)
        try:
            process.wait(timeout=max(1.0, seconds))
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()


def codes(home: Path) -> dict[str, int | None]:
    """mutmut's exit code of every mutant."""
    found: dict[str, int | None] = {}
    for meta in (home / "mutants").rglob("*.meta"):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def seen() -> dict[str, str]:
    """The survivors that a person has looked at, with the verdict."""
    return {name: str(why) for name, why in tomllib.loads(SEEN.read_text(encoding="utf-8")).items()} if SEEN.exists() else {}


def text(rooms: Sequence[Room], known: Mapping[str, str]) -> str:
    """The page."""
    head = (
        "# Mutation testing\n\nWritten by `make mutants` (`benchmarks/mutants.py`, mutmut). Of each room a sample of the "
        "mutants, drawn by a fixed seed,\nwas tried within a time limit, with the tests of that room alone; others, such as the "
        "golden files, may kill more.\n*tried* are those that were reached in that time.\n\n"
        f"{report.stamp()}\n\n"
    )
    rows = [
        (
            r.name,
            r.made,
            r.tried,
            r.count(_KILLED),
            r.count(_TIMEOUT),
            len(r.lived),
            f"{1 - len(r.lived) / r.tried:.0%}" if r.tried else "–",
        )
        for r in rooms
    ]
    table = report.table(["room", "mutants", "tried", "killed", "out of time", "lived", "score"], rows)
    lived = [name for room in rooms for name in room.lived]
    told = [f"- `{name}`: {known.get(name, 'not looked at yet')}" for name in lived]
    verdicts = Counter("looked at" if name in known else "not looked at yet" for name in lived)
    summary = (
        f"## Survivors\n\n{len(lived)}: {', '.join(f'{n} {what}' for what, n in sorted(verdicts.items()))}.\n\n" if lived else ""
    )
    return head + table + "\n\n" + summary + "\n".join(told) + ("\n" if told else "")


if __name__ == "__main__":
    sys.exit(main())
