"""``Document`` ⇄ ``tables.json``: exactly as printed, nothing decided, nothing lost.

The file is laid out for people and for line-based comparison: one cell a line, defaults left out, no time stamps. Reading
what was written gives an equal ``Document``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.errors import RawError
from pipeline.model import BBox, Cell, Document, GlyphAccount, Issue, Page, PageTable, Place, TextLine

FORMAT = "catalog-tables/1"
Json = dict[str, Any]


def document_to_json(document: Document) -> str:
    """The text of ``tables.json``."""
    data = {
        "format": FORMAT,
        "source": document.source,
        "sha256": document.sha256,
        "engine": document.engine,
        "geometry": document.geometry,
        "pages": [_page_to_data(page) for page in document.pages],
    }
    return _layout(data) + "\n"


def json_to_document(text: str | bytes, name: str = "tables.json") -> Document:
    """The document that ``document_to_json`` wrote; ``name`` is the file to blame in a RawError."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise RawError(f"{name}: not a tables.json of this version ({FORMAT}); make it again with `catalog extract`")
        pages = tuple(_data_to_page(page) for page in data["pages"])
        return Document(data["source"], data["sha256"], data["engine"], pages, data["geometry"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{name}: damaged ({type(error).__name__}: {error}); make it again with `catalog extract`"
        raise RawError(message) from error


def read(path: Path) -> Document:
    """The document in a ``tables.json``; raises RawError where it is missing or damaged."""
    try:
        return json_to_document(path.read_bytes(), str(path))
    except OSError as error:
        raise RawError(f"{path}: cannot be read: {error.strerror}") from error


def _page_to_data(page: Page) -> Json:
    account = page.account
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        **({"turned": page.turned} if page.turned else {}),
        "account": {
            "printed": account.printed,
            "in_cells": account.in_cells,
            "outside": account.outside,
            "dropped": [list(entry) for entry in account.dropped],
        },
        "outside": [{"text": line.text, **_place_to_data(line.place, page.number)} for line in page.outside],
        "issues": [_issue_to_data(issue, page.number) for issue in page.issues],
        "tables": [_table_to_data(table) for table in page.tables],
    }


def _table_to_data(table: PageTable) -> Json:
    return {
        "page": table.page,
        "bbox": _bbox_to_data(table.bbox),
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "cells": [_cell_to_data(cell, table.page) for cell in table.cells],
    }


# What a cell has only sometimes, with the value that is left out of the file.
_CELL_DEFAULTS: Json = {
    "open_top": False,
    "open_bottom": False,
    "hidden_above": "",
    "hidden_below": "",
    "region": None,
    "doubt": "",
    "scores": (),
}


def _cell_to_data(cell: Cell, page: int) -> Json:
    shape = {"row": cell.row, "col": cell.col, "row_span": cell.row_span, "col_span": cell.col_span, "text": cell.text}
    rest = {name: getattr(cell, name) for name, default in _CELL_DEFAULTS.items() if getattr(cell, name) != default}
    return shape | _place_to_data(cell.place, page) | rest


def _place_to_data(place: Place, page: int) -> Json:
    data: Json = {"page": place.page} if place.page != page else {}
    if place.bbox is not None:
        data["bbox"] = _bbox_to_data(place.bbox)
    return data | {name: getattr(place, name) for name in ("line", "column") if getattr(place, name) is not None}


def _bbox_to_data(bbox: BBox | None) -> list[float] | None:
    return None if bbox is None else [bbox.x0, bbox.top, bbox.x1, bbox.bottom]


def _issue_to_data(issue: Issue, page: int) -> Json:
    data: Json = {"code": issue.code, "severity": issue.severity, "message": issue.message}
    data |= {name: getattr(issue, name) for name in ("row", "seq") if getattr(issue, name) is not None}
    if issue.field:
        data["field"] = issue.field
    if issue.place is not None:
        data["place"] = {"page": page} | _place_to_data(issue.place, page)
    if issue.readings:
        data["readings"] = [list(reading) for reading in issue.readings]
    return data


def _data_to_page(data: Json) -> Page:
    number, account = data["number"], data["account"]
    return Page(
        number=number,
        width=data["width"],
        height=data["height"],
        tables=tuple(_data_to_table(table) for table in data["tables"]),
        outside=tuple(TextLine(line["text"], _data_to_place(line, number)) for line in data["outside"]),
        account=GlyphAccount(
            account["printed"],
            account["in_cells"],
            account["outside"],
            tuple((reason, count) for reason, count in account["dropped"]),
        ),
        issues=tuple(_data_to_issue(issue, number) for issue in data["issues"]),
        turned=_whole(data.get("turned", 0)),
    )


def _data_to_table(data: Json) -> PageTable:
    page = data["page"]
    cells = tuple(_data_to_cell(cell, page) for cell in data["cells"])
    return PageTable(page, _data_to_bbox(data["bbox"]), _whole(data["n_rows"]), _whole(data["n_cols"]), cells)


def _data_to_cell(data: Json, page: int) -> Cell:
    row, col, row_span, col_span = (_whole(data[name]) for name in ("row", "col", "row_span", "col_span"))
    rest: Json = {name: data.get(name, default) for name, default in _CELL_DEFAULTS.items()}
    rest["scores"] = tuple(_whole(score) for score in rest["scores"])
    return Cell(row, col, row_span, col_span, str(data["text"]), _data_to_place(data, page), **rest)


def _whole(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _data_to_place(data: Json, page: int) -> Place:
    return Place(data.get("page", page), _data_to_bbox(data.get("bbox")), data.get("line"), data.get("column"))


def _data_to_bbox(data: list[float] | None) -> BBox | None:
    return None if data is None else BBox(*data)


def _data_to_issue(data: Json, page: int) -> Issue:
    place = _data_to_place(data["place"], page) if "place" in data else None
    return Issue(
        data["code"],
        data["severity"],
        data["message"],
        data.get("row"),
        data.get("seq"),
        data.get("field", ""),
        place,
        tuple((str(engine), str(text)) for engine, text in data.get("readings", ())),
    )


def _layout(value: Any, indent: str = "") -> str:
    """JSON in which everything that holds no object stands on one line."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(_holds_object(item) for item in items):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    deeper = indent + " "
    if isinstance(value, dict):
        lines = [f"{json.dumps(key, ensure_ascii=False)}: {_layout(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(deeper + line for line in lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + _layout(item, deeper) for item in value) + f"\n{indent}]"


def _holds_object(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(_holds_object(item) for item in value))
