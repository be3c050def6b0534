"""Command line: ``python -m benchmarks [NAME …] [--shared FOLDER] [--repeats N]``; without a name, all of them."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from . import report, setting

# In the order of the report. A name without a module is left out.
BENCHMARKS = ("batch", "speed", "memory", "cold", "accuracy", "silent", "robust", "scans", "repair", "diff", "review", "db")


def main() -> int:
    """Run them one after the other; 1 where one of them failed, and those behind it have still been run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed and accuracy beside the peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(available())}; all without one")
    parser.add_argument("--shared", help="the folder that holds samples/ and corpora/ (default: ../shared beside the checkout)")
    parser.add_argument("--repeats", type=int, help="how often to measure (default: what each benchmark needs)")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(available()))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(available())}")
    if arguments.shared:
        os.environ[setting.SHARED] = arguments.shared
    if arguments.repeats:
        os.environ[setting.REPEATS] = str(arguments.repeats)
    results = [run(name) for name in arguments.names or available()]
    return 0 if all(results) else 1


def available() -> list[str]:
    """The benchmarks that have a module here."""
    return [name for name in BENCHMARKS if find_spec(f"benchmarks.{name}")]


def title(module: ModuleType) -> str:
    """The heading of a benchmark's section."""
    return str(getattr(module, "TITLE", module.__name__.rpartition(".")[2].capitalize()))


def run(name: str) -> bool:
    """Run one and write its section; False where it failed."""
    began = time.perf_counter()
    try:
        module = import_module(f"benchmarks.{name}")
        body = module.run()
    except setting.Skipped as reason:
        print(f"{name}: skipped, {reason}", file=sys.stderr)
        return True
    # One benchmark that breaks must not keep the others from being run.
    except Exception:
        traceback.print_exc()
        print(f"{name}: failed", file=sys.stderr)
        return False
    report.write(title(module), body, [title(import_module(f"benchmarks.{other}")) for other in available()])
    print(f"{name}: {time.perf_counter() - began:.0f} s\n\n{body}\n", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
