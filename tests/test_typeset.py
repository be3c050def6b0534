"""The pure parts of the sample generator: what it holds true is what it prints."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from benchmarks.typeset import (
    check,
    damage,
    dump,
    habits,
    html,
    layout,
    make,
    pages,
    picture_pdf,
    scan,
    scanner,
    styles,
    truth,
    variety,
    xlsx,
)
from benchmarks.typeset.catalog import Catalog, Channels, Plan, Row, Span, build
from benchmarks.typeset.cells import TableCell, heading_cells, heading_rows, printed, table, text_of
from benchmarks.typeset.words import Limit, words
from pipeline.text import radicals_to_characters, squash

TICKS = {
    "audience_public": True,
    "audience_specific": False,
    "method_proactive": True,
    "method_on_request": False,
    "level_county": True,
    "level_township": False,
    "level_village": True,
}
SMALL = Catalog(
    "水利领域基层政务公开标准目录",
    "水利",
    (
        Row(1, "河湖管理", "采砂许可", ticks=TICKS),
        Row(2, "防汛抗旱", "雨水情信息", ticks=TICKS | {"audience_specific": True}, group="村民"),
    ),
    {
        "content_elements": (Span(0, 1, ("工程名称", "建设地点")), Span(1, 1, ("发布时间",))),
        "legal_bases": (Span(0, 2, ("《甲法》第十条", "《乙条例》")),),
        "channels": (Span(0, 2, Channels(("政府网站",), ("政府网站", "公示栏"))),),
        "time_limit": (Span(0, 1, Limit("7日内", 7, "calendar_day")), Span(1, 1, Limit("及时公开", None, None))),
        "disclosing_body": (Span(0, 2, "县水利局"),),
    },
)


def drawn(seed: int, renderer: str = "chromium") -> layout.Layout:
    return layout.draw(random.Random(seed), renderer)


def test_truth_of_a_small_catalog():
    first, second = truth.items(SMALL, dump.COLUMNS)
    assert first == {
        "seq": 1,
        "first_level_item": "河湖管理",
        "second_level_item": "采砂许可",
        "content_elements": ["工程名称", "建设地点"],
        "legal_bases": ["《甲法》第十条", "《乙条例》"],
        "time_limit": "7日内",
        "time_limit_value": 7,
        "time_limit_unit": "calendar_day",
        "disclosing_body": "县水利局",
        "channels": ["政府网站"],
        "channels_offered": ["政府网站", "公示栏"],
        "audience_public": True,
        "audience_specific": False,
        "method_proactive": True,
        "method_on_request": False,
        "level_county": True,
        "level_township": False,
    }
    assert "time_limit_value" not in second
    assert second["audience_specific_group"] == "村民"


def test_a_tick_without_a_column_is_null_and_a_further_level_only_where_printed():
    columns = [c for c in dump.COLUMNS if not c.startswith("level")]
    assert truth.items(SMALL, columns)[0]["level_county"] is None
    assert "level_village" not in truth.items(SMALL, columns)[0]
    assert truth.items(SMALL, [*dump.COLUMNS, "level_village"])[0]["level_village"] is True


def test_two_catalogs_in_one_file_name_their_table_and_row():
    items = truth.document([SMALL, replace(SMALL, title="另一目录")], dump.COLUMNS)["items"]
    assert [(i["row"], i["seq"]) for i in items] == [(1, 1), (2, 2), (3, 1), (4, 2)]
    assert [i["table_title"][:2] for i in items] == ["水利", "水利", "另一", "另一"]


@pytest.mark.parametrize(
    ("style", "want"),
    [
        pytest.param("、", "甲、乙", id="comma"),
        pytest.param("；", "甲；乙", id="semicolon"),
        pytest.param("lines", "甲\n乙", id="lines"),
        pytest.param("adjacent", "甲乙", id="adjacent"),
        pytest.param("numbered", "（1）甲\n（2）乙", id="numbered"),
        pytest.param("bullet", "◆甲\n◆乙", id="bullet"),
    ],
)
def test_list_styles(style, want):
    chosen = replace(drawn(1), elemstyle=style, numbering="（{}）", bullet="◆")
    assert text_of("content_elements", ("甲", "乙"), chosen) == want


@pytest.mark.parametrize(
    ("style", "want"),
    [
        pytest.param("full", "■甲\n□乙\n■丙", id="full"),
        pytest.param("full pairs", "■甲  □乙\n■丙", id="pairs"),
        pytest.param("☑", "☑甲 ☑丙", id="checked"),
        pytest.param("、", "甲、丙", id="comma"),
    ],
)
def test_channel_styles(style, want):
    assert text_of("channels", Channels(("甲", "丙"), ("甲", "乙", "丙")), replace(drawn(1), chanstyle=style)) == want


@pytest.mark.parametrize("seed", range(12))
def test_cells_tile_the_table(seed):
    case = make.draw_case(seed, seed)
    for catalog in case.catalogs:
        cells = table(catalog, case.layout)
        slots = [slot for cell in cells for slot in cell.slots()]
        rows = len(catalog.rows) + max(c.row + c.rows for c in heading_cells(case.layout))
        assert sorted(slots) == [(r, c) for r in range(rows) for c in range(len(case.layout.cols))]


@pytest.mark.parametrize("seed", range(12))
def test_lists_that_are_cut_at_commas_hold_none(seed):
    case = make.draw_case(seed, 99)
    if case.layout.elemstyle in ("、", "lines"):
        assert not [e for c in case.catalogs for span in c.spans["content_elements"] for e in span.value if "、" in e]
    assert all("、" not in channel for channel in words().channels + words().offered)


def test_the_same_seed_draws_the_same_case_and_another_attempt_another_one():
    assert make.draw_case(3, 7) == make.draw_case(3, 7)
    assert make.draw_case(3, 7) != make.draw_case(3, 7, attempt=1)


def test_a_layout_is_plain_data():
    assert layout.Layout(**json.loads(json.dumps(drawn(5).as_json()))) == drawn(5)


def test_missing_counts_what_the_headings_cannot_stand_in_for():
    chosen = replace(drawn(2), untick="")
    body, head = printed(table(SMALL, chosen)), "".join(c.text for c in heading_cells(chosen))
    assert not check.missing([head + body], [SMALL], chosen)
    assert check.missing([head + body.replace("采砂许可", "采许可")], [SMALL], chosen) == {"砂": 1}


def test_overlaps_are_different_characters_at_one_place():
    box, beside = (10.0, 10.0, 18.0, 18.0), (18.0, 10.0, 26.0, 18.0)
    assert check.overlaps([("甲", box), ("乙", beside), ("甲", box)]) == []
    assert check.overlaps([("甲", box), ("丙", (11.0, 10.0, 19.0, 18.0))]) == ["丙甲"]


def test_rows_are_high_enough_for_their_text():
    cells = [TableCell(0, 0, 2, 1, "一二三四\n五"), TableCell(0, 1, 1, 1, ""), TableCell(1, 1, 1, 1, "")]
    chosen = replace(drawn(1, "calc"), size=10, slack=1.0)
    assert xlsx.text_lines("一二三四\n五", 24, 10) == 3
    assert sum(xlsx.row_heights(cells, [24, 24], chosen)) >= 3 * 10


def test_an_undamaged_dump_prints_every_value_where_its_run_begins_and_on_top_of_a_page():
    catalog = build(random.Random(4), words(), "税收管理", Plan(rows=30, comma=False))
    for page in dump.clean(random.Random(4), catalog).pages:
        assert all(page.lines[0].texts[name] for name in dump.COLUMNS[:8])
        for line in page.lines[1:]:
            starts = any(span.start == line.row for span in catalog.spans["legal_bases"])
            assert bool(line.texts["legal_bases"]) == starts


@pytest.mark.parametrize("seed", range(20))
def test_a_dump_keeps_its_rows_and_notes_what_it_destroys(seed):
    rng = random.Random(seed)
    catalog = build(rng, words(), "户籍管理", Plan(rows=40, comma=False))
    text, facts = dump.damaged(rng, catalog)
    serials = [line.split("\t")[0] for line in text.splitlines() if line.split("\t")[0].isdigit()]
    assert serials == [str(item["seq"]) for item in facts["items"]]
    assert "\x00" not in text
    unsure = {name for item in facts["items"] for name in item.get("unsure", [])}
    assert not {"no_content", "truncate"} & set(facts["damages"]) or "content_elements" in unsure
    assert "tick_compress" not in facts["damages"] or {"level_county", "audience_public"} <= unsure


@pytest.mark.parametrize("kind", [damage.split, damage.radicals], ids=["split", "radicals"])
def test_what_only_the_look_of_the_text_tells_destroys_nothing(kind):
    catalog = build(random.Random(6), words(), "交通运输", Plan(rows=20, comma=False))
    spoiled = dump.clean(random.Random(6), catalog)
    before = [dict(line.texts) for page in spoiled.pages for line in page.lines]
    for page in spoiled.pages:
        kind(random.Random(6), spoiled, page)
    after = [line.texts for page in spoiled.pages for line in page.lines]
    assert after != before
    assert not spoiled.unsure
    assert [check._countable(a["legal_bases"]) for a in after] == [check._countable(b["legal_bases"]) for b in before]


def page_of_text(width: int = 420, height: int = 300) -> scanner.Pixels:
    """A white page with a frame and some strokes, at 72 dpi."""
    page = np.full((height, width), 255, np.uint8)
    page[40:260:44, 40:380] = 0
    page[40:260, 40:380:68] = 0
    page[52:56, 50:90] = 0
    return page


def drawn_back(pdf: bytes, page: int = 0) -> np.ndarray[Any, np.dtype[np.uint8]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return np.asarray(document[page].render(scale=1, grayscale=True).to_numpy()).reshape(300, 420)


def damaged_page(kind: str, seed: int) -> bytes:
    large = np.kron(page_of_text(), np.ones((3, 3), np.uint8))
    return picture_pdf.pdf([picture_pdf.Sheet(scanner.KINDS[kind](np.random.default_rng(seed), large, 216), 420, 300)])


@pytest.mark.parametrize("kind", scanner.KINDS)
def test_a_damaged_page_still_shows_what_it_printed_and_hangs_on_the_seed_alone(kind):
    assert damaged_page(kind, 1) == damaged_page(kind, 1)
    assert damaged_page(kind, 1) != damaged_page(kind, 2)
    seen = drawn_back(damaged_page(kind, 1)).astype(int)
    assert abs(seen.mean() - page_of_text().mean()) < 40
    assert seen[100:200, 100:300].min() < 128 < seen[2:38, 100:200].max()


@pytest.mark.parametrize("encode", [picture_pdf.bilevel, picture_pdf.ccitt, lambda p: picture_pdf.jpeg(p, 95)])
def test_a_picture_page_shows_the_same_pixels_in_every_encoding(encode):
    page = page_of_text()
    seen = drawn_back(picture_pdf.pdf([picture_pdf.Sheet(encode(page), 420, 300)]))
    assert np.abs(seen.astype(int) - page).mean() < 3


def test_a_page_in_cmyk_and_a_turned_one_are_drawn_upright():
    page = page_of_text()
    colour = np.repeat(page[:, :, None], 3, axis=2)
    cmyk = picture_pdf.Sheet(picture_pdf.jpeg(colour, 95, mode="CMYK"), 420, 300)
    turned = picture_pdf.Sheet(picture_pdf.jpeg(np.rot90(page), 95), 300, 420, rotate=90)
    document = picture_pdf.pdf([cmyk, turned])
    for number in range(2):
        assert np.abs(drawn_back(document, number).astype(int) - page).mean() < 5


def test_every_kind_of_scan_meets_every_renderer():
    pairs = {
        (cut.kind, cut.case.layout.renderer) for number in range(24) for cut in [scan.draw(number, 1, 0, tuple(scanner.KINDS))]
    }
    assert len(pairs) == len(scanner.KINDS) * len(layout.RENDERERS)


@pytest.mark.parametrize("cutting", pages.CUTTINGS, ids=lambda cutting: cutting.name)
@pytest.mark.parametrize("number", [1, 6])
def test_a_catalog_cut_into_pages_prints_all_of_it(number: int, cutting: pages.Cutting) -> None:
    case = make.draw_case(number, 7)
    catalog = replace(case.catalogs[0], title="")
    document = pages.document(random.Random(number), catalog, case.layout, cutting)
    assert len(document.pages) > 1
    tables = [t for page in document.pages for t in page.tables]
    assert all(t.tiles() for t in tables)
    head = heading_rows(case.layout)
    shown = "".join(
        c.text for n, t in enumerate(tables) for c in t.cells if c.row >= (head if not n or case.layout.repeat_header else 0)
    )
    want = printed(table(catalog, case.layout))
    assert not Counter(squash(radicals_to_characters(want))) - Counter(squash(shown))


@pytest.mark.parametrize("renderer", ["chromium", "weasyprint"])
def test_every_style_that_is_drawn_stands_in_the_page(renderer: str) -> None:
    drawn = make.draw_case(0, 7)
    names = styles.style_names(renderer)
    printed_page = html.page(drawn.catalogs, replace(drawn.layout, renderer=renderer, styles=names))
    assert len(names) > 20
    assert all(rule in printed_page for rule in styles.style_rules(names))


@pytest.mark.parametrize(
    ("renderer", "habit"),
    [("chromium", habits.stylesheet), ("calc", habits.spreadsheet), ("writer", habits.word_settings)],
)
def test_a_habit_changes_the_files_of_its_own_renderer_only(renderer: str, habit: variety.Variation) -> None:
    cases = {name: make.draw_case(k, 11) for k, name in enumerate(layout.RENDERERS)}
    changed = {name for name, case in cases.items() if habit(random.Random(3), case) != case}
    assert changed - {"weasyprint"} == {renderer}


def test_a_sheet_may_be_printed_at_a_scale_with_the_lines_of_its_grid(tmp_path: Path) -> None:
    drawn = make.draw_case(2, 7)
    xlsx.write(tmp_path / "a.xlsx", drawn.catalogs, replace(drawn.layout, scale=70, gridlines=True))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert (sheet.page_setup.scale, bool(sheet.sheet_properties.pageSetUpPr.fitToPage)) == (70, False)
    assert sheet.print_options.gridLines
    sides = (side for row in sheet.iter_rows() for cell in row for side in (cell.border.left, cell.border.top))
    assert not any(side and side.style for side in sides)
