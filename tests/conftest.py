"""What several test files share: small documents and records built from the model's types, and ``--update-golden``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tables import page_table

from pipeline import catalog, engines
from pipeline.engines.base import check_file, digest
from pipeline.guard import watched
from pipeline.model import BBox, Cell, Document, GlyphAccount, Issue, Page, PageTable, Place, Record, TextLine, Value
from pipeline.normalize import Normalized

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the expected outputs under tests/golden anew")


@pytest.fixture(autouse=True)
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children are copies of this process, with all that a test has changed in it, though the test runner has threads."""
    monkeypatch.setattr(watched, "may_fork", lambda: True)


@pytest.fixture
def document() -> Document:
    """One page: a caption, and a table of two rows whose first cell is cut by the page's end."""
    table = page_table("序号 | 事项\n1 | 参保⏎登记")
    cut = Cell(1, 0, 1, 1, "1", table.cells[2].place, open_bottom=True, hidden_below="2", region=3, doubt="unreadable")
    cells = (*table.cells[:2], cut, table.cells[3])
    lines = (TextLine("社会保险目录", Place(1, BBox(10, 1.25, 90, 12))),)
    account = GlyphAccount(18, 9, 6, (("watermark", 2), ("clipped", 1)))
    issues = (Issue("region", "warning", "a merged region is no rectangle", place=Place(1, BBox(0, 0, 50, 20))),)
    page = Page(1, 595.32, 841.92, (PageTable(1, table.bbox, 2, 2, cells),), lines, account, issues)
    return Document("source.pdf", "ab" * 32, "fake 1.0", (page,))


@pytest.fixture
def records() -> tuple[Record, ...]:
    """Two rows: everything is there and sure in the first, hardly anything in the second."""
    return (_sure(), _doubted())


def _sure() -> Record:
    def printed(text: str, *columns: int) -> Value:
        return Value(text, text, places=tuple(Place(1, BBox(c * 10, 20, c * 10 + 9.999, 30.5)) for c in columns))

    limit, channels = printed("20个工作日", 4), printed("■政府网站\n□公示栏", 5)
    fields = {
        "row": 1,
        "table_title": "社会保险目录",
        "seq": 1,
        "second_level_item": '登记，"甲"',
        "legal_bases": ["《政府信息公开条例》", "《社会保险法》"],
        "time_limit": "20个工作日",
        "time_limit_value": 20,
        "channels": ["政府网站"],
        "channels_offered": ["政府网站", "公示栏"],
        "audience_public": True,
        "level_county": None,
    }
    values = {
        "seq": printed("1", 1),
        "second_level_item": printed('登记，"甲"', 2),
        "legal_bases": printed("《政府信息公开条例》、\n《社会保险法》", 3, 4),
        "time_limit": limit,
        "time_limit_value": limit,
        "channels": channels,
        "channels_offered": channels,
        "audience_public": printed("✓", 6),
    }
    return Record(1, fields, values)


def _doubted() -> Record:
    repaired = Value("登记", "登 己", "repaired", "lexicon", 91.666, "near", (Place(2, line=7, column=3),))
    limit = Value("*个工作日", "*个工作日", doubt="masked", places=(Place(2, line=7, column=5),))
    fields = {
        "row": 2,
        "table_title": "社会保险目录",
        "seq": None,
        "second_level_item": "登记",
        "third_level_item": "补办",
        "legal_bases": [],
        "time_limit": "*个工作日",
        "time_limit_value": None,
        "channels": [],
        "channels_offered": [],
        "audience_public": False,
        "level_county": None,
        "extra_备注": "<b>&",
    }
    values = {
        "second_level_item": repaired,
        "legal_bases": Value("", "", "absent", doubt="absent"),
        "time_limit": limit,
        "time_limit_value": limit,
    }
    return Record(2, fields, values)


@pytest.fixture
def made(document: Document, records: tuple[Record, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run gives ``document`` and ``records``, and one warning, whatever its source holds."""

    def read(path: Path, *args: object) -> Document:
        check_file(path)
        return replace(document, source=path.name, sha256=digest(path), engine=f"{engines.choose(path)} 1.0")

    issues = (Issue("serials", "warning", "2 follows 4", 2, field="seq"),)
    monkeypatch.setattr(catalog, "extract", read)
    monkeypatch.setattr("pipeline.headings.find_headings", lambda *_: [])
    monkeypatch.setattr("pipeline.normalize.normalize", lambda *_: Normalized(records, issues, (("extra_备注", "备注"),)))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with two sources under raw/."""
    for version in ("2020", "2023"):
        (tmp_path / "raw" / "si" / version).mkdir(parents=True)
        (tmp_path / "raw" / "si" / version / "source.txt").write_text(version)
    monkeypatch.chdir(tmp_path)
    return tmp_path
