"""A catalog, edited at random, and what was done to it. Pure.

Names, laws, channels and bodies come from the vocabulary of ``benchmarks.typeset``; renamings write other characters over up
to 40 % of a name, as its author never would, which is harder to follow than real ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.typeset import catalog, truth
from benchmarks.typeset.words import Words, words
from pipeline.model import Record

Item = dict[str, Any]

NAMES = ("second_level_item", "third_level_item")
TICKS = ("audience_public", "audience_specific", "method_proactive", "method_on_request", "level_county", "level_township")
LISTS = ("content_elements", "legal_bases", "channels")
MOST_RENAMED = 0.4
_OTHER = "天地玄黄宇宙洪荒日月盈昃辰宿列张"


@dataclass(slots=True)
class Edited:
    """``origin[j]`` is the row of the old version (0-based) that row j of the new one continues, None for an added one.

    ``renamed`` and ``changed`` name rows of the old version; a change names its field too. ``hard``: see ``edit``.
    """

    old: list[Item]
    new: list[Item]
    origin: list[int | None]
    renamed: set[int] = field(default_factory=set)
    changed: set[tuple[int, str]] = field(default_factory=set)
    hard: bool = False

    @property
    def removed(self) -> set[int]:
        return set(range(len(self.old))) - set(self.origin)

    @property
    def added(self) -> set[int]:
        return {row for row, origin in enumerate(self.origin) if origin is None}


def records(items: Sequence[Item]) -> list[Record]:
    """Plain rows as records without history."""
    return [Record(row, {"row": row, **item}, {}) for row, item in enumerate(items, 1)]


def draw_catalog(rng: random.Random) -> list[Item]:
    """The rows of a new catalog: 10 to 90, some with third-level items, some with names that occur twice."""
    vocabulary = words()
    blocks = rng.choice(("shared", "own", "row"))
    plan = catalog.Plan(rng.randint(10, 90), blocks, rng.choice(("long", "block")), rng.random() < 0.25, rng.random() < 0.3)
    made = catalog.build(rng, vocabulary, rng.choice(sorted(vocabulary.domains)), plan)
    columns = [*NAMES[: 1 + plan.third], *TICKS]
    return truth.items(made, columns)


def edit(items: Sequence[Item], rng: random.Random, share: float = 0.08, hard: bool = False) -> Edited:
    """These rows, with up to ``share`` of them edited in each of five ways: some are edited in several ways at once.

    ``hard`` renamings all replace 40 % of the name.
    """
    edited = Edited([dict(item) for item in items], [dict(item) for item in items], list(range(len(items))), hard=hard)
    most = max(1, int(len(items) * share))
    steps: list[tuple[Callable[[Edited, random.Random, Words], None], int]] = [
        (step, rng.randint(0, most)) for step in (_rename, _change, _remove, _add, _move)
    ]
    for step, times in steps:
        for _ in range(times):
            step(edited, rng, words())
    for number, item in enumerate(edited.new, 1):
        item["seq"] = number
    return edited


def _rename(edited: Edited, rng: random.Random, vocabulary: Words) -> None:
    row = rng.randrange(len(edited.old))
    if row in edited.renamed:
        return
    item = edited.new[row]
    name = next(field for field in reversed(NAMES) if item.get(field))
    written = (rewrite if edited.hard else rename)(item[name], rng)
    if written != item[name] and not any(other.get(name) == written for other in edited.new):
        item[name] = written
        edited.renamed.add(row)


def rename(name: str, rng: random.Random) -> str:
    """A name with up to 40 % of its characters replaced, left out or put in."""
    characters = list(name)
    supply = "".join(second for domain in words().domains.values() for seconds in domain.groups.values() for second in seconds)
    for _ in range(rng.randint(1, max(1, int(len(name) * MOST_RENAMED)))):
        place, way = rng.randrange(len(characters)), rng.random()
        if way < 0.5:
            characters[place] = rng.choice(supply)
        elif way < 0.75 or len(characters) < 3:
            characters.insert(place, rng.choice(supply))
        else:
            del characters[place]
    return "".join(characters)


def rewrite(name: str, rng: random.Random) -> str:
    """A name with 40 % of its characters replaced."""
    characters = list(name)
    for place in rng.sample(range(len(name)), max(1, int(len(name) * MOST_RENAMED))):
        characters[place] = rng.choice(_OTHER)
    return "".join(characters)


def _change(edited: Edited, rng: random.Random, vocabulary: Words) -> None:
    row, name = rng.randrange(len(edited.old)), rng.choice((*LISTS, *TICKS, "time_limit", "disclosing_body"))
    item = edited.new[row]
    if (row, name) in edited.changed or item[name] is None:
        return
    if name in LISTS:
        item[name] = _other_list(item[name], rng.choice([other[name] for other in edited.old]), rng)
    elif name in TICKS:
        item[name] = not item[name]
    else:
        item[name] = rng.choice([limit.text for limit in vocabulary.limits] if name == "time_limit" else list(vocabulary.bodies))
    if item[name] != edited.old[row][name]:
        edited.changed.add((row, name))


def _other_list(elements: Sequence[str], others: Sequence[str], rng: random.Random) -> list[str]:
    """The list without an element, with one more, or with one replaced."""
    place, way, other = rng.randrange(len(elements) + 1), rng.random(), [rng.choice(others)] if others else []
    if way < 0.4:
        return [*elements[:place], *other, *elements[place:]]
    return [*elements[:place], *(other if way < 0.6 else ()), *elements[place + 1 :]]


def _remove(edited: Edited, rng: random.Random, vocabulary: Words) -> None:
    if len(edited.new) > 2:
        row = rng.randrange(len(edited.new))
        origin = edited.origin[row]
        del edited.new[row], edited.origin[row]
        edited.renamed.discard(-1 if origin is None else origin)
        edited.changed = {change for change in edited.changed if change[0] != origin}


def _add(edited: Edited, rng: random.Random, vocabulary: Words) -> None:
    """A row that is new: a name from any domain, everything else as its neighbour has it."""
    domain = rng.choice(list(vocabulary.domains.values()))
    name = rng.choice([second for seconds in domain.groups.values() for second in seconds])
    place = rng.randrange(len(edited.new) + 1)
    item = dict(edited.new[max(0, place - 1)])
    item[next(field for field in reversed(NAMES) if item.get(field))] = name
    if not any(all(item.get(field) == other.get(field) for field in NAMES) for other in (*edited.new, *edited.old)):
        edited.new.insert(place, item)
        edited.origin.insert(place, None)


def _move(edited: Edited, rng: random.Random, vocabulary: Words) -> None:
    row, place = rng.randrange(len(edited.new)), rng.randrange(len(edited.new))
    edited.new.insert(place, edited.new.pop(row))
    edited.origin.insert(place, edited.origin.pop(row))
