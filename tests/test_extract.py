"""Source → ``Document``: which engine reads, and in which form coordinates go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import engines
from pipeline.errors import CatalogError, PasswordError, SourceError
from pipeline.extract import extract
from pipeline.model import BBox, Document, Place


class Fake:
    """An engine that gives what it is told to give."""

    name = "fake"

    def __init__(self, answer: Callable[[], Document]) -> None:
        self.answer = answer
        self.asked: dict[str, object] = {}

    def read(self, path: Path, **asked: object) -> Document:
        self.asked = {"path": path, **asked}
        return self.answer()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source.pdf").write_text("%PDF-1.7")
    return tmp_path / "source.pdf"


@pytest.fixture
def read_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Document]], Fake]:
    def use(answer: Callable[[], Document]) -> Fake:
        fake = Fake(answer)
        monkeypatch.setattr(engines, "get", lambda name: fake)
        return fake

    return use


def test_what_is_in_hundredths_passes_unchanged(source: Path, document: Document, read_by: Callable[..., Fake]) -> None:
    read_by(lambda: document)
    assert extract(source) == document


def test_coordinates_go_on_in_hundredths_of_a_point(source: Path, document: Document, read_by: Callable[..., Fake]) -> None:
    page = document.pages[0]
    exact = Place(1, BBox(0.12345, 1 / 3, 2 / 3, 100.005))
    table = replace(page.tables[0], bbox=exact.bbox, cells=tuple(replace(cell, place=exact) for cell in page.tables[0].cells))
    read_by(lambda: replace(document, pages=(replace(page, width=595.276, tables=(table,)),)))
    rounded = extract(source).pages[0]
    assert rounded.width == 595.28
    assert rounded.tables[0].bbox == rounded.tables[0].cells[0].place.bbox
    assert rounded.tables[0].bbox == BBox(0.12, 0.33, 0.67, round(100.005, 2))


def test_everything_asked_reaches_the_engine(source: Path, document: Document, read_by: Callable[..., Fake]) -> None:
    fake = read_by(lambda: document)
    extract(source, "fake", frozenset({2}), "secret")
    assert fake.asked == {"path": source, "pages": frozenset({2}), "password": "secret", "progress": None}


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        pytest.param(PasswordError("source.pdf: locked"), PasswordError, id="an error that says what it is"),
        pytest.param(KeyError("/Root"), SourceError, id="an error of a parser"),
        pytest.param(RecursionError("maximum depth"), SourceError, id="a file that bites its tail"),
        pytest.param(OSError(5, "Input/output error"), SourceError, id="a bad disk"),
    ],
)
def test_whatever_an_engine_raises_is_a_source_error(
    source: Path, read_by: Callable[..., Fake], raised: Exception, error: type[CatalogError]
) -> None:
    def fail() -> Document:
        raise raised

    read_by(fail)
    with pytest.raises(error, match=r"source\.pdf"):
        extract(source)


@pytest.mark.parametrize(
    ("name", "engine", "told"),
    [
        pytest.param("missing.pdf", None, "no such file", id="no such file"),
        pytest.param("source.odt", None, r"no engine reads \.odt", id="no engine for it"),
        pytest.param("source.pdf", "magic", "lattice", id="no such engine"),
        pytest.param("source.pdf", "dump", r"not \.pdf", id="an engine for other files"),
    ],
)
def test_a_source_that_nobody_reads_is_an_error(source: Path, name: str, engine: str | None, told: str) -> None:
    source.with_name("source.odt").write_text("another source")
    with pytest.raises(CatalogError, match=told):
        extract(source.with_name(name), engine)
