"""How a catalog is set: one drawn layout, which ``layout.json`` records. Pure."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import Any

RENDERERS = ("chromium", "writer", "calc", "weasyprint")
FONTS = ("WenQuanYi Zen Hei", "Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UMing CN")
PAPERS = {"A4 landscape": (842, 595), "A4 portrait": (595, 842), "A3 landscape": (1191, 842), "A3 portrait": (842, 1191)}
BORDERS = ("solid 0.5pt", "solid 0.2pt", "solid 0.1pt", "solid 1pt", "double 2.5pt", "dashed 0.5pt", "dotted 0.5pt")
_WIDTH = {
    "seq": 3,
    "first_level_item": 7,
    "second_level_item": 10,
    "third_level_item": 6,
    "content_elements": 16,
    "legal_bases": 16,
    "time_limit": 8,
    "disclosing_body": 7,
    "channels": 11,
    "note": 5,
    "contact": 6,
}
_TICK_WIDTH = 3.2
_NOTE = "（在标注范围内至少选择其一公开，法律法规规章另有规定的从其规定）"
_HEADING = {
    "seq": ("序号",),
    "first_level_item": ("一级事项",),
    "second_level_item": ("二级事项",),
    "third_level_item": ("三级事项",),
    "content_elements": ("公开内容（要素）", "公开内容(要素)", "公开内容"),
    "legal_bases": ("公开依据",),
    "time_limit": ("公开时限",),
    "disclosing_body": ("公开主体",),
    "channels": ("公开渠道和载体", "公开渠道和载体", "公开渠道和载体" + _NOTE),
    "audience_public": ("全社会",),
    "audience_specific": ("特定群体", "特定群众", "特定人群", "特定对象"),
    "method_proactive": ("主动", "主动公开"),
    "method_on_request": ("依申请", "依申请公开"),
    "level_county": ("县级", "区级"),
    "level_township": ("乡级", "乡镇级", "街道", "乡、村级", "镇级"),
    "level_village": ("村级",),
    "note": ("备注", "责任科室", "监督电话"),
    "contact": ("咨询电话", "承办科室"),
}
_GROUP = {
    "first_level_item": "公开事项",
    "second_level_item": "公开事项",
    "third_level_item": "公开事项",
    "audience_public": "公开对象",
    "audience_specific": "公开对象",
    "method_proactive": "公开方式",
    "method_on_request": "公开方式",
    "level_county": "公开层级",
    "level_township": "公开层级",
    "level_village": "公开层级",
}
Heading = list[list[Any]]


@dataclass(frozen=True)
class Layout:
    """The choices of one sample. ``flat``: one heading row; ``header`` is ``[[[text, columns, rows], …], [text, …]]``;
    ``repeat_cells``: every row prints its values again instead of sharing merged cells; ``fit`` (Calc): how much wider than
    the page the sheet is before it is fitted to it; ``slack`` (Calc): row height over the height that the text needs;
    ``merge_ticks``: equal ticks of rows that share their content share a cell; ``indent``: values begin with two wide spaces;
    ``radicals``: some characters are printed as the look-alikes of the radicals block;
    ``fake_bold`` (Chromium): text is painted twice, a hair apart; ``upright`` (Chromium): first-level items run downward;
    ``spacing``: points between characters; ``turn``: /Rotate of pages whose content lies on its side; ``offset``: where the
    CropBox begins on the sheet; ``above`` and ``below`` are lines around the caption, ``closing`` one behind the tables;
    ``numbers`` is how pages are numbered; ``underline`` names a column; ``leading`` is the pitch of lines over the size of type;
    ``roomy`` the least height of a row in points; ``title_row``: the caption is a row of the table; ``styles`` are more rules of
    the stylesheet (``vocabulary/styles.toml``); ``scale`` (Calc): the sheet is printed at so many per cent, as many pages across
    as it takes, with ``gridlines`` instead of borders, or with these borders across and down (``sides``); ``rules``, ``around``
    and ``margin`` (Writer): the kind of border, and the points around paragraphs and inside cells. The last ones are drawn by
    ``variety`` and ``habits``."""

    renderer: str
    tick: str
    untick: str
    lawstyle: str
    elemstyle: str
    chanstyle: str
    numbering: str
    bullet: str
    cols: list[str]
    flat: bool
    watermark: str
    font: str
    size: float
    paper: str
    repeat_header: bool
    title: bool
    valign: str
    border: str
    outer: bool
    widths: list[float]
    shade: bool
    footer: bool
    bold_head: bool
    avoid: bool
    repeat_cells: bool
    item_align: str
    break_all: bool
    fit: float
    slack: float
    padding: float
    tables: int
    header: Heading = field(default_factory=list)
    merge_ticks: bool = False
    running_head: str = ""
    zebra: bool = False
    justify: bool = False
    indent: bool = False
    radicals: bool = False
    colour: str = "000000"
    fake_bold: bool = False
    upright: bool = False
    spacing: float = 0.0
    turn: int = 0
    offset: list[float] = field(default_factory=lambda: [0.0, 0.0])
    above: str = ""
    below: str = ""
    closing: str = ""
    numbers: str = "— {} —"
    underline: str = ""
    leading: float = 0.0
    roomy: float = 0.0
    title_row: bool = False
    styles: list[str] = field(default_factory=list)
    scale: int = 0
    gridlines: bool = False
    sides: list[str] = field(default_factory=list)
    rules: str = ""
    around: float = 0.0
    margin: float = -1.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def draw(rng: random.Random, renderer: str) -> Layout:
    """A layout for a renderer: mostly like the samples, now and then beyond them."""
    cols = _columns(rng)
    flat = rng.random() < 0.25
    tick = rng.choice("✓√●■是✓√☑")
    size = rng.choice((6.5, 7, 7.5, 8, 9, 10))
    return Layout(
        renderer=renderer,
        tick=tick,
        untick=("否" if tick == "是" else "—") if rng.random() < 0.08 else "",
        lawstyle=rng.choice(("、", "、", "；", "numbered", "adjacent", "lines")),
        elemstyle=rng.choice(("、", "；", "numbered", "numbered", "bullet", "lines")),
        chanstyle=rng.choice(("all■", "☑", "full", "full pairs", "lines", "、", "；")),
        numbering=rng.choice(("{}.", "{}.", "{}、", "（{}）", "①")),
        bullet=rng.choice(("●", "●", "•", "◆", "■")),
        cols=cols,
        flat=flat,
        watermark="",
        font=rng.choice(FONTS),
        size=size,
        paper=_paper(rng, size),
        repeat_header=rng.random() < 0.65,
        title=rng.random() < 0.85,
        valign=rng.choice(("middle", "middle", "top")),
        border=rng.choice(("solid 0.5pt", *BORDERS)),
        outer=rng.random() > 0.12,
        widths=column_widths(rng, cols),
        shade=rng.random() < 0.4,
        footer=rng.random() < 0.5,
        bold_head=rng.random() < 0.7,
        avoid=rng.random() < 0.5,
        repeat_cells=rng.random() < 0.08,
        item_align=rng.choice(("left", "left", "center")),
        break_all=rng.random() < 0.6,
        fit=rng.choice((1.0, 1.15, 1.3)),
        slack=rng.choice((1.0, 1.1, 1.3)),
        padding=rng.choice((1, 2, 3)),
        tables=2 if rng.random() < 0.08 else 1,
        header=heading(rng, cols, flat),
    )


def _paper(rng: random.Random, size: float) -> str:
    small = ["A4 landscape", "A4 landscape", "A3 landscape"]
    return rng.choice([*small, "A4 portrait", "A3 portrait"] if size <= 8 else small)


def _columns(rng: random.Random) -> list[str]:
    items = ["first_level_item", "second_level_item"] + (["third_level_item"] if rng.random() < 0.1 else [])
    middle = ["content_elements", "legal_bases", "time_limit", "disclosing_body", "channels"]
    if rng.random() < 0.15:
        rng.shuffle(middle)
    ticks = ["audience_public", "audience_specific", "method_proactive", "method_on_request"]
    levels = ["level_county", "level_township"] if rng.random() < 0.75 else []
    levels += ["level_village"] if levels and rng.random() < 0.1 else []
    tail = ticks + levels
    if rng.random() < 0.06:
        tail = [*levels, *ticks]
    return ["seq", *items, *middle, *tail, *(["note"] if rng.random() < 0.25 else [])]


def column_widths(rng: random.Random, cols: list[str]) -> list[float]:
    vary = rng.random() < 0.35
    widths = []
    for c in cols:
        width = _WIDTH.get(c, _TICK_WIDTH)
        widths.append(round(width * rng.uniform(0.9, 1.35), 1) if vary and width >= 6 else width)
    return widths


def heading_texts(layout: Layout) -> dict[str, str]:
    """Column → the heading straight above it."""
    leaves, seconds = [], iter(layout.header[1])
    for text, cols, rows in layout.header[0]:
        leaves += [next(seconds) for _ in range(cols)] if rows == 1 and layout.header[1] else [text]
    return dict(zip(layout.cols, leaves, strict=True))


def heading(rng: random.Random, cols: list[str], flat: bool) -> Heading:
    """The heading rows: ``[[[text, columns, rows], …], [text, …]]``; the second is empty for a flat heading."""
    names = {c: rng.choice(_HEADING[c]) for c in cols}
    if names.get("level_village") and names["level_township"] == "乡、村级":
        names["level_township"] = "乡级"
    if flat:
        return [[[names[c], 1, 1] for c in cols], []]
    first: Heading = []
    for c in cols:
        group = _GROUP.get(c)
        if group and first and first[-1][0] == group:
            first[-1][1] += 1
        else:
            first.append([group, 1, 1] if group else [names[c], 1, 2])
    return [first, [names[c] for c in cols if c in _GROUP]]
