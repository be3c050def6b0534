"""Catalogs as a .docx for LibreOffice Writer, with merged cells, repeated headings and page numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .catalog import Catalog
from .cells import TableCell, heading_rows, table
from .layout import PAPERS, Layout

_EDGES = ("top", "left", "bottom", "right")


def write(path: Path, catalogs: list[Catalog], layout: Layout) -> None:
    """Write the document; python-docx makes the frame, the table is set as WordprocessingML (ECMA-376 part 1, 17.4)."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    _page(document, layout)
    style = document.styles["Normal"]
    style.font.size = Pt(layout.size)
    _font(style.element.get_or_add_rPr(), layout.font)
    style.paragraph_format.space_after = Pt(0)
    if layout.above:
        document.add_paragraph(layout.above)
    for catalog in catalogs:
        if layout.title:
            _title(document, catalog.title, layout)
        if layout.title and layout.below:
            document.add_paragraph(layout.below)
        _table(document, table(catalog, layout), layout)
        document.add_paragraph("")
    if layout.closing:
        document.add_paragraph(layout.closing)
    if layout.footer:
        _footer(document, layout.numbers)
    if layout.running_head:
        document.sections[0].header.paragraphs[0].text = layout.running_head
    document.save(str(path))


def _page(document: Any, layout: Layout) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    section = document.sections[0]
    width, height = PAPERS[layout.paper]
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Pt(24)
    section.top_margin = section.bottom_margin = Pt(36)


def _font(properties: Any, font: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), font)


def _title(document: Any, title: str, layout: Layout) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(6)
    run = paragraph.add_run(title)
    run.font.size = Pt(layout.size * 1.7)
    _font(run._element.get_or_add_rPr(), layout.font)


def _footer(document: Any, numbers: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in re.split(r"({}|{all})", numbers):
        field = {"{}": "PAGE", "{all}": "NUMPAGES"}.get(part)
        run = f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{"1" if field else part}</w:t></w:r>'
        paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{field}">{run}</w:fldSimple>' if field else run))


def _table(document: Any, cells: list[TableCell], layout: Layout) -> None:
    from docx.oxml import parse_xml

    body = document.element.body
    body.insert(len(body) - 1, parse_xml(table_xml(cells, layout)))


def table_xml(cells: list[TableCell], layout: Layout) -> str:
    """The table as WordprocessingML. Pure."""
    width = PAPERS[layout.paper][0] - 48
    twips = [round(w / sum(layout.widths) * width * 20) for w in layout.widths]
    slots = {slot: cell for cell in cells for slot in cell.slots()}
    count = max(r for r, _ in slots) + 1
    rows = "".join(_row(slots, r, twips, layout) for r in range(count))
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in twips)
    side = round((layout.padding if layout.margin < 0 else layout.margin) * 20)
    return (
        '<w:tbl xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:tblPr>'
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>{_borders(layout)}<w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _borders(layout: Layout) -> str:
    style, width = layout.border.split()
    kind = {"solid": "single", "double": "double", "dashed": "dashed", "dotted": "dotted"}[style]
    kind = layout.rules or kind
    eighths = 4 if style == "double" else max(2, round(float(width.removesuffix("pt")) * 8))
    edge = f'w:val="{kind}" w:sz="{eighths}" w:space="0" w:color="{layout.colour}"'
    outer = edge if layout.outer else 'w:val="nil"'
    rim = "".join(f"<w:{e} {outer}/>" for e in _EDGES)
    return f"<w:tblBorders>{rim}<w:insideH {edge}/><w:insideV {edge}/></w:tblBorders>"


def _row(slots: dict[tuple[int, int], TableCell], row: int, twips: list[int], layout: Layout) -> str:
    head = row < heading_rows(layout)
    height = f'<w:trHeight w:val="{round(layout.roomy * 20)}" w:hRule="atLeast"/>' if layout.roomy and not head else ""
    flags = ("<w:cantSplit/>" if layout.avoid else "") + height + ("<w:tblHeader/>" if head and layout.repeat_header else "")
    cells, col = [], 0
    while col < len(twips):
        cell = slots[row, col]
        cells.append(_cell(cell, row, sum(twips[col : col + cell.cols]), layout))
        col += cell.cols
    return f"<w:tr><w:trPr>{flags}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: TableCell, row: int, width: int, layout: Layout) -> str:
    merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
    span = f'<w:gridSpan w:val="{cell.cols}"/>' if cell.cols > 1 else ""
    fill = "DDDDDD" if cell.heading and layout.shade else "F0F4FA" if layout.zebra and not cell.heading and cell.row % 2 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    place = {"middle": "center"}.get(layout.valign, layout.valign) if not cell.heading else "center"
    align = "both" if layout.justify and not cell.heading else cell.align
    lines = (cell.text if row == cell.row else "").split("\n")
    bold = "<w:b/>" if cell.heading and layout.bold_head else ""
    bold += '<w:u w:val="single"/>' if not cell.heading and layout.cols[cell.col] == layout.underline else ""
    line = f' w:line="{round(layout.leading * 240)}" w:lineRule="auto"' if layout.leading else ""
    around = f' w:before="{round(layout.around * 20)}" w:after="{round(layout.around * 10)}"' if layout.around else ""
    pitch = f"<w:spacing{around}{line}/>" if around or line else ""
    runs = "<w:r><w:br/></w:r>".join(
        f'<w:r><w:rPr>{bold}</w:rPr><w:t xml:space="preserve">{_escape(line)}</w:t></w:r>' for line in lines
    )
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{shade}<w:vAlign w:val="{place}"/></w:tcPr>'
    return f'<w:tc>{properties}<w:p><w:pPr>{pitch}<w:jc w:val="{align}"/></w:pPr>{runs}</w:p></w:tc>'


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
