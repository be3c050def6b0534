"""How fast it goes, and how long it will take yet."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

# Documents over which the rate is taken: enough to even out short and long ones, few enough to follow a change.
_OVER = 200


class Pace:
    """Documents done out of ``total``, and their rate lately."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.done = 0
        self.total = total
        self._clock = clock
        self._times = deque([clock()], maxlen=_OVER + 1)

    def step(self) -> None:
        """One more is done."""
        self.done += 1
        self._times.append(self._clock())

    @property
    def rate(self) -> float:
        """Documents a second over the last ones; 0 while nothing can be said."""
        passed = self._times[-1] - self._times[0]
        return (len(self._times) - 1) / passed if passed > 0 else 0.0

    @property
    def told(self) -> str:
        """E.g. ``120 of 500, 3.1/s, 2 min left``."""
        if not self.rate:
            return f"{self.done} of {self.total}"
        return f"{self.done} of {self.total}, {_rate(self.rate)}, {_span((self.total - self.done) / self.rate)} left"


def _rate(rate: float) -> str:
    return f"{rate:.1f}/s" if rate >= 1 else f"{rate * 60:.1f}/min"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
