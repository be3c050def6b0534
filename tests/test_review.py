"""The desk: decisions are on disk at once, hold on every later run, can be taken back, and do not overwrite each other."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reviewing import EVIL, LOOKUPS, OUT, READING, desk, issues, items, lines, record, tree, values

from pipeline import correct, profile
from pipeline.catalog import run
from pipeline.export import datapackage
from pipeline.model import Record, Value
from pipeline.review import Changed, Decision, Desk, Refused, Unknown
from pipeline.review.wanted import wanted
from pipeline.text import squash

FAMILY = profile.load()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tree(tmp_path_factory.mktemp("made"))


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A tree of its own for each test."""
    return Path(shutil.copytree(made, tmp_path, dirs_exist_ok=True))


@pytest.fixture(scope="module")
def shared(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk for decisions that each take the place of the one before."""
    return desk(Path(shutil.copytree(made, tmp_path_factory.mktemp("shared"), dirs_exist_ok=True)))


def content(root: Path) -> dict[str, bytes]:
    """Everything that a decision may change."""
    lookups = root / LOOKUPS
    files = [*(root / OUT).iterdir(), *([lookups] if lookups.is_file() else [])]
    return {path.name: path.read_bytes() for path in files}


def confirm(row: int, field: str, **more: Any) -> Decision:
    return Decision(row, field, "confirm", **more)


def corrected(row: int, field: str, value: str | tuple[str, ...], **more: Any) -> Decision:
    return Decision(row, field, "correct", value, **more)


class TestDecisions:
    def test_looking_changes_nothing(self, root: Path) -> None:
        before = content(root)
        shown = desk(root)
        assert (shown.state.counts["rows"], shown.state.counts["doubts"]) == (5, 2)
        shown.html("token")
        shown.suggestions(4, "disclosing_body")
        assert content(root) == before

    def test_a_confirmed_value_loses_its_doubt_now_and_on_the_next_run(self, root: Path) -> None:
        outcome = desk(root).decide(confirm(4, "disclosing_body", reason="见原件"))
        assert (4, "disclosing_body") in outcome.changed
        assert lines(root) == [
            {
                "field": "disclosing_body",
                "printed": "医保屆",
                "value": "",
                "item": "待遇申领",
                "version": "",
                "status": "confirmed",
                "reason": "见原件",
            }
        ]
        assert items(root, "disclosing_body")[3] == "医保屆"
        assert ("doubt", "disclosing_body") not in issues(root)
        assert values(desk(root), "disclosing_body")[3] == "医保屆"

    def test_what_a_person_gave_is_confirmed_as_it_is(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(corrected(4, "disclosing_body", READING))
        shown.decide(confirm(4, "disclosing_body", reason="二人核对"))
        assert [(line["value"], line["status"], line["reason"]) for line in lines(root)] == [(READING, "confirmed", "二人核对")]
        assert items(root, "disclosing_body")[3] == READING

    def test_it_is_doubted_again_when_something_else_is_printed(self, root: Path) -> None:
        desk(root).decide(confirm(4, "disclosing_body"))
        text = (root / LOOKUPS).read_text(encoding="utf-8")
        (root / LOOKUPS).write_text(text.replace("医保屆", "医保处"), encoding="utf-8")
        assert values(desk(root), "disclosing_body")[3] == "医保屆?"
        assert ("lookup_unused", "disclosing_body") in issues(root)

    def test_a_doubt_of_what_is_derived_is_confirmed_with_its_field(self, root: Path) -> None:
        shown = desk(root)
        assert values(shown, "time_limit")[0] == "*个工作日内?"
        shown.decide(confirm(1, "time_limit"))
        assert values(shown, "time_limit")[0] == "*个工作日内"

    def test_what_an_issue_is_about_is_settled_by_a_confirmation(self, root: Path) -> None:
        shown = desk(root)
        assert {("verify", "disclosing_body"), ("repeated_item", "second_level_item")} <= set(issues(root))
        shown.decide(confirm(4, "disclosing_body"))
        shown.decide(confirm(4, "second_level_item"))
        assert not {"verify", "repeated_item"}.intersection(code for code, _ in issues(root))

    def test_a_corrected_value_is_in_every_file(self, root: Path) -> None:
        desk(root).decide(corrected(4, "disclosing_body", READING, reason="电话核实"))
        assert items(root, "disclosing_body")[3] == READING
        for name in ("items.csv", "provenance.csv", "report.html"):
            assert READING in (root / OUT / name).read_text(encoding="utf-8")
        assert datapackage.changed(root / OUT, datapackage.read(root / OUT) or {}) == []

    def test_the_files_are_those_that_a_run_writes(self, root: Path) -> None:
        desk(root).decide(corrected(2, "time_limit", "15日内"))
        before = content(root)
        correct.made_again(correct.find(root / OUT)).store()
        assert content(root) == before

    def test_one_row_of_a_merged_cell_and_one_of_two_rows_that_print_the_same(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(corrected(2, "disclosing_body", "税务局"))
        shown.decide(corrected(4, "time_limit", "3日内"))
        assert items(root, "disclosing_body")[:3] == ["人社局", "税务局", "人社局"]
        assert items(root, "time_limit") == ["*个工作日内", "20日内", "20日内", "3日内", "7日内"]

    def test_all_that_print_the_same(self, root: Path) -> None:
        shown = desk(root)
        assert shown.suggestions(2, "time_limit")[1] == 3
        shown.decide(corrected(2, "time_limit", "30日内", every=True))
        assert items(root, "time_limit") == ["*个工作日内", "30日内", "30日内", "30日内", "7日内"]
        assert [line["item"] for line in lines(root)] == [""]

    def test_a_decision_for_all_takes_the_place_of_the_one_for_its_row_and_leaves_others(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(corrected(2, "time_limit", "1日内"))
        shown.decide(corrected(3, "time_limit", "2日内"))
        shown.decide(corrected(2, "time_limit", "30日内", every=True))
        assert items(root, "time_limit") == ["*个工作日内", "30日内", "2日内", "30日内", "7日内"]

    def test_a_second_decision_takes_the_place_of_the_first(self, root: Path) -> None:
        shown = desk(root)
        for value in ("1日内", "2日内"):
            shown.decide(corrected(2, "time_limit", value))
        assert [line["value"] for line in lines(root)] == ["2日内"]

    def test_a_field_may_be_made_blank(self, root: Path) -> None:
        desk(root).decide(corrected(2, "time_limit", ""))
        assert items(root, "time_limit")[1] is None

    def test_a_name_that_was_corrected_still_names_its_row(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(corrected(3, "second_level_item", "社保关系转移"))
        shown.decide(corrected(3, "time_limit", "5日内"))
        shown.undo(shown.decide(corrected(3, "second_level_item", "转移")).undo)
        assert (items(root, "second_level_item")[2], items(root, "time_limit")[2]) == ("社保关系转移", "5日内")
        assert ("lookup_unused", "time_limit") not in issues(root)

    @pytest.mark.parametrize(
        ("decision", "told"),
        [
            pytest.param(confirm(9, "time_limit"), "no such value", id="no such row"),
            pytest.param(confirm(1, "limit"), "no such value", id="no such field"),
            pytest.param(corrected(1, "time_limit_value", "3"), "no such value", id="a derived field"),
            pytest.param(confirm(2, "time_limit"), "nothing to confirm", id="nothing to confirm"),
            pytest.param(corrected(1, "seq", "一"), "is no number", id="a number that is none"),
        ],
    )
    def test_what_cannot_be_done_changes_nothing(self, decision: Decision, told: str, root: Path) -> None:
        shown, before = desk(root), content(root)
        with pytest.raises(Refused, match=told):
            shown.decide(decision)
        assert content(root) == before

    def test_what_cannot_be_written_takes_the_line_back(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        shown, before = desk(root), content(root)

        def fail(*_: object) -> None:
            raise Refused("the disk is full")

        monkeypatch.setattr(correct, "store", fail)
        with pytest.raises(Refused, match="the disk is full"):
            shown.decide(corrected(2, "time_limit", "15日内"))
        assert content(root) == before


class TestUndo:
    def test_everything_is_as_before(self, root: Path) -> None:
        shown, before = desk(root), content(root)
        shown.undo(shown.decide(corrected(2, "time_limit", "15日内")).undo)
        assert content(root) == before

    def test_a_line_that_was_replaced_comes_back(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(corrected(2, "time_limit", "15日内"))
        before = content(root)
        shown.undo(shown.decide(corrected(2, "time_limit", "16日内")).undo)
        assert content(root) == before

    def test_decisions_after_it_stay(self, root: Path) -> None:
        shown = desk(root)
        first = shown.decide(corrected(2, "time_limit", "15日内"))
        shown.decide(corrected(3, "time_limit", "16日内"))
        shown.undo(first.undo)
        assert items(root, "time_limit")[1:3] == ["20日内", "16日内"]

    def test_undoing_can_be_undone(self, root: Path) -> None:
        shown = desk(root)
        undone = shown.undo(shown.decide(corrected(2, "time_limit", "15日内")).undo)
        shown.undo(undone.undo)
        assert items(root, "time_limit")[1] == "15日内"

    def test_a_decision_is_taken_back_once(self, root: Path) -> None:
        shown = desk(root)
        number = shown.decide(corrected(2, "time_limit", "15日内")).undo
        shown.undo(number)
        with pytest.raises(Unknown):
            shown.undo(number)

    def test_a_line_that_was_changed_since_is_not_taken_back_unseen(self, root: Path) -> None:
        shown = desk(root)
        first = shown.decide(corrected(2, "time_limit", "15日内"))
        shown.decide(corrected(2, "time_limit", "16日内"))
        with pytest.raises(Refused, match="was changed since"):
            shown.undo(first.undo)

    def test_what_was_decided_last_week_is_taken_back_by_its_value(self, root: Path) -> None:
        before = content(root)
        desk(root).decide(corrected(2, "time_limit", "15日内"))
        later = desk(root)
        with pytest.raises(Changed):
            later.withdraw(2, "time_limit", "14日内")
        later.withdraw(2, "time_limit", "15日内")
        assert content(root) == before

    def test_what_is_decided_elsewhere_is_not_taken_back_here(self, root: Path) -> None:
        line = "field,printed,value,item\ntime_limit,20日内,15日内,关系转移\n"
        (root / LOOKUPS).parent.with_name("lookups.csv").write_text(line, encoding="utf-8")
        with pytest.raises(Refused, match="of the catalog"):
            desk(root).withdraw(3, "time_limit")
        with pytest.raises(Refused, match="not decided"):
            desk(root).withdraw(2, "time_limit")


class TestTwo:
    """Two desks on one folder are two servers; two browsers at one server are two decisions at one desk."""

    def test_a_decision_about_another_value_is_merged(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(corrected(2, "time_limit", "15日内", expect="20日内", expect_doubt=""))
        shown.decide(corrected(3, "time_limit", "16日内", expect="20日内", expect_doubt=""))
        assert items(root, "time_limit")[1:3] == ["15日内", "16日内"]

    def test_a_decision_about_a_value_that_has_changed_is_refused(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(corrected(2, "time_limit", "15日内", expect="20日内"))
        with pytest.raises(Changed) as refused:
            shown.decide(corrected(2, "time_limit", "16日内", expect="20日内"))
        assert refused.value.cell.text == "15日内"
        assert items(root, "time_limit")[1] == "15日内"

    def test_a_value_that_lost_its_doubt_has_changed(self, root: Path) -> None:
        shown = desk(root)
        shown.decide(confirm(4, "disclosing_body"))
        with pytest.raises(Changed):
            shown.decide(corrected(4, "disclosing_body", READING, expect="医保屆", expect_doubt="verify"))

    def test_two_servers_see_each_other(self, root: Path) -> None:
        one, other = desk(root), desk(root)
        one.decide(corrected(2, "time_limit", "15日内"))
        assert values(other, "time_limit")[1] == "15日内"
        other.decide(corrected(3, "time_limit", "16日内"))
        assert values(one, "time_limit")[1:3] == ["15日内", "16日内"]
        assert one.state.revision == other.state.revision
        assert len(lines(root)) == 2

    def test_a_server_sees_what_the_command_decided(self, root: Path) -> None:
        shown = desk(root)
        correct.correct(correct.find(root / OUT), correct.Correction(2, "time_limit", "15日内"))
        assert values(shown, "time_limit")[1] == "15日内"

    def test_a_server_brings_the_folder_in_step_with_lines_written_by_hand(self, root: Path) -> None:
        shown = desk(root)
        (root / LOOKUPS).write_text("field,printed,value,item\ntime_limit,7日内,8日内,\n", encoding="utf-8")
        assert values(shown, "time_limit")[4] == "8日内"
        assert items(root, "time_limit")[4] == "8日内"

    def test_decisions_of_many_threads_are_all_kept(self, root: Path) -> None:
        shown = desk(root)
        fields = ("time_limit", "content_elements", "legal_bases")
        asked = [corrected(row, field, f"甲{row}") for row in (1, 2, 3) for field in fields]
        threads = [threading.Thread(target=shown.decide, args=(decision,)) for decision in asked]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(lines(root)) == len(asked)
        assert items(root, "time_limit")[:3] == ["甲1", "甲2", "甲3"]


DECIDES = """
import sys
from pathlib import Path
from pipeline import correct
from pipeline.review import Decision, Desk
desk = Desk(correct.find(Path(sys.argv[1])))
print("ready", flush=True)
for n in range(1000):
    desk.decide(Decision(2, "time_limit", "correct", f"{n + 100}日内"))
"""


@pytest.mark.parametrize("milliseconds", [30, 110, 230])
def test_killed_at_any_moment_both_files_are_whole_and_the_next_start_brings_them_in_step(milliseconds: int, root: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-c", DECIDES, str(root / OUT)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    time.sleep(milliseconds / 1000)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    package = datapackage.read(root / OUT)
    assert package is not None
    assert datapackage.changed(root / OUT, package) == []
    said = [line["value"] for line in lines(root)] or ["20日内"]
    assert values(desk(root), "time_limit")[1] == said[0]
    assert items(root, "time_limit")[1] == said[0]
    assert [path.name for path in (root / OUT).parent.iterdir()] == ["2020"]


def test_what_a_desk_killed_after_its_decision_left_goes_at_the_next_start(root: Path) -> None:
    target = root / OUT
    old = target.with_name(f".{target.name}.0123abcd.catalog-new")
    shutil.copytree(target, old)
    half = (root / LOOKUPS).with_name(f".{Path(LOOKUPS).name}.0123abcd.catalog-new")
    half.write_text("field,pri", encoding="utf-8")
    desk(root)
    assert [old.exists(), half.exists()] == [False, False]
    assert [path.name for path in target.parent.iterdir()] == [target.name]


class TestSuggestions:
    def told(self, root: Path, row: int, field: str) -> list[tuple[str, str]]:
        return [(one.value, one.source) for one in desk(root).suggestions(row, field)[0]]

    def test_what_another_engine_reads_comes_first(self, root: Path) -> None:
        (offer, *others) = desk(root).suggestions(4, "disclosing_body")[0]
        assert (offer.value, offer.source, offer.detail) == (READING, "engine", "pdfplumber")
        assert READING not in [one.value for one in others]
        assert "人社局" in [one.value for one in others]

    def test_the_value_itself_is_not_offered_and_each_other_once(self, root: Path) -> None:
        offers = self.told(root, 2, "time_limit")
        assert len(offers) == len({value for value, _ in offers})
        assert "20日内" not in [value for value, _ in offers]
        assert "7日内" in [value for value, _ in offers]

    def test_a_misread_entry_of_a_list_is_offered_as_the_term(self, root: Path) -> None:
        shown = desk(root)
        term = next(term for term in FAMILY.terms("legal_bases") if len(term) > 8)
        shown.decide(corrected(2, "legal_bases", ("《社会保险法》", term[:2] + "口" + term[3:])))
        offers = [one.value for one in shown.suggestions(2, "legal_bases")[0] if one.source == "lexicon"]
        assert f"《社会保险法》；{term}" in offers

    def test_ticks_need_none(self, root: Path) -> None:
        assert desk(root).suggestions(2, "audience_public") == ([], 0)


def row_with(field: str, typed: Any, text: str, **derived: Any) -> Record:
    return Record(1, {"row": 1, field: typed, **derived}, {field: Value(text, text)})


class TestWanted:
    @pytest.mark.parametrize(
        ("given", "texts"),
        [
            pytest.param("true", ("是",), id="ticked"),
            pytest.param("false", ("否",), id="not ticked"),
            pytest.param("", ("否",), id="blank"),
            pytest.param("参保人", ("参保人",), id="a group"),
        ],
    )
    def test_ticks(self, given: str, texts: tuple[str, ...]) -> None:
        record = row_with("audience_specific", False, "")
        assert wanted(record, "audience_specific", given, FAMILY).texts == texts

    def test_a_tick_keeps_the_group_that_it_names(self) -> None:
        record = row_with("audience_specific", True, "参保人", audience_specific_group="参保人")
        assert wanted(record, "audience_specific", "true", FAMILY).texts == ("参保人",)

    def test_what_a_cell_offers_stays_offered(self) -> None:
        record = row_with("channels", ["甲站", "乙报"], "", channels_offered=["甲站", "乙报", "丙栏"])
        asked = wanted(record, "channels", "甲站", FAMILY)
        assert asked.texts == ("■甲站□乙报□丙栏",)
        assert asked.is_met(row_with("channels", ["甲站"], "", channels_offered=["甲站", "乙报", "丙栏"]))
        assert not asked.is_met(row_with("channels", ["甲站"], "", channels_offered=["甲站"]))

    def test_an_entry_that_was_written_otherwise_is_not_offered_beside_it(self) -> None:
        record = row_with("channels", ["政府网占"], "", channels_offered=["政府网占"])
        assert wanted(record, "channels", "政府网站", FAMILY).texts == ("政府网站", "政府网站；")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("甲乙丙、，1.（）《》 ", min_size=1, max_size=8).map(str.strip).filter(bool), min_size=1, max_size=3))
def test_a_list_comes_out_as_it_was_given_or_is_refused(shared: Desk, entries: list[str]) -> None:
    listed = shared.state.record(2).fields["content_elements"]
    try:
        listed = shared.decide(corrected(2, "content_elements", tuple(entries))).after.record(2).fields["content_elements"]
    except Refused as error:
        told = str(error)
    else:
        told = ""
        assert list(map(squash, listed)) == list(map(squash, entries))
    assert ("would be read as" in told) == bool(told)
    assert shared.state.record(2).fields["content_elements"] == listed


def test_channels_that_are_not_ticked_stay_offered(root: Path) -> None:
    shown = desk(root)
    shown.decide(corrected(2, "channels", "公示栏"))
    made = record(shown, 2)
    assert (made.fields["channels"], set(made.fields["channels_offered"])) == (["公示栏"], {"政府网站", "公示栏"})


def test_what_a_page_prints_is_escaped(root: Path) -> None:
    html = desk(root).html("token")
    assert EVIL not in html
    assert "&lt;img src=x onerror=" in html


def test_a_folder_that_lies_elsewhere_knows_its_source_by_name(root: Path, tmp_path: Path) -> None:
    source = root / "raw/si/2020/source.pdf"
    run(source).write(tmp_path / "out")
    Desk(correct.find(tmp_path / "out", source)).decide(corrected(2, "time_limit", "15日内"))
    assert json.loads((tmp_path / "out/items.json").read_bytes())[1]["time_limit"] == "15日内"
    assert [line["value"] for line in lines(root)] == ["15日内"]
