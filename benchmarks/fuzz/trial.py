"""One mutated source: read, cleaned, and its files looked at, in a copy of this process."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from pipeline import account, catalog, raw
from pipeline.engines.base import Progress
from pipeline.errors import CatalogError, CrashError, FaultError, LimitError
from pipeline.extract import extract
from pipeline.guard import Call
from pipeline.limits import Limits
from pipeline.model import Document, Issue

from .mutate import mutated
from .seeds import Seed

LIMITS = Limits(seconds=30, page_seconds=15, memory=900)
# How often another engine than the default reads a PDF.
OTHERS, SHARE = ("pdfplumber", "camelot"), 0.02
# How often the rows are cleaned, too, which takes ten times as long as reading.
CLEANED = 0.1
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


@dataclass(frozen=True, slots=True)
class Sample:
    """What is tried: its bytes follow from the two numbers alone. ``cleaned``: the rows are made, too."""

    number: int
    seed: int
    suffix: str
    engine: str | None
    cleaned: bool
    data: bytes


def sample(number: int, seed: int, sources: list[Seed]) -> Sample:
    """Sample ``number`` of a run."""
    random = Random(f"{seed}-{number}")
    source = random.choice(sources)
    data = mutated(random, source.data, [s.data for s in sources if s.suffix == source.suffix], source.suffix)
    engine = random.choice(OTHERS) if source.suffix == ".pdf" and random.random() < SHARE else None
    return Sample(number, seed, source.suffix, engine, random.random() < CLEANED, data)


def trials(samples: Sequence[Sample], home: Path) -> list[Trial]:
    """What came of each. They are read in one copy of this process, which costs less; where that ends, in one each."""
    call = Call(partial(_all, samples, home), LIMITS, "samples", forks=True)
    began = time.monotonic()
    try:
        ways = json.loads(call.result())
    except (CatalogError, FaultError):
        if len(samples) > 1:
            return [made for one in samples for made in trials([one], home)]
        path = home / f"source{samples[0].suffix}"
        path.write_bytes(samples[0].data)
        ways = [ended(path, samples[0].engine, samples[0].cleaned)]
    finally:
        call.end()
    each = (time.monotonic() - began) / len(samples)
    return [
        Trial(s.number, s.seed, s.suffix, s.engine, s.data, how, told, each) for s, (how, told) in zip(samples, ways, strict=True)
    ]


def ended(path: Path, engine: str | None = None, cleaned: bool = True) -> tuple[str, str]:
    """How the reading, and the cleaning, of one file ends in a copy of this process."""
    call = Call(partial(_one, path, engine, cleaned), LIMITS, path.name, forks=True)
    try:
        how, told = json.loads(call.result())
        return str(how), str(told)
    except LimitError as error:
        return {"seconds": "time", "page_seconds": "time", "memory": "memory"}.get(error.limit, "refused"), str(error)
    except CrashError as error:
        return "crash", str(error)
    finally:
        call.end()


def _all(samples: Sequence[Sample], home: Path, progress: Progress) -> bytes:
    ways = []
    for done, one in enumerate(samples):
        path = home / f"source{one.suffix}"
        path.write_bytes(one.data)
        ways.append(_way(path, one.engine, one.cleaned))
        progress(done, len(samples))
    return json.dumps(ways).encode()


def _one(path: Path, engine: str | None, cleaned: bool, progress: Progress) -> bytes:
    return json.dumps(_way(path, engine, cleaned)).encode()


def _way(path: Path, engine: str | None, cleaned: bool) -> tuple[str, str]:
    """How the work on one file ends that does not end its process."""
    try:
        told = "; ".join(_faults(path, engine, cleaned))
        return ("wrong", told) if told else ("rows", "")
    except CatalogError as error:
        short = "\n" not in str(error) and len(str(error)) < LINE
        return ("refused", "") if short else ("wrong", f"an error of many lines: {error}")
    except MemoryError:
        raise
    except Exception:
        return "fault", traceback.format_exc()


def _faults(path: Path, engine: str | None, cleaned: bool) -> list[str]:
    if not cleaned:
        document = raw.json_to_document(raw.document_to_json(extract(path, engine)))
        return wrong(document, account.account(document))
    made = catalog.run(path, engine=engine, isolate=False)
    made.files()
    numbered = [record.row for record in made.records] == list(range(1, len(made.records) + 1))
    return [*wrong(made.document, made.issues), *([] if numbered else ["rows are not numbered"])]


def wrong(document: Document, issues: Sequence[Issue]) -> list[str]:
    """What must hold of whatever was read: tables tile and accounts balance, or an issue says that they do not."""
    told = {issue.code for issue in issues}
    found = []
    if "account" not in told and not all(page.account.balances for page in document.pages):
        found.append("an account does not balance in silence")
    if "tiling" not in told and not all(table.tiles() for page in document.pages for table in page.tables):
        found.append("cells do not tile in silence")
    return found
