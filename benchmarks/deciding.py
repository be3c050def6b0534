"""``python -m benchmarks.deciding DIR ROW FIELD VALUE``: a review server is started, told one decision, and ended.

For ``benchmarks.kill``, which kills both at any moment of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .review import Client, served

if __name__ == "__main__":
    folder, row, field, value = sys.argv[1:]
    with served(Path(folder)) as (address, _):
        Client(address).correct(int(row), field, value)
