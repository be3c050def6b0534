"""What was written, read again; frames; the examples."""

from __future__ import annotations

import doctest
import json
import shutil
from pathlib import Path

import pytest
from test_export import folder_of

import pipeline
from pipeline import reread
from pipeline.errors import OutputError
from pipeline.export import frame
from pipeline.model import Record

ROOT = Path(__file__).parent.parent
Records = tuple[Record, ...]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with raw/ in it, to stand in."""
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("source", ["text/source.txt", "2020/source.pdf"])
def test_what_is_read_is_what_was_written(source: str, checkout: Path) -> None:
    made = pipeline.run(f"raw/social-insurance/{source}")
    made.write("out")
    again = pipeline.read("out")
    assert (again.document, again.issues, again.summary) == (made.document, made.issues, made.summary)
    assert {name: (checkout / "out" / name).read_bytes() for name in again.files()} == again.files()


def test_a_folder_of_the_tree_finds_its_tables_beside_the_source(checkout: Path) -> None:
    made = pipeline.run("raw/social-insurance/text/source.txt")
    made.store()
    before = {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()}
    again = pipeline.read("normalized/social-insurance/text")
    assert again.document == made.document
    again.store()
    assert {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()} == before


def test_missing_tables_are_told(tmp_path: Path, records: Records) -> None:
    with pytest.raises(OutputError, match=r"tables\.json"):
        pipeline.read(folder_of(tmp_path / "out", records))


def test_a_folder_of_something_else_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no output of a run"):
        pipeline.read(tmp_path)


def test_a_frame_keeps_lists(records: Records) -> None:
    assert frame.frame(records)["channels_offered"][0] == ["政府网站", "公示栏"]


def test_a_frame_joins_lists(records: Records) -> None:
    table = frame.frame(records, "join")
    assert list(table["channels_offered"]) == ["政府网站；公示栏", ""]
    assert len(table) == len(records)


def test_a_frame_explodes_lists_side_by_side(records: Records) -> None:
    table = frame.frame(records, "explode")
    assert list(table["row"]) == [1, 1, 2]
    assert list(table["entry"]) == [1, 2, 1]
    assert list(table["channels"]) == ["政府网站", None, None]
    assert list(table["channels_offered"]) == ["政府网站", "公示栏", None]
    assert str(table["audience_public"].dtype) == "boolean"


def test_every_entry_stands_once_in_an_exploded_frame(records: Records) -> None:
    table = frame.frame(records * 3, "explode")
    for name in ("legal_bases", "channels", "channels_offered"):
        entries = [entry for record in records * 3 for entry in record.fields[name]]
        assert list(table[name].dropna()) == entries


def test_another_word_for_lists_is_refused(records: Records) -> None:
    with pytest.raises(ValueError, match="'keep', 'join' or 'explode'"):
        frame.frame(records, "split")  # type: ignore[arg-type]


def test_the_examples_in_the_docs_run(checkout: Path) -> None:
    assert doctest.testmod(reread).attempted >= 3
    result = doctest.testfile(str(ROOT / "examples" / "reading.md"), module_relative=False)
    assert result.attempted >= 8
    assert (result.failed, doctest.testmod(reread).failed) == (0, 0)


def test_the_notebook_runs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read(ROOT / "examples" / "reading.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(checkout)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] in ("error", "stream")]
    assert json.dumps(outputs, ensure_ascii=False).count("人力资源") > 0
