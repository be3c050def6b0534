"""How much speaks for two rows being one item, in points.

Points are natural logarithms of odds, after Fellegi and Sunter (A Theory for Record Linkage, JASA 64, 1969): an agreement
counts for more the rarer the value is, a disagreement counts against, and independent evidence adds up. What a point is worth
is set in the profile, ``[diff]``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from pipeline.diff.rows import Codes, Rows
from pipeline.profile import DEFAULT, Profile, load

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Weights:
    """The settings of ``[diff]``; what each means stands there."""

    accept: float
    sure: float
    margin: float
    name_alike: tuple[tuple[float, float], ...]
    name_same: float
    value_shared: float
    value_most: float
    value_differs: float
    value_least: float
    parent_differs: float
    place_same: float
    place_step: float
    place_least: float


def read_weights(profile: Profile) -> Weights:
    """The weights of a profile; what it does not set is as in the profile that comes with the package."""
    settings = {**load(DEFAULT).settings["diff"], **profile.settings.get("diff", {})}
    steps = tuple((float(alike), float(points)) for alike, points in settings.pop("name_alike"))
    return Weights(name_alike=steps, **{name: float(value) for name, value in settings.items()})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the points of any two rows are counted from.

    ``continued[g]`` is the number of the new version's group that continues group g of the old one (g itself where nothing else
    is known). ``old_places`` and ``new_places`` tell how many rows before each are known to stand in both versions in the same
    order.
    """

    old: Rows
    new: Rows
    weights: Weights
    continued: Indices
    old_places: Indices
    new_places: Indices

    def points(self, i: Indices, j: Indices) -> Floats:
        """The points of the pairs (i[k], j[k])."""
        return self._names(i, j) + self._groups(i, j) + self._values(i, j) + self._places(i, j)

    def _names(self, i: Indices, j: Indices) -> Floats:
        alike = self._likeness(i, j)
        points = np.interp(alike, *np.array(self.weights.name_alike).T)
        points = np.where(alike == 1.0, self.weights.name_same, points)
        return np.where(self.old.named[i] & self.new.named[j], points, 0.0)

    def _likeness(self, i: Indices, j: Indices) -> Floats:
        """How alike the names are, 0..1: where rows have names of several levels, the least alike level counts most."""
        levels = []
        for level in range(len(self.old.names[0])):
            before, after = [self.old.names[a][level] for a in i], [self.new.names[b][level] for b in j]
            if any(before) or any(after):
                levels.append(likeness(before, after))
        if not levels:
            return np.ones(len(i))
        stacked = np.vstack(levels)
        same: Floats = 0.75 * stacked.min(axis=0) + 0.25 * stacked.mean(axis=0)
        return same

    def _groups(self, i: Indices, j: Indices) -> Floats:
        groups = self.old.groups[i]
        same = (groups == self.new.groups[j]) | (self.continued[groups] == self.new.groups[j])
        rarity = _rarity(self.old.groups, self.new.groups)[groups] * self.weights.value_shared
        return np.where(same, rarity, self.weights.parent_differs)

    def _values(self, i: Indices, j: Indices) -> Floats:
        weights = self.weights
        shared, differing = np.zeros(len(i)), np.zeros(len(i))
        for column in range(self.old.codes.shape[1]):
            rarity = _rarity(self.old.codes[:, column], self.new.codes[:, column])
            before, after = self.old.codes[i, column], self.new.codes[j, column]
            same = before == after
            shared += np.where(same, rarity[before], 0.0)
            differing += ~same
        gained = np.minimum(shared * weights.value_shared, weights.value_most)
        lost: Floats = np.maximum(differing * weights.value_differs, weights.value_least)
        return gained + lost

    def _places(self, i: Indices, j: Indices) -> Floats:
        weights = self.weights
        apart = np.abs(self.old_places[i] - self.new_places[j])
        points: Floats = np.maximum(weights.place_same - weights.place_step * apart, weights.place_least)
        return points


def likeness(before: Sequence[str], after: Sequence[str]) -> Floats:
    """How alike the names before[k] and after[k] are, 0..1.

    The mean of two measures: Levenshtein's takes a replaced character for one edit, the Indel ratio does not punish words that
    were only put in. Real renamings do both (稳岗补贴申领 → 稳岗返还（稳岗补贴）申领).
    """
    options: dict[str, Any] = {"dtype": np.float64}
    found = [process.cpdist(before, after, scorer=scorer.normalized_similarity, **options) for scorer in (Levenshtein, Indel)]
    mean: Floats = (found[0] + found[1]) / 2
    return mean


def _rarity(old: Codes, new: Codes) -> Floats:
    """By the number of a value: the logarithm of how many rows print one such."""
    counts = np.bincount(np.concatenate([old, new]))
    rarity: Floats = np.log((len(old) + len(new)) / np.maximum(counts, 1))
    return rarity


def continued_groups(old: Rows, new: Rows, same: Iterable[tuple[int, int]]) -> Indices:
    """By the number of an old group: the one to which most of its rows went, of those that are surely the same.

    The group itself where none has the majority.
    """
    counts = Counter((int(old.groups[i]), int(new.groups[j])) for i, j in same)
    rows = Counter(before for before, _ in counts.elements())
    continued = np.arange(max(old.groups.max(initial=0), new.groups.max(initial=0)) + 1)
    for (before, after), count in counts.items():
        if count * 2 > rows[before]:
            continued[before] = after
    return continued
