"""What is new or changed is done again, whatever was killed in between, and never leaves a mixed folder."""

from __future__ import annotations

import os
import signal
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline import workspace
from pipeline.add import add
from pipeline.cli import main
from pipeline.errors import SourceError
from pipeline.export import agree


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def called(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Ended(int(ended.value.code or 0), told.out, told.err)

    return called


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.usefixtures("made")
class TestWhy:
    def test_each_run_says_what_it_did_and_why(self, run: Any, tree: Path) -> None:
        assert run("run").err.count("(not run before)") == 2
        assert run("run").err.startswith("up to date (same source, profile, overrides and program): si/2020, si/2023")
        assert run("run", "--force").err.count("(forced)") == 2

    @pytest.mark.parametrize(
        ("path", "text", "why"),
        [
            pytest.param("raw/si/2020/source.txt", "another", "the source changed", id="source"),
            pytest.param("raw/si/2020/source.toml", 'title = "x"\n', "source.toml changed", id="description"),
            pytest.param("raw/si/2020/lookups.csv", "field,printed,value\nseq,1,2\n", "the overrides changed", id="overrides"),
            pytest.param("raw/si/lookups.csv", "field,printed,value\nseq,1,2\n", "the overrides changed", id="of the catalog"),
            pytest.param("normalized/si/2020/items.csv", "row\n", "items.csv missing or changed by hand", id="an output"),
            pytest.param("raw/si/2020/tables.json", "{}", "tables.json missing or changed by hand", id="the tables"),
        ],
    )
    def test_only_what_depends_on_a_change_is_done_again(self, run: Any, tree: Path, path: str, text: str, why: str) -> None:
        run("run")
        Path(path).write_text(text)
        told = run("run").err
        assert f"({why})" in told
        assert "si/2020: 2 rows" in told
        assert ("si/2023: 2 rows" in told) == (path == "raw/si/lookups.csv")

    def test_another_version_of_the_program_does_all_again(self, run: Any, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run("run")
        monkeypatch.setattr("pipeline.rebuild.__version__", "99")
        assert run("run").err.count("(another version of the program)") == 2

    def test_another_profile_does_all_again(self, run: Any, tree: Path) -> None:
        import shutil

        from pipeline import profile

        run("run")
        shutil.copytree(profile.load().path, tree / "other")
        (tree / "other" / "lexicons" / "bodies.txt").write_text("新设局\n", encoding="utf-8")
        assert run("run", "--profile", "other").err.count("(the profile changed)") == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.usefixtures("made")
class TestKilled:
    """A process that is killed at its n-th change of the disk, for every n until it comes to its end."""

    def killed_at(self, step: int, *arguments: str) -> bool:
        """Whether the run was killed there; False where it had fewer steps."""
        child = os.fork()
        if child == 0:
            self.die_at(step)
            with open(os.devnull, "w") as nowhere:
                sys.stderr = sys.stdout = nowhere
                try:
                    main(list(arguments))
                except SystemExit:
                    os._exit(0)
                finally:
                    os._exit(3)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)

    def die_at(self, step: int) -> None:
        left = [step]

        def counted(function: Any) -> Any:
            def call(*args: Any, **options: Any) -> Any:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*args, **options)

            return call

        for owner, name in ((os, "fsync"), (Path, "write_bytes"), (Path, "rename"), (Path, "replace"), (Path, "mkdir")):
            setattr(owner, name, counted(getattr(owner, name)))

    @pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "aside and in"])
    def test_the_next_run_finishes_the_work(self, run: Any, tree: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        if not exchange:
            monkeypatch.setattr("pipeline.folder._rename_exchange", lambda *_: False)
        source = tree / "raw/si/2020/source.txt"
        states = {}
        for text in ("old", "new"):
            source.write_text(text)
            run("run", "raw/si/2020")
            states[text] = content(tree / "normalized/si/2020")
        step = 0
        while True:
            source.write_text("old")
            run("run", "raw/si/2020")
            source.write_text("new")
            if not self.killed_at(step, "run", "raw/si/2020"):
                break
            if (tree / "normalized/si/2020").is_dir():
                assert content(tree / "normalized/si/2020") in states.values(), step
            else:
                assert not exchange, step
            assert run("run").code == 0
            assert content(tree / "normalized/si/2020") == states["new"], step
            assert agree.disagreements(tree / "normalized/si/2020") == []
            left = [path.name for folder in ("raw/si/2020", "normalized/si") for path in (tree / folder).iterdir()]
            assert not [name for name in left if name.startswith(".")], step
            step += 1
        assert step > 10

    def test_a_killed_add_leaves_nothing_that_is_taken_for_a_source(self, run: Any, tree: Path) -> None:
        Path("received.txt").write_text("a dump")
        step = 0
        while self.killed_at(step, "add", "received.txt", "--catalog", "si", "--version", "2024"):
            assert {source.version for source in workspace.sources(tree / "raw")} <= {"2020", "2023", "2024"}
            assert run("add", "received.txt", "--catalog", "si", "--version", "2024").code == 0
            assert sorted(content(tree / "raw/si/2024")) == ["source.toml", "source.txt", "tables.json"]
            assert not [path for path in (tree / "raw/si").iterdir() if path.name.startswith(".")]
            for folder in ("raw/si/2024", "normalized/si/2024"):
                for path in (tree / folder).iterdir():
                    path.unlink()
                (tree / folder).rmdir()
            step += 1
        assert step > 10


@pytest.mark.usefixtures("made")
class TestAdd:
    def test_a_file_is_put_in_its_place_and_run(self, run: Any, tree: Path) -> None:
        Path("received.TXT").write_text("a dump")
        ended = run("add", "received.TXT", "--catalog", "就业", "--version", "2024", "--url", "https://example.gov.cn/a?b=1")
        assert (ended.code, "就业/2024: 2 rows" in ended.err) == (0, True)
        meta = tomllib.loads(Path("raw/就业/2024/source.toml").read_text(encoding="utf-8"))
        assert meta["url"] == "https://example.gov.cn/a?b=1"
        assert len(meta["sha256"]) == 64
        assert Path("raw/就业/2024/source.txt").read_text() == Path("received.TXT").read_text() == "a dump"
        assert "up to date" in run("run", "raw/就业").err

    def test_the_same_file_again_is_no_error(self, run: Any, tree: Path) -> None:
        Path("received.txt").write_text("a dump")
        for _ in range(2):
            assert run("add", "received.txt", "--catalog", "si", "--version", "2024").code == 0

    def test_what_was_received_is_never_replaced(self, run: Any, tree: Path) -> None:
        Path("received.txt").write_text("another dump")
        ended = run("add", "received.txt", "--catalog", "si", "--version", "2020")
        assert (ended.code, "never replaced" in ended.err) == (2, True)
        assert Path("raw/si/2020/source.txt").read_text() == "2020"

    @pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", ".hidden", "-o", "a..b", "a ", "a."])
    def test_a_name_must_be_a_folder_s_name(self, tree: Path, name: str) -> None:
        Path("received.txt").write_text("a dump")
        for catalog, version in ((name, "2024"), ("si", name)):
            with pytest.raises(SourceError, match="cannot be a folder's name"):
                add(Path("received.txt"), catalog, version, {})
        assert sorted(path.name for path in Path("raw/si").iterdir()) == ["2020", "2023"]

    @pytest.mark.parametrize("name", ["nothing.txt", "letter.odt", "empty.txt"])
    def test_a_file_that_cannot_be_read_is_not_put_anywhere(self, run: Any, tree: Path, name: str) -> None:
        Path("letter.odt").write_text("Dear reader,")
        Path("empty.txt").touch()
        assert run("add", name, "--catalog", "si", "--version", "2024").code == 2
        assert not Path("raw/si/2024").exists()

    @pytest.mark.parametrize("text", ['a "b" \\ c', "多\n行\t", "\x7f", "'''"])
    def test_every_text_comes_back_from_source_toml(self, tree: Path, text: str) -> None:
        Path("received.txt").write_text("a dump")
        assert add(Path("received.txt"), "si", "2024", {"title": text}).meta["title"] == text
