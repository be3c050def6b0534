"""The command ``catalog``: one module a command. Results go to stdout or to files, everything else to stderr."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper

from pipeline.errors import CatalogError, FaultError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process: 0 done, 1 done with errors to look at, 2 could not do it."""
    _start_lightly()
    _print_anywhere()
    from pipeline.cli.app import app_for

    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app_for(words[0] if words else "")(args=words, prog_name="catalog")
    except CatalogError as error:
        print(f"catalog: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(2)
    except FaultError as error:
        print(f"{error.trace}catalog: this is a fault of the program; please report it with the lines above", file=sys.stderr)
        sys.exit(2)
    # Python would leave with 1, which here means that the work was done.
    except Exception:
        traceback.print_exc()
        print("catalog: this is a fault of the program; please report it with the lines above", file=sys.stderr)
        sys.exit(2)


def _print_anywhere() -> None:
    """A terminal that cannot show Chinese (LC_ALL=C) shows escapes; it must not end the work."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _start_lightly() -> None:
    """Before anything large is imported: what costs a short process CPU time and gives it nothing.

    Python's collector would walk all that was imported again and again, and once more at the end, though hardly anything here
    is ever cyclic garbage. numpy's OpenBLAS starts a thread a core when it is imported; no matrix here is large enough for two.
    """
    gc.set_threshold(500_000, 20, 50)
    atexit.register(_spare_the_last_walk)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _spare_the_last_walk() -> None:
    # duckdb (nanobind) looks for what the last walk left, and would tell the user of hundreds of leaks.
    if "duckdb" not in sys.modules:
        gc.freeze()
