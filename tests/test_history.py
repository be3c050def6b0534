"""What became of an item, from version to version and through its names."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline import profile
from pipeline.cli import main
from pipeline.export import items_json
from pipeline.history import of_item, threads
from pipeline.model import Record
from pipeline.versions import Version

FAMILY = profile.load()
NAMES = ["参保登记", "企业年金方案备案", "社会保障卡挂失", "个人权益记录查询", "工伤事故备案", "病残津贴申领"]


def version(name: str, items: list[tuple[str, str]]) -> Version:
    rows = [
        {"row": row, "seq": row, "first_level_item": "社保", "second_level_item": item, "time_limit": limit}
        for row, (item, limit) in enumerate(items, 1)
    ]
    return Version(name, "某县目录", tuple(Record(row["row"], row, {}) for row in rows))


SAME = [(name, "20日内") for name in NAMES]
FIRST = version("2019", [*SAME, ("失业保险金申领", "20日内"), ("转诊转院申请", "20日内")])
SECOND = version("2020", [*SAME, ("失业保险金申请领取", "20日内"), ("待遇资格认证", "20日内")])
THIRD = version("2023", [("失业保险金申请领取", "7日内"), *SAME, ("待遇资格认证", "20日内")])
ALL = [FIRST, SECOND, THIRD]


class TestThreads:
    def test_one_version_has_no_past(self) -> None:
        found = threads([FIRST], FAMILY)
        assert [len(thread.steps) for thread in found] == [1] * 8

    def test_no_version_has_no_items(self) -> None:
        assert threads([], FAMILY) == []

    def test_every_row_of_every_version_is_in_one_thread(self) -> None:
        found = [(step.version, step.record.row) for thread in threads(ALL, FAMILY) for step in thread.steps]
        assert sorted(found) == sorted((each.name, record.row) for each in ALL for record in each.records)

    @pytest.mark.parametrize("name", ["失业保险金申领", "失业保险金申请领取", "失业保险金 申领"])
    def test_an_item_is_followed_through_its_names(self, name: str) -> None:
        (thread,) = of_item(threads(ALL, FAMILY), name, ["second_level_item"])
        assert [step.version for step in thread.steps] == ["2019", "2020", "2023"]
        assert [[change.field for change in step.changes] for step in thread.steps] == [[], ["second_level_item"], ["time_limit"]]
        assert [step.moved for step in thread.steps] == [False, False, True]
        assert thread.steps[1].score < 100
        assert thread.ended == ""

    def test_an_item_that_ended_and_one_that_began(self) -> None:
        found = threads(ALL, FAMILY)
        (ended,) = of_item(found, "转诊转院申请", ["second_level_item"])
        (began,) = of_item(found, "待遇资格认证", ["second_level_item"])
        assert ([step.version for step in ended.steps], ended.ended) == (["2019"], "2020")
        assert ([step.version for step in began.steps], began.ended) == (["2020", "2023"], "")

    def test_a_part_of_a_name_finds_all_that_hold_it(self) -> None:
        found = of_item(threads(ALL, FAMILY), "备案", ["second_level_item"])
        assert {str(thread.steps[0].record.fields["second_level_item"]) for thread in found} == {
            "企业年金方案备案",
            "工伤事故备案",
        }


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for each in ALL:
        folder = tmp_path / "normalized" / "si" / each.name
        folder.mkdir(parents=True)
        (folder / "items.json").write_text(items_json.text(each.records), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        told = capsys.readouterr()
        return Ended(int(ended.value.code or 0), told.out, told.err)

    return called


class TestCommands:
    def test_log_has_a_line_for_each_version(self, run: Any) -> None:
        assert run("log", "失业保险金申领").out.splitlines() == [
            "si: 失业保险金申请领取",
            "  2019  row 7  失业保险金申领",
            "  2020  row 7  失业保险金申请领取  (renamed)",
            "  2023  row 1  失业保险金申请领取  (moved, time_limit)",
        ]

    def test_log_of_a_catalog(self, run: Any) -> None:
        assert run("log", "si").out.splitlines() == [
            "si",
            "  2019  8 rows",
            "  2020  8 rows  1 added, 1 removed, 1 renamed",
            "  2023  8 rows  1 moved, 1 value(s) changed in 1 item(s)",
        ]

    def test_history_tells_what_changed(self, run: Any) -> None:
        told = run("history", "失业保险金申领").out
        assert "二级事项: 失业保险金申{+请+}领{+取+}" in told
        assert "公开时限: [-20-]{+7+}日内" in told

    def test_history_tells_where_it_ended(self, run: Any) -> None:
        assert run("history", "转诊转院申请", "--catalog", "si").out.splitlines()[-1] == "  2020  no longer there"

    @pytest.mark.parametrize("command", ["log", "history"])
    def test_an_unknown_name_gets_those_that_come_nearest(self, run: Any, command: str) -> None:
        ended = run(command, "失业金领取")
        assert (ended.code, "the nearest are 失业保险金" in ended.err) == (2, True)

    def test_an_unknown_catalog_names_those_there_are(self, run: Any) -> None:
        assert "there are si" in run("history", "参保登记", "--catalog", "x").err

    def test_a_version_without_a_number_is_left_out_and_told(self, run: Any) -> None:
        Path("normalized/si/draft").mkdir()
        Path("normalized/si/draft/items.json").write_text(items_json.text(FIRST.records), encoding="utf-8")
        ended = run("log", "参保登记")
        assert (ended.out.count("row"), "si/draft: left out" in ended.err) == (3, True)
