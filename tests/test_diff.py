"""Two versions of a catalog are compared as a reader would: the same item is found again, whatever happened to it."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from benchmarks.diff.edits import draw_catalog, edit, records
from benchmarks.diff.score import Tally, moves_needed
from pipeline import profile
from pipeline.diff import assignment, candidates, continued, diff, narrowed
from pipeline.diff.edits import edits
from pipeline.diff.order import moved
from pipeline.diff.rows import Folder
from pipeline.model import Diff, Match, Record, Value

ROOT = Path(__file__).parent.parent
FAMILY = profile.load()
KNOWN = ROOT / "tests" / "golden" / "social-insurance" / "changes-2020-2023.json"

Told = set[tuple[str, ...]]


def row(name: str | None, group: str = "社会保险登记", **fields: Any) -> dict[str, Any]:
    """A row as items.json has it; what is not named is as in every other row."""
    return {
        "seq": 1,
        "first_level_item": group,
        "second_level_item": name,
        "content_elements": ["办理材料", "办理时限"],
        "legal_bases": ["《社会保险法》"],
        "time_limit": "20个工作日内公开",
        "time_limit_value": 20,
        "channels": ["政府网站"],
        "channels_offered": ["政府网站", "公示栏"],
        "audience_public": True,
        "audience_specific": False,
        "audience_specific_group": None,
        **fields,
    }


def compare(old: Iterable[dict[str, Any]], new: Iterable[dict[str, Any]], **options: Any) -> Diff:
    return diff(records(list(old)), records(list(new)), FAMILY, **options)


def name_of(record: Record) -> str:
    return str(record.fields["second_level_item"])


def told(found: Diff) -> Told:
    """What a comparison says, in the words of the file of known changes."""
    return {
        *(("added", name_of(record)) for record in found.added),
        *(("removed", name_of(record)) for record in found.removed),
        *(("renamed", name_of(match.old), name_of(match.new)) for match in found.renamed),
        *(("moved", name_of(match.new)) for match in found.moved),
        *(("changed", name_of(match.new), change.field) for match in found.changed for change in match.changes),
    }


def unsure(found: Diff) -> Told:
    return told(found.doubtful or Diff())


NAMES = [
    "参保登记",
    "企业年金方案备案",
    "失业保险金申领",
    "社会保障卡挂失与解挂",
    "个人权益记录查询打印",
    "工伤事故备案",
    "病残津贴申领",
]
BASE = [row(name) for name in NAMES]


class TestNothingChanged:
    @pytest.mark.parametrize(
        "rows",
        [
            pytest.param([], id="no rows"),
            pytest.param(BASE[:1], id="one row"),
            pytest.param(BASE, id="several"),
            pytest.param([row("登记"), row("登记"), row("登记")], id="all of one name"),
            pytest.param([row(None), row("登记"), row(None)], id="rows without a name"),
            pytest.param([row(None)] * 3, id="no row has a name"),
        ],
    )
    def test_a_version_is_equal_to_itself(self, rows: list[dict[str, Any]]) -> None:
        found = compare(rows, rows)
        assert found == Diff(doubtful=Diff())
        assert not found.different

    def test_a_new_serial_number_is_no_change(self) -> None:
        assert not compare(BASE, [{**item, "seq": 70 + n} for n, item in enumerate(BASE)]).different

    def test_what_is_derived_is_not_compared(self) -> None:
        other = [{**item, "time_limit_value": 7, "channels_offered": []} for item in BASE]
        assert not compare(BASE, other).different

    @pytest.mark.parametrize(
        ("field", "before", "after"),
        [
            pytest.param("second_level_item", "参保（退保）登记", "参保(退保) 登记", id="widths and spaces in a name"),
            pytest.param("legal_bases", ["《“十四五”规划》"], ['《"十四五"规划》'], id="quotes in a list"),
            pytest.param("time_limit", "２０日内", "20日内", id="full-width digits"),
        ],
    )
    def test_another_spelling_is_told_but_is_no_change(self, field: str, before: Any, after: Any) -> None:
        found = compare([*BASE, row("丙") | {field: before}], [*BASE, row("丙") | {field: after}])
        assert not found.different
        assert [change.field for match in found.respelled for change in match.changes] == [field]

    @pytest.mark.parametrize("blank", [None, "", []])
    def test_how_a_blank_is_written_says_nothing(self, blank: Any) -> None:
        found = compare([*BASE, row("丙", legal_bases=[])], [*BASE, row("丙", legal_bases=blank)])
        assert found == Diff(doubtful=Diff())


class TestKinds:
    def test_added_and_removed(self) -> None:
        assert told(compare(BASE, [*BASE[:3], row("稽核"), *BASE[3:]])) == {("added", "稽核")}
        assert told(compare(BASE, BASE[1:])) == {("removed", "参保登记")}
        assert len(compare([], BASE).added) == len(compare(BASE, []).removed) == len(BASE)

    def test_a_renamed_item_is_not_one_removed_and_one_added(self) -> None:
        found = compare(BASE, [*BASE[:2], row("失业保险金申请领取"), *BASE[3:]])
        assert told(found) == {("renamed", "失业保险金申领", "失业保险金申请领取")}
        (match,) = found.renamed
        assert [(edit.op, edit.text) for edit in match.changes[0].edits] == [
            ("same", "失业保险金申"),
            ("in", "请"),
            ("same", "领"),
            ("in", "取"),
        ]
        assert 90 < match.score < 100

    def test_an_item_of_another_name_in_its_place_is_another_item(self) -> None:
        found = compare(BASE, [*BASE[:2], row("养老待遇资格认证"), *BASE[3:]])
        assert told(found) == {("removed", "失业保险金申领"), ("added", "养老待遇资格认证")}

    def test_what_a_row_says_decides_between_two_names(self) -> None:
        law = ["《关于机关事业单位工作人员养老保险制度改革的决定》"]
        old = [row("社会保险登记", legal_bases=law), *BASE]
        new = [row("机关事业单位社会保险登记", legal_bases=law), row("企业社会保险登记"), *BASE]
        found = compare(old, new)
        assert told(found) | unsure(found) == {
            ("renamed", "社会保险登记", "机关事业单位社会保险登记"),
            ("added", "企业社会保险登记"),
        }

    def test_moved(self) -> None:
        found = compare(BASE, [*BASE[1:6], BASE[0], *BASE[6:]])
        assert told(found) == {("moved", "参保登记")}

    def test_of_two_that_swapped_places_one_is_named(self) -> None:
        found = compare(BASE, [BASE[1], BASE[0], *BASE[2:]])
        assert len(found.moved) == 1
        assert name_of(found.moved[0].new) in NAMES[:2]

    def test_moved_to_another_group(self) -> None:
        old = [row("登记", "甲"), row("变更", "甲"), row("查询", "乙"), row("打印", "乙")]
        new = [row("登记", "甲"), row("查询", "乙"), row("变更", "乙"), row("打印", "乙")]
        assert ("changed", "变更", "first_level_item") in told(compare(old, new))

    def test_a_renamed_group_is_one_change_in_each_row_and_nothing_more(self) -> None:
        found = compare([row(name, "甲") for name in NAMES], [row(name, "完全不同的名称") for name in NAMES])
        assert told(found) == {("changed", name, "first_level_item") for name in NAMES}

    def test_all_at_once(self) -> None:
        new = [BASE[1], BASE[2], row("社会保障卡挂失"), row("稽核"), BASE[0] | {"audience_public": False}, *BASE[5:]]
        assert told(compare(BASE, new)) == {
            ("renamed", "社会保障卡挂失与解挂", "社会保障卡挂失"),
            ("added", "稽核"),
            ("removed", "个人权益记录查询打印"),
            ("moved", "参保登记"),
            ("changed", "参保登记", "audience_public"),
        }

    def test_third_level_items_are_names_too(self) -> None:
        old = [row("老年人补贴", third_level_item=name) for name in ("高龄津贴", "护理补贴", "服务补贴")]
        new = [old[0], old[1] | {"third_level_item": "失能护理补贴"}, old[2]]
        (match,) = compare(old, new).renamed
        assert [change.field for change in match.changes] == ["third_level_item"]


class TestDuplicates:
    """Names that occur more than once must not be lost, nor taken for each other."""

    def test_one_more_of_a_name_is_added(self) -> None:
        found = compare(BASE, [*BASE, row("参保登记", legal_bases=["《劳动法》"])])
        assert told(found) == {("added", "参保登记")}
        assert found.added[0].fields["legal_bases"] == ["《劳动法》"]

    def test_one_less_of_a_name_is_removed(self) -> None:
        twice = [row("登记", legal_bases=["《甲法》"]), *BASE, row("登记", legal_bases=["《乙法》"])]
        found = compare(twice, twice[1:])
        assert [record.row for record in found.removed] == [1]

    def test_each_is_followed_by_what_it_says(self) -> None:
        laws = ["《甲法》", "《乙法》", "《丙法》"]
        old = [row("登记", legal_bases=[law]) for law in laws]
        new = [row("登记", legal_bases=[law]) for law in reversed(laws)]
        found = compare(old, new)
        assert not found.changed
        assert len(found.moved) + len(found.doubtful.moved if found.doubtful else ()) == 2

    def test_the_same_name_in_several_groups(self) -> None:
        old = [row("申领", group) for group in "甲乙丙丁"]
        new = [row("申领", group) for group in "甲乙丁"]
        found = compare(old, new)
        assert [record.fields["first_level_item"] for record in found.removed] == ["丙"]
        assert not found.changed

    def test_no_row_is_lost(self) -> None:
        rng = random.Random(3)
        old = [row(rng.choice("甲乙丙"), rng.choice("子丑")) for _ in range(40)]
        new = [row(rng.choice("甲乙丙"), rng.choice("子丑")) for _ in range(40)]
        a, b = records(old), records(new)
        found, follows = diff(a, b, FAMILY), continued(a, b, FAMILY)
        removed = {record.row for part in (found, found.doubtful) if part for record in part.removed}
        added = {record.row for part in (found, found.doubtful) if part for record in part.added}
        assert sorted([*follows, *removed]) == sorted([*follows.values(), *added]) == list(range(1, 41))
        assert len(set(follows.values())) == len(follows)


class TestColumns:
    def test_a_column_that_came_is_told_once(self) -> None:
        found = compare([item | {"level_city": None} for item in BASE], [item | {"level_city": True} for item in BASE])
        assert (found.columns_added, found.columns_removed, told(found)) == (("level_city",), (), set())
        assert found.different

    def test_a_column_that_went_is_told_once(self) -> None:
        found = compare([item | {"extra_备注": "见附件"} for item in BASE], BASE)
        assert (found.columns_added, found.columns_removed) == ((), ("extra_备注",))

    def test_columns_that_the_profile_does_not_know_are_compared(self) -> None:
        old, new = row("稽核", extra_备注="见附件"), row("稽核", extra_备注="另见附件")
        assert told(compare([*BASE, old], [*BASE, new])) == {("changed", "稽核", "extra_备注")}

    def test_only_some_fields(self) -> None:
        new = [BASE[0] | {"time_limit": "7日内", "audience_public": False}, *BASE[1:]]
        assert told(compare(BASE, new, fields=["time_limit"])) == {("changed", "参保登记", "time_limit")}

    def test_the_name_in_a_tick_is_compared_where_the_ticks_are_equal(self) -> None:
        named = {"audience_specific": True, "audience_specific_group": "企业"}
        old, new = [row("稽核") | named, *BASE], [row("稽核") | named | {"audience_specific_group": "个人"}, *BASE]
        assert told(compare(old, new)) == {("changed", "稽核", "audience_specific_group")}
        assert told(compare(old, [row("稽核"), *BASE])) == {("changed", "稽核", "audience_specific")}

    def test_a_new_caption_is_told_once(self) -> None:
        old, new = (
            [item | {"table_title": "目录（2020年版）"} for item in BASE],
            [item | {"table_title": "目录"} for item in BASE],
        )
        found = compare(old, new)
        assert [(change.old, change.new) for change in found.titles] == [("目录（2020年版）", "目录")]
        assert told(found) == set()

    def test_a_row_that_went_to_another_table_is_changed(self) -> None:
        first, second = [[row(f"{name}{n}", table_title=f"表{n}") for name in NAMES] for n in (1, 2)]
        new = [*first[:-1], *second, first[-1] | {"table_title": "表2"}]
        assert ("changed", "病残津贴申领1", "table_title") in told(compare([*first, *second], new))

    def test_a_profile_need_not_say_how_rows_are_matched(self) -> None:
        bare = replace(FAMILY, settings={})
        assert told(diff(records(BASE), records(BASE[1:]), bare)) == {("removed", "参保登记")}


def doubted(item: dict[str, Any], number: int, *fields: str) -> Record:
    return Record(number, {"row": number, **item}, {field: Value("", "", doubt="cut") for field in fields})


class TestDoubts:
    def test_a_doubted_value_is_set_apart(self) -> None:
        new = [doubted(BASE[0] | {"time_limit": "7日内", "audience_public": False}, 1, "time_limit"), *records(BASE)[1:]]
        found = diff(records(BASE), new, FAMILY)
        assert told(found) == {("changed", "参保登记", "audience_public")}
        assert unsure(found) == {("changed", "参保登记", "time_limit")}
        assert found.doubtful is not None
        assert found.doubtful.changed[0].changes[0].doubt == "cut"

    def test_a_doubted_name_casts_doubt_on_the_whole_row(self) -> None:
        new = [
            doubted(BASE[0] | {"second_level_item": "参保登记表", "time_limit": "7日内"}, 1, "second_level_item"),
            *records(BASE)[1:],
        ]
        found = diff(records(BASE), new, FAMILY)
        assert told(found) == set()
        assert unsure(found) == {("renamed", "参保登记", "参保登记表"), ("changed", "参保登记表", "time_limit")}

    def test_an_added_row_of_a_doubted_name(self) -> None:
        found = diff(records(BASE), [*records(BASE), doubted(row("稽核"), 8, "second_level_item")], FAMILY)
        assert (told(found), unsure(found)) == (set(), {("added", "稽核")})

    def test_a_doubt_about_a_value_that_did_not_change_says_nothing(self) -> None:
        assert not diff(records(BASE), [doubted(BASE[0], 1, "time_limit"), *records(BASE)[1:]], FAMILY).different

    def test_two_rows_that_are_equally_likely(self) -> None:
        old = [row("甲乙丙丁戊己庚辛"), *BASE]
        found = compare(old, [row("甲乙丙丁戊己庚辛壬"), row("癸甲乙丙丁戊己庚辛"), *BASE])
        assert told(found) <= {("added", "甲乙丙丁戊己庚辛壬"), ("added", "癸甲乙丙丁戊己庚辛")}
        assert found.doubtful is not None
        assert [match.doubt for match in found.doubtful.renamed] == ["rival"]

    @pytest.mark.parametrize(
        ("kinds", "doubtful", "sure", "apart"),
        [
            pytest.param(None, True, {"added", "changed"}, {"changed"}, id="everything"),
            pytest.param(["added"], True, {"added"}, set(), id="one kind"),
            pytest.param(["changed", "moved"], True, {"changed"}, {"changed"}, id="two kinds"),
            pytest.param(None, False, {"added", "changed"}, set(), id="nothing doubtful"),
        ],
    )
    def test_narrowed(self, kinds: list[str] | None, doubtful: bool, sure: set[str], apart: set[str]) -> None:
        changed = doubted(BASE[0] | {"time_limit": "7日内", "audience_public": False}, 1, "time_limit")
        found = diff(records(BASE), [changed, *records([*BASE, row("稽核")])[1:]], FAMILY)
        left = narrowed(found, kinds, doubtful)
        assert {kind for kind, *_ in told(left)} == sure
        assert {kind for kind, *_ in unsure(left)} == apart


@lru_cache
def sample(version: str) -> tuple[Record, ...]:
    source = next(path for path in (ROOT / "raw" / "social-insurance" / version).glob("source.*") if path.suffix != ".toml")
    return pipeline.run(source).records


def known() -> Told:
    entries = json.loads(KNOWN.read_text(encoding="utf-8"))
    return {tuple(entry[key] for key in ("kind", "old", "new", "item", "field") if key in entry) for entry in entries}


class TestTheSample:
    def test_exactly_the_known_changes(self) -> None:
        found = diff(sample("2020"), sample("2023"), FAMILY)
        assert told(found) == known()
        assert unsure(found) == set()
        assert found.respelled == found.titles == found.columns_added == found.columns_removed == ()

    def test_the_reverse_is_the_mirror_image(self) -> None:
        mirrored = {"added": "removed", "removed": "added"}
        renamed = {(kind, *reversed(names)) if kind == "renamed" else (kind, *names) for kind, *names in known()}
        found = diff(sample("2023"), sample("2020"), FAMILY)
        assert told(found) == {(mirrored.get(kind, kind), *names) for kind, *names in renamed}

    def test_the_pdf_against_the_dump_shows_what_is_printed_otherwise(self) -> None:
        found = diff(sample("2020"), sample("text"), FAMILY)
        assert found.added == found.removed == found.renamed == found.moved == ()
        for match in found.changed:
            assert all(not match.new.values[change.field].doubt for change in match.changes)
            assert all(_printed(match.new, change.field) != _printed(match.old, change.field) for change in match.changes)
        assert found.doubtful is not None
        assert all(change.doubt for match in found.doubtful.changed for change in match.changes)


def _printed(record: Record, field: str) -> str:
    return "".join(record.values[field].printed.split())


def drawn(seed: object) -> Any:
    rng = random.Random(f"test/{seed}")
    return edit(draw_catalog(rng), rng, rng.choice((0.04, 0.08, 0.15)))


def tallied(cases: Iterable[Any]) -> Tally:
    tally = Tally()
    for edited in cases:
        tally.add(edited, diff(records(edited.old), records(edited.new), FAMILY))
    return tally


class TestRandomEdits:
    """``python -m benchmarks.diff`` does the same with a thousand cases and more, and writes the shares down."""

    def test_edits_are_found_and_none_is_invented(self) -> None:
        tally = tallied(drawn(seed) for seed in range(200))
        assert tally.made.total() > 1000
        assert tally.share >= 0.99
        assert tally.invented.total() <= tally.made.total() * 0.001

    def test_a_large_catalog_is_searched_otherwise_with_the_same_success(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(candidates, "ALL_PAIRS", 0)
        assert tallied(drawn(seed) for seed in range(60)).share >= 0.99

    def test_in_a_large_catalog_renamed_items_are_found_far_from_their_places(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither their names nor their neighbours lead to them, only the pairs of characters that both names have."""
        monkeypatch.setattr(candidates, "ALL_PAIRS", 0)
        signs = [chr(0x4E00 + 7 * k) for k in range(1200)]
        names = ["".join(signs[6 * k : 6 * k + 6]) for k in range(200)]
        old = [row(name, group=f"领域{k // 10}", content_elements=[f"{name}条件"]) for k, name in enumerate(names)]
        renamed = {name: f"{name[:5]}申领" for name in names}
        new = [
            row(renamed[name], group=f"类别{k // 10}", content_elements=[f"{name}条件"]) for k, name in enumerate(reversed(names))
        ]
        found = compare(old, new)
        assert {("renamed", name, other) for name, other in renamed.items()} <= told(found) | unsure(found)

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 10**6))
    def test_any_version_is_equal_to_itself(self, seed: int) -> None:
        edited = drawn(seed)
        for version in (records(edited.old), records(edited.new)):
            assert diff(version, version, FAMILY) == Diff(doubtful=Diff())
            assert continued(version, version, FAMILY) == {record.row: record.row for record in version}

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 10**6))
    def test_the_reverse_is_the_mirror_image(self, seed: int) -> None:
        edited = drawn(seed)
        old, new = records(edited.old), records(edited.new)
        assert mirrored(diff(new, old, FAMILY)) == plain(diff(old, new, FAMILY))

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 10**6))
    def test_what_is_told_leads_from_the_old_version_to_the_new_one(self, seed: int) -> None:
        edited = drawn(seed)
        old, new = records(edited.old), records(edited.new)
        found, follows = diff(old, new, FAMILY), continued(old, new, FAMILY)
        parts = [part for part in (found, found.doubtful) if part]
        changes = {
            (match.new.row, change.field): change.new
            for part in parts
            for match in (*part.renamed, *part.changed)
            for change in match.changes
        }
        added = {record.row for part in parts for record in part.added}
        came_from = {after: before for before, after in follows.items()}
        assert added == set(range(1, len(new) + 1)) - set(came_from)
        for record in new:
            if record.row not in added:
                before = old[came_from[record.row] - 1].fields
                for field in set(record.fields) - {"row", "seq", "time_limit_value", "time_limit_unit", "channels_offered"}:
                    assert changes.get((record.row, field), before.get(field)) == record.fields[field]


def plain(found: Diff, side: str = "old", other: str = "new") -> Any:
    """A comparison as sets of row numbers and values, as seen from either side."""

    def matches(kind: str, part: Diff) -> set[Any]:
        return {
            (getattr(match, side).row, getattr(match, other).row, round(match.score, 6), match.doubt, told_of(match))
            for match in getattr(part, kind)
        }

    def told_of(match: Match) -> frozenset[Any]:
        return frozenset((change.field, repr(getattr(change, side)), repr(getattr(change, other))) for change in match.changes)

    parts = [part for part in (found, found.doubtful) if part]
    came, went = ("added", "removed") if side == "old" else ("removed", "added")
    rows = [({r.row for r in getattr(part, came)}, {r.row for r in getattr(part, went)}) for part in parts]
    return rows, [[matches(kind, part) for kind in ("renamed", "moved", "changed", "respelled")] for part in parts]


def mirrored(found: Diff) -> Any:
    return plain(found, "new", "old")


class TestParts:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), unique=True, max_size=12), st.randoms())
    def test_no_assignment_is_worth_more(self, pairs: list[tuple[int, int]], rng: random.Random) -> None:
        worth = np.array([rng.randint(1, 9) for _ in pairs], float)
        i, j = (np.array([pair[side] for pair in pairs], np.intp) for side in (0, 1))

        def fits(chosen: Iterable[int]) -> bool:
            taken = [pairs[k] for k in chosen]
            return all(len({pair[side] for pair in taken}) == len(taken) for side in (0, 1))

        sizes = range(min(len(pairs), 5) + 1)
        best = max(
            sum(worth[list(some)]) for size in sizes for some in itertools.combinations(range(len(pairs)), size) if fits(some)
        )
        chosen = assignment.assign(i, j, worth).tolist()
        assert fits(chosen)
        assert sum(worth[chosen]) == best

    @given(st.permutations(range(8)))
    def test_as_few_as_can_be_have_moved(self, order: list[int]) -> None:
        found = moved(order)
        rest = [place for position, place in enumerate(order) if position not in found]
        assert rest == sorted(rest)
        assert len(found) == moves_needed(order)

    @given(st.text("甲乙丙丁12", max_size=12), st.text("甲乙丙丁12", max_size=12))
    def test_edits_of_a_text_lead_from_one_to_the_other(self, old: str, new: str) -> None:
        found = edits(old, new, Folder())
        assert "".join(edit.text for edit in found if edit.op != "in") == old
        assert "".join(edit.text for edit in found if edit.op != "out") == new

    @given(st.lists(st.sampled_from("甲乙丙丁"), max_size=8), st.lists(st.sampled_from("甲乙丙丁"), max_size=8))
    def test_edits_of_a_list_lead_from_one_to_the_other(self, old: list[str], new: list[str]) -> None:
        found = edits(old, new, Folder())
        assert [edit.text for edit in found if edit.op != "in"] == old
        assert [edit.text for edit in found if edit.op != "out"] == new

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            pytest.param("工程建设项目", "建筑项目", ["-工程建设", "+建筑", "=项目"], id="one equal character between changes"),
            pytest.param("20个工作日", "15个工作日", ["-20", "+15", "=个工作日"], id="a number"),
            pytest.param(True, False, ["-true", "+false"], id="a tick"),
            pytest.param(None, "及时", ["+及时"], id="nothing before"),
            pytest.param(["甲", "乙"], None, ["-甲", "-乙"], id="nothing after"),
        ],
    )
    def test_edits(self, old: Any, new: Any, expected: list[str]) -> None:
        signs = {"same": "=", "out": "-", "in": "+"}
        assert [signs[edit.op] + edit.text for edit in edits(old, new, Folder())] == expected
