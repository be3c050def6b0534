"""The pure parts of the benchmarks: what counts as right, how times become ratios, how the report keeps its sections."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import accuracy, memory, report, robust, scans, scores, speed, tesseract
from benchmarks.children import Ended
from benchmarks.grids import Grid, GridCell, Slot, canonical, from_boxes, from_slots, printed_only, trimmed
from benchmarks.scores import Score, Tally
from pipeline.model import BBox, Cell, GlyphAccount, Page, PageTable, Place


def grid(*rows: str) -> Grid:
    """A grid from one text a row, cells separated by ``|``; a blank one is no cell."""
    split = [[part.strip() for part in row.split("|")] for row in rows]
    cells = [GridCell(r, c, 1, 1, text) for r, row in enumerate(split) for c, text in enumerate(row) if text]
    return Grid(len(split), len(split[0]), tuple(cells))


TABLE = grid("a | b | c", "d |   | f", "  | h | i")
words = st.sampled_from(["", "甲", "乙", "x", "1"])
grids = (
    st.integers(1, 4)
    .flatmap(lambda n: st.lists(st.lists(words, min_size=n, max_size=n), min_size=1, max_size=4))
    .map(lambda rows: grid(*(" | ".join(row) for row in rows)))
)


def test_canonical_text_stays() -> None:
    assert canonical("序号1") == "序号1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(" 1 000\n", "1000", id="white space"), pytest.param("（ﬁ）", "(fi)", id="compatibility forms")],
)
def test_canonical_text(text: str, expected: str) -> None:
    assert canonical(text) == expected


def test_a_grid_without_blanks_stays() -> None:
    assert trimmed(printed_only(grid("a | b", "c | d"))) == grid("a | b", "c | d")


def test_blank_rows_and_columns_around_a_table_go() -> None:
    assert trimmed(grid(" | | ", " | a | b", " | | c")) == grid("a | b", " | c")


def test_a_blank_table_has_no_size() -> None:
    assert trimmed(printed_only(grid(" | "))) == Grid(0, 0, ())


def test_blank_cells_go() -> None:
    blank = Grid(1, 2, (GridCell(0, 0, 1, 1, " \n"), GridCell(0, 1, 1, 1, " b ")))
    assert printed_only(blank) == Grid(1, 2, (GridCell(0, 1, 1, 1, "b"),))


def test_boxes_give_spans() -> None:
    told = from_boxes([((0, 0, 20, 10), "head"), ((0, 10, 10, 20), "left"), ((10, 10, 20, 20), "right")])
    assert told == Grid(2, 2, (GridCell(0, 0, 1, 2, "head"), GridCell(1, 0, 1, 1, "left"), GridCell(1, 1, 1, 1, "right")))


def slots(*rows: str) -> list[list[Slot]]:
    """Slots that are closed all round, apart from the sides that ``text:sides`` names (l, r, t, b)."""
    made = []
    for row in rows:
        parts = [part.strip().partition(":") for part in row.split("|")]
        made.append(
            [Slot(text, "l" not in open_, "r" not in open_, "t" not in open_, "b" not in open_) for text, _, open_ in parts]
        )
    return made


def test_closed_slots_are_cells() -> None:
    assert from_slots(slots("a | b", "c | d")) == grid("a | b", "c | d")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(("a:r | b:l", "c | d"), {(0, 0, 1, 2, "a\nb"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")}, id="across"),
        pytest.param(("a:b | b", ":t | d"), {(0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "d")}, id="down"),
        pytest.param(
            ("a:r | b", "c | d"), {(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")}, id="one edge"
        ),
        pytest.param(
            ("a:rb | b:l", "c:t | d"),
            {(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")},
            id="no rectangle",
        ),
    ],
)
def test_open_sides_join_slots(rows: tuple[str, ...], expected: set[tuple[int, int, int, int, str]]) -> None:
    assert {(c.row, c.col, c.row_span, c.col_span, c.text) for c in from_slots(slots(*rows)).cells} == expected


def test_a_table_is_adjacent_as_itself() -> None:
    same = scores.adjacency(TABLE, TABLE)
    assert same.precision == same.recall == 1.0
    assert same.printed == len(scores.relations(TABLE))


def test_relations_count_the_blanks_between() -> None:
    assert Counter(scores.relations(TABLE)) == Counter(
        [
            ("right", "A", "B", 0),
            ("right", "B", "C", 0),
            ("right", "D", "F", 1),
            ("right", "H", "I", 0),
            ("below", "A", "D", 0),
            ("below", "B", "H", 1),
            ("below", "C", "F", 0),
            ("below", "F", "I", 0),
        ]
    )


def test_cells_that_touch_along_two_rows_are_neighbours_once() -> None:
    tall = Grid(2, 2, (GridCell(0, 0, 2, 1, "a"), GridCell(0, 1, 2, 1, "b")))
    assert scores.relations(tall) == [("right", "A", "B", 0)]


def test_a_lost_cell_costs_recall_and_precision() -> None:
    lost = scores.adjacency(grid("a | b | c"), grid("a | | c"))
    assert (lost.right, lost.printed, lost.told) == (0.0, 2, 1)


@settings(deadline=None)
@given(grids)
def test_the_same_table_is_always_exact(table: Grid) -> None:
    pytest.importorskip("grits")
    *mine, beyond = scores.score([table], [table])
    if not table.cells:
        return
    assert mine[0].exact == 1
    assert [mine[0].top.f1, mine[0].con.f1] == pytest.approx([1.0, 1.0])
    assert beyond == Score()


@settings(deadline=None)
@given(st.lists(grids, max_size=3), st.lists(grids, max_size=3))
def test_all_slots_are_counted_once(truth: list[Grid], told: list[Grid]) -> None:
    pytest.importorskip("grits")
    whole = accuracy.total([scores.score(truth, told)])
    assert whole.con.printed == whole.top.printed == sum(g.n_rows * g.n_cols for g in truth)
    assert whole.con.told == whole.top.told == sum(g.n_rows * g.n_cols for g in told)
    assert 0 <= whole.con.right <= whole.con.printed + 1e-6
    assert whole.exact <= whole.tables == len(truth)


def test_a_table_that_is_not_told_counts_as_missing() -> None:
    pytest.importorskip("grits")
    mine, beyond = scores.score([TABLE], [])
    assert (mine.con.recall, mine.exact, beyond.con.told) == (0.0, 0, 0)


def test_tallies_add_up() -> None:
    assert Tally(1, 2, 3) + Tally(4, 5, 6) == Tally(5, 7, 9)
    assert (Tally(3, 4, 6).precision, Tally(3, 4, 6).recall, Tally(3, 4, 6).f1) == (0.5, 0.75, 0.6)
    assert Tally().f1 == Tally().precision == Tally().recall == 0.0


@pytest.mark.parametrize(
    ("ruled", "counted"),
    [
        pytest.param({("x.pdf", 1, 0), ("x.pdf", 1, 1)}, 3, id="all tables of the page: what is beyond them too"),
        pytest.param({("x.pdf", 1, 0)}, 1, id="one of two"),
        pytest.param(set(), 0, id="none"),
    ],
)
def test_only_some_tables_are_counted(ruled: set[tuple[str, int, int]], counted: int) -> None:
    told = {("x.pdf", 1): [Score(tables=1), Score(tables=1), Score(con=Tally(told=4))]}
    assert sum(map(len, accuracy.only(told, ruled).values())) == counted


def test_the_list_of_ruled_tables_names_each_once() -> None:
    with accuracy.RULES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["rules"] for row in rows} == {"grid", "partial", "none"}
    assert max(Counter((row["pdf"], row["page"], row["table"]) for row in rows).values()) == 1
    assert len(accuracy.ruled_tables(accuracy.RULES)) == sum(row["rules"] == "grid" for row in rows)


def test_a_line_through_two_times_counts_the_opening_once() -> None:
    assert speed.through(10, 2.0, 40, 5.0, 1000) == pytest.approx(1.0 + 0.1 * 1000)


def test_equal_times_are_a_ratio_of_one() -> None:
    assert set(speed.ratios_of([2.0, 3.0], [2.0, 3.0], "pdfplumber")) == {1.0}


@pytest.mark.parametrize(
    ("reader", "expected"),
    [pytest.param("pdfplumber", [4.0, 2.0], id="a peer"), pytest.param("pdfium floor", [0.25, 0.5], id="the floor")],
)
def test_ratios_go_round_by_round(reader: str, expected: list[float]) -> None:
    assert list(speed.ratios_of([8.0, 6.0], [2.0, 3.0], reader)) == expected


@given(st.integers(1, 2000), st.integers(1, 60))
def test_pages_are_spread_over_the_file(total: int, n: int) -> None:
    pages = speed.spread(total, n)
    assert all(1 <= page <= total for page in pages)
    assert pages == sorted(pages)
    assert n > total or len(set(pages)) == n


@pytest.mark.parametrize(
    ("seconds", "linear"),
    [
        pytest.param((1.0, 2.0, 4.0), True, id="linear"),
        pytest.param((1.0, 2.5, 7.0), False, id="more"),
        pytest.param((1, 1.5, 3), True, id="less"),
    ],
)
def test_growth(seconds: tuple[float, ...], linear: bool) -> None:
    rows = [(100 * 2**k, time, 60.0) for k, time in enumerate(seconds)]
    assert memory.is_linear(rows) is linear


FINE = Ended(0, 1.0, 0.9, 80.0, False, "", "")


@pytest.mark.parametrize(
    ("ended", "written", "how", "fault"),
    [
        pytest.param(FINE, True, robust.RESULT, "", id="a result"),
        pytest.param(replace(FINE, code=1), True, robust.RESULT, "", id="a result with errors in it"),
        pytest.param(replace(FINE, code=2, err="catalog: x.pdf: is damaged\n"), False, robust.ERROR, "", id="an error"),
        pytest.param(replace(FINE, code=2, err="catalog: x.pdf: is encrypted\n"), False, robust.ENCRYPTED, "", id="encrypted"),
        pytest.param(FINE, False, robust.NOTHING, "no result", id="nothing written"),
        pytest.param(replace(FINE, code=2, err="one\ntwo\n"), False, robust.ERROR, "more than one line", id="two lines"),
        pytest.param(replace(FINE, code=-11), False, robust.NOTHING, "crash (signal 11)", id="a crash"),
        pytest.param(replace(FINE, code=-9, timed_out=True, wall=60), False, robust.NOTHING, "hang", id="a hang"),
        pytest.param(replace(FINE, wall=21), True, robust.RESULT, "more than 20 s", id="slow"),
        pytest.param(replace(FINE, peak=1100), True, robust.RESULT, "more than 1024 MB", id="large"),
        pytest.param(
            replace(FINE, code=1, err="Traceback (most recent call last)\n"), False, robust.NOTHING, "a trace", id="a trace"
        ),
    ],
)
def test_how_a_bad_file_ends(ended: Ended, written: bool, how: str, fault: str) -> None:
    told = robust.judged(ended, written)
    assert told[0] == how
    assert fault in told[1] if fault else told[1] == ""


SECTIONS = "# Results\n\nHead.\n\n## Speed\n\nfast\n\n## Accuracy\n\nright\n"
ORDER = ("Speed", "Memory", "Accuracy")


def test_writing_the_same_section_changes_nothing() -> None:
    assert report.replaced(SECTIONS, "Speed", "fast", ORDER) == SECTIONS


@pytest.mark.parametrize(
    ("title", "titles"),
    [
        pytest.param("Accuracy", ["Speed", "Accuracy"], id="replaced in its place"),
        pytest.param("Memory", ["Speed", "Memory", "Accuracy"], id="added in order"),
        pytest.param("Other", ["Speed", "Accuracy", "Other"], id="unknown ones at the end"),
    ],
)
def test_a_section_is_replaced_or_added(title: str, titles: list[str]) -> None:
    head, sections = report.split(report.replaced(SECTIONS, title, "### Part\n\nnew", ORDER))
    assert head.strip() == "# Results\n\nHead."
    assert list(sections) == titles
    assert sections[title] == "### Part\n\nnew"
    assert all(sections[name] == text for name, text in report.split(SECTIONS)[1].items() if name != title)


@given(st.lists(st.tuples(st.sampled_from(["Speed", "Memory", "Other"]), st.text("abc\n#|", max_size=20)), max_size=6))
def test_the_last_writing_of_each_section_stands(written: list[tuple[str, str]]) -> None:
    text = report.INTRODUCTION
    for title, body in written:
        text = report.replaced(text, title, f"* {body}", ORDER)
    expected = {title: f"* {body}".strip() for title, body in written if "\n## " not in f"* {body}"}
    found = report.split(text)[1]
    assert {title: found[title] for title in expected} == expected


def test_a_table_is_markdown() -> None:
    assert report.table(["a", "b"], [["x|y", 1]]) == "| a | b |\n| :-- | --: |\n| x\\|y | 1 |"


TSV = "\n".join(
    "\t".join(row.split("|"))
    for row in (
        "level|page_num|block_num|par_num|line_num|word_num|left|top|width|height|conf|text",
        "1|1|0|0|0|0|0|0|900|600|-1|",
        "5|1|1|1|1|1|100|100|40|20|90|参保",
        "5|1|1|1|1|2|145|102|40|20|90|登记",
        "5|1|2|1|1|1|400|110|20|20|40|V",
        '5|2|1|1|1|1|10|10|10|10|90|"',
    )
)


def spot(x: float, y: float) -> tuple[float, float, float, float]:
    """The box of a small word at a place in points."""
    point = tesseract.DPI / 72
    return (x * point, y * point, (x + 4) * point, (y + 4) * point)


def page_of(*cells: tuple[int, int, BBox, str]) -> Page:
    made = tuple(Cell(row, col, 1, 1, text, Place(1, box), scores=(50,)) for row, col, box, text in cells)
    return Page(1, 600, 400, (PageTable(1, None, 2, 2, made),), (), GlyphAccount())


def test_words_are_read_from_tsv() -> None:
    words = tesseract.words_of(TSV)
    assert [word.text for word in words[1]] == ["参保", "登记", "V"]
    assert words[1][1].box == (145, 102, 185, 122)
    assert words[1][1].line == (1, 1, 1)
    assert [word.text for word in words[2]] == ['"']


def test_words_go_into_the_cells_in_which_they_stand_and_headings_stay_ours() -> None:
    boxes = {(r, c): BBox(c * 60, r * 15, c * 60 + 60, r * 15 + 15) for r in range(2) for c in range(2)}
    page = page_of(
        (0, 0, boxes[0, 0], "序号"), (0, 1, boxes[0, 1], "事项"), (1, 0, boxes[1, 0], "1"), (1, 1, boxes[1, 1], "ours")
    )
    words = [
        tesseract.Word("记", spot(80, 24), (1, 1, 2)),
        tesseract.Word("登", spot(70, 17), (1, 1, 1)),
        tesseract.Word("V", spot(20, 20), (1, 1, 1)),
        tesseract.Word("outside", spot(300, 300), (1, 1, 1)),
        tesseract.Word("wrong", spot(20, 5), (1, 1, 1)),
    ]
    cells = tesseract.with_words(page, words).tables[0].cells
    assert [cell.text for cell in cells] == ["序号", "事项", "√", "登\n记"]
    assert [cell.scores for cell in cells[2:]] == [(), ()]


@pytest.mark.parametrize(
    ("found", "numbers"),
    [
        pytest.param([1, 2], [1, 2], id="as printed"),
        pytest.param([1, None], [1, 2], id="a misread number"),
        pytest.param([7], [7], id="another count of rows"),
    ],
)
def test_rows_are_matched_by_position_where_there_are_as_many(found: list[int | None], numbers: list[int]) -> None:
    truth = [{"seq": 1}, {"seq": 2}]
    assert [row["seq"] for row in scans.by_position([{"seq": seq} for seq in found], truth)] == numbers


def test_the_kind_of_a_scan_is_in_its_name() -> None:
    assert scans.kind_of("000-scan-clean200-calc-义务教育") == "clean"


@pytest.mark.parametrize(
    ("wrong", "silent", "met"),
    [
        pytest.param(1, 0, True, id="all met"),
        pytest.param(11, 0, False, id="too many wrong"),
        pytest.param(3, 3, False, id="wrong in silence"),
    ],
)
def test_what_was_asked_of_scans(wrong: int, silent: int, met: bool) -> None:
    counts = Counter(values=1000, wrong=wrong, silent=silent)
    text = scans.text({("clean", scans.OURS): scans.Tally(counts, pages=2, wall=4.0, peak=500.0, characters=10)}, "tesseract 5")
    assert ("**missed**" not in text) == met
    assert f"| {1 - wrong / 1000:.2%} |" in text
