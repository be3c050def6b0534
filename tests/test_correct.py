"""A person's correction changes what it names and nothing else, and survives every later run."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pdfs import Sheet, Span, Table, draw

import pipeline
from pipeline import catalog, correct, folder, lookups_csv, profile
from pipeline.cli import main
from pipeline.correct import Correction, entry_for
from pipeline.errors import CatalogError, LookupsError
from pipeline.model import Lookup, Record, Value
from pipeline.proposals import proposed_terms

FAMILY = profile.load()
HEADINGS = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道"]
ITEMS = ["参保登记", "待遇申领", "关系转移", "待遇申领"]


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def called(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Ended(int(ended.value.code or 0), told.out, told.err)

    return called


def catalog_pdf(path: Path) -> Path:
    """Four rows; the body is one merged cell over the first three, the last one has a limit of its own."""
    spans = [Span(0, col, text) for col, text in enumerate(HEADINGS)]
    for row, item in enumerate(ITEMS, 1):
        limit = "7日内" if row == 4 else "20日内"
        cells = {0: str(row), 1: "社保", 2: item, 3: "办理材料", 4: "《社会保险法》", 5: limit, 7: "政府网站"}
        spans += [Span(row, col, text) for col, text in cells.items()]
    spans += [Span(1, 6, "人社局", row_span=3), Span(4, 6, "医保局")]
    return draw(path, Sheet([Table([20 + 70 * n for n in range(9)], [40 + 30 * n for n in range(6)], spans)], size=(620, 300)))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with one catalog that was run."""
    home = tmp_path / "raw" / "si" / "2020"
    home.mkdir(parents=True)
    pipeline.run(catalog_pdf(home / "source.pdf")).store()
    monkeypatch.chdir(tmp_path)
    return tmp_path


OUT = "normalized/si/2020"


def values(field: str, folder: str = OUT) -> list[Any]:
    return [item[field] for item in json.loads(Path(folder, "items.json").read_bytes())]


def lookups(path: str = "raw/si/2020/lookups.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def histories(field: str) -> list[dict[str, str]]:
    with Path(OUT, "provenance.csv").open(encoding="utf-8", newline="") as file:
        return [line for line in csv.DictReader(file) if line["field"] == field]


class TestCommand:
    def test_one_row_of_a_merged_cell_leaves_the_others_alone(self, run: Any, tree: Path) -> None:
        ended = run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", "税务局", "--reason", "见原件")
        assert (ended.code, "人社局 → 税务局" in ended.err) == (0, True)
        assert values("disclosing_body") == ["人社局", "税务局", "人社局", "医保局"]
        assert [line["origin"] for line in histories("disclosing_body")][1] == "looked_up"
        (line,) = lookups()
        assert (line["field"], line["printed"], line["value"], line["reason"]) == (
            "disclosing_body",
            "人社局",
            "税务局",
            "见原件",
        )

    def test_every_cell_printed_alike(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 1, "--field", "time_limit", "--value", "30日内", "--all")
        assert values("time_limit") == ["30日内", "30日内", "30日内", "7日内"]
        assert values("time_limit_value") == [30, 30, 30, 7]
        assert lookups()[0]["item"] == ""

    def test_a_list_a_tick_and_a_name(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 1, "--field", "legal_bases", "--value", "《社会保险法》；《劳动法》")
        run("correct", OUT, "--row", 1, "--field", "second_level_item", "--value", "职工参保登记")
        run("correct", OUT, "--row", 1, "--field", "disclosing_body", "--value", "税务局")
        assert values("legal_bases")[:2] == [["《社会保险法》", "《劳动法》"], ["《社会保险法》"]]
        assert values("second_level_item")[0] == "职工参保登记"
        assert values("disclosing_body")[:2] == ["税务局", "人社局"]

    def test_it_survives_every_later_run(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", "税务局")
        assert "up to date" in run("run", "--no-verify").err
        run("run", "--no-verify", "--force")
        assert values("disclosing_body")[1] == "税务局"

    def test_it_gives_the_bytes_that_a_run_gives(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", "税务局")
        before = {path.name: path.read_bytes() for path in Path(OUT).iterdir()}
        run("run", "--no-verify", "--force")
        assert {path.name: path.read_bytes() for path in Path(OUT).iterdir()} == before

    def test_it_is_reported_when_it_matches_nothing_any_more(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", "税务局")
        text = Path("raw/si/2020/lookups.csv").read_text(encoding="utf-8").replace("人社局", "人事局")
        Path("raw/si/2020/lookups.csv").write_text(text, encoding="utf-8")
        ended = run("run", "--no-verify")
        assert "the overrides changed" in ended.err
        issues = Path(OUT, "issues.csv").read_text(encoding="utf-8")
        assert "lookup_unused" in issues
        assert values("disclosing_body")[1] == "人社局"

    def test_a_second_correction_takes_the_place_of_the_first(self, run: Any, tree: Path) -> None:
        for value in ("税务局", "民政局"):
            run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", value)
        assert values("disclosing_body")[1] == "民政局"
        assert len(lookups()) == 1

    def test_a_folder_that_lies_elsewhere(self, run: Any, tree: Path) -> None:
        run("run", "raw/si/2020/source.pdf", "-o", "out", "--no-verify")
        asked = ("correct", "out", "--row", 2, "--field", "disclosing_body", "--value", "税务局")
        assert "--source FILE" in run(*asked).err
        assert run(*asked, "--source", "raw/si/2020/source.pdf").code == 0
        assert values("disclosing_body", "out")[1] == "税务局"

    def test_the_folder_of_the_source_will_do(self, run: Any, tree: Path) -> None:
        assert run("correct", "raw/si/2020", "--row", 4, "--field", "time_limit", "--value", "8日内").code == 0
        assert values("time_limit")[3] == "8日内"

    def test_rows_of_one_name_are_told_apart_by_what_they_print(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 4, "--field", "disclosing_body", "--value", "税务局")
        assert values("disclosing_body") == ["人社局", "人社局", "人社局", "税务局"]

    def test_rows_of_one_name_that_print_the_same_are_counted(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 4, "--field", "legal_bases", "--value", "《劳动法》")
        assert values("legal_bases") == [["《社会保险法》"]] * 3 + [["《劳动法》"]]
        assert [line["item"] for line in lookups()] == ["待遇申领#2"]
        assert "lookup" not in Path(OUT, "issues.csv").read_text(encoding="utf-8")

    def test_a_correction_is_not_lost_to_a_confirmation(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 1, "--field", "time_limit", "--value", "30日内")
        assert run("correct", OUT, "--row", 1, "--field", "time_limit", "--confirm").code == 2
        assert values("time_limit")[0] == "30日内"

    def test_a_value_that_is_given_may_be_confirmed_with_it(self, run: Any, tree: Path) -> None:
        run("correct", OUT, "--row", 1, "--field", "time_limit", "--value", "30日内", "--confirm")
        assert [(line["value"], line["status"]) for line in lookups()] == [("30日内", "confirmed")]
        assert values("time_limit")[0] == "30日内"

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            pytest.param("--row 9 --field time_limit --value x", "there are 1 to 4", id="no such row"),
            pytest.param("--row 1 --field limit --value x", "no such field", id="no such field"),
            pytest.param("--row 1 --field time_limit_value --value 3", "correct time_limit instead", id="a derived field"),
            pytest.param("--row 1 --field row --value 3", "no such field", id="the row number"),
            pytest.param("--row 1 --field audience_public --value 是", "has no column audience_public", id="no such column"),
            pytest.param("--row 1 --field time_limit", "--value TEXT, or --confirm", id="nothing said"),
            pytest.param("--row 1 --field time_limit --confirm", "is not in doubt", id="nothing to confirm"),
        ],
    )
    def test_what_cannot_be_done_changes_nothing(self, run: Any, tree: Path, arguments: str, told: str) -> None:
        before = {path.name: path.read_bytes() for path in Path(OUT).iterdir()}
        ended = run("correct", OUT, *arguments.split())
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert told in ended.err
        assert {path.name: path.read_bytes() for path in Path(OUT).iterdir()} == before
        assert not Path("raw/si/2020/lookups.csv").exists()

    def test_a_run_that_fails_takes_the_line_back(self, run: Any, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", "税务局")
        before = Path("raw/si/2020/lookups.csv").read_bytes()

        def fail(*_: object) -> None:
            raise CatalogError("in the middle")

        monkeypatch.setattr(catalog.Catalog, "store", fail)
        assert run("correct", OUT, "--row", 3, "--field", "disclosing_body", "--value", "税务局").code == 2
        assert Path("raw/si/2020/lookups.csv").read_bytes() == before

    def test_a_source_that_changed_is_run_first(self, run: Any, tree: Path) -> None:
        with Path("raw/si/2020/source.pdf").open("ab") as file:
            file.write(b"\n% changed")
        told = run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", "税务局").err
        assert "has changed; run it first" in told

    def test_tables_that_were_lost_are_read_again(self, run: Any, tree: Path) -> None:
        Path("raw/si/2020/tables.json").unlink()
        assert run("correct", OUT, "--row", 2, "--field", "disclosing_body", "--value", "税务局").code == 0
        assert Path("raw/si/2020/tables.json").is_file()


def doubted(row: int, item: str, printed: str, doubt: str = "cut", third: str = "", first: str = "社保") -> Record:
    named = {"first_level_item": first, "second_level_item": item, **({"third_level_item": third} if third else {})}
    fields = {"row": row, "seq": row, **named, "time_limit": printed}
    history = {name: Value(text, text) for name, text in named.items()}
    return Record(row, fields, history | {"time_limit": Value(printed, printed, doubt=doubt)})


class TestEntry:
    def test_a_confirmation_names_the_row_and_what_is_printed(self) -> None:
        entry = entry_for([doubted(1, "登记", "20日")], Correction(1, "time_limit", None, "seen"), FAMILY)
        assert entry == Lookup("time_limit", "20日", "", "登记", status="confirmed", reason="seen")

    def test_a_confirmation_of_all_that_print_the_same(self) -> None:
        rows = [doubted(1, "登记", "20日"), doubted(2, "登记", "20日")]
        entry = entry_for(rows, Correction(1, "time_limit", None, every=True), FAMILY)
        assert (entry.item, entry.printed, entry.status) == ("", "20日", "confirmed")

    def test_the_narrowest_name_that_is_the_row_s_alone(self) -> None:
        rows = [doubted(1, "补贴", "20日", third="高龄"), doubted(2, "补贴", "20日", third="护理")]
        assert entry_for(rows, Correction(2, "time_limit", "7日"), FAMILY).item == "护理"

    def test_a_name_that_was_corrected_is_known_as_printed(self) -> None:
        named = doubted(1, "登记", "20日")
        settled = Value("参保登记", "登 记", "looked_up", "lookup")
        record = Record(1, named.fields | {"second_level_item": "参保登记"}, named.values | {"second_level_item": settled})
        assert entry_for([record], Correction(1, "time_limit", "7日"), FAMILY).item == "登记"

    def test_nothing_printed_cannot_be_corrected_everywhere(self) -> None:
        with pytest.raises(CatalogError, match="would fill every blank"):
            entry_for([doubted(1, "登记", " ")], Correction(1, "time_limit", "7日", every=True), FAMILY)

    def test_a_row_without_a_name_is_counted_among_those(self) -> None:
        rows = [doubted(1, "", "20日"), doubted(2, "登记", "20日"), doubted(3, "", "20日")]
        assert entry_for(rows, Correction(3, "time_limit", "7日"), FAMILY).item == "#2"

    def test_rows_of_one_name_are_told_apart_by_what_they_belong_to(self) -> None:
        rows = [doubted(1, "登记", "20日", first="养老保险"), doubted(2, "登记", "20日", first="工伤保险")]
        assert entry_for(rows, Correction(2, "time_limit", "7日"), FAMILY).item == "工伤保险/登记"

    def test_a_doubt_of_what_is_derived_is_confirmed_with_its_field(self) -> None:
        known = doubted(1, "登记", "*个工作日", doubt="")
        derived = Value("*个工作日", "*个工作日", doubt="masked")
        fields = known.fields | {"time_limit_value": None}
        record = Record(1, fields, known.values | {"time_limit_value": derived})
        assert entry_for([record], Correction(1, "time_limit_value", None), FAMILY).field == "time_limit"
        assert entry_for([record], Correction(1, "time_limit", None), FAMILY).status == "confirmed"

    def test_a_repair_may_be_confirmed_without_a_doubt(self) -> None:
        known = doubted(1, "登记", "20 日", doubt="")
        values = known.values | {"time_limit": Value("20日", "20 日", "repaired", "space")}
        assert entry_for([Record(1, known.fields, values)], Correction(1, "time_limit", None), FAMILY).status == "confirmed"


NEW = Lookup("time_limit", "20日", "7日", "登记", reason='见"原件"')


class TestFile:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            pytest.param(
                None, 'field,printed,value,item,version,status,reason\ntime_limit,20日,7日,登记,,,"见""原件"""\n', id="no file"
            ),
            pytest.param(
                "reason,field,printed,value,item\nx,seq,1,2,\n",
                'reason,field,printed,value,item\nx,seq,1,2,\n"见""原件""",time_limit,20日,7日,登记\n',
                id="columns in another order",
            ),
            pytest.param(
                'field,printed,value,item,reason\r\nseq,"1",2,,\r\ntime_limit, 20 日,8日,登记,old',
                'field,printed,value,item,reason\r\nseq,1,2,,\r\ntime_limit,20日,7日,登记,"见""原件"""\r\n',
                id="in place of the line for the same row",
            ),
            pytest.param(
                "field,printed,value\nseq,1,2",
                'field,printed,value,item,version,status,reason\nseq,1,2,,,,\ntime_limit,20日,7日,登记,,,"见""原件"""\n',
                id="columns that are missing",
            ),
            pytest.param(
                'field,printed,value,item,reason\nseq,"1",2,,',
                'field,printed,value,item,reason\nseq,"1",2,,\ntime_limit,20日,7日,登记,"见""原件"""\n',
                id="other lines stay as they are",
            ),
        ],
    )
    def test_a_line_is_added(self, tmp_path: Path, before: str | None, after: str) -> None:
        path = tmp_path / "lookups.csv"
        if before is not None:
            path.write_bytes(before.encode())
        assert lookups_csv.with_entry(path, folder.content(path), NEW).decode() == after

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            pytest.param("field,printed,value,item\ntime_limit,2 0日,8日,登记\n", None, id="the last line goes with its file"),
            pytest.param(
                'reason,field,printed,value,item\r\nx,seq,"1",2,\r\ny,time_limit,20日,8日,登记\r\n',
                "reason,field,printed,value,item\r\nx,seq,1,2,\r\n",
                id="others stay",
            ),
            pytest.param("field,printed,value\nseq,1,2\n", "field,printed,value\nseq,1,2\n", id="no line for it"),
            pytest.param(
                "field,printed,value,item,version\ntime_limit,20日,8日,登记,2023\n",
                "field,printed,value,item,version\ntime_limit,20日,8日,登记,2023\n",
                id="a line of another version",
            ),
        ],
    )
    def test_a_line_is_taken_out(self, before: str, after: str | None) -> None:
        left = lookups_csv.without_entry(Path("lookups.csv"), before.encode(), NEW)
        assert (left.decode() if left is not None else None) == after

    def test_what_it_writes_is_what_it_reads(self, tmp_path: Path) -> None:
        path = tmp_path / "lookups.csv"
        entries = [
            NEW,
            Lookup("disclosing_body", "多\n行，“引号”", "甲,乙", "x"),
            Lookup("seq", "1", "2", status="", version="3"),
        ]
        for entry in entries:
            path.write_bytes(lookups_csv.with_entry(path, folder.content(path), entry))
        assert [tuple(entry)[:-1] for entry in map(_tuple, lookups_csv.read(path, FAMILY))] == [_tuple(e)[:-1] for e in entries]

    def test_a_file_that_is_no_csv(self, tmp_path: Path) -> None:
        with pytest.raises(LookupsError, match="UTF-8"):
            lookups_csv.with_entry(tmp_path / "lookups.csv", b"\xff\xfe", NEW)


def _tuple(entry: Lookup) -> tuple[str, ...]:
    return tuple(getattr(entry, name) for name in Lookup.__slots__)


class TestLexicon:
    def entry(self, field: str, value: str, place: str, **more: Any) -> Lookup:
        return Lookup(field, place, value, **more)

    @pytest.mark.parametrize(
        ("corrections", "expected"),
        [
            pytest.param([], {}, id="none"),
            pytest.param([("disclosing_body", "某新设局", "a")], {}, id="once"),
            pytest.param(
                [("disclosing_body", "某新设局", "a"), ("disclosing_body", "某新设局", "b")], {"bodies": ["某新设局"]}, id="twice"
            ),
            pytest.param([("disclosing_body", "某新设局", "a")] * 2, {}, id="the same line twice"),
            pytest.param(
                [("legal_bases", "《甲法》；《乙新法》", "a"), ("legal_bases", "《乙新法》", "b")],
                {"laws": ["《乙新法》"]},
                id="an entry of two lists",
            ),
            pytest.param([("audience_public", "是", "a"), ("audience_public", "是", "b")], {}, id="a field without a lexicon"),
            pytest.param([("channels", "政府网站", "a"), ("channels", "政府网站", "b")], {}, id="a term that is known"),
        ],
    )
    def test_proposals(self, corrections: list[tuple[str, str, str]], expected: dict[str, list[str]]) -> None:
        assert proposed_terms([self.entry(*correction) for correction in corrections], FAMILY) == expected

    def test_the_command_prints_them_under_their_file(self, run: Any, tree: Path) -> None:
        for row in (2, 4):
            run("correct", OUT, "--row", row, "--field", "disclosing_body", "--value", "某新设局")
        ended = run("export-lexicon")
        assert ended.out == "# disclosure-catalog/lexicons/bodies.txt\n某新设局\n"
        assert run("export-lexicon", "nowhere").code == 2


def test_the_place_of_a_folder_of_the_tree(tree: Path) -> None:
    place = correct.find(Path(OUT))
    assert (place.source.catalog, place.source.version) == ("si", "2020")
    assert correct.find(Path("raw/si/2020")).output == place.output
