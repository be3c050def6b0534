"""Killed in the middle: whatever a command was at, each output is the old one or the new one, whole, and the next run is clean.

``python -m benchmarks.kill --times 200``. Every command is killed (SIGKILL, with all that it started) at a moment drawn at random
from the time that it takes; half of the moments lie in its last third, where it writes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from . import children, setting
from .fuzz import seeds

State = dict[str, str]
WHOLE = ("old", "between", "new")
DECIDING = "benchmarks.deciding"
_LATE = 2 / 3
# How often the next run is looked at, too.
_AGAIN = 0.2


@dataclass(frozen=True, slots=True)
class Victim:
    """A command that makes something anew.

    ``before`` leads to the old output: commands, and ``old`` or ``new`` for the sources to put there; ``call`` is what is killed,
    ``parts`` what a reader sees of its outputs, each of which is replaced as a whole, in this order.
    """

    name: str
    before: tuple[str, ...]
    call: str
    parts: tuple[Callable[[Path], State], ...]

    def state(self, home: Path) -> tuple[State, ...]:
        """Each of its outputs as it is now."""
        return tuple(part(home) for part in self.parts)


def main() -> int:
    """Exit code 1 where an output was neither the old nor the new one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often to kill")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    counts = killed(arguments.times, random.Random(arguments.seed))
    for (name, how), count in sorted(counts.items()):
        print(f"{name}: {count} {how}")
    broken = sum(count for (_, how), count in counts.items() if how not in WHOLE)
    print(f"{counts.total()} kills, {broken} outputs that are neither the old nor the new one")
    return 1 if broken else 0


def judged(found: tuple[State, ...], old: tuple[State, ...], new: tuple[State, ...]) -> str:
    """``old`` or ``new``; ``between`` where the first outputs are new, and the rest old; else what is wrong."""
    for number in range(len(new), -1, -1):
        if found == (*new[:number], *old[number:]):
            return "new" if number == len(new) else "between" if number else "old"
    return f"broken: {[sorted(set(f.items()) ^ set(n.items()))[:3] for f, n in zip(found, new, strict=True)]}"


def killed(times: int, draw: random.Random, victims: Sequence[Victim] | None = None) -> Counter[tuple[str, str]]:
    """How the outputs were found, by command."""
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        trials = [Trial(victim, Path(folder, victim.name)) for victim in victims or VICTIMS]
        for number in range(times):
            trial = trials[number % len(trials)]
            counts[trial.victim.name, trial.kill(draw)] += 1
    return counts


class Trial:
    """A command with its old and its new output, made once."""

    def __init__(self, victim: Victim, home: Path) -> None:
        self.victim, self.home, self._before = victim, home, home.with_name(f"{home.name}-before")
        for step in victim.before:
            if step in ("old", "new"):
                put(home, step)
            else:
                self._ended(step)
        self.old = victim.state(home)
        shutil.copytree(home, self._before)
        self._seconds = self._ended(victim.call)
        self.new = victim.state(home)
        if self.old == self.new:
            raise RuntimeError(f"{victim.name}: the new output is the old one, so nothing would be seen")

    def kill(self, draw: random.Random) -> str:
        """Kill it once; ``old``, ``new``, or what is wrong."""
        shutil.rmtree(self.home)
        shutil.copytree(self._before, self.home)
        share = draw.uniform(0, 1) if draw.random() < 0.5 else draw.uniform(_LATE, 1.1)
        process = self._start(self.victim.call)
        began = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(share * self._seconds)
            # It came to its end before it was killed: the machine is quicker than it was.
            self._seconds = 0.5 * (self._seconds + time.monotonic() - began)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        how = judged(self.victim.state(self.home), self.old, self.new)
        if how not in WHOLE:
            return f"{how} after {share:.2f}"
        return self._put_right(how, share) if draw.random() < _AGAIN else how

    def _put_right(self, how: str, share: float) -> str:
        """Whether the next run makes the new output, and leaves nothing of the killed one behind."""
        self._seconds = 0.5 * (self._seconds + self._ended(self.victim.call))
        if self.victim.state(self.home) != self.new:
            return f"not put right by the next run, after {share:.2f}"
        left = [path.name for path in self.home.rglob(".*catalog-*")]
        return f"left-overs stay, after {share:.2f}: {left}" if left else how

    def _start(self, call: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PYTHONPATH": children.path_with(setting.ROOT)}
        program, *rest = call.split()
        command = [sys.executable, "-m", DECIDING, *rest] if program == DECIDING else setting.command(program, *rest)
        return subprocess.Popen(
            command, cwd=self.home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def _ended(self, call: str) -> float:
        began = time.monotonic()
        if (code := self._start(call).wait()) not in (0, 1):
            raise RuntimeError(f"{call} ended with {code}")
        return time.monotonic() - began


def put(home: Path, which: str) -> None:
    """The sources that all commands work on, old or new."""
    for number in range(3):
        folder = home / "raw" / f"county-{number}" / "2020"
        folder.mkdir(parents=True, exist_ok=True)
        text = seeds.pdf(packed=False)
        (folder / "source.pdf").write_bytes(text if which == "old" else text.replace(b"00320030", b"00330030"))


def files(home: Path, *names: str) -> State:
    """The digests of all files in these folders; a folder that is not there has none."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in names
        for path in sorted((home / name).rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(home).parts)
    }


def rows(home: Path) -> State:
    """What a reader of the database sees."""
    path = home / "normalized" / "catalogs.db"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as base:
        fine = base.execute("pragma integrity_check").fetchone()[0]
        tables = sorted(name for (name,) in base.execute("select name from sqlite_master where type = 'table'"))
        held = {name: str(sorted(map(str, base.execute(f'select * from "{name}"')))) for name in tables if "fts" not in name}
    return {"integrity": fine} | {name: hashlib.sha256(text.encode()).hexdigest() for name, text in held.items()}


SOURCE = "raw/county-0/2020/source.pdf"
RUN = f"run {SOURCE} -o out --no-verify"
BATCH = f"batch {SOURCE} -o out --no-verify -j 1"
CORRECT = f"correct out --row 1 --field disclosing_body --value 市局 --source {SOURCE}"
DECIDE = f"{DECIDING} normalized/county-0/2020 1 disclosing_body 市局"


def out(home: Path) -> State:
    return files(home, "out")


def lines(home: Path) -> State:
    """What people decided."""
    return {name: digest for name, digest in files(home, "raw").items() if name.endswith("lookups.csv")}


VICTIMS = (
    Victim("run", ("old", RUN, "new"), RUN, (out,)),
    Victim("batch", ("old", BATCH, "new"), BATCH, (lambda home: files(home, "out/source.pdf"),)),
    Victim("db", ("old", "run --no-verify", "db", "new", "run --no-verify"), "db", (rows,)),
    Victim("correct", ("old", RUN), CORRECT, (lines, out)),
    # A server is told a decision. Its lines come first: the next start makes the rows that they ask for.
    Victim("review", ("old", "run --no-verify"), DECIDE, (lines, lambda home: files(home, "normalized"))),
)


if __name__ == "__main__":
    sys.exit(main())
