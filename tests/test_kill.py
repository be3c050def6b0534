"""Killed at any moment, a command leaves the old output or the new one; ``make kill`` does it two hundred times."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks import kill

VICTIMS = {victim.name: victim for victim in kill.VICTIMS}


@pytest.mark.parametrize(("name", "times"), [("run", 4), ("review", 2)])
def test_a_killed_command_leaves_the_old_output_or_the_new_one(name: str, times: int) -> None:
    counts = kill.killed(times, Random(20261124), [VICTIMS[name]])
    assert counts.total() == times
    assert {how for _, how in counts} <= set(kill.WHOLE)


@pytest.mark.parametrize(
    ("found", "how"),
    [
        pytest.param(({"a": "1"}, {"b": "1"}), "old", id="as it was"),
        pytest.param(({"a": "2"}, {"b": "2"}), "new", id="done"),
        pytest.param(({"a": "2"}, {"b": "1"}), "between", id="the first is there"),
        pytest.param(({"a": "1"}, {"b": "2"}), "broken", id="the second before the first"),
        pytest.param(({"a": "2"}, {}), "broken", id="a file is lost"),
        pytest.param(({"a": "2", "c": "1"}, {"b": "2"}), "broken", id="one too many"),
    ],
)
def test_what_is_neither_the_old_nor_the_new_output_is_told(found: tuple[kill.State, ...], how: str) -> None:
    assert kill.judged(found, ({"a": "1"}, {"b": "1"}), ({"a": "2"}, {"b": "2"})).split(":")[0] == how
