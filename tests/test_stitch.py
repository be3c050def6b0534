"""Page tables that are one table, and cells that a page break cuts, in all the forms of ARCHITECTURE rule 2."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from breaks import paint_catalog
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import knowing, page_grid, pages_of, show, tidy, tiles, value_at

from pipeline.engines import lattice
from pipeline.headings import find_headings
from pipeline.model import Grid, Issue, PageGrid
from pipeline.profile import Profile, load
from pipeline.stitch import stitch

Reader = Callable[[list[str]], list[PageGrid]]
TERMS = knowing(body=["县人力资源和社会保障局", "县人社局"])


@pytest.fixture(params=["as told", "from a PDF", "from a PDF with headings on each page"])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    """Page pictures as page grids, straight or by way of a PDF."""

    def told(pages: list[str]) -> list[PageGrid]:
        return [page_grid(page, number) for number, page in enumerate(pages, 1)]

    def printed(pages: list[str]) -> list[PageGrid]:
        path = paint_catalog(tmp_path / "source.pdf", pages, every=request.param.endswith("each page"))
        return find_headings(lattice.read(path), load())

    return told if request.param == "as told" else printed


def before_and_after(name: str) -> list[object]:
    """The cases of a file under fixtures/: ``[id]``, a picture, ``====``, what it becomes."""
    text = (Path(__file__).parent / "fixtures" / name).read_text(encoding="utf-8")
    parts = re.split(r"^\[(.+)\]\n", text, flags=re.MULTILINE)[1:]
    return [pytest.param(*picture.split("====\n"), id=case) for case, picture in zip(parts[::2], parts[1::2], strict=True)]


def stitched(read: Reader, picture: str, profile: Profile = TERMS) -> Grid:
    grid = stitch(read(pages_of(picture)), profile)
    assert tiles(grid)
    return grid


def amid(rows: str) -> str:
    """Two rows, with or without a break between them, amid the first and the last row of a table."""
    return f"""
    seq | first        | second   | content  | laws           | body
    1   | 社会保险登记 | 参保登记 | 登记条件 | 《社会保险法》 | 县人社局
    {rows.strip()}
    4   | 工伤保险服务 | 工伤认定 | 认定程序 | 《工伤条例》   | 县工伤科
    """


def test_a_table_that_no_break_cuts_passes_unchanged(read: Reader) -> None:
    whole = amid("""
        2 | 参保缴费     | 缴费核定 | 核定办法 | 《征缴条例》 | 县税务局
        ----
        3 | 养老保险服务 | 待遇申领 | 申领材料 | 《养老办法》 | 县社保局
    """)
    pages = read(pages_of(whole))
    grid = stitch(pages, load())
    assert show(grid) == tidy("\n".join(line for line in whole.splitlines() if "----" not in line))
    assert {(c.value.text, c.value.places) for c in grid.cells} == {(c.text, (c.place,)) for page in pages for c in page.cells}
    assert {(c.value.origin, c.value.doubt) for c in grid.cells} == {("printed", "")}


@pytest.mark.parametrize(("rows", "expected"), before_and_after("cut_cells.txt"))
def test_cells_at_a_break(read: Reader, rows: str, expected: str) -> None:
    assert show(stitched(read, amid(rows))) == tidy(amid(expected))


@pytest.mark.parametrize(("picture", "expected"), before_and_after("cut_tables.txt"))
def test_rows_and_cells_on_several_pages(read: Reader, picture: str, expected: str) -> None:
    assert show(stitched(read, picture)) == tidy(expected)


def test_a_cell_closed_below_but_open_above_goes_on() -> None:
    """Only told: where headings stand above it, nobody sees that a cell is open."""
    pages = pages_of(
        amid("""
            2 | 养老保险 | 待遇申领 | 申领  | 《甲   | 县社保局
            ----
            3 | ↑服务    | 待遇停发 | ↑条件 | ↑法》  | 县税务局
        """)
    )
    grid = stitch([page_grid(page, number) for number, page in enumerate(pages, 1)], TERMS)
    assert [value_at(grid, 2, name).text for name in ("first", "content", "laws")] == [
        "养老保险\n服务",
        "申领\n条件",
        "《甲\n法》",
    ]


def test_a_joined_value_says_so_and_points_to_all_its_places(read: Reader) -> None:
    grid = stitched(
        read,
        amid("""
            2 | 养老保险服务↓ | 待遇申领 | 申领条件↓ | 《养↓     | 县社保局
            ----
            3 | ↑             | 待遇停发 | ↑         | ↑老办法》 | 县税务局
        """),
    )
    laws, first = value_at(grid, 2, "laws"), value_at(grid, 2, "first")
    assert (laws.text, laws.printed, laws.origin) == ("《养\n老办法》", "《养\n老办法》", "joined")
    assert (first.text, first.printed, first.origin) == ("养老保险服务", "养老保险服务", "spanned")
    assert ([p.page for p in laws.places], [p.page for p in first.places]) == ([1, 2], [1])
    assert {(c.value.origin, c.value.doubt) for c in grid.cells if c.row_span == 1} == {("printed", "")}


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        pytest.param(
            amid("""
                2 | 养老保险     | 待遇申领 | 1.条件；⏎2.材料； | 《养老办法》 | 县社保局
                ----
                3 | 服务         | 待遇停发 | 3.时限。          |              | 县税务局
            """),
            "first",
            id="a printed item beside a list that goes on",
        ),
        pytest.param(
            amid("""
                2 | 养老保险服务 | 待遇申领 | 申领条件 | 《养老办法》 | 县社保局
                ----
                3 |              | 待遇停发 | 停发情形 |              | 县税务局
            """),
            "content",
            id="two texts, complete or not, beside a cell that goes on",
        ),
        pytest.param(
            amid("""
                2 | 养老保险服务 | 待遇申领 | 申领条件 | 《养老办法》 | 县社保局↓
                ----
                3 |              | 待遇停发 | 停发情形 |              | ↓
            """),
            "content",
            id="the same, and a cell that no rule ends on either page",
        ),
        pytest.param(
            amid("""
                2 | 养老服务 | 待遇申领 | 申领条件 | 《甲办法》            | 县社保局
                ----
                3 | 停发服务 | 待遇停发 | 停发情形 | 《乙办法》            | 县社保局
                5 | 其他服务 | 待遇查询 | 查询方式 | 《乙办法》            | 县社保局
                6 | 登记服务 | 登记申请 | 申请条件 | 《甲办法》⏎《乙办法》 | 县社保局
            """),
            "laws",
            id="two whole values that together are a third one",
        ),
        pytest.param(
            amid("""
                2↓ | 养老保险服务↓ | 待遇申领↓ | 申领条件↓ | 《养老办法》↓ | 县社保局↓
                ----
                3  | 失业保险服务  | 失业登记  | 登记材料  | 《失业条例》  | 县就业局
                ----
            """),
            "content",
            id="a row left open of which the next page shows no rest",
        ),
    ],
)
def test_where_both_readings_stand_there_is_a_doubt(read: Reader, picture: str, name: str) -> None:
    assert value_at(stitched(read, picture), 1, name).doubt


def test_a_blank_after_a_break_is_doubted_where_the_table_merges_nothing(read: Reader) -> None:
    """The publisher repeats what rows hold in common, so that a blank may well be a cell in which nothing is written."""
    grid = stitched(
        read,
        """
        seq | first        | second   | content  | laws           | body
        1   | 社会保险登记 | 参保登记 | 登记条件 | 《社会保险法》 | 县人社局
        2   | 社会保险登记 | 变更登记 | 变更材料 | 《社会保险法》 | 县人社局
        ----
        3   | 社会保险登记 | 注销登记 | 注销材料 | 《社会保险法》 |
        4   | 工伤保险服务 | 工伤认定 | 认定程序 | 《工伤条例》   | 县工伤科
        """,
    )
    assert value_at(grid, 2, "body").doubt == "page_break"


def test_a_cut_row_left_open_tells_that_a_closed_cell_has_ended(read: Reader) -> None:
    """Also where the table has no rule at its end, so that the cells that reach it tell nothing."""
    grid = stitched(
        read,
        """
        seq | first          | second     | content    | laws           | body
        1   | 社会保险登记   | 参保登记   | 登记条件   | 《社会保险法》 | 县人社局
        2↓  | 养老保险服务↓  | 待遇申领↓  | 申领条件↓  | 《养老办法》↓  | 县社保局↓
        ----
            |                |            | 申领材料   |                |
        3   | 失业保险服务   | 失业登记   | 登记材料   | 《失业条例》   | 县就业局↓
        ----
        4↓  | 工伤保险服务↓  | 工伤认定↓  | 认定程序↓  | 《工伤条例》↓  | ↓
        """,
    )
    laws = value_at(grid, 3, "laws")
    assert ({c.value.doubt for c in grid.cells}, laws.text, value_at(grid, 3, "body").text) == ({""}, "《工伤条例》", "县就业局")


def test_a_cell_left_open_tells_that_a_closed_one_has_ended(read: Reader) -> None:
    """On another page, and in any column: a writer that leaves cut cells open does so everywhere."""
    grid = stitched(
        read,
        """
        seq | first        | second   | content  | laws           | body
        1   | 社会保险登记 | 参保登记 | 登记条件 | 《社会保险法》 | 县人社局↓
        ----
        2   | 养老保险服务 | 待遇申领 | 申领条件 | 《养老办法》   |
        3   | 失业保险服务 | 失业登记 | 登记材料 | 《失业条例》   | 县就业局
        ----
        4   | 工伤保险服务 | 工伤认定 | 认定程序 | 《工伤条例》   |
        5   | 生育保险服务 | 待遇申领 | 申领程序 | 《生育办法》   | 县医保局
        """,
    )
    bodies = [value_at(grid, row, "body") for row in range(5)]
    assert [(v.text, v.doubt) for v in bodies] == [(t, "") for t in ("县人社局", "县人社局", "县就业局", "", "县医保局")]


def test_a_blank_is_empty_where_the_writer_paints_copies(read: Reader) -> None:
    """Calc paints the whole text of a cut cell on each of its pages."""
    grid = stitched(
        read,
        """
        seq | first        | second   | content  | laws                         | body
        1   | 社会保险登记 | 参保登记 | 登记条件 | 《社会保险法》⟨《征缴条例》⟩ | 县人社局
        ----
        2   |              | 变更登记 | 变更材料 | ⟨《社会保险法》⟩《征缴条例》 | 县人社局
        3   | 工伤保险服务 | 工伤认定 | 认定程序 | 《工伤条例》                 | 县工伤科
        ----
        4   | 失业保险服务 | 失业登记 | 登记材料 | 《失业条例》                 |
        5   | 生育保险服务 | 待遇申领 | 申领程序 | 《生育办法》                 | 县医保局
        """,
    )
    assert (value_at(grid, 3, "body").text, value_at(grid, 3, "body").doubt) == ("", "")


def test_a_row_closed_where_cut_rows_stand_open_has_ended(read: Reader) -> None:
    """The next row goes on over the whole of its page, and its number stands on the page after."""
    grid = stitched(
        read,
        """
        seq | first          | second    | content    | laws            | body
        1   | 社会保险登记↓  | 参保登记  | 登记条件   | 《社会保险法》  | 县人社局↓
        ----
        ↓   | ↓              | ↓         | 申领条件↓  | 《养老办法》↓   | ↓
        ----
        ↑2  | ↑              | ↑待遇申领 | ↑申领材料  | ↑《养老细则》   | ↑
        3   | 失业保险服务   | 失业登记  | 登记材料   | 《失业条例》    | 县就业局
        """,
    )
    assert [value_at(grid, row, "content").text for row in range(grid.n_rows)] == ["登记条件", "申领条件\n申领材料", "登记材料"]


def test_an_open_blank_above_a_text_may_be_the_end_of_the_item_above_it(read: Reader) -> None:
    """Writer closed a merged cell amid its rows, and left the rest of it open at the foot of the page."""
    grid = stitched(
        read,
        """
        seq | first        | second   | content  | laws           | body
        1   | 社会保险登记 | 参保登记 | 登记条件 | 《社会保险法》 | 县人社局
        2   | ^            | 变更登记 | 变更材料 | 《社会保险法》 | 县人社局
        3   | ↓            | 注销登记 | 注销材料 | 《社会保险法》 | 县人社局
        ----
        4   | 工伤保险服务 | 工伤认定 | 认定程序 | 《工伤条例》   | 县工伤科
        5   | 失业保险服务 | 失业登记 | 登记材料 | 《失业条例》   | 县就业局
        """,
    )
    assert value_at(grid, 2, "first").doubt == "page_break"


@pytest.mark.parametrize(
    ("foot", "head", "doubt"),
    [("√", "", "page_break"), ("√", "√", ""), ("", "", "")],
    ids=["a blank", "chosen anew", "both blank"],
)
def test_a_blank_below_a_tick_may_be_the_rest_of_a_merged_one(read: Reader, foot: str, head: str, doubt: str) -> None:
    """The item goes on, and no other cell of it that begins in the row of the tick does."""
    picture = f"""
        seq | first        | second   | content  | public | body
        1   | 社会保险登记 | 参保登记 | 登记条件 | √      | 县人社局
        2   | ^            | 变更登记 | 变更材料 | ^      | ^
        3   | 养老保险服务 | 待遇申领 | 申领条件 | √      | ^
        4   | ^            | 待遇停发 | 停发情形 | {foot} | ^
        ----
        5   |              | 待遇恢复 | 恢复条件 | {head} | 县就业局
        6   | 失业保险服务 | 失业登记 | 登记材料 | √      | 县就业局
    """
    grid = stitched(read, picture)
    assert [value_at(grid, row, "public").doubt for row in (3, 4)] == [doubt, doubt]


@pytest.mark.parametrize(
    ("foot", "head", "texts", "doubt"),
    [
        ("本辖区", "居民", ["本辖区居民", "本辖区居民"], "page_break"),
        ("老年", "人群", ["老年", "人群"], "page_break"),
        ("√", "本辖区居民", ["√", "本辖区居民"], ""),
    ],
    ids=["printed whole elsewhere", "printed nowhere else", "each printed elsewhere"],
)
def test_a_group_of_people_in_place_of_a_mark_may_be_cut_in_two(
    read: Reader, foot: str, head: str, texts: list[str], doubt: str
) -> None:
    picture = f"""
        seq | first        | second   | content  | public     | body
        1   | 社会保险登记 | 参保登记 | 登记条件 | √          | 县人社局
        2   | ^            | 变更登记 | 变更材料 | ^          | ^
        3   | 养老保险服务 | 待遇申领 | 申领条件 | 本辖区居民 | ^
        4   | ^            | 待遇停发 | 停发情形 | {foot}     | ^
        ----
        5   |              | 待遇恢复 | 恢复条件 | {head}     | 县就业局
        6   | 失业保险服务 | 失业登记 | 登记材料 | √          | 县就业局
        7   | ^            | 失业申领 | 登记材料 | 本辖区居民 | 县就业局
    """
    grid = stitched(read, picture)
    found = [value_at(grid, row, "public") for row in (3, 4)]
    assert [value.text.replace("\n", "") for value in found] == texts
    assert [value.doubt for value in found] == [doubt, doubt]


def test_a_text_that_ends_with_the_separator_of_its_column_goes_on(read: Reader) -> None:
    grid = stitched(
        read,
        """
        seq | first        | second   | content            | laws           | body
        0   | 医疗保险     | 参保登记 | 参保条件           | 《医保条例》   | 县人社局
        1   | 社会保险登记 | 参保登记 | 登记条件；登记材料 | 《社会保险法》 | 县人社局
        2   | 养老保险服务 | 待遇申领 | 申领条件；         | 《养老办法》   | 县社保局
        ----
        3   |              | 待遇停发 | 停发情形           | 《停发规定》   | 县社保局
        4   | 工伤保险服务 | 工伤认定 | 认定程序           | 《工伤条例》   | 县工伤科
        """,
    )
    content = value_at(grid, 2, "content")
    assert (content.text, content.doubt, value_at(grid, 3, "content")) == ("申领条件；\n停发情形", "", content)


@pytest.mark.parametrize("content", ["许可条件、", "许可条件"], ids=["in the row of a cut cell", "under an item that goes on"])
def test_an_item_above_others_that_may_be_cut_is_doubted(read: Reader, content: str) -> None:
    """It is merged over the items below it, as the cells that the break certainly cuts."""
    grid = stitched(
        read,
        f"""
        seq | first        | second       | third | content          | laws
        1   | 林木采伐     | 采伐限额分配 | 申报  | 采伐类型；采伐量 | 《森林法》
        2   | ^            | ^            | 核查  | 核查结果；时间   | 《森林法》
        3   | ^            | 林木采伐许可 | 申报  | {content:<8}       | 《采伐办法》
        ----
        4   |              | 证核发       | 兑现  | 许可程序         |
        5   | 生态补偿     | 公益林补偿   | 申报  | 补偿对象；标准   | 《补偿办法》
        6   | ^            | 草原奖补     | 兑现  | 兑现金额；时间   | 《奖补办法》
        """,
    )
    assert [value_at(grid, row, "second").doubt for row in (2, 3)] == ["page_break"] * 2


SECTION = """
    seq | first        | second   | content  | laws           | body
    {0} | 社会保险登记 | 参保登记 | 登记条件 | 《社会保险法》 | 县人社局
    {1} | 参保缴费     | 缴费核定 | 核定办法 | 《征缴条例》   | 县税务局
"""


def page_with(serials: str, number: int, title: str = "") -> PageGrid:
    return replace(page_grid(SECTION.format(*serials), number, title), new_table=bool(title) and "续" not in title)


@pytest.mark.parametrize(
    ("pages", "sections"),
    [
        pytest.param([("12", "甲目录"), ("34", "")], [(0, "甲目录")], id="serials go on"),
        pytest.param([("12", "甲目录"), ("34", "甲目录")], [(0, "甲目录")], id="the title is printed on each page"),
        pytest.param([("12", "甲目录"), ("34", "甲目录（续）")], [(0, "甲目录")], id="serials go on under another title"),
        pytest.param([("12", "甲目录"), ("34", "乙目录")], [(0, "甲目录"), (2, "乙目录")], id="serials go on under a new title"),
        pytest.param(
            [("12", "甲目录"), ("12", "乙目录")], [(0, "甲目录"), (2, "乙目录")], id="serials restart under a new title"
        ),
        pytest.param([("12", ""), ("12", "")], [(0, ""), (2, "")], id="serials restart without titles"),
        pytest.param([("12", "甲目录"), ("34", ""), ("12", ""), ("34", "")], [(0, "甲目录"), (4, "")], id="two pages each"),
        pytest.param([("11", "甲目录"), ("12", "")], [(0, "甲目录")], id="serials restart inside the items"),
        pytest.param(
            [("11", "甲目录"), ("12", "乙目录")], [(0, "甲目录"), (2, "乙目录")], id="inside the items, under a new title"
        ),
        pytest.param([("  ", "甲目录"), ("  ", "")], [(0, "甲目录")], id="serials left blank"),
        pytest.param([("  ", "甲目录"), ("  ", "乙目录")], [(0, "甲目录"), (2, "乙目录")], id="left blank, under a new title"),
    ],
)
def test_a_file_may_hold_several_tables(pages: list[tuple[str, str]], sections: list[tuple[int, str]]) -> None:
    grid = stitch([page_with(serials, number, title) for number, (serials, title) in enumerate(pages, 1)], load())
    assert [(section.row, section.title) for section in grid.sections] == sections
    assert grid.n_rows == 2 * len(pages)
    assert tiles(grid)


@pytest.mark.parametrize("titles", [("甲领域公开标准目录", "乙领域公开标准目录"), ()], ids=["with titles", "without titles"])
def test_two_catalogs_in_one_pdf(tmp_path: Path, titles: tuple[str, ...]) -> None:
    path = paint_catalog(tmp_path / "source.pdf", [SECTION.format(1, 2)] * 2, titles, every=True)
    grid = stitch(find_headings(lattice.read(path), load()), load())
    assert [(section.row, section.title) for section in grid.sections] == list(zip((0, 2), titles or ("", ""), strict=True))
    assert [value_at(grid, row, "seq").text for row in range(4)] == ["1", "2", "1", "2"]
    assert tiles(grid)


def test_nothing_is_joined_from_one_catalog_to_the_next(read: Reader) -> None:
    grid = stitched(
        read,
        """
        seq | first         | second   | content   | laws            | body
        1   | 社会保险登记↓ | 参保登记 | 登记条件↓ | 《社会保险法》↓ | 县人社局↓
        ----
        1   | ↑             | 缴费核定 | ↑         | ↑《征缴条例》   | ↑
        """,
        load(),
    )
    assert [section.row for section in grid.sections] == [0, 1]
    assert [value_at(grid, 1, name).text for name in ("first", "content", "laws", "body")] == ["", "", "《征缴条例》", ""]


def test_a_column_that_a_page_lacks_is_absent_there() -> None:
    whole, lacking = (
        SECTION.format(1, 2),
        "\n".join(line.rpartition("|")[0] for line in SECTION.format(3, 4).strip().splitlines()),
    )
    grid = stitch([page_grid(whole, 1), page_grid(lacking, 2), page_grid(SECTION.format(5, 6), 3)], load())
    assert tiles(grid)
    bodies = [value_at(grid, row, "body") for row in range(6)]
    assert [(v.text, v.origin, v.doubt) for v in bodies[2:4]] == [("", "absent", "no_column")] * 2
    assert [(v.text, v.origin, v.doubt) for v in bodies[::5]] == [("县人社局", "printed", ""), ("县税务局", "printed", "")]


def test_limits_that_are_just_unlike_the_others_are_joined_with_a_doubt(read: Reader) -> None:
    """Each may be a whole one: of a table of tall rows hardly any is known to be whole."""
    grid = stitched(
        read,
        """
        seq | first        | second   | laws     | limit
        0   | 医疗保险     | 参保登记 | 《甲法》 | 信息形成之日起7个工作日内
        1   | 社会保险登记 | 参保登记 | 《乙法》 | 每季度更新一次
        ----
        2   | 养老保险服务 | 待遇申领 | 《丙法》 | 自印发之日起30日内
        3   | 工伤保险服务 | 工伤认定 | 《丁法》 | 信息形成之日起7个工作日内
        """,
        load(),
    )
    assert {value_at(grid, row, "limit").doubt for row in (1, 2)} == {"page_break"}


@pytest.mark.parametrize(("merged", "doubt"), [("√", ""), ("^", "page_break")], ids=["ticks of one row", "merged ticks"])
def test_a_tick_that_stands_open_below_a_page_that_lacks_its_column_is_doubted(merged: str, doubt: str) -> None:
    whole = f"seq | second | public\n1 | 甲 | √\n2 | 乙 | {merged}\n3 | 丙 | √"
    pages = [page_grid(whole, 1), page_grid("seq | second\n4 | 丁", 2), page_grid("seq | second | public\n5 | 戊 | ↑", 3)]
    grid = stitch(pages, load())
    assert value_at(grid, 4, "public").doubt == doubt


def test_columns_are_found_by_name_on_each_page() -> None:
    turned = "\n".join("|".join(line.split("|")[::-1]) for line in SECTION.format(3, 4).strip().splitlines())
    grid = stitch([page_grid(SECTION.format(1, 2), 1), page_grid(turned, 2)], load())
    assert show(grid) == tidy(SECTION.format(1, 2)) + "\n" + tidy(SECTION.format(3, 4)).partition("\n")[2]


def test_issues_and_headings_are_handed_on() -> None:
    note = Issue("note", "warning", "page 2: a row over the whole width")
    pages = [page_with("12", 1), replace(page_with("34", 2), issues=(note,))]
    grid = stitch(pages, load())
    assert grid.issues == (note,)
    assert dict(grid.headings)["legal_bases"] == "legal_bases"


def test_a_value_that_ends_with_what_its_page_hides_is_doubted_where_no_other_page_shows_it() -> None:
    """Of a line just beyond the page's edge Chromium paints few signs; the page number's row stood between them and the rest."""
    above = page_grid(
        """
        seq | first | second | content              | laws
        1   | 甲    | 乙     | 申领条件；⟨材料⟩     | 《甲法》
        2   | 丙    | 丁     | 登记条件             | 《乙法》
        """
    )
    grid = stitch([above], load())
    assert [value_at(grid, row, "content").doubt for row in (0, 1)] == ["page_break", ""]


def test_signs_of_a_hidden_line_that_the_next_page_prints_whole_count_once() -> None:
    """Of a line just beyond the foot of the page Chromium paints those signs that reach over it, brackets for one."""
    pages = pages_of("""
        seq | first | second | content                   | laws
        1↓  | 甲↓   | 乙↓    | 申领条件；↓⟨（）⟩         | 《甲法》
        ----
        ↑   | ↑     | ↑      | ↑停发情形（含暂停）；⏎材料 |
        2   | 丙    | 丁     | 登记材料                  | 《乙法》
    """)
    grid = stitch([page_grid(page, number) for number, page in enumerate(pages, 1)], load())
    assert value_at(grid, 0, "content").text == "申领条件；\n停发情形（含暂停）；\n材料"


def test_texts_of_split_rows_are_joined_with_a_doubt() -> None:
    grid = stitch(
        [
            page_grid("""
                seq | second   | content  | laws     | public
                1   | 参保登记 | 登记条件 | 《甲法》 | √
                ^   | ^        | 登记材料 | ^        |
            """)
        ],
        load(),
    )
    assert {name: value_at(grid, 0, name).doubt for name in ("seq", "content", "laws", "public")} == {
        "seq": "",
        "content": "split_row",
        "laws": "",
        "public": "",
    }
    assert value_at(grid, 0, "content").printed == "登记条件\n登记材料"


def test_a_dump_joins_nothing_but_cut_rows() -> None:
    pages = pages_of("""
        seq | first    | second   | content  | laws
        1   | 社会登记 | 参保登记 | 登记条件 | 《甲
        ----
        2   |          | 变更登记 |          | 法》
        ----
            |          |          | 变更材料 |
        3   |          | 注销登记 |          |
    """)
    grid = stitch([page_grid(page, number, geometry=False) for number, page in enumerate(pages, 1)], load())
    assert show(grid) == tidy("""
        seq | first    | second   | content  | laws
        1   | 社会登记 | 参保登记 | 登记条件 | 《甲
        2   |          | 变更登记 | 变更材料 | 法》
        3   |          | 注销登记 |          |
    """)
    assert not grid.geometry


COLUMNS = ("seq", "first", "second", "content", "laws", "limit", "body", "channels", "public")
PER_ROW, OF_ITEM = ("seq", "second", "public"), ("content", "laws", "channels")


@dataclass(frozen=True)
class Merged:
    """A cell over the rows ``start``..``stop`` (exclusive); where it is cut, ``above`` of its lines stand before the break."""

    start: int
    stop: int
    lines: tuple[str, ...]
    above: int

    def cut_by(self, half_row: int) -> bool:
        return 2 * self.start < half_row < 2 * self.stop


Drawn = dict[str, list[Merged]]


@st.composite
def merged_tables(draw: st.DrawFn) -> Drawn:
    """Up to seven rows; content, laws and channels are merged within a first-level item, limit and body anywhere."""
    height = draw(st.integers(2, 7))
    flags = st.lists(st.booleans(), min_size=height - 1, max_size=height - 1)
    own = {name: [True, *draw(flags)] for name in COLUMNS}
    table: Drawn = {}
    for name in COLUMNS:
        begins = [r for r in range(height) if name in PER_ROW or own[name][r] or (name in OF_ITEM and own["first"][r])]
        table[name] = [draw(cells_of(name, a, b)) for a, b in pairwise([*begins, height])]
    return table


@st.composite
def cells_of(draw: st.DrawFn, name: str, start: int, stop: int) -> Merged:
    lines = [f"{name[:2]}{'甲乙丙丁戊己庚'[start]}{part}" for part in "上中下"][: draw(st.integers(1, 3))]
    lines = {"seq": [str(start + 1)], "second": lines[:1], "public": ["√"]}.get(name, lines)
    return Merged(start, stop, tuple(lines), len(lines) if name in PER_ROW else draw(st.integers(0, len(lines))))


def drawn(table: Drawn, rows: range, text: Callable[[Merged], str]) -> str:
    """The picture of these rows, each cell with the text that it gets."""
    lines = [" | ".join(COLUMNS)]
    for row in rows:
        cells = [next(c for c in table[name] if row < c.stop) for name in COLUMNS]
        lines.append(" | ".join(text(c) if row == max(c.start, rows.start) else "^" for c in cells))
    return "\n".join(lines)


def whole(cell: Merged) -> str:
    return "⏎".join(cell.lines)


def height_of(table: Drawn) -> int:
    return table["seq"][-1].stop


def cut_in_two(table: Drawn, half_row: int, below: str = "", above: str = "") -> list[PageGrid]:
    """The table on two pages: an even number cuts between rows, an odd one inside a row. Cut cells get the marks."""

    def before(cell: Merged) -> str:
        return "⏎".join(cell.lines[: cell.above]) + below if cell.cut_by(half_row) else whole(cell)

    def after(cell: Merged) -> str:
        return above + "⏎".join(cell.lines[cell.above :]) if cell.cut_by(half_row) else whole(cell)

    pages = drawn(table, range((half_row + 1) // 2), before), drawn(table, range(half_row // 2, height_of(table)), after)
    return [page_grid(page, number) for number, page in enumerate(pages, 1)]


@settings(max_examples=150, deadline=None)
@given(table=merged_tables(), where=st.integers(1, 100))
def test_a_table_whose_cut_cells_stand_open_is_whole_again(table: Drawn, where: int) -> None:
    half_row = 1 + where % (2 * height_of(table) - 1)
    grid = stitch(cut_in_two(table, half_row, "↓", "↑"), knowing())
    assert tiles(grid)
    assert show(grid) == drawn(table, range(height_of(table)), whole)
    assert {c.value.doubt for c in grid.cells} == {""}


@settings(max_examples=150, deadline=None)
@given(table=merged_tables(), where=st.integers(1, 100))
def test_a_table_whose_cut_cells_are_closed_and_blank_is_whole_again_or_doubted(table: Drawn, where: int) -> None:
    """Without another sign nobody can tell whether a text beside a blank goes on; but no value may be wrong in silence."""
    table = {name: [replace(c, above=len(c.lines) if c.above else 0) for c in cells] for name, cells in table.items()}
    grid = stitch(cut_in_two(table, 2 + 2 * (where % (height_of(table) - 1))), knowing())
    assert tiles(grid)
    uncut = stitch([page_grid(drawn(table, range(height_of(table)), whole))], knowing())
    assert grid.n_rows == uncut.n_rows
    slots = grid.slots()
    wrong = {slot: slots[slot].value for slot, cell in uncut.slots().items() if slots[slot].value.text != cell.value.text}
    assert {slot: value.text for slot, value in wrong.items() if not value.doubt} == {}


def test_a_column_that_a_scan_has_lost_is_absent_and_doubted() -> None:
    grid = page_with("12", 1)
    columns = tuple(replace(c, field="extra_甲" if c.field == "legal_bases" else c.field) for c in grid.columns)
    lost = replace(grid, columns=columns)
    assert "legal_bases" not in {c.field for c in stitch([lost], TERMS).cells}
    scanned = replace(lost, cells=tuple(replace(c, scores=(99,) * len(re.sub(r"\s", "", c.text))) for c in grid.cells))
    found = [c.value for c in stitch([scanned], TERMS).cells if c.field == "legal_bases"]
    assert [(value.text, value.doubt) for value in found] == [("", "no_column")] * 2


@pytest.mark.parametrize(
    ("heading", "group", "lost"),
    [
        ("主动依申请全动公开", "", {"method_proactive", "method_on_request"}),
        ("钟宜聯众", "公卉方式", {"method_proactive", "method_on_request"}),
        ("备注", "", set()),
    ],
)
def test_fields_whose_heading_a_scan_misread_are_absent_and_doubted(heading: str, group: str, lost: set[str]) -> None:
    grid = page_with("12", 1)
    columns = tuple(replace(c, heading=heading, group=group, field=f"extra_{heading}") for c in grid.columns[-1:])
    strange = replace(grid, columns=(*grid.columns[:-1], *columns))
    scanned = replace(strange, cells=tuple(replace(c, scores=(99,) * len(re.sub(r"\s", "", c.text))) for c in grid.cells))
    ticks = set(load().names("tick"))
    assert {c.field for c in stitch([strange], load()).cells} & ticks == set()
    absent = [c for c in stitch([scanned], load()).cells if c.field in ticks]
    assert {c.field for c in absent} == lost
    assert {(c.value.origin, c.value.doubt) for c in absent} <= {("absent", "no_column")}
