"""A catalog as its author means it: rows, and for each column the runs of rows that share one value. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .words import Domain, Words

TICKS = (
    "audience_public",
    "audience_specific",
    "method_proactive",
    "method_on_request",
    "level_county",
    "level_township",
    "level_village",
)
BLOCKED = ("content_elements", "legal_bases", "channels")
RUNNING = ("time_limit", "disclosing_body")


@dataclass(frozen=True)
class Span:
    """One value over ``count`` rows from ``start`` (0-based)."""

    start: int
    count: int
    value: Any

    @property
    def rows(self) -> range:
        return range(self.start, self.start + self.count)


@dataclass(frozen=True)
class Row:
    """One row: its items, its ticks by field, the group that an audience cell names, and what extra columns say."""

    seq: int
    first: str
    second: str
    third: str = ""
    ticks: dict[str, bool] = field(default_factory=dict)
    group: str = ""
    note: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Channels:
    """The chosen channels, and all that the cell names."""

    chosen: tuple[str, ...]
    offered: tuple[str, ...]


@dataclass(frozen=True)
class Catalog:
    """One table: ``spans`` holds for every field of BLOCKED and RUNNING the runs that cover all rows."""

    title: str
    domain: str
    rows: tuple[Row, ...]
    spans: dict[str, tuple[Span, ...]]

    def value(self, name: str, row: int) -> Any:
        """The value of a blocked or running field in a row (0-based)."""
        return next(span.value for span in self.spans[name] if row in span.rows)


@dataclass(frozen=True)
class Plan:
    """What a catalog is drawn from. ``blocks``: ``shared`` (content, laws and channels change together), ``own`` (each for
    itself) or ``row`` (no merged cells among them); ``running``: ``long`` (across first-level items) or ``block``.
    ``full``: channel cells name the whole offered list. ``plain``: laws may be cited without 《》. ``comma`` False: the layout
    cuts lists at 、, so no element may hold one."""

    rows: int = 30
    blocks: str = "shared"
    running: str = "long"
    third: bool = False
    full: bool = False
    plain: bool = False
    named_group: bool = False
    short_elements: int = 0
    comma: bool = True
    first_seq: int = 1


def build(rng: random.Random, words: Words, domain: str, plan: Plan) -> Catalog:
    """A catalog of about ``plan.rows`` rows of a domain (and of others where it has too few)."""
    groups = _groups(rng, words, domain, plan.rows)
    items = [item for first, seconds in groups for item in _items(rng, words.domains[domain], first, seconds, plan.third)]
    items = items[: plan.rows]
    runs = _runs_in_groups(rng, [first for first, _, _ in items])
    rows = _rows(rng, words, items, runs, plan)
    spans = _block_spans(rng, words, words.domains[domain], [first for first, _, _ in items], runs, plan)
    spans |= _running_spans(rng, words, words.domains[domain], len(items), spans["content_elements"], plan)
    title = rng.choice(words.titles).format(domain=domain)
    return Catalog(title, domain, tuple(rows), spans)


def _groups(rng: random.Random, words: Words, domain: str, rows: int) -> list[tuple[str, list[str]]]:
    """First-level items with their second-level items, in random order, until there are enough rows."""
    names = [domain, *rng.sample([d for d in words.domains if d != domain], 4)]
    picked: list[tuple[str, list[str]]] = []
    for name in names:
        groups = list(words.domains[name].groups.items())
        rng.shuffle(groups)
        for first, seconds in groups:
            if sum(len(s) for _, s in picked) < rows and first not in {f for f, _ in picked}:
                picked.append((first, list(seconds)))
    return picked


def _items(rng: random.Random, domain: Domain, first: str, seconds: list[str], third: bool) -> list[tuple[str, str, str]]:
    if not third:
        return [(first, second, "") for second in seconds]
    cut = [(second, rng.sample(domain.third, rng.randint(1, len(domain.third)))) for second in seconds]
    return [(first, second, name) for second, names in cut for name in sorted(names, key=domain.third.index)]


def _runs_in_groups(rng: random.Random, firsts: list[str], most: int = 6) -> list[range]:
    """Runs of rows that never cross a first-level item."""
    runs: list[range] = []
    start = 0
    while start < len(firsts):
        end = start + 1
        while end < len(firsts) and firsts[end] == firsts[start] and end - start < most and rng.random() < 0.72:
            end += 1
        runs.append(range(start, end))
        start = end
    return runs


def _rows(rng: random.Random, words: Words, items: list[tuple[str, str, str]], runs: list[range], plan: Plan) -> list[Row]:
    rows = []
    for run in runs:
        ticks = _ticks(rng)
        group = rng.choice(words.groups) if plan.named_group and ticks["audience_specific"] else ""
        for i in run:
            own = ticks | ({"level_township": not ticks["level_township"]} if rng.random() < 0.1 else {})
            note = rng.choice(words.notes) if rng.random() < 0.5 else ""
            first, second, third = items[i]
            rows.append(Row(plan.first_seq + i, first, second, third, own, group, note))
    return rows


def _ticks(rng: random.Random) -> dict[str, bool]:
    public = rng.random() < 0.8
    proactive = rng.random() < 0.92
    return {
        "audience_public": public,
        "audience_specific": not public or rng.random() < 0.05,
        "method_proactive": proactive,
        "method_on_request": not proactive or rng.random() < 0.08,
        "level_county": rng.random() < 0.93,
        "level_township": rng.random() < 0.5,
        "level_village": rng.random() < 0.3,
    }


def _block_spans(
    rng: random.Random, words: Words, domain: Domain, firsts: list[str], runs: list[range], plan: Plan
) -> dict[str, tuple[Span, ...]]:
    draw: dict[str, Callable[[], Any]] = {
        "content_elements": lambda: _elements(rng, words, domain, plan),
        "legal_bases": lambda: _laws(rng, words, domain, plan.plain),
        "channels": lambda: _channels(rng, words, plan.full),
    }
    single = [range(i, i + 1) for i in range(len(firsts))]
    spans = {}
    for name in BLOCKED:
        own = {"shared": runs, "row": single}.get(plan.blocks) or _runs_in_groups(rng, firsts)
        spans[name] = tuple(Span(run.start, len(run), draw[name]()) for run in own)
    return spans


def _elements(rng: random.Random, words: Words, domain: Domain, plan: Plan) -> tuple[str, ...]:
    pool = rng.choice([words.elements[0], *words.elements, *domain.elements, *domain.elements])
    pool = tuple(e for e in pool if (not plan.short_elements or len(e) <= plan.short_elements) and (plan.comma or "、" not in e))
    pool = pool or words.elements[3]
    return pool[: rng.randint(min(3, len(pool)), len(pool))]


def _laws(rng: random.Random, words: Words, domain: Domain, plain: bool) -> tuple[str, ...]:
    laws = [rng.choice(words.laws[:4])] if rng.random() < 0.8 else []
    laws += rng.sample(domain.laws, rng.randint(1, min(4, len(domain.laws))))
    if rng.random() < 0.3:
        laws.append(rng.choice(words.laws[4:]))
    if plain and rng.random() < 0.3:
        laws.append(rng.choice(words.plain_laws))
    return tuple(dict.fromkeys(laws))


def _channels(rng: random.Random, words: Words, full: bool) -> Channels:
    if not full:
        chosen = tuple(rng.sample(words.channels, rng.randint(1, 4)))
        return Channels(chosen, chosen)
    marked = set(rng.sample(words.offered, rng.randint(1, 4)))
    return Channels(tuple(c for c in words.offered if c in marked), words.offered)


def _running_spans(
    rng: random.Random, words: Words, domain: Domain, rows: int, blocks: tuple[Span, ...], plan: Plan
) -> dict[str, tuple[Span, ...]]:
    limits = rng.sample(words.limits[:12], 3) + rng.sample(words.limits, 3)
    bodies = list(domain.bodies) + rng.sample(words.bodies, 2)
    return {
        "time_limit": _running(rng, limits, rows, blocks, plan),
        "disclosing_body": _running(rng, bodies, rows, blocks, plan),
    }


def _running(rng: random.Random, values: Sequence[Any], rows: int, blocks: tuple[Span, ...], plan: Plan) -> tuple[Span, ...]:
    """Runs that end where a block ends; long ones cross first-level items. Neighbours differ."""
    if plan.blocks == "row" and plan.running == "block":
        blocks = tuple(Span(i, 1, None) for i in range(rows))
    spans: list[Span] = []
    start = 0
    wanted = rng.randint(4, 25)
    for block in blocks:
        end = block.start + block.count
        if plan.running == "long" and end - start < wanted and end < rows:
            continue
        others = [v for v in values if not spans or v != spans[-1].value]
        keep = plan.running == "block" and spans and rng.random() < 0.6
        spans.append(Span(start, end - start, spans[-1].value if keep else rng.choice(others)))
        start, wanted = end, rng.randint(4, 25)
    return tuple(spans)
