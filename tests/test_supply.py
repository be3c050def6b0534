"""What the project stands on: pinned, permissive, and listed as it is installed."""

from __future__ import annotations

import pytest

from benchmarks import dependencies
from benchmarks.setting import ROOT

HERE = {name: found for name, found in dependencies.installed().items() if name in dependencies.pinned()}


def test_every_pinned_package_that_is_installed_has_the_pinned_version() -> None:
    pinned = dependencies.pinned()
    assert {name: found.version for name, found in HERE.items()} == {name: pinned[name] for name in HERE}


def test_every_licence_is_permissive() -> None:
    assert HERE
    assert [name for name, found in HERE.items() if not dependencies.is_permissive(dependencies.licence(found))] == []


def test_the_page_lists_what_is_installed_and_nothing_that_is_not_pinned() -> None:
    told = dependencies.told()
    assert {(name, found.version): told.get((name, found.version)) for name, found in HERE.items()} == {
        (name, found.version): dependencies.licence(found).replace("|", "/") for name, found in HERE.items()
    }
    listed = {name: version for name, version in told if name not in ("package", ":--")}
    assert {name: dependencies.pinned().get(name) for name in listed} == listed


@pytest.mark.parametrize(
    ("text", "permissive"),
    [("MIT", True), ("GPL-3.0-only", False), ("MIT OR GPL-2.0", True), ("AGPL-3.0", False), ("", False)],
)
def test_permissive_licences(text: str, permissive: bool) -> None:
    assert dependencies.is_permissive(text) is permissive


def test_the_bill_of_materials_is_checked_reproducible_and_not_kept() -> None:
    """It tells what is installed here: every checkout makes its own, twice the same."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nsbom:", 1)[1].split("\n\n", 1)[0]
    assert "--output-reproducible -o sbom.json" in recipe
    assert "--no-validate" not in recipe
    assert "/sbom.json" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
