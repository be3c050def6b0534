"""One mutated source: read, cleaned, and its files looked at, in a copy of this process."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from pipeline import account, catalog, raw
from pipeline.engines.base import Progress
from pipeline.errors import CatalogError, CrashError, FaultError, LimitError
from pipeline.guard import Call
from pipeline.limits import Limits
from pipeline.model import Document, Issue

from .mutate import mutated
from .seeds import Seed

LIMITS = Limits(seconds=30, page_seconds=15, memory=900)
# How often another engine than the default reads a PDF.
OTHERS, SHARE = ("pdfplumber", "camelot"), 0.05
# How often the rows are cleaned, too, which takes ten times as long as reading.
CLEANED = 0.2
# What still is a line to a reader.
LINE = 1000
FAILURES = ("crash", "time", "memory", "fault", "wrong")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one: ``rows``, ``refused`` (a one-line error), or one of ``FAILURES``, with what was told."""

    number: int
    seed: int
    suffix: str
    engine: str | None
    data: bytes
    how: str
    told: str = ""
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """A file name for it, the same for the same bytes."""
        return f"{self.how}-{hashlib.sha256(self.data).hexdigest()[:12]}{self.suffix}"


def trial(number: int, seed: int, sources: list[Seed], home: Path) -> Trial:
    """Trial ``number`` of a run: its bytes follow from both numbers alone."""
    random = Random(f"{seed}-{number}")
    source = random.choice(sources)
    data = mutated(random, source.data, [s.data for s in sources if s.suffix == source.suffix], source.suffix)
    engine = random.choice(OTHERS) if source.suffix == ".pdf" and random.random() < SHARE else None
    cleaned = random.random() < CLEANED
    path = home / f"source{source.suffix}"
    path.write_bytes(data)
    began = time.monotonic()
    how, told = ended(path, engine, cleaned)
    return Trial(number, seed, source.suffix, engine, data, how, told, time.monotonic() - began)


def ended(path: Path, engine: str | None, cleaned: bool = True) -> tuple[str, str]:
    """How the reading, and the cleaning, of a file ends."""
    call = Call(partial(_work, path, engine, cleaned), LIMITS, path.name, forks=True)
    try:
        told = call.result().decode()
        return ("wrong", told) if told else ("rows", "")
    except LimitError as error:
        return {"seconds": "time", "page_seconds": "time", "memory": "memory"}.get(error.limit, "refused"), str(error)
    except CrashError as error:
        return "crash", str(error)
    except CatalogError as error:
        short = "\n" not in str(error) and len(str(error)) < LINE
        return ("refused", "") if short else ("wrong", f"an error of many lines: {error}")
    except FaultError as error:
        return "fault", error.trace
    finally:
        call.end()


def _work(path: Path, engine: str | None, cleaned: bool, progress: Progress) -> bytes:
    if not cleaned:
        document = raw.json_to_document(catalog.tables(path, engine, None, None, progress))
        return "; ".join(wrong(document, account.account(document))).encode()
    made = catalog.run(path, engine=engine, isolate=False, progress=progress)
    made.files()
    numbered = [record.row for record in made.records] == list(range(1, len(made.records) + 1))
    return "; ".join([*wrong(made.document, made.issues), *([] if numbered else ["rows are not numbered"])]).encode()


def wrong(document: Document, issues: Sequence[Issue]) -> list[str]:
    """What must hold of whatever was read: tables tile and accounts balance, or an issue says that they do not."""
    told = {issue.code for issue in issues}
    found = []
    if "account" not in told and not all(page.account.balances for page in document.pages):
        found.append("an account does not balance in silence")
    if "tiling" not in told and not all(table.tiles() for page in document.pages for table in page.tables):
        found.append("cells do not tile in silence")
    return found
