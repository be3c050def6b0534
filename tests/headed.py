"""Tables with headings, drawn with characters, and what is found in them."""

from __future__ import annotations

from tables import document, picture_to_rows

from pipeline.headings import find_headings
from pipeline.model import Page, PageGrid, PageTable
from pipeline.profile import load

PROFILE = load()
BODY = """
    1 | 登记 | 参保 | 条件 | 《甲法》 | 7日内 | 县局   | ■网站 | √ |   | √ |   | √ |
    2 | ^    | 变更 | 材料 | ^        | ^     | 税务局 | ■公报 | √ |   | √ |   | √ | √
"""
TWO_ROWS = """
    序号 | 公开事项 | <        | 公开内容（要素） | 公开依据 | 公开时限 | 公开主体 | 公开渠道和载体 \
         | 公开对象 | <        | 公开方式 | <      | 公开层级 | <
    ^    | 一级事项 | 二级事项 | ^                | ^        | ^        | ^        | ^              \
         | 全社会   | 特定群体 | 主动     | 依申请 | 县级     | 乡级
"""
ONE_ROW = """
    序号 | 一级事项 | 二级事项 | 公开内容         | 公开依据 | 公开时限 | 公开主体 | 公开渠道和载体 \
         | 全社会   | 特定群体 | 主动     | 依申请 | 县级     | 乡级
"""
FIELDS = tuple(f.name for f in PROFILE.fields if not f.optional)
TITLE = "某县社会保险领域基层政务公开标准目录"


def grids(*tables: PageTable | Page, geometry: bool = True) -> list[PageGrid]:
    return find_headings(document(*tables, geometry=geometry), PROFILE)


def fields(grid: PageGrid) -> tuple[str, ...]:
    return tuple(column.field for column in grid.columns)


def texts(grid: PageGrid) -> list[str]:
    """What the body prints, cell by cell."""
    return [cell.text for cell in grid.cells]


def printed(picture: str) -> list[str]:
    return [text for row in picture_to_rows(picture) for text in row if text not in ("^", "<")]


def under(heading: str, body: str = BODY) -> str:
    return heading.strip() + "\n" + body.strip()
