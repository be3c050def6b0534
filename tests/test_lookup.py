"""Human overrides of printed cells and of single rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lookup import apply_to_cells, apply_to_rows
from pipeline.model import BBox, Grid, GridCell, Lookup, Place, Section, Value

BODY = "人社局"
PLACE = Place(1, BBox(0, 0, 50, 20))


def printed(text: str, **history: str) -> Value:
    return replace(Value(text, text, places=(PLACE,)), **history)  # type: ignore[arg-type]


def grid_of(body: Value) -> Grid:
    """Three rows; the body is one merged cell over all of them."""
    items = [GridCell(row, 1, "second_level_item", printed(name)) for row, name in enumerate(("登记", "变更", "注\n销"))]
    cells = (GridCell(0, 3, "disclosing_body", body), *items)
    return Grid(3, cells, (Section(0, "", ("second_level_item", "disclosing_body")),))


GRID = grid_of(printed("人社\n局", doubt="cut"))


def body_of(grid: Grid, row: int) -> Value:
    return grid.slots()[row, "disclosing_body"].value


def codes(grid: Grid) -> list[str]:
    return [issue.code for issue in grid.issues]


def test_without_overrides_nothing_changes() -> None:
    assert apply_to_cells(GRID, ()) is GRID
    assert apply_to_rows(GRID, ()) is GRID


def test_overrides_of_one_kind_are_left_to_their_room() -> None:
    for_cell = Lookup("disclosing_body", BODY, "县人社局")
    for_row = Lookup("disclosing_body", BODY, "县人社局", item="变更")
    assert apply_to_cells(GRID, [for_row]) == GRID
    assert apply_to_rows(GRID, [for_cell]) == GRID


def test_a_printed_cell_is_overridden_wherever_it_stands() -> None:
    grid = apply_to_cells(GRID, [Lookup("disclosing_body", " 人 社局", "县人社局")])
    assert body_of(grid, 0) == Value("县人社局", "人社\n局", "looked_up", "lookup", places=(PLACE,))
    assert body_of(grid, 2) == body_of(grid, 0)
    assert codes(grid) == []


def test_only_the_named_field_is_overridden() -> None:
    grid = apply_to_cells(GRID, [Lookup("time_limit", BODY, "县人社局")])
    assert body_of(grid, 0) == body_of(GRID, 0)
    assert codes(grid) == ["lookup_unused"]


def test_the_nearest_override_wins_and_the_other_is_not_unused() -> None:
    lookups = [Lookup("disclosing_body", BODY, "近"), Lookup("disclosing_body", BODY, "远")]
    grid = apply_to_cells(GRID, lookups)
    assert (body_of(grid, 0).text, codes(grid)) == ("近", [])
    rows = [replace(lookup, item="变更") for lookup in lookups]
    grid = apply_to_rows(GRID, rows)
    assert (body_of(grid, 1).text, codes(grid)) == ("近", [])


def test_blank_cells_are_never_overridden_without_an_item() -> None:
    blank = grid_of(printed(""))
    grid = apply_to_cells(blank, [Lookup("disclosing_body", "", "县人社局")])
    assert grid.cells == blank.cells
    assert codes(grid) == ["lookup_unused"]


@pytest.mark.parametrize("item", ["变更", " 变 更"], ids=["as-printed", "white-space"])
@pytest.mark.parametrize("text", [BODY, ""], ids=["printed", "whatever-is-printed"])
def test_a_row_is_overridden_alone(item: str, text: str) -> None:
    grid = apply_to_rows(GRID, [Lookup("disclosing_body", text, "县人社局", item=item)])
    assert body_of(grid, 1) == Value("县人社局", "人社\n局", "looked_up", "lookup", places=(PLACE,))
    assert (body_of(grid, 0), body_of(grid, 2)) == (body_of(GRID, 0), body_of(GRID, 2))
    assert [(cell.row, cell.row_span) for cell in grid.cells if cell.field == "disclosing_body"] == [(0, 1), (1, 1), (2, 1)]


def test_a_row_is_found_by_its_repaired_and_by_its_printed_name() -> None:
    repaired = replace(GRID.cells[3], value=Value("注销登记", "注\n销", "repaired"))
    for item in ("注销", "注销登记"):
        grid = apply_to_rows(replace(GRID, cells=(*GRID.cells[:3], repaired)), [Lookup("disclosing_body", BODY, "新", item=item)])
        assert body_of(grid, 2).text == "新"


def test_a_row_may_be_named_in_another_column() -> None:
    lookup = Lookup("second_level_item", "登记", "参保登记", item="人社局")
    grid = apply_to_rows(GRID, [lookup], item_fields=("disclosing_body",))
    assert [grid.slots()[row, "second_level_item"].value.text for row in range(3)] == ["参保登记", "变更", "注\n销"]


def test_an_item_that_stands_in_two_rows_is_reported() -> None:
    twice = replace(GRID, cells=(*GRID.cells[:2], replace(GRID.cells[2], value=printed("登记")), GRID.cells[3]))
    grid = apply_to_rows(twice, [Lookup("disclosing_body", BODY, "新", item="登记")])
    assert [body_of(grid, row).text for row in range(3)] == ["新", "新", "人社\n局"]
    assert codes(grid) == ["lookup_ambiguous"]


@pytest.mark.parametrize(
    "lookup",
    [
        pytest.param(Lookup("disclosing_body", "民政局", "县民政局", origin="lookups.csv"), id="cell"),
        pytest.param(Lookup("disclosing_body", BODY, "县人社局", item="补办", origin="lookups.csv"), id="no-such-item"),
        pytest.param(
            Lookup("disclosing_body", "民政局", "县人社局", item="变更", origin="lookups.csv"), id="printed-has-changed"
        ),
        pytest.param(Lookup("time_limit", "", "长期", item="变更", origin="lookups.csv"), id="no-such-column"),
    ],
)
def test_an_override_that_matches_nothing_is_an_issue(lookup: Lookup) -> None:
    apply = apply_to_rows if lookup.item else apply_to_cells
    grid = apply(GRID, [lookup])
    assert [(issue.code, issue.severity, issue.field) for issue in grid.issues] == [("lookup_unused", "warning", lookup.field)]
    assert "lookups.csv" in grid.issues[0].message
    assert grid.cells == GRID.cells


# --- confirmed ----------------------------------------------------------------------------------------------------------

REPAIRED = grid_of(Value("人力社保局", "人社\n局", "repaired", "lexicon", 90.0, "completed", (PLACE,)))


@pytest.mark.parametrize("item", ["", "变更"], ids=["cell", "row"])
def test_a_confirmed_value_loses_its_doubt_and_nothing_else(item: str) -> None:
    lookup = Lookup("disclosing_body", BODY, "", item=item, status="confirmed")
    before = apply_to_cells(REPAIRED, [lookup])
    assert body_of(before, 1) == body_of(REPAIRED, 1)
    grid = apply_to_rows(before, [lookup])
    assert body_of(grid, 1) == Value("人力社保局", "人社\n局", "repaired", "lexicon+lookup", 90.0, "", (PLACE,))
    assert body_of(grid, 0).doubt == ("completed" if item else "")
    assert codes(grid) == []


@pytest.mark.parametrize("item", ["", "变更"], ids=["cell", "row"])
def test_a_confirmed_value_that_is_given_is_taken(item: str) -> None:
    lookup = Lookup("disclosing_body", BODY, "人力社保局", item=item, status="confirmed")
    grid = apply_to_rows(apply_to_cells(REPAIRED, [lookup]), [lookup])
    assert (body_of(grid, 1).text, body_of(grid, 1).doubt) == ("人力社保局", "")


@pytest.mark.parametrize("item", ["", "变更"], ids=["cell", "row"])
def test_a_confirmation_ends_when_the_page_prints_something_else(item: str) -> None:
    lookup = Lookup("disclosing_body", "民政局", "", item=item, status="confirmed")
    grid = apply_to_rows(apply_to_cells(REPAIRED, [lookup]), [lookup])
    assert grid.cells == REPAIRED.cells
    assert codes(grid) == ["lookup_unused"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["登记", "变更", "注销"]), st.text("甲乙", min_size=1, max_size=3)), max_size=4))
def test_every_slot_keeps_one_cell_and_what_is_printed(overrides: list[tuple[str, str]]) -> None:
    grid = apply_to_rows(GRID, [Lookup("disclosing_body", BODY, text, item=item) for item, text in overrides])
    slots = [(row, cell.field) for cell in grid.cells for row in cell.rows]
    assert sorted(slots) == sorted(GRID.slots())
    assert all(grid.slots()[slot].value.printed == cell.value.printed for slot, cell in GRID.slots().items())
    assert {row for row in range(3) if body_of(grid, row).origin == "looked_up"} == {
        ["登记", "变更", "注销"].index(item) for item, _ in overrides
    }
