"""A folder is replaced as a whole, whatever happens on the way."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import folder
from pipeline.errors import OutputError

OWN = ("items.json", "datapackage.json")
NEW = {"items.json": "new", "datapackage.json": "new"}


def is_own(target: Path) -> bool:
    return (target / "datapackage.json").is_file()


def fill(target: Path, files: dict[str, str]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (target / name).write_text(text)


def replace(target: Path, files: dict[str, str]) -> None:
    with folder.replaced(target, OWN, is_own) as fresh:
        fill(fresh, files)


def content(target: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in target.iterdir()}


@pytest.fixture(params=["exchange", "aside and in"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the system call that exchanges two folders, and without it."""
    if request.param == "aside and in":
        monkeypatch.setattr(folder, "_rename_exchange", lambda one, other: False)
    return str(request.param)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(None, id="no folder"),
        pytest.param({}, id="an empty folder"),
        pytest.param(NEW, id="the same"),
        pytest.param({"items.json": "old", "datapackage.json": "old"}, id="an earlier run"),
    ],
)
def test_the_new_content_is_all_there_is(tmp_path: Path, system: str, before: dict[str, str] | None) -> None:
    target = tmp_path / "deep" / "out"
    if before is not None:
        fill(target, before)
    replace(target, NEW)
    assert content(target) == NEW
    assert os.listdir(target.parent) == ["out"]


def test_what_a_run_no_longer_writes_goes_away(tmp_path: Path, system: str) -> None:
    fill(tmp_path / "out", NEW)
    replace(tmp_path / "out", {"datapackage.json": "alone"})
    assert content(tmp_path / "out") == {"datapackage.json": "alone"}


def test_what_the_user_put_there_is_kept(tmp_path: Path, system: str) -> None:
    fill(tmp_path / "out", NEW | {"notes.md": "mine"})
    fill(tmp_path / "out" / "pictures", {"a.png": "mine too"})
    replace(tmp_path / "out", NEW)
    assert (tmp_path / "out" / "notes.md").read_text() == "mine"
    assert (tmp_path / "out" / "pictures" / "a.png").read_text() == "mine too"


def test_a_folder_of_someone_else_is_left_alone(tmp_path: Path) -> None:
    fill(tmp_path / "out", {"thesis.doc": "years of work"})
    with pytest.raises(OutputError, match=r"thesis\.doc.*name an empty or a new folder"):
        replace(tmp_path / "out", NEW)
    with pytest.raises(OutputError, match=r"thesis\.doc"):
        folder.prepare(tmp_path / "out", OWN, is_own)
    assert content(tmp_path / "out") == {"thesis.doc": "years of work"}
    assert os.listdir(tmp_path) == ["out"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="is a file"):
        replace(tmp_path / "out", NEW)


def test_the_folder_one_stands_in_is_not_pulled_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    with pytest.raises(OutputError, match="the folder you are in"):
        replace(Path("."), NEW)


def test_a_failed_run_leaves_the_old_folder_whole(tmp_path: Path) -> None:
    fill(tmp_path / "out", {"items.json": "old", "datapackage.json": "old"})

    def fail_in_the_middle() -> None:
        with folder.replaced(tmp_path / "out", OWN, is_own) as fresh:
            (fresh / "items.json").write_text("half")
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        fail_in_the_middle()
    assert content(tmp_path / "out") == {"items.json": "old", "datapackage.json": "old"}
    assert os.listdir(tmp_path) == ["out"]


def test_a_full_disk_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_sync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        replace(tmp_path / "out", NEW)
    assert os.listdir(tmp_path) == []


def test_everything_is_on_the_disk_before_the_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    sync, exchange = folder._sync, folder._exchange

    def synced(path: Path) -> None:
        events.append("folder" if path.is_dir() else path.name)
        sync(path)

    def exchanged(fresh: Path, target: Path) -> None:
        events.append("exchange")
        exchange(fresh, target)

    monkeypatch.setattr(folder, "_sync", synced)
    monkeypatch.setattr(folder, "_exchange", exchanged)
    replace(tmp_path / "out", NEW)
    before, after = events[: events.index("exchange")], events[events.index("exchange") + 1 :]
    assert sorted(before) == ["datapackage.json", "folder", "items.json"]
    assert after == ["folder"]


def test_permissions_stay(tmp_path: Path, system: str) -> None:
    fill(tmp_path / "out", NEW)
    (tmp_path / "out").chmod(0o700)
    replace(tmp_path / "out", NEW)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline import folder
target, step = Path(sys.argv[1]), sys.argv[2]
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
if step == "aside":
    folder._rename_exchange = lambda *_: False
    rename = Path.rename
    Path.rename = lambda self, other: die() if self.name.endswith("new") else rename(self, other)
elif step == "cleaning":
    folder.shutil.rmtree = die
with folder.replaced(target, ("items.json", "datapackage.json"), lambda _: True) as fresh:
    (fresh / "items.json").write_text("of the killed run")
    if step == "writing":
        die()
    (fresh / "datapackage.json").write_text("of the killed run")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot kill itself there")
@pytest.mark.parametrize(
    ("step", "left"),
    [
        pytest.param("writing", "old", id="while it wrote"),
        pytest.param("aside", "old", id="with the old folder aside"),
        pytest.param("cleaning", "of the killed run", id="after the exchange"),
    ],
)
def test_the_next_run_puts_right_what_a_killed_one_left(tmp_path: Path, step: str, left: str) -> None:
    target = tmp_path / "out"
    fill(target, {"items.json": "old", "datapackage.json": "old"})
    killed = subprocess.run([sys.executable, "-c", KILLED, str(target), step], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(os.listdir(tmp_path)) == 2
    folder.prepare(target, OWN, is_own)
    assert content(target) == {"items.json": left, "datapackage.json": left}
    assert os.listdir(tmp_path) == ["out"]


def test_a_run_that_is_going_on_is_not_taken_for_a_killed_one(tmp_path: Path) -> None:
    with folder.replaced(tmp_path / "out", OWN, is_own) as fresh:
        fill(fresh, NEW)
        replace(tmp_path / "out", {"datapackage.json": "of the other run"})
        assert content(fresh) == NEW
    assert content(tmp_path / "out") == NEW
    assert os.listdir(tmp_path) == ["out"]


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder.write_file(tmp_path / "raw" / "tables.json", b"old")
    folder.write_file(tmp_path / "raw" / "tables.json", b"new")
    assert content(tmp_path / "raw") == {"tables.json": "new"}


def test_a_file_that_cannot_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write_file(tmp_path / "tables.json", b"old")

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_sync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        folder.write_file(tmp_path / "tables.json", b"new")
    assert content(tmp_path) == {"tables.json": "old"}
