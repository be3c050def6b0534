"""The command ``catalog``: what it writes, what it says, and the code it leaves with."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from typer.main import get_command

from pipeline import export
from pipeline.cli import main, progress
from pipeline.cli.app import app_for
from pipeline.model import Issue
from pipeline.normalize import Normalized


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        streams = capsys.readouterr()
        return Ended(int(ended.value.code or 0), streams.out, streams.err)

    return command


def pdf(path: Path, *texts: str, **options: Any) -> Path:
    """A PDF with one page a text, and no rules."""
    canvas = Canvas(str(path), invariant=True, **options)
    for text in texts:
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    return path


COMMANDS = sorted(get_command(app_for()).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_there(run: Any, command: str) -> None:
    ended = run(*command.split(), "--help")
    assert ended.code == 0
    assert f"Usage: catalog {command}".strip() in ended.out
    # The help is Markdown, where <catalog>/<version>/ is taken for tags and vanishes.
    assert not re.search(r"(?<!:)//", ended.out)


def test_the_first_help_names_every_command_and_the_exit_codes(run: Any) -> None:
    told = run("--help").out
    assert all(name in told for name in (*COMMANDS, "Exit codes"))


def test_engines_and_profiles_are_listed(run: Any) -> None:
    assert run("engines").out.startswith("lattice ")
    assert "disclosure-catalog" in run("profiles").out


@pytest.mark.usefixtures("made")
class TestWithAReaderThatAlwaysWorks:
    def test_a_source_goes_into_a_folder(self, run: Any, tree: Path) -> None:
        ended = run("run", "raw/si/2020/source.txt", "-o", "out")
        assert ended == Ended(0, "", "si/2020: 2 rows, 3 values in doubt, 1 issue → out\n")
        assert sorted(os.listdir("out")) == sorted(export.NAMES)

    def test_an_empty_folder_is_written_into(self, run: Any, tree: Path) -> None:
        (tree / "out").mkdir()
        assert run("run", "raw/si/2020/source.txt", "-o", "out", "--no-verify").code == 0
        assert len(os.listdir("out")) == len(export.NAMES)

    def test_a_second_run_gives_the_same_bytes(self, run: Any, tree: Path) -> None:
        run("run", "raw/si/2020/source.txt", "-o", "out")
        first = {path.name: path.read_bytes() for path in Path("out").iterdir()}
        run("run", "raw/si/2020/source.txt", "-o", "out")
        assert {path.name: path.read_bytes() for path in Path("out").iterdir()} == first

    def test_without_a_source_everything_is_done_once(self, run: Any, tree: Path) -> None:
        first = run("run")
        assert (first.code, first.err.count("2 rows")) == (0, 2)
        assert "→ normalized/si/2023" in first.err
        assert run("run").err == "up to date (same source, profile, overrides and program): si/2020, si/2023\n"

    def test_only_what_changed_is_done_again(self, run: Any, tree: Path) -> None:
        run("run")
        Path("raw/si/2020/source.txt").write_text("another")
        told = run("run").err.splitlines()
        assert told[0].startswith("si/2020: 2 rows")
        assert told[0].endswith("(the source changed)")
        assert told[1].endswith(": si/2023")

    @pytest.mark.parametrize(
        "path",
        [
            pytest.param("raw/si/2020/lookups.csv", id="overrides of the version"),
            pytest.param("raw/si/2020/source.toml", id="a description"),
            pytest.param("normalized/si/2020/items.csv", id="an output"),
            pytest.param("raw/si/2020/tables.json", id="the tables"),
        ],
    )
    def test_a_change_beside_the_source_counts(self, run: Any, tree: Path, path: str) -> None:
        run("run")
        line = "field,printed,value\nseq,1,2\n" if path.endswith("lookups.csv") else 'title = "x"\n'
        Path(path).write_text(line)
        told = run("run").err.splitlines()
        assert [told[0].split(",")[0], told[1].split()[-1]] == ["si/2020: 2 rows", "si/2023"]

    def test_overrides_of_the_catalog_count_for_each_version(self, run: Any, tree: Path) -> None:
        run("run")
        Path("raw/si/lookups.csv").write_text("field,printed,value\nseq,1,2\n")
        assert "up to date" not in run("run").err

    def test_force_does_all_again(self, run: Any, tree: Path) -> None:
        run("run")
        assert "up to date" not in run("run", "--force").err

    def test_a_part_of_the_tree_can_be_named(self, run: Any, tree: Path) -> None:
        assert run("run", "raw/si/2023").err.count("\n") == 1
        assert not Path("normalized/si/2020").exists()

    def test_one_that_fails_does_not_keep_the_others(self, run: Any, tree: Path) -> None:
        Path("raw/si/2020/source.txt").unlink()
        Path("raw/si/2020/source.odt").write_text("no engine for it")
        ended = run("run")
        assert ended.code == 2
        assert "no engine reads .odt" in ended.err
        assert Path("normalized/si/2023/items.json").is_file()

    def test_errors_in_the_data_are_exit_code_1(self, run: Any, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        issues = (Issue("account", "error", "a glyph is lost"),)
        monkeypatch.setattr("pipeline.normalize.normalize", lambda *_: Normalized((), issues))
        first, second = run("run"), run("run")
        assert (first.code, second.code) == (1, 1)
        assert "1 issue (1 of them an error)" in first.err
        assert second.err.endswith(": si/2020 (errors: 1), si/2023 (errors: 1)\n")

    def test_extract_then_normalize_gives_what_run_gives(self, run: Any, tree: Path) -> None:
        run("run", "raw/si/2020/source.txt", "-o", "one")
        ended = run("normalize", "one/tables.json", "-o", "two")
        assert ended.code == 0
        for name in ("items.json", "items.csv", "provenance.csv", "issues.csv", "tables.json"):
            assert Path("one", name).read_bytes() == Path("two", name).read_bytes()

    def test_normalize_in_the_tree(self, run: Any, tree: Path) -> None:
        run("run", "raw/si/2020/source.txt")
        assert "→ normalized/si/2020" in run("normalize", "raw/si/2020/tables.json").err

    def test_check_says_what_is_there(self, run: Any, tree: Path) -> None:
        run("run", "raw/si/2020/source.txt", "-o", "out")
        ended = run("check", "out")
        assert ended.code == 0
        assert ended.out == "warning: serials: 2 follows 4 (row 2, field seq)\n"
        assert "the files agree" in ended.err

    def test_check_finds_a_change_by_hand(self, run: Any, tree: Path) -> None:
        run("run", "raw/si/2020/source.txt", "-o", "out")
        Path("out/items.csv").write_text("row\n1\n")
        ended = run("check", "out")
        assert ended.code == 1
        assert "error: files: items.csv" in ended.out

    def test_a_failed_run_leaves_the_old_folder(self, run: Any, tree: Path) -> None:
        run("run", "raw/si/2020/source.txt", "-o", "out")
        before = Path("out/items.json").read_bytes()
        assert run("run", "missing.pdf", "-o", "out").code == 2
        assert Path("out/items.json").read_bytes() == before

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            pytest.param("run missing.pdf -o out", "missing.pdf: no such file", id="no such file"),
            pytest.param("run plain.txt", "say where to write: -o DIR", id="no place to write"),
            pytest.param("extract plain.txt", "say where to write: -o FILE", id="no file to write"),
            pytest.param("run plain.txt -o full", "name an empty or a new folder", id="a folder of someone else"),
            pytest.param("run -o out", "-o goes with one SOURCE", id="all into one folder"),
            pytest.param("run empty", "empty: no source there", id="nothing to do"),
            pytest.param("run plain.txt -o out --pages 0", "the first page is 1", id="no such page"),
            pytest.param("run plain.txt -o out --profile x", "no such profile", id="no such profile"),
            pytest.param("normalize plain.txt -o out", "not a tables.json|damaged", id="no tables.json"),
            pytest.param("normalize none.json -o out", "none.json: cannot be read", id="no such tables.json"),
            pytest.param("check empty", "no output of a run", id="no output"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_one_line(self, run: Any, tree: Path, arguments: str, told: str) -> None:
        Path("plain.txt").write_text("a dump")
        Path("empty").mkdir()
        Path("full").mkdir()
        Path("full/thesis.doc").write_text("years of work")
        ended = run(*arguments.split())
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert any(part in ended.err for part in told.split("|")), ended.err
        assert not Path("out").exists()

    def test_a_fault_of_the_program_is_not_taken_for_done(self, run: Any, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fault(*_: object) -> None:
            raise RuntimeError("a fault")

        monkeypatch.setattr("pipeline.normalize.normalize", fault)
        ended = run("run", "raw/si/2020/source.txt", "-o", "out")
        assert (ended.code, "please report it" in ended.err) == (2, True)
        assert not Path("out").exists()


class TestBadSources:
    @pytest.mark.parametrize("engine", ["lattice", "pdfplumber", "camelot"])
    @pytest.mark.parametrize(
        ("name", "told"),
        [
            pytest.param("no.pdf", "PDF", id="no PDF"),
            pytest.param("empty.pdf", "empty", id="empty"),
            pytest.param("cut.pdf", "cut.pdf", id="cut short"),
            pytest.param("locked.pdf", "--password", id="encrypted"),
            pytest.param("letter.pdf", "table", id="no table"),
        ],
    )
    def test_is_one_line_and_no_folder(self, run: Any, tmp_path: Path, engine: str, name: str, told: str) -> None:
        letter = pdf(tmp_path / "letter.pdf", "Dear reader,")
        (tmp_path / "no.pdf").write_text("Dear reader,")
        (tmp_path / "empty.pdf").touch()
        (tmp_path / "cut.pdf").write_bytes(letter.read_bytes()[:300])
        pdf(tmp_path / "locked.pdf", "Dear reader,", encrypt=StandardEncryption("secret", strength=128))
        ended = run("run", tmp_path / name, "-o", tmp_path / "out", "--engine", engine)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert name in ended.err
        assert told in ended.err
        assert not (tmp_path / "out").exists()

    def test_the_password_opens_it(self, run: Any, tmp_path: Path) -> None:
        locked = pdf(tmp_path / "locked.pdf", "Dear reader,", encrypt=StandardEncryption("secret", strength=128))
        wrong = run("run", locked, "-o", tmp_path / "out", "--password", "wrong")
        right = run("extract", locked, "-o", tmp_path / "tables.json", "--password", "secret")
        assert (wrong.code, right.code) == (2, 0)
        assert "wrong" in wrong.err
        assert json.loads((tmp_path / "tables.json").read_bytes())["source"] == "locked.pdf"

    def test_a_page_beyond_the_end(self, run: Any, tmp_path: Path) -> None:
        ended = run("run", pdf(tmp_path / "letter.pdf", "one"), "-o", tmp_path / "out", "--pages", "1-3")
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "letter.pdf" in ended.err
        assert "page" in ended.err


class Terminal(io.StringIO):
    """A stream that says that someone is looking."""

    def isatty(self) -> bool:
        return True


class TestProgress:
    def shown(self, monkeypatch: pytest.MonkeyPatch, patience: float, stream: io.StringIO) -> str:
        """What a reading of two pages shows on a stream."""
        monkeypatch.setattr(progress, "PATIENCE", patience)
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        with progress.bar("catalog.pdf") as advance:
            advance(1, 2)
            until = time.monotonic() + 10
            while patience == 0 and "1/2" not in stream.getvalue() and time.monotonic() < until:
                time.sleep(0.01)
            advance(2, 2)
        return stream.getvalue()

    def test_a_long_work_shows_how_far_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told = self.shown(monkeypatch, 0, Terminal())
        assert "catalog.pdf: reading" in told
        assert "1/2" in told

    def test_a_short_one_shows_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.shown(monkeypatch, 60, Terminal()) == ""

    def test_nobody_looking_nothing_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.shown(monkeypatch, 60, io.StringIO()) == ""


@pytest.mark.parametrize("command", [["-m", "pipeline"], ["-c", "from pipeline.cli import main; main()"]])
def test_the_process_leaves_with_the_code(command: list[str]) -> None:
    ended = subprocess.run([sys.executable, *command, "check", "no-such-folder"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("catalog: no-such-folder: no output of a run")
