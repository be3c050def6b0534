"""Which row of the old version continues as which row of the new one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.diff.assignment import assign
from pipeline.diff.candidates import candidates
from pipeline.diff.columns import Columns
from pipeline.diff.evidence import Evidence, Floats, Indices, Weights, continued_groups, read_weights
from pipeline.diff.order import common_order, moved
from pipeline.diff.rows import Pair, Rows, ready
from pipeline.model import Record
from pipeline.profile import Profile

Found = dict[int, int]


def pair_rows(old: Sequence[Record], new: Sequence[Record], columns: Columns, profile: Profile) -> list[Pair]:
    """The pairs, ascending by old row; each row is in at most one.

    First what is certain: rows whose names and group are equal and single in both versions, and rows that are equal in
    everything. Then the best assignment of the others by all that speaks for it.
    """
    weights = read_weights(profile)
    before, after = ready(old, new, columns)
    # Ties are broken by order, so both directions are done as one: the reverse comparison must be the mirror image.
    if before.cells < after.cells:
        return sorted((pair.mirrored() for pair in _pairs(after, before, weights)), key=lambda pair: pair.old)
    return _pairs(before, after, weights)


def _pairs(old: Rows, new: Rows, weights: Weights) -> list[Pair]:
    ordered = common_order(old, new)
    found: Found = dict(_single(_keys(old), _keys(new)))
    found |= {i: j for i, j in ordered if old.cells[i] == new.cells[j]}
    anchors = [(i, j) for i, j in ordered if found.get(i) == j]
    places = _places(anchors, 0, len(old)), _places(anchors, 1, len(new))
    found |= _equal(old, new, found, places)
    continued = continued_groups(old, new, [*found.items(), *_single(old.names, new.names)])
    evidence = Evidence(old, new, weights, continued, *places)
    pairs = sorted([Pair(i, j) for i, j in found.items()] + _likeliest(evidence, found), key=lambda pair: pair.old)
    elsewhere = moved([pair.new for pair in pairs])
    return [replace(pair, moved=True) if k in elsewhere else pair for k, pair in enumerate(pairs)]


def _keys(rows: Rows) -> list[tuple[str | int, ...]]:
    """Names and group of each row; a row without a name has none."""
    return [(*names, group) if any(names) else () for names, group in zip(rows.names, rows.groups.tolist(), strict=True)]


def _single(old: Sequence[tuple[str | int, ...]], new: Sequence[tuple[str | int, ...]]) -> Iterable[tuple[int, int]]:
    """Rows (i, j) whose key is equal and single in both versions; an empty key is none."""
    counts = Counter(old), Counter(new)
    position = {key: j for j, key in enumerate(new)}
    for i, key in enumerate(old):
        if any(key) and counts[0][key] == 1 == counts[1][key]:
            yield i, position[key]


def _places(anchors: Sequence[tuple[int, int]], side: int, count: int) -> NDArray[np.intp]:
    """For each row of one version, how many of the anchors stand before it or are it."""
    return np.searchsorted(np.array([anchor[side] for anchor in anchors], np.intp), np.arange(count), side="right")


def _equal(old: Rows, new: Rows, found: Found, places: tuple[Indices, Indices]) -> Found:
    """Rows equal in everything that is compared, several of a kind in their order: those of the same place, then those of
    which both versions have equally many left. Which of them went where they came from elsewhere, the assignment must weigh.
    """
    equal = Found()
    for in_place in (True, False):
        left = _left(old, places[0], found.keys() | equal.keys(), in_place)
        there = _left(new, places[1], {*found.values(), *equal.values()}, in_place)
        for key, rows in left.items():
            if in_place or len(rows) == len(there.get(key, ())):
                equal |= dict(zip(rows, there.get(key, ()), strict=False))
    return equal


def _left(rows: Rows, places: Indices, taken: Collection[int], in_place: bool) -> dict[tuple[int, tuple[str, ...]], list[int]]:
    """The rows that are not taken, by what they say and, where wanted, by place."""
    left: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
    for row, cells in enumerate(rows.cells):
        if row not in taken:
            left[int(places[row]) if in_place else 0, cells].append(row)
    return left


def _likeliest(evidence: Evidence, found: Found) -> list[Pair]:
    """The best assignment of the rows that are not found yet."""
    taken = set(found.values())
    old = np.array([i for i in range(len(evidence.old)) if i not in found], np.intp)
    new = np.array([j for j in range(len(evidence.new)) if j not in taken], np.intp)
    if not len(old) or not len(new):
        return []
    i, j = candidates(evidence, old, new)
    points = evidence.points(i, j)
    # Where nothing else decides, the order does: less than any evidence, the more the farther apart.
    worth = points - evidence.weights.accept - 1e-6 * np.abs(i / len(evidence.old) - j / len(evidence.new))
    useful = worth > 0
    i, j, points, worth = i[useful], j[useful], points[useful], worth[useful]
    chosen = assign(i, j, worth)
    leads = _leads(i, j, worth, chosen)
    return [_pair(int(i[k]), int(j[k]), float(points[k]), lead, evidence.weights) for k, lead in zip(chosen, leads, strict=True)]


def _pair(i: int, j: int, points: float, lead: float, weights: Weights) -> Pair:
    reasons = [("unlike", points < weights.sure), ("rival", lead < weights.margin)]
    return Pair(i, j, 100 / (1 + math.exp(-points)), "+".join(reason for reason, holds in reasons if holds))


def _leads(i: Indices, j: Indices, worth: Floats, chosen: Indices) -> Floats:
    """For each chosen pair, what would be lost if one of its rows went with its best other row instead.

    The two rows that lose their partners by that may go with each other.
    """
    of_old, of_new = np.full(i.max(initial=0) + 1, -1), np.full(j.max(initial=0) + 1, -1)
    of_old[i[chosen]], of_new[j[chosen]] = chosen, chosen
    padded = np.append(worth, 0.0)
    now_old, now_new = of_old[i], of_new[j]
    position = {pair: k for k, pair in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
    left = [
        position.get((int(i[other]), int(j[own])), -1) if own >= 0 and other >= 0 else -1
        for own, other in zip(now_old, now_new, strict=True)
    ]
    loss = padded[now_old] + padded[now_new] - worth - padded[left]
    other = np.ones(len(i), bool)
    other[chosen] = False
    leads = np.full(len(i), np.inf)
    for now in (now_old, now_new):
        counted = other & (now >= 0)
        np.minimum.at(leads, now[counted], loss[counted])
    return leads[chosen]
