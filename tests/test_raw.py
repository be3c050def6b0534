"""``Document`` ⇄ ``tables.json``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import raw
from pipeline.errors import RawError
from pipeline.model import BBox, Cell, Document, GlyphAccount, Issue, Page, PageTable, Place, TextLine

texts = st.text(max_size=8)
edges = st.floats(-1e4, 1e4).map(lambda edge: round(edge, 2))
boxes = st.builds(BBox, edges, edges, edges, edges)
places = st.builds(Place, st.integers(1, 9), st.none() | boxes, st.none() | st.integers(1, 99), st.none() | st.integers(1, 99))
whole = st.integers(0, 20)
cells = st.builds(
    Cell, whole, whole, whole, whole, texts, places, st.booleans(), st.booleans(), texts, texts, st.none() | whole, texts
)
tables = st.builds(PageTable, whole, st.none() | boxes, whole, whole, st.lists(cells, max_size=3).map(tuple))
issues = st.builds(
    Issue,
    texts,
    st.sampled_from(["error", "warning"]),
    texts,
    st.none() | whole,
    st.none() | whole,
    texts,
    st.none() | places,
    st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)
accounts = st.builds(GlyphAccount, whole, whole, whole, st.lists(st.tuples(texts, whole), max_size=2).map(tuple))
pages = st.builds(
    Page,
    st.integers(1, 9),
    edges,
    edges,
    st.lists(tables, max_size=2).map(tuple),
    st.lists(st.builds(TextLine, texts, places), max_size=2).map(tuple),
    accounts,
    st.lists(issues, max_size=2).map(tuple),
    st.integers(0, 3),
)
documents = st.builds(Document, texts, texts, texts, st.lists(pages, max_size=2).map(tuple), st.booleans())


def test_what_is_read_is_what_was_written(document: Document) -> None:
    assert raw.json_to_document(raw.document_to_json(document)) == document


@given(documents)
def test_any_document_survives(document: Document) -> None:
    assert raw.json_to_document(raw.document_to_json(document)) == document


def test_the_text_is_as_printed_and_unescaped(document: Document) -> None:
    text = raw.document_to_json(document)
    assert '"text": "参保\\n登记"' in text


def test_one_cell_a_line(document: Document) -> None:
    lines = [line for line in raw.document_to_json(document).splitlines() if '"row_span"' in line]
    assert [json.loads(line.rstrip(","))["text"] for line in lines] == ["序号", "事项", "1", "参保\n登记"]


def test_a_dump_keeps_line_and_column() -> None:
    cell = Cell(0, 0, 1, 1, "甲", Place(2, line=17, column=3))
    document = Document("source.txt", "", "dump", (Page(2, 0, 0, (PageTable(2, None, 1, 1, (cell,)),)),), geometry=False)
    read = raw.json_to_document(raw.document_to_json(document))
    assert (read.geometry, read.pages[0].tables[0].cells[0].place) == (False, Place(2, line=17, column=3))


def _without(name: str) -> str:
    return raw.document_to_json(Document("a", "b", "c", ())).replace(f'"{name}"', '"other"')


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="no JSON"),
        pytest.param("[]", id="another JSON"),
        pytest.param('{"format": "catalog-tables/0"}', id="another version"),
        pytest.param(_without("pages"), id="no pages"),
        pytest.param(_without("sha256"), id="no digest"),
    ],
)
def test_a_damaged_file_is_told_apart(text: str) -> None:
    with pytest.raises(RawError, match=r"^here\.json: .*catalog extract"):
        raw.json_to_document(text, "here.json")


def test_a_span_that_is_no_number_is_an_error(document: Document) -> None:
    text = raw.document_to_json(document).replace('"row_span": 1', '"row_span": "1"', 1)
    with pytest.raises(RawError, match="no whole number"):
        raw.json_to_document(text)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RawError, match=r"tables\.json: cannot be read"):
        raw.read(tmp_path / "tables.json")


def test_a_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(RawError, match="damaged"):
        raw.read(tmp_path / "tables.json")


def test_half_a_surrogate_pair_survives_the_disk(document: Document, tmp_path: Path) -> None:
    from pipeline.export.text import encoded

    broken = replace(document, source="a\ud800b")
    (tmp_path / "tables.json").write_bytes(encoded(raw.document_to_json(broken)))
    assert raw.read(tmp_path / "tables.json") == broken
