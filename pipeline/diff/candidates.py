"""Which rows are worth comparing: all of a small catalog; of a large one only those that may be the same item."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from pipeline.diff.evidence import Evidence, Indices
from pipeline.diff.rows import Rows

# Up to this many pairs every name is compared with every other: 40 million take two seconds, these a fifth of one.
ALL_PAIRS = 4_000_000
# Names less alike than this (Indel ratio, 0..1) are no candidates; 40 % of other characters leave 0.6.
LEAST_ALIKE = 0.4
# Of a large catalog: so many rows of the same name or place on either side of a row's own place, and so many alike names.
NEAR = 25
ALIKE = 10
# The rarest pairs of characters of a name that are looked up, and in how many names one may occur.
GRAMS = 8
COMMON = 400
BLOCK = 1_000


def candidates(evidence: Evidence, old: Indices, new: Indices) -> tuple[Indices, Indices]:
    """Pairs (i, j) of the rows ``old`` and ``new`` that may be the same item, each pair once."""
    pairs = _all(evidence, old, new) if len(old) * len(new) <= ALL_PAIRS else _likely(evidence, old, new)
    width = len(evidence.new)
    flat = np.sort(np.concatenate([i * width + j for i, j in pairs]))
    flat = flat[np.diff(flat, prepend=-1) > 0]
    return flat // width, flat % width


def _all(evidence: Evidence, old: Indices, new: Indices) -> Iterator[tuple[Indices, Indices]]:
    before, after = _labels(evidence.old, old), _labels(evidence.new, new)
    options: dict[str, Any] = {"scorer": Indel.normalized_similarity, "score_cutoff": LEAST_ALIKE, "dtype": np.float32}
    i, j = np.nonzero(process.cdist(before, after, **options))
    yield old[i], new[j]
    yield from _nameless(evidence, old, new)


def _likely(evidence: Evidence, old: Indices, new: Indices) -> Iterator[tuple[Indices, Indices]]:
    yield from _near(evidence, old, new, _labels(evidence.old, old), _labels(evidence.new, new))
    yield from _near(evidence, old, new, [""] * len(old), [""] * len(new))
    yield from _alike(_labels(evidence.old, old), _labels(evidence.new, new), old, new)


def _labels(rows: Rows, chosen: Indices) -> list[str]:
    return ["".join(rows.names[row]) for row in chosen]


def _nameless(evidence: Evidence, old: Indices, new: Indices) -> Iterator[tuple[Indices, Indices]]:
    """Rows without a name beside all rows of the same place: what else they say must decide."""
    places = evidence.old_places[old][:, None] == evidence.new_places[new][None, :]
    named = evidence.old.named[old][:, None] & evidence.new.named[new][None, :]
    i, j = np.nonzero(places & ~named)
    yield old[i], new[j]


def _near(
    evidence: Evidence, old: Indices, new: Indices, old_groups: Sequence[str], new_groups: Sequence[str]
) -> Iterator[tuple[Indices, Indices]]:
    """Each old row beside the new rows of the same group whose places are nearest to its own."""
    members: dict[str, list[int]] = {}
    for position, group in enumerate(new_groups):
        members.setdefault(group, []).append(position)
    found: Mapping[str, Indices] = {group: np.array(positions) for group, positions in members.items()}
    places = {group: evidence.new_places[new[positions]] for group, positions in found.items()}
    for row, group in zip(old, old_groups, strict=True):
        if group in found:
            place = evidence.old_places[row]
            first, last = np.searchsorted(places[group], [place, place + 1])
            # Within one place the order is the only hint: as far from its beginning as the row is from the beginning of its own.
            middle = min(first + _rank(evidence, row, place), last)
            near = new[found[group][max(0, middle - NEAR) : middle + NEAR]]
            yield np.full(len(near), row), near


def _rank(evidence: Evidence, row: int, place: int) -> int:
    return int(row - np.searchsorted(evidence.old_places, place))


def _alike(before: Sequence[str], after: Sequence[str], old: Indices, new: Indices) -> Iterator[tuple[Indices, Indices]]:
    """Each old row beside the new rows whose names share most of its rare pairs of characters with it."""
    from scipy import sparse

    spread = Counter(gram for label in after for gram in _grams(label))
    known = {gram: number for number, gram in enumerate(gram for gram, count in spread.items() if count <= COMMON)}
    worth = {gram: math.log(len(after) / spread[gram]) + 1 for gram in known}

    def matrix(labels: Sequence[str], most: int | None) -> Any:
        chosen = [sorted(_grams(label) & worth.keys(), key=lambda gram: (-worth[gram], gram))[:most] for label in labels]
        columns = [known[gram] for grams in chosen for gram in grams]
        ends = np.cumsum([0, *map(len, chosen)])
        weights = np.array([worth[gram] for grams in chosen for gram in grams], np.float32)
        return sparse.csr_array((weights, columns, ends), shape=(len(labels), max(len(known), 1)))

    theirs = matrix(after, None).T.tocsr()
    theirs.data[:] = 1
    for start in range(0, len(before), BLOCK):
        shared = matrix(before[start : start + BLOCK], GRAMS) @ theirs
        for row in range(shared.shape[0]):
            line = slice(shared.indptr[row], shared.indptr[row + 1])
            best = shared.indices[line]
            if len(best) > ALIKE:
                best = best[np.argpartition(-shared.data[line], ALIKE)[:ALIKE]]
            yield np.full(len(best), old[start + row]), new[best]


def _grams(label: str) -> set[str]:
    return {label[k : k + 2] for k in range(len(label) - 1)} | set(label)
