"""``python -m benchmarks.fuzz``: for a time, or a number of samples. What fails is kept in a folder, to become a test."""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipeline import catalog

from . import seeds, trial

_TELL_SECONDS = 60.0
# Samples that are read in one copy of this process.
_TOGETHER = 25


def main() -> int:
    """Exit code 1 where something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many seconds")
    parser.add_argument("--samples", type=int, default=sys.maxsize, help="stop after so many samples")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed gives the same samples")
    parser.add_argument("--first", type=int, default=0, help="the number of the first sample, to look at one again")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="where failing samples are written")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    counts = fuzz(arguments)
    failed = sum(counts[how] for how in trial.FAILURES)
    print(f"{counts.total()} samples: {', '.join(f'{n} {how}' for how, n in counts.most_common())}; {failed} failures")
    return 1 if failed else 0


def fuzz(arguments: argparse.Namespace) -> Counter[str]:
    """Trials one after the other; how many ended how."""
    sources = seeds.seeds()
    warm(sources)
    counts: Counter[str] = Counter()
    end, told = time.monotonic() + arguments.seconds, time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        for number in range(arguments.first, arguments.first + arguments.samples, _TOGETHER):
            if time.monotonic() > end:
                break
            numbers = range(number, min(number + _TOGETHER, arguments.first + arguments.samples))
            for made in trial.trials([trial.sample(n, arguments.seed, sources) for n in numbers], Path(home)):
                counts[made.how] += 1
                if made.how in trial.FAILURES:
                    keep(made, arguments.keep)
            if time.monotonic() - told > _TELL_SECONDS:
                print(f"{counts.total()}: {dict(counts)}", flush=True)
                told = time.monotonic()
    return counts


def warm(sources: list[seeds.Seed]) -> None:
    """Import here what every copy needs, so that each costs milliseconds: this process serves as the one they are forked from."""
    with tempfile.TemporaryDirectory() as home:
        for engine in (None, *trial.OTHERS):
            path = Path(home, "source.pdf")
            path.write_bytes(sources[0].data)
            catalog.run(path, engine=engine, isolate=False).files()
    gc.collect()
    gc.freeze()


def keep(made: trial.Trial, folder: Path) -> None:
    """Write a failing sample, and say how to see it again."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / made.name).write_bytes(made.data)
    (folder / f"{made.name}.txt").write_text(made.told, encoding="utf-8")
    again = f"--seed {made.seed} --first {made.number} --samples 1"
    last = made.told.strip().splitlines()[-1][:160] if made.told else ""
    print(
        f"{made.how} after {made.seconds:.1f} s ({made.engine or 'default'}): {folder / made.name} ({again}): {last}", flush=True
    )


if __name__ == "__main__":
    sys.exit(main())
