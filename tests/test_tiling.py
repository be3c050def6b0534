"""From cell boxes and rules to tables whose cells tile them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.beside import side_by_side
from pipeline.engines.sketch import Box, Rules, Sketch
from pipeline.engines.tiling import Tiling, region_issues, tile
from pipeline.model import BBox, Cell, PageTable

Shape = tuple[int, int, int, int, str]


def box(x0: float, top: float, x1: float, bottom: float, text: str = "", **more: object) -> Box:
    return Box(BBox(x0, top, x1, bottom), text, **more)  # type: ignore[arg-type]


def framed(x0: float, top: float, x1: float, bottom: float) -> Rules:
    """The four rules round a box."""
    return Rules(((top, x0, x1), (bottom, x0, x1)), ((x0, top, bottom), (x1, top, bottom)))


def shapes(table: PageTable) -> list[Shape]:
    return [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells]


def open_sides(table: PageTable) -> list[tuple[bool, bool]]:
    return [(c.open_top, c.open_bottom) for c in table.cells]


FOUR = (box(0, 0, 50, 20, "a"), box(50, 0, 90, 20, "b"), box(0, 20, 50, 60, "c"), box(50, 20, 90, 60, "d"))


def test_boxes_that_tile_stay_as_they_are() -> None:
    tiling = tile(3, Sketch(FOUR))
    assert shapes(tiling.table) == [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")]
    assert [c.place.bbox for c in tiling.table.cells] == [b.bbox for b in FOUR]
    assert {c.place.page for c in tiling.table.cells} == {tiling.table.page} == {3}
    assert (tiling.xs, tiling.ys, tiling.table.bbox) == ((0, 50, 90), (0, 20, 60), BBox(0, 0, 90, 60))
    assert not any(map(any, open_sides(tiling.table)))


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        pytest.param(
            (box(0, 0, 50, 60, "a"), box(50, 0, 90, 20, "b"), box(50, 20, 90, 60, "c")),
            [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "c")],
            id="a row span",
        ),
        pytest.param(
            (box(0, 0, 90, 20, "a"), box(0, 20, 50, 60, "b"), box(50, 20, 90, 60, "c")),
            [(0, 0, 1, 2, "a"), (1, 0, 1, 1, "b"), (1, 1, 1, 1, "c")],
            id="a column span",
        ),
        pytest.param(
            (box(0, 0, 49, 20, "a"), box(51.5, 0, 90, 20, "b"), box(0, 22.5, 49, 60, "c"), box(51.5, 22.5, 90, 60, "d")),
            [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")],
            id="doubled rules are one edge",
        ),
        pytest.param(
            (*FOUR, box(89, 0, 90, 20, "e")),
            [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b\ne"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")],
            id="the text of a box too thin for a column goes where it stands",
        ),
        pytest.param(
            (box(0, 0, 90, 60, "whole"), box(0, 0, 50, 60, "a")),
            [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "whole")],
            id="where boxes overlap the smaller one has the slot",
        ),
        pytest.param(
            (box(0, 0, 90, 60, "first"), box(0, 0, 90, 60, "again")),
            [(0, 0, 1, 1, "first\nagain")],
            id="a box that is covered whole leaves its text",
        ),
        pytest.param(
            (box(0, 0, 1, 1, "dot"),),
            [(0, 0, 1, 1, "dot")],
            id="a single dot",
        ),
    ],
)
def test_boxes_to_cells(boxes: tuple[Box, ...], expected: list[Shape]) -> None:
    table = tile(1, Sketch(boxes)).table
    assert shapes(table) == expected
    assert table.tiles()


def test_boxes_of_one_region_are_one_cell() -> None:
    boxes = (box(0, 0, 50, 20, "a", region=4), box(50, 0, 90, 20, "b"), box(0, 20, 50, 60, "c", region=4), FOUR[3])
    assert shapes(tile(1, Sketch(boxes)).table) == [(0, 0, 2, 1, "a\nc"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "d")]


def test_a_region_that_is_no_rectangle_is_cut_and_reported() -> None:
    boxes = (box(0, 0, 50, 20, "a", region=0), box(50, 0, 90, 20, region=0), box(0, 20, 50, 60, region=0), FOUR[3])
    table = tile(2, Sketch(boxes)).table
    assert shapes(table) == [(0, 0, 1, 2, "a"), (1, 0, 1, 1, ""), (1, 1, 1, 1, "d")]
    assert [c.region for c in table.cells] == [1, 1, None]
    assert [(i.code, i.severity, i.place) for i in region_issues(table)] == [("region", "warning", table.cells[0].place)]
    assert region_issues(tile(1, Sketch(FOUR)).table) == ()


def test_open_sides_of_boxes_are_kept() -> None:
    boxes = (box(0, 0, 50, 20, open_top=True), box(50, 0, 90, 60, open_top=True, open_bottom=True), box(0, 20, 50, 60))
    assert open_sides(tile(1, Sketch(boxes)).table) == [(True, False), (True, True), (False, False)]


@pytest.mark.parametrize(
    ("missing", "expected", "sides"),
    [
        pytest.param({(2, 0)}, (2, 0, 1, 1), (False, True), id="at the bottom: one open cell"),
        pytest.param({(1, 0), (2, 0)}, (1, 0, 2, 1), (False, True), id="two slots at the bottom: one open cell"),
        pytest.param({(0, 1), (1, 1)}, (0, 1, 2, 1), (True, False), id="two slots at the top: one open cell"),
        pytest.param({(0, 1), (1, 1), (2, 1)}, (0, 1, 3, 1), (True, True), id="a whole column: open at both ends"),
        pytest.param({(1, 1)}, (1, 1, 1, 1), (False, False), id="inside: an empty cell"),
    ],
)
def test_slots_without_box_where_rules_are_not_known(
    missing: set[tuple[int, int]], expected: tuple[int, int, int, int], sides: tuple[bool, bool]
) -> None:
    boxes = [box(40 * c, 20 * r, 40 * c + 40, 20 * r + 20, "x") for r in range(3) for c in range(3) if (r, c) not in missing]
    table = tile(1, Sketch(tuple(boxes))).table
    (bare,) = [c for c in table.cells if not c.text]
    assert (bare.row, bare.col, bare.row_span, bare.col_span) == expected
    assert (bare.open_top, bare.open_bottom) == sides
    assert table.tiles()


def test_tables_grow_to_the_ends_of_their_rules() -> None:
    rules = framed(0, 0, 90, 20)
    down = tuple((x, 0.0, 100.0) for x in (0.0, 50.0, 90.0))
    table = tile(1, Sketch((box(0, 0, 50, 20, "a"), box(50, 0, 90, 20, "b")), Rules(rules.horizontal, down))).table
    assert shapes(table) == [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, ""), (1, 1, 1, 1, "")]
    assert open_sides(table) == [(False, False), (False, False), (False, True), (False, True)]
    assert table.bbox == BBox(0, 0, 90, 100)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(Rules(((20, 50, 90),), ()), [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)], id="divided"),
        pytest.param(
            Rules(((20, 50, 58), (20, 64, 90)), ()), [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)], id="dashed"
        ),
        pytest.param(Rules(((20, 80, 90),), ()), [(0, 0, 1, 1), (0, 1, 2, 1), (1, 0, 1, 1)], id="not divided"),
    ],
)
def test_rules_divide_slots_without_box(rules: Rules, expected: list[tuple[int, int, int, int]]) -> None:
    outline = framed(0, 0, 90, 60)
    known = Rules(outline.horizontal + rules.horizontal, (*outline.vertical, (50.0, 0.0, 60.0)))
    table = tile(1, Sketch((FOUR[0], FOUR[2]), known)).table
    assert [shape[:4] for shape in shapes(table)] == expected
    assert not any(map(any, open_sides(table)))


def test_an_edge_that_divides_nothing_is_no_edge() -> None:
    underline = Rules((*framed(0, 0, 90, 60).horizontal, (40, 5, 45)), framed(0, 0, 90, 60).vertical)
    assert tile(1, Sketch(FOUR, underline)).ys == (0, 20, 60)


def test_nothing_to_tile_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="sketch"):
        tile(1, Sketch((), Rules(((10, 0, 50),), ())))


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        pytest.param(10, 10, 0, id="inside"),
        pytest.param(70, 59, 3, id="inside the last"),
        pytest.param(90, 60, 3, id="the last corner belongs to the last cell"),
        pytest.param(50, 10, 1, id="an edge belongs to the cell behind it"),
        pytest.param(95, 10, None, id="right of the table"),
        pytest.param(10, -1, None, id="above the table"),
    ],
)
def test_locate(x: float, y: float, expected: int | None) -> None:
    assert tile(1, Sketch(FOUR)).locate(x, y) == expected


def test_filled_gives_texts_and_doubts_by_index() -> None:
    table = tile(1, Sketch(FOUR)).filled({1: ("new", "unreadable")})
    assert [(c.text, c.doubt) for c in table.cells] == [("a", ""), ("new", "unreadable"), ("c", ""), ("d", "")]


LEFT = Sketch((box(0, 0, 40, 60),), framed(0, 0, 40, 60))
RIGHT = Sketch((box(80, 0, 120, 60),), framed(80, 0, 120, 60))
SHORT = Sketch((box(80, 0, 120, 40),), framed(80, 0, 120, 40))
LONE = Sketch((), Rules((), ((60, 0, 60),)))


@pytest.mark.parametrize(
    ("sketches", "inks", "known", "columns"),
    [
        pytest.param((LEFT, RIGHT), [], [], [1, 1], id="two tables stay two"),
        pytest.param((RIGHT, LEFT), [(60, 30)], [], [3], id="text in the gap"),
        pytest.param((LEFT, RIGHT), [(60, 70)], [], [1, 1], id="text below the gap"),
        pytest.param((LEFT, RIGHT), [], [(0, 40, 80, 120)], [3], id="columns of an earlier page"),
        pytest.param((LEFT, RIGHT), [], [(0, 40, 90, 120)], [1, 1], id="other columns on an earlier page"),
        pytest.param((LEFT, RIGHT, LONE), [], [], [4], id="a rule that stands alone in the gap"),
        pytest.param((LEFT, SHORT), [(60, 30)], [], [1, 1], id="of another height"),
    ],
)
def test_side_by_side(
    sketches: tuple[Sketch, ...], inks: list[tuple[float, float]], known: list[tuple[float, ...]], columns: list[int]
) -> None:
    tables = [tile(1, sketch).table for sketch in side_by_side(sketches, inks, known)]
    assert [table.n_cols for table in tables] == columns
    assert all(table.tiles() for table in tables)


def test_joined_tables_keep_their_regions_apart_and_open_the_gap() -> None:
    left = Sketch((box(0, 0, 40, 20, region=0), box(0, 20, 40, 60, region=0)), framed(0, 0, 40, 60))
    right = Sketch((box(80, 0, 120, 20, region=0), box(80, 20, 120, 60, region=0)), framed(80, 0, 120, 60))
    (joined,) = side_by_side((left, right), [(60, 10)])
    table = tile(1, joined).table
    assert [shape[:4] for shape in shapes(table)] == [(0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1)]
    assert open_sides(table) == [(False, False), (True, True), (False, False)]


position = st.floats(0, 200, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, x1 = sorted((draw(position), draw(position)))
    top, bottom = sorted((draw(position), draw(position)))
    region = draw(st.none() | st.integers(0, 3))
    return Box(BBox(x0, top, x1, bottom), draw(st.sampled_from("甲乙丙丁")), draw(st.booleans()), draw(st.booleans()), region)


segments = st.tuples(position, position, position).map(lambda s: (s[0], min(s[1:]), max(s[1:])))
rules = st.builds(Rules, *2 * [st.lists(segments, max_size=6).map(tuple)])


@given(st.lists(boxes(), min_size=1, max_size=12), st.none() | rules)
def test_whatever_comes_in_tiles_and_loses_no_text(found: list[Box], known: Rules | None) -> None:
    tiling = tile(1, Sketch(tuple(found), known))
    table = tiling.table
    assert table.tiles()
    assert Counter("".join(c.text for c in table.cells).replace("\n", "")) == Counter(b.text for b in found)
    assert all(_on_the_grid(cell, tiling) for cell in table.cells)
    for number in {c.region for c in table.cells} - {None}:
        assert sum(c.region == number for c in table.cells) > 1


def _on_the_grid(cell: Cell, tiling: Tiling) -> bool:
    xs, ys = tiling.xs, tiling.ys
    edges = BBox(xs[cell.col], ys[cell.row], xs[cell.col + cell.col_span], ys[cell.row + cell.row_span])
    return cell.place.bbox == edges


@given(st.lists(boxes(), min_size=1, max_size=8), position, position)
def test_locate_finds_the_cell_around_a_point(found: list[Box], x: float, y: float) -> None:
    tiling = tile(1, Sketch(tuple(found)))
    at = tiling.locate(x, y)
    if at is None:
        assert not (tiling.xs[0] <= x <= tiling.xs[-1] and tiling.ys[0] <= y <= tiling.ys[-1])
    else:
        edges = tiling.table.cells[at].place.bbox
        assert edges is not None
        assert edges.x0 <= x <= edges.x1
        assert edges.top <= y <= edges.bottom
