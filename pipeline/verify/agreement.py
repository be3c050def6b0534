"""How far independent readings of a document agree, counted in cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_NUMBERS = {2: "two", 3: "three", 4: "four"}


class Agreement(NamedTuple):
    """``engines`` are those that gave a reading, the one that is checked first.

    ``alike`` counts cells by how many engines read them alike (the one that is checked included, so 1 = it stands alone),
    ``explained`` the differences by the rule that explains them, ``doubted`` the cells that got a doubt.
    """

    engines: tuple[str, ...]
    alike: tuple[tuple[int, int], ...]
    explained: tuple[tuple[str, int], ...] = ()
    doubted: int = 0

    @property
    def cells(self) -> int:
        """How many cells were compared."""
        return sum(count for _, count in self.alike)

    def __str__(self) -> str:
        if len(self.engines) < 2:
            return "not cross-checked"
        counts = dict(self.alike)
        most, *fewer = [(_NUMBERS.get(n, str(n)), counts.get(n, 0)) for n in range(len(self.engines), 1, -1)]
        told = f"{most[0]} engines agree on {most[1]} of {self.cells} cells"
        return told + "".join(f", {number} on {count}" for number, count in fewer)


def total(engines: tuple[str, ...], pages: Iterable[Agreement]) -> Agreement:
    """The agreement on a document from that on its pages."""
    alike, explained, doubted = Counter[int](), Counter[str](), 0
    for page in pages:
        alike.update(dict(page.alike))
        explained.update(dict(page.explained))
        doubted += page.doubted
    return Agreement(engines, tuple(sorted(alike.items())), tuple(sorted(explained.items())), doubted)
