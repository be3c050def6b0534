"""Mutated sources, for a few seconds; ``make fuzz`` does it for an hour. What was found before stands here as fixtures."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from benchmarks.fuzz import mutate, seeds, trial
from pipeline import catalog, limits
from pipeline.errors import LimitError

SAMPLES, SEED = 100, 20260101


def test_the_seeds_are_read() -> None:
    with tempfile.TemporaryDirectory() as home:
        for source in seeds.seeds()[:5]:
            path = Path(home, f"source{source.suffix}")
            path.write_bytes(source.data)
            assert len(catalog.run(path, isolate=False).records) == 2


def test_the_same_number_gives_the_same_sample() -> None:
    sources = seeds.seeds()[:5]
    one, other = ([trial.sample(n, SEED, sources) for n in range(40)] for _ in range(2))
    assert one == other
    assert len({sample.data for sample in one}) > 30


def test_no_mutated_source_does_harm(tmp_path: Path) -> None:
    """Crashes, hangs, bombs, faults, and tables or accounts that are wrong in silence; the seed is in the message."""
    sources = seeds.seeds()[:5]
    samples = [trial.sample(n, SEED, sources) for n in range(SAMPLES)]
    ended = trial.trials([sample for sample in samples if sample.engine is None], tmp_path)
    assert [(made.number, made.seed, made.how, made.told) for made in ended if made.how in trial.FAILURES] == []
    assert {made.how for made in ended} == {"rows", "refused"}


@pytest.mark.parametrize("kind", [*mutate.PDF, *mutate.TEXT])
def test_every_kind_of_damage_does_some(kind: mutate.Mutator) -> None:
    from random import Random

    data = (seeds.pdf(True) if kind in mutate.PDF else seeds.dump()).replace(b"\r", b"")
    assert any(kind(Random(n), data, [data]) != data for n in range(20))


def test_a_failure_is_told_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(path: Path, engine: str | None, cleaned: bool) -> list[str]:
        if path.read_bytes() == b"die":
            os.abort()
        raise KeyError("a fault") if path.read_bytes() == b"fault" else ValueError

    monkeypatch.setattr(trial, "_faults", fall)
    samples = [trial.Sample(n, 1, ".txt", None, True, data) for n, data in enumerate((b"die", b"fault"))]
    ended = trial.trials(samples, tmp_path)
    assert [made.how for made in ended] == ["crash", "fault"]
    assert "KeyError: 'a fault'" in ended[1].told


class TestFoundBefore:
    def test_a_cell_over_thousands_of_columns(self, tmp_path: Path) -> None:
        """Spans of spans: the columns were counted anew for each of them, which took for ever."""
        wide = '<td rowspan="99" colspan="99">x</td>'
        text = seeds.html().decode().replace("</tr></table>", wide * 500 + "</tr></table>")
        (tmp_path / "source.html").write_text(text, encoding="utf-8")
        with pytest.raises(LimitError, match="columns in a table, more than 500"):
            catalog.run(tmp_path / "source.html", isolate=False)

    def test_a_text_that_fits_nowhere_and_stands_before_all_others(self, tmp_path: Path) -> None:
        """A row that begins with more cells than it has columns: there was no cell before it to keep the surplus with."""
        row = "\t".join(seeds.ROWS[0])
        lines = ["\t".join(seeds.HEADINGS), *[row] * 4, "\t".join(["公开公开公开", "x" * 30, *seeds.ROWS[0]])]
        (tmp_path / "source.txt").write_text("\n".join(lines), encoding="utf-8")
        made = catalog.run(tmp_path / "source.txt", isolate=False)
        assert "x" * 30 in "".join(value.printed for record in made.records for value in record.values.values())

    def test_a_long_dump_is_given_time_for_its_rows(self, tmp_path: Path) -> None:
        """A dump is one page: cleaning ten thousand rows was taken for silence after one page's time."""
        asked: dict[int, float] = {}
        for rows in (100, 200, 300):
            lines = ["\t".join(row) for row in (seeds.HEADINGS, *[seeds.ROWS[0]] * rows)]
            (tmp_path / "source.txt").write_text("\n".join(lines), encoding="utf-8")
            with limits.watched(lambda patience, rows=rows: asked.update({rows: patience})):
                assert len(catalog.run(tmp_path / "source.txt", isolate=False).records) == rows
        assert asked[100] > 1
        assert asked[300] - asked[200] == pytest.approx(asked[200] - asked[100]) != 0
