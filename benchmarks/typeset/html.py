"""Catalogs as one HTML page for Chromium and WeasyPrint. Pure."""

from __future__ import annotations

from html import escape

from .catalog import Catalog
from .cells import TableCell, heading_rows, table
from .layout import PAPERS, Layout
from .styles import style_rules


def page(catalogs: list[Catalog], layout: Layout) -> str:
    """The whole document; ``\\n`` in a cell becomes a line break."""
    body = "".join(_title(c, layout) + _table(c, table(c, layout), layout) for c in catalogs)
    body = (f"<p>{layout.above}</p>" if layout.above else "") + body + (f"<p>{layout.closing}</p>" if layout.closing else "")
    mark = f'<div class="mark">{escape(layout.watermark)}</div>' if layout.watermark else ""
    head = f'<meta charset="utf-8"><style>{_css(layout)}</style>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{mark}{body}</body></html>'


def _css(layout: Layout) -> str:
    width, height = PAPERS[layout.paper]
    number = layout.numbers.replace("{}", '" counter(page) "').replace("{all}", '" counter(pages) "')
    footer = f'@bottom-center {{ content: "{number}"; }}' if layout.footer else ""
    if layout.running_head:
        footer += f' @top-right {{ content: "{layout.running_head}"; font-size: 7pt; }}'
    return f"""
@page {{ size: {width}pt {height}pt; margin: 33pt 28pt {40 if layout.footer else 30}pt; {footer} }}
body {{ margin: 0; font-family: "{layout.font}"; font-size: {layout.size}pt; }}
h1 {{ text-align: center; font-size: {layout.size * 1.6:.1f}pt; margin: 0 0 6pt; }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed; margin-bottom: 14pt;
 {"" if layout.outer else "border-style: hidden;"} }}
thead {{ display: {"table-header-group" if layout.repeat_header else "table-row-group"}; }}
th, td {{ border: {_border(layout.border)} #{layout.colour}; padding: 1pt {layout.padding}pt; vertical-align: {layout.valign};
 word-break: {"break-all" if layout.break_all else "normal"}; overflow-wrap: anywhere; }}
th {{ font-weight: {"bold" if layout.bold_head else "normal"}; {"background: #ddd;" if layout.shade else ""} }}
tr {{ break-inside: {"avoid" if layout.avoid else "auto"}; }}
{"tbody tr:nth-child(even) { background: #f0f4fa; }" if layout.zebra else ""}
{"td { text-align: justify !important; }" if layout.justify else ""}
{"th, td { text-shadow: 0.15pt 0 0 #000; }" if layout.fake_bold else ""}
{f"th, td {{ line-height: {layout.leading}; }}" if layout.leading else ""}
{f"td {{ height: {layout.roomy}pt; }}" if layout.roomy else ""}
{f"td {{ letter-spacing: {layout.spacing}pt; }}" if layout.spacing else ""}
{" ".join(style_rules(layout.styles))}
.line {{ text-decoration: underline; }}
.upright {{ writing-mode: vertical-rl; white-space: nowrap; display: inline-block; }}
.mark {{ position: fixed; top: 45%; left: 15%; font-size: {width // 16}pt; color: rgba(0,0,0,0.13);
 transform: rotate(-35deg); white-space: nowrap; }}
"""


def _border(border: str) -> str:
    style, width = border.split()
    return f"{width} {style}"


def _title(catalog: Catalog, layout: Layout) -> str:
    below = f'<p style="text-align: right">{escape(layout.below)}</p>' if layout.below else ""
    return f"<h1>{escape(catalog.title)}</h1>{below}" if layout.title and not layout.title_row else ""


def _table(catalog: Catalog, cells: list[TableCell], layout: Layout) -> str:
    share = 100 / sum(layout.widths)
    columns = "".join(f'<col style="width:{w * share:.2f}%">' for w in layout.widths)
    top = heading_rows(layout)
    rows: dict[int, list[TableCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    head = "".join(_row(rows[r]) for r in range(top))
    if layout.title and layout.title_row:
        head = f'<tr><th colspan="{len(layout.widths)}">{escape(catalog.title)}</th></tr>{head}'
    dress = {name: layout.cols.index(col) for name, col in _dressed(layout).items()}
    body = "".join(_row(rows[r], dress) for r in sorted(rows) if r >= top)
    return f"<table><colgroup>{columns}</colgroup><thead>{head}</thead><tbody>{body}</tbody></table>"


def _dressed(layout: Layout) -> dict[str, str]:
    """The classes that the texts of some columns have."""
    upright = {"upright": "first_level_item"} if layout.upright else {}
    return upright | ({"line": layout.underline} if layout.underline in layout.cols else {})


def _row(cells: list[TableCell], dress: dict[str, int] | None = None) -> str:
    classes = {col: name for name, col in (dress or {}).items()}
    return "<tr>" + "".join(_cell(c, classes.get(c.col, "")) for c in cells) + "</tr>"


def _cell(cell: TableCell, dress: str = "") -> str:
    tag = "th" if cell.heading else "td"
    spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (f' colspan="{cell.cols}"' if cell.cols > 1 else "")
    text = escape(cell.text).replace("\n", "<br>").replace("  ", "&nbsp; ")
    text = f'<span class="{dress}">{text}</span>' if dress else text
    return f'<{tag}{spans} style="text-align:{cell.align}">{text}</{tag}>'
