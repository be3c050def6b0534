"""The tree of sources and rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import profile, workspace
from pipeline.errors import SourceError


def test_a_source_in_the_tree_has_a_catalog_and_a_version(tree: Path) -> None:
    source = workspace.source_at(Path("raw/si/2020/source.txt"))
    assert (source.in_tree, source.catalog, source.version) == (True, "si", "2020")
    assert source.tables == tree / "raw/si/2020/tables.json"
    assert source.normalized == tree / "normalized/si/2020"
    assert source.described() == {"name": "si-2020", "version": "2020"}


def test_a_source_anywhere_else_is_just_a_file(tmp_path: Path) -> None:
    source = workspace.source_at(tmp_path / "catalog.pdf")
    assert (source.in_tree, source.version, source.family) == (False, "", "disclosure-catalog")
    assert source.described() == {"name": "catalog"}


def test_overrides_lie_beside_it_in_its_catalog_and_in_the_profile(tree: Path) -> None:
    family = profile.load()
    source = workspace.source_at(Path("raw/si/2020/source.txt"))
    assert [folder for _, folder in source.lookup_folders(family)] == [tree / "raw/si/2020", tree / "raw/si", family.path]


def test_the_folder_above_a_stray_file_is_not_its_catalog(tmp_path: Path) -> None:
    family = profile.load()
    source = workspace.source_at(tmp_path / "catalog.pdf")
    assert [folder for _, folder in source.lookup_folders(family)] == [tmp_path, family.path]


def test_source_toml_tells_the_rest(tree: Path) -> None:
    text = 'title = "某目录"\nfamily = "other"\nversion = "2020年版"\nreceived = 2021-03-04\n'
    Path("raw/si/2020/source.toml").write_text(text, encoding="utf-8")
    source = workspace.source_at(Path("raw/si/2020/source.txt"))
    assert source.family == "other"
    assert source.version == "2020"
    assert source.described()["version"] == "2020年版"
    assert source.described()["received"] == "2021-03-04"


def test_a_bad_source_toml_is_an_error(tree: Path) -> None:
    Path("raw/si/2020/source.toml").write_text("title = unquoted")
    with pytest.raises(SourceError, match=r"source\.toml: is no valid TOML"):
        workspace.source_at(Path("raw/si/2020/source.txt"))


def test_all_sources_are_found_by_name(tree: Path) -> None:
    assert [source.version for source in workspace.sources(Path("raw"))] == ["2020", "2023"]
    assert [source.version for source in workspace.sources(Path("raw/si/2023"))] == ["2023"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param("raw/si/2020/source.pdf", "one source besides source.toml", id="two in one folder"),
        pytest.param("raw/si/2024/source.toml", r"found: none", id="a description of nothing"),
        pytest.param("raw/si/source.txt", "must lie at raw/<catalog>/<version>/source.txt", id="no version"),
    ],
)
def test_a_tree_in_disorder_is_an_error(tree: Path, path: str, told: str) -> None:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).touch()
    with pytest.raises(SourceError, match=told):
        list(workspace.sources(Path("raw")))
