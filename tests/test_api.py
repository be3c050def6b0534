"""``pipeline.run`` and what it gives."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

import pipeline
from pipeline import catalog, export
from pipeline.engines.base import Progress
from pipeline.errors import CatalogError, OutputError, ProfileError, SourceError
from pipeline.model import Document, Issue, Record
from pipeline.normalize import Normalized

pytestmark = pytest.mark.usefixtures("made")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "目录.txt").write_text("a dump")
    return tmp_path / "目录.txt"


def test_a_source_gives_rows_issues_and_tables(source: Path, records: tuple[Record, ...]) -> None:
    made = pipeline.run(source)
    assert made.records == records
    assert [issue.code for issue in made.issues] == ["serials"]
    assert [(table.n_rows, table.n_cols) for table in made.tables] == [(2, 2)]
    assert made.document.source == "目录.txt"
    assert list(made.items["second_level_item"]) == ['登记，"甲"', "登记"]


def test_doubts_count_a_derived_field_once(source: Path) -> None:
    doubts = [(record.row, field) for record, field in pipeline.run(source).doubts]
    assert doubts == [(2, "second_level_item"), (2, "legal_bases"), (2, "time_limit")]


def test_a_catalog_shows_itself(source: Path) -> None:
    made = pipeline.run(str(source))
    assert repr(made) == "<Catalog 目录.txt: 2 rows, 3 values in doubt, 1 issue>"
    assert "<table>" in made._repr_html_()


def test_a_catalog_is_not_changed(source: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        pipeline.run(source).normalized = Normalized((), ())  # type: ignore[misc]


def test_write_gives_all_files(source: Path, tmp_path: Path) -> None:
    pipeline.run(source).write(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(export.NAMES)
    assert export.agree.disagreements(tmp_path / "out") == []


def test_two_runs_give_the_same_bytes(source: Path, tmp_path: Path) -> None:
    pipeline.run(source).write(tmp_path / "one")
    pipeline.run(source).write(str(tmp_path / "two"))
    for name in export.NAMES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_no_path_of_this_machine_is_written(source: Path) -> None:
    written = b"".join(pipeline.run(source).files().values()).decode()
    assert str(source.parent) not in written


def test_the_package_names_the_source_and_what_it_was_made_with(source: Path) -> None:
    package = json.loads(pipeline.run(source, pages=[2, 1]).files()["datapackage.json"])
    assert package["sources"] == [{"title": "目录.txt"}]
    assert package["run"]["inputs"]["pages"] == "1,2"
    assert package["run"]["program"] == {"name": "catalog", "version": pipeline.__version__}


def test_what_source_toml_says_comes_out(tmp_path: Path, source: Path) -> None:
    (tmp_path / "source.toml").write_text('title = "某目录"\nissuer = "某县"\npublished = 2020-01-02\n', encoding="utf-8")
    package = json.loads(pipeline.run(source).files()["datapackage.json"])
    assert package["title"] == "某目录"
    assert package["catalog"]["published"] == "2020-01-02"


def test_a_source_that_was_changed_since_it_was_received_is_an_issue(tmp_path: Path, source: Path) -> None:
    (tmp_path / "source.toml").write_text('sha256 = "00"')
    assert [issue.code for issue in pipeline.run(source).issues] == ["source_changed", "serials"]


def test_store_needs_the_tree(source: Path) -> None:
    with pytest.raises(OutputError, match="name a folder with -o"):
        pipeline.run(source).store()


def test_store_keeps_raw_and_normalized_in_step(tree: Path) -> None:
    pipeline.run("raw/si/2020/source.txt").store()
    made = {path.name for path in (tree / "normalized" / "si" / "2020").iterdir()}
    assert made == set(export.NAMES) - {"tables.json"}
    assert (tree / "raw" / "si" / "2020" / "tables.json").is_file()
    assert not (tree / "normalized" / "si" / "2023").exists()


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        pytest.param({"path": "missing.pdf"}, SourceError, "missing.pdf", id="no such file"),
        pytest.param({"path": "."}, SourceError, "is a folder", id="a folder"),
        pytest.param({"path": "目录.txt", "profile": "no-such"}, ProfileError, "disclosure-catalog", id="no such profile"),
    ],
)
def test_what_cannot_be_done_is_an_error(
    source: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, str], error: type[CatalogError], told: str
) -> None:
    monkeypatch.chdir(source.parent)
    with pytest.raises(error, match=told):
        pipeline.run(**arguments)


def test_the_summary_counts_errors(source: Path) -> None:
    made = pipeline.run(source)
    errors = (Issue("account", "error", "one"), Issue("account", "error", "two"), *made.issues)
    made = replace(made, normalized=replace(made.normalized, issues=errors))
    assert made.summary == "2 rows, 3 values in doubt, 3 issues (2 of them errors)"


def test_the_api_is_found_in_the_package() -> None:
    assert pipeline.run is catalog.run
    assert pipeline.Catalog is catalog.Catalog
    with pytest.raises(AttributeError, match="no attribute 'walk'"):
        pipeline.walk  # noqa: B018


def test_what_is_needed_later_is_loaded_while_the_first_page_is_opened(
    source: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[object] = []

    def read(path: Path, engine: object, pages: object, password: object, progress: Progress) -> Document:
        noted.append("opening")
        progress(0, 1)
        noted.append("opened")
        progress(1, 1)
        return document

    monkeypatch.setattr(catalog, "extract", read)
    monkeypatch.setattr(catalog, "import_module", lambda name: noted.append(name.partition(".")[0]))
    pipeline.run(source, isolate=False, progress=lambda done, total: noted.append((done, total)))
    assert noted == ["opening", (0, 1), "pipeline", "opened", (1, 1)]


def test_what_cannot_be_loaded_ahead_is_told_of_where_it_is_needed(
    source: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, engine: object, pages: object, password: object, progress: Progress) -> Document:
        progress(0, 1)
        return document

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(catalog, "extract", read)
    monkeypatch.setattr(catalog, "import_module", missing)
    assert len(pipeline.run(source, isolate=False).records) == 2
