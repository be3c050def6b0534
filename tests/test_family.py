"""Another family of documents is data: 行政权力清单 goes all the way with a profile alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from pdfs import Sheet, Span, Table, draw

import pipeline
from pipeline import profile
from pipeline.cli import main
from pipeline.diff import diff
from pipeline.errors import ProfileError
from pipeline.profile import Profile
from pipeline.schemas.items import items_schema

FAMILY = Path(__file__).parent / "fixtures" / "power-list"
XS = (30, 55, 105, 175, 235, 385, 455, 555, 625, 665, 705)
HEAD = (
    [Span(0, col, text, 2) for col, text in enumerate(("序号", "权力类型", "权力名称", "子项", "设定依据", "行使主体"))]
    + [Span(0, 6, "责任事项", 2), Span(0, 7, "办理时限", 2), Span(0, 8, "行使层级", 1, 2)]
    + [Span(1, 8, "县级"), Span(1, 9, "乡级")]
)
STATUTES = "1.《中华人民共和国食品安\n全法》第三十五条\n2.《食品经营许可管理办法》"


def body(deadline: str = "20个工作日内") -> list[Span]:
    """Three powers, one of them in two parts; the type of power, the bases and the office are merged down."""
    return [
        Span(2, 0, "1", 2), Span(2, 1, "行政许可", 3), Span(2, 2, "食品经营许可", 2), Span(2, 3, "新办"),
        Span(2, 4, STATUTES, 2), Span(2, 5, "市场监督\n管理局", 4), Span(2, 6, "1.受理\n2.审查\n3.决定", 2),
        Span(2, 7, deadline), Span(2, 8, "√", 2), Span(2, 9, "", 2),
        Span(3, 3, "变更"), Span(3, 7, "10个工作日内"),
        Span(4, 0, "2"), Span(4, 2, "药品经营许可"), Span(4, 3), Span(4, 4, "《药品管理法》"), Span(4, 6, "1.受理\n2.决定"),
        Span(4, 7, "30日内"), Span(4, 8, "√"), Span(4, 9),
        Span(5, 0, "3"), Span(5, 1, "行政处罚"), Span(5, 2, "对无证经营的处罚"), Span(5, 3), Span(5, 4, "《食品安全法》"),
        Span(5, 6, "1.立案\n2.调查"), Span(5, 7, "及时"), Span(5, 8), Span(5, 9, "√"),
    ]  # fmt: skip


def pdf(path: Path, deadline: str = "20个工作日内") -> Path:
    table = Table(XS, [40 + 45 * row for row in range(7)], [*HEAD, *body(deadline)])
    return draw(path, Sheet([table], size=(760, 360)))


@pytest.fixture
def power_list() -> Profile:
    return profile.load(FAMILY)


def test_the_rows_are_right_and_nothing_is_doubted(tmp_path: Path) -> None:
    catalog = pipeline.run(pdf(tmp_path / "powers.pdf"), profile=FAMILY)
    assert [r.fields["seq"] for r in catalog.records] == [1, 1, 2, 3]
    assert [r.fields["power_type"] for r in catalog.records] == ["行政许可", "行政许可", "行政许可", "行政处罚"]
    assert [r.fields["power_name"] for r in catalog.records][:2] == ["食品经营许可", "食品经营许可"]
    assert [r.fields["sub_item"] for r in catalog.records] == ["新办", "变更", None, None]
    assert catalog.records[1].fields["statutes"] == ["《中华人民共和国食品安全法》第三十五条", "《食品经营许可管理办法》"]
    assert {r.fields["office"] for r in catalog.records} == {"市场监督管理局"}
    assert catalog.records[0].fields["duties"] == ["受理", "审查", "决定"]
    assert [(r.fields["deadline_value"], r.fields["deadline_unit"]) for r in catalog.records] == [
        (20, "working_day"), (10, "working_day"), (30, "calendar_day"), (None, None),
    ]  # fmt: skip
    assert [(r.fields["by_county"], r.fields["by_township"]) for r in catalog.records] == [(True, False)] * 3 + [(False, True)]
    assert catalog.records[1].values["power_type"].origin == "spanned"
    assert catalog.doubts == []


def test_its_files_are_described_by_its_own_schema(tmp_path: Path, power_list: Profile) -> None:
    catalog = pipeline.run(pdf(tmp_path / "powers.pdf"), profile=FAMILY)
    jsonschema.validate(json.loads(catalog.files()["items.json"]), items_schema(power_list))
    catalog.write(tmp_path / "out")
    main_ends(["export", str(tmp_path / "out"), "--to", "xlsx", "-o", str(tmp_path)])
    sheet = openpyxl.load_workbook(tmp_path / "powers.xlsx").worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert "权力名称" in headings
    # What a row is called stays in view.
    assert sheet.freeze_panes == f"{openpyxl.utils.get_column_letter(headings.index('子项') + 2)}2"


def test_its_versions_are_compared(tmp_path: Path, power_list: Profile) -> None:
    old = pipeline.run(pdf(tmp_path / "1.pdf"), profile=FAMILY)
    new = pipeline.run(pdf(tmp_path / "2.pdf", "15个工作日内"), profile=FAMILY)
    found = diff(old.records, new.records, power_list)
    assert (found.added, found.removed, found.renamed, found.moved) == ((), (), (), ())
    assert [change.field for match in found.changed for change in match.changes] == ["deadline"]


def test_a_notebook_shows_what_a_row_is_called(tmp_path: Path) -> None:
    shown = pipeline.run(pdf(tmp_path / "powers.pdf"), profile=FAMILY)._repr_html_()
    assert "对无证经营的处罚" in shown


def test_a_catalog_of_another_family_is_no_power_list(power_list: Profile, tmp_path: Path) -> None:
    with pytest.raises(pipeline.errors.NoTableError):
        pipeline.run(pdf(tmp_path / "powers.pdf"))


class TestExtends:
    def test_what_is_not_set_is_as_in_the_extended_profile(self, power_list: Profile) -> None:
        base = profile.load()
        assert power_list.settings["limits"] == base.settings["limits"]
        assert power_list.setting("headings", "score") == base.setting("headings", "score")
        assert power_list.setting("headings", "required") == ["power_name"]
        assert power_list.terms("statutes") == base.terms("legal_bases")
        assert not {f.name for f in power_list.fields} & {"second_level_item"}

    def test_an_unknown_one_is_named(self, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(FAMILY, tmp_path / "copy"))
        text = (folder / "profile.toml").read_text(encoding="utf-8")
        (folder / "profile.toml").write_text(text.replace('"disclosure-catalog"', '"no-such"'), encoding="utf-8")
        with pytest.raises(ProfileError, match=r"extends no-such.*disclosure-catalog"):
            profile.load(folder)


def main_ends(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert not ended.value.code
