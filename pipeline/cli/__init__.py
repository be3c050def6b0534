"""The command ``catalog``: one module a command. Results go to stdout or to files, everything else to stderr."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

from pipeline.errors import CatalogError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process: 0 done, 1 done with errors to look at, 2 could not do it."""
    from pipeline.cli.app import app

    try:
        app(args=arguments, prog_name="catalog")
    except CatalogError as error:
        print(f"catalog: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(2)
    # Python would leave with 1, which here means that the work was done.
    except Exception:
        traceback.print_exc()
        print("catalog: this is a fault of the program; please report it with the lines above", file=sys.stderr)
        sys.exit(2)
