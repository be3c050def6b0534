"""What a run leaves to be written and said: plain files and a few numbers, which also pass through a pipe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from pipeline import export, folder
from pipeline.workspace import Source

_END_OF_HEAD = b"\n"


class Parcel(NamedTuple):
    """``files`` are name → content; ``tables`` is what goes beside the source where the files go into the tree, else None.

    ``source`` is the source's name, ``summary`` says what came out, ``errors`` counts the issues of that severity.
    """

    files: Mapping[str, bytes]
    tables: bytes | None
    source: str
    summary: str
    errors: int

    def write(self, source: Source, output: Path | None) -> None:
        """Write into ``output``, or (None) to the places in the tree; raises OutputError, and then all is as before."""
        target = output or source.normalized
        export.prepare(target)
        if self.tables is not None and folder.content(source.tables) != self.tables:
            folder.write_file(source.tables, self.tables)
        export.write(target, self.files)

    def to_bytes(self) -> bytes:
        """A line of JSON that says how long each part is, and the parts."""
        parts = [*self.files.values(), *([] if self.tables is None else [self.tables])]
        head = {
            "names": list(self.files),
            "sizes": [len(part) for part in parts],
            "told": [self.source, self.summary, self.errors],
        }
        return b"".join([json.dumps(head).encode(), _END_OF_HEAD, *parts])


def from_bytes(data: bytes) -> Parcel:
    """The parcel that ``to_bytes`` wrote."""
    line, _, body = data.partition(_END_OF_HEAD)
    head = json.loads(line)
    parts = [body[start:end] for start, end in pairwise(accumulate(head["sizes"], initial=0))]
    files = dict(zip(head["names"], parts, strict=False))
    source, summary, errors = head["told"]
    return Parcel(files, parts[-1] if len(parts) > len(files) else None, str(source), str(summary), int(errors))
