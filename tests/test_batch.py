"""Many documents: what comes out does not depend on who made it, and one that fails stops no other."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from pdfs import Sheet, draw, grid

from pipeline import batch
from pipeline.batch import pool, worker
from pipeline.batch.ledger import Ledger
from pipeline.batch.model import Job, Outcome, Settings
from pipeline.batch.pace import Pace
from pipeline.cli import main
from pipeline.errors import CatalogError, SourceError
from pipeline.guard import child

HEADING = ["序号", "一级事项", "二级事项", "公开时限", "公开主体"]
QUICK = Settings(verify=False)


def catalog_pdf(path: Path, *items: str, password: str | None = None) -> Path:
    """A catalog of one page with these items."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [[str(k), "养老服务", item, "20个工作日", "民政局"] for k, item in enumerate(items, 1)]
    return draw(path, Sheet([grid([HEADING, *rows])]), password=password)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with documents of two counties, and two that cannot be read."""
    monkeypatch.chdir(tmp_path)
    catalog_pdf(tmp_path / "in" / "a" / "one.pdf", "机构登记", "机构备案")
    catalog_pdf(tmp_path / "in" / "a" / "same.pdf", "机构登记", "机构备案")
    catalog_pdf(tmp_path / "in" / "b" / "two.pdf", "补贴发放")
    whole = (tmp_path / "in" / "a" / "one.pdf").read_bytes()
    (tmp_path / "in" / "b" / "cut.pdf").write_bytes(whole[: len(whole) // 2])
    catalog_pdf(tmp_path / "in" / "b" / "locked.pdf", "补贴发放", password="secret")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def command(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["batch", *arguments, "--no-verify"])
        told = capsys.readouterr().err
        print(told)
        return int(ended.value.code or 0), told

    return command


def written(home: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def marks(home: Path) -> dict[str, tuple[int, int]]:
    """What changes when a file of a result is written anew, even with the same content."""
    whole = [path for path in home.glob("**/*.pdf/items.json") if not path.parent.name.startswith(".")]
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in whole}


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestTheCommand:
    def test_each_document_gives_what_run_gives(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        run("in/**/*.pdf", "-o", "out", "--jobs", "2")
        with pytest.raises(SystemExit):
            main(["run", "in/a/one.pdf", "-o", "alone", "--no-verify", "--no-report"])
        assert written(folder / "out" / "a" / "one.pdf") == written(folder / "alone")

    def test_the_number_of_processes_does_not_show(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        run("in/**/*.pdf", "-o", "one", "--jobs", "1")
        run("in/**/*.pdf", "-o", "three", "--jobs", "3")
        assert written(folder / "one") == written(folder / "three")

    def test_what_fails_is_told_and_stops_nothing(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        code, told = run("in/**/*.pdf", "-o", "out", "-j", "2")
        assert code == 1
        assert "5 documents: 3 made, 0 up to date, 2 failed (failures.csv); 5 rows" in told
        failed = lines(folder / "out" / "failures.csv")
        assert [(line["document"], line["reason"]) for line in failed] == [("b/cut.pdf", "source"), ("b/locked.pdf", "password")]
        assert all(len(line["sha256"]) == 64 and line["message"].startswith(line["document"][2:]) for line in failed)
        done = [(line["document"], line["rows"]) for line in lines(folder / "out" / "documents.csv")]
        assert done == [("a/one.pdf", "2"), ("a/same.pdf", "2"), ("b/two.pdf", "1")]

    def test_what_is_done_is_not_done_again(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        run("in/**/*.pdf", "-o", "out")
        first, before = written(folder / "out"), marks(folder / "out")
        _, told = run("in/**/*.pdf", "-o", "out")
        assert "0 made, 3 up to date, 2 failed" in told
        assert (written(folder / "out"), marks(folder / "out")) == (first, before)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda: catalog_pdf(Path("in/b/two.pdf"), "补贴申领"), id="the source"),
            pytest.param(lambda: Path("in/b/source.toml").write_text('title = "x"\n'), id="what is known of it"),
            pytest.param(lambda: Path("out/b/two.pdf/items.csv").write_text("spoilt"), id="a result"),
            pytest.param(lambda: Path("out/b/two.pdf/tables.json").unlink(), id="a result that is gone"),
        ],
    )
    def test_contents_decide_what_is_done_again(
        self, folder: Path, run: Callable[..., tuple[int, str]], change: Callable[[], object]
    ) -> None:
        run("in/?/[os2t]*.pdf", "-o", "out")
        change()
        assert "1 made, 2 up to date, 0 failed" in run("in/?/[os2t]*.pdf", "-o", "out")[1]

    def test_a_time_that_changed_is_no_change(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        run("in/a/*.pdf", "-o", "out")
        os.utime("in/a/one.pdf", (1, 1))
        assert run("in/a/*.pdf", "-o", "out") == (0, "2 documents: 0 made, 2 up to date, 0 failed; 4 rows, " + NO_ERRORS)

    def test_force_does_all_again(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        run("in/a/*.pdf", "-o", "out")
        first = written(folder / "out")
        assert "2 made, 0 up to date" in run("in/a/*.pdf", "-o", "out", "--force")[1]
        assert written(folder / "out") == first

    def test_when_all_fail_nothing_could_be_done(self, folder: Path, run: Callable[..., tuple[int, str]]) -> None:
        assert run("in/b/cut.pdf", "in/b/none.pdf", "-o", "out")[0] == 2
        told = {line["document"]: line["message"] for line in lines(folder / "out" / "failures.csv")}
        assert told["none.pdf"] == "none.pdf: no such file; check the path"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            pytest.param(["in/*.docx"], "no file there", id="a pattern without a match"),
            pytest.param(["in/a/*.pdf", "--engine", "none"], "no such engine", id="an engine"),
            pytest.param(["in/a/*.pdf", "--profile", "none"], "no such profile", id="a profile"),
            pytest.param(["in/a/*.pdf", "--time-limit", "0"], "limit of 0", id="a limit"),
            pytest.param(["in/a/*.pdf", "s3://b/*.pdf"], "different kinds of places", id="two kinds of places"),
            pytest.param(["in/a/*.pdf", "--scheduler", "tcp://x:1", "--local-cluster"], "take one of them", id="two clusters"),
        ],
    )
    def test_what_would_fail_for_all_is_said_before(
        self, folder: Path, run: Callable[..., tuple[int, str]], arguments: list[str], said: str
    ) -> None:
        code, told = run(*arguments, "-o", "out")
        assert code == 2
        assert said in told
        assert not (folder / "out").exists()


NO_ERRORS = "0 issues of severity error → out\n"


class TestNames:
    @pytest.mark.parametrize(
        ("patterns", "names"),
        [
            pytest.param(["in/**/*o*.pdf"], ["a/one.pdf", "b/locked.pdf", "b/two.pdf"], id="any depth"),
            pytest.param(["in/a/*.pdf"], ["one.pdf", "same.pdf"], id="one folder"),
            pytest.param(["in/a/*.pdf", "in/b/two.pdf"], ["a/one.pdf", "a/same.pdf", "b/two.pdf"], id="two folders"),
            pytest.param(["in/a/one.pdf", "in/a/*.pdf"], ["one.pdf", "same.pdf"], id="each once"),
        ],
    )
    def test_a_document_is_named_below_what_all_have_in_common(self, folder: Path, patterns: list[str], names: list[str]) -> None:
        assert [job.document for job in batch.find(patterns, "out")] == names

    def test_a_url_of_a_file_is_its_path(self, folder: Path) -> None:
        assert batch.find([f"file://{folder}/in/a/*.pdf"], f"file://{folder}/out") == batch.find(["in/a/*.pdf"], "out")

    def test_a_name_that_looks_like_a_pattern_is_a_name(self, folder: Path) -> None:
        catalog_pdf(folder / "in" / "c" / "目录[2020].pdf", "登记")
        assert [job.document for job in batch.find(["in/c/目录[2020].pdf"], "out")] == ["目录[2020].pdf"]

    def test_no_match_is_an_error(self, folder: Path) -> None:
        with pytest.raises(SourceError, match="in quotes"):
            batch.find(["in/a/*.pdf", "in/x/*.pdf"], "out")


class TestLimits:
    """A pipe that nobody writes to keeps its reader waiting for ever: a document that never ends."""

    @pytest.fixture
    def jobs(self, folder: Path) -> list[Job]:
        os.mkfifo(folder / "in" / "a" / "endless.pdf")
        return batch.find(["in/a/*.pdf"], "out")

    def test_too_long_is_ended_and_told(self, jobs: list[Job]) -> None:
        ended = {o.document: o for o in pool.outcomes(jobs, Settings(verify=False, seconds=3), 1)}
        assert [ended[name].state for name in ("endless.pdf", "one.pdf", "same.pdf")] == ["failed", "made", "made"]
        assert ended["endless.pdf"].reason == "time"
        assert ended["endless.pdf"].message == "took longer than 3 s and was ended"

    def test_too_much_memory_is_ended_and_told(self, folder: Path) -> None:
        with (folder / "in" / "b" / "huge.txt").open("wb") as file:
            file.truncate(900 * 2**20)
        jobs = batch.find(["in/b/huge.txt", "in/b/two.pdf"], "out")
        ended = {o.document: o for o in pool.outcomes(jobs, Settings(verify=False, memory=160 * 2**20), 1)}
        assert ended["huge.txt"].reason == "memory"
        assert ended["huge.txt"].message == "took more than 160 MiB of memory and was ended"
        assert ended["two.pdf"].state == "made"

    def test_a_process_that_dies_ends_its_document_alone(self, jobs: list[Job]) -> None:
        reader = worker.Worker(QUICK)
        held: list[Outcome] = []
        waits = Thread(target=lambda: held.extend(map(reader.do, jobs)))
        waits.start()
        os.kill(reading_process(Path(jobs[0].source)), signal.SIGKILL)
        waits.join()
        reader.end()
        assert [o.state for o in held] == ["failed", "made", "made"]
        assert (held[0].reason, held[0].message) == ("crash", "the process that read it was ended by SIGKILL")
        assert held[1].worker != held[0].worker

    def test_leaving_early_ends_the_processes(self, jobs: list[Job]) -> None:
        outcomes = pool.outcomes(jobs[::-1], QUICK, 2)
        process = next(outcomes).worker
        outcomes.close()
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)

    def test_the_end_of_the_caller_ends_the_processes(self, jobs: list[Job]) -> None:
        code = "import sys; from pipeline.cli import main; main(sys.argv[1:])"
        paths = {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        command = [sys.executable, "-c", code, "batch", "in/a/endless.pdf", "-o", "out", "--no-verify"]
        caller = subprocess.Popen(command, env=os.environ | paths)
        process = reading_process(Path(jobs[0].source))
        caller.kill()
        caller.wait()
        assert soon(lambda: not Path(f"/proc/{process}").exists() or "Z" in status(process))


def reading_process(pipe: Path) -> int:
    """The process that waits for what this pipe will never bring."""
    ends: list[int] = []

    def is_read() -> bool:
        with suppress(OSError):
            ends.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(ends)

    def readers() -> list[int]:
        return [process for process in map(int, filter(str.isdigit, os.listdir("/proc"))) if opened(process, pipe)]

    assert soon(is_read)
    # A reader goes on a moment before the system shows the pipe among its files.
    assert soon(lambda: bool(readers()))
    return readers()[0]


def opened(process: int, path: Path) -> bool:
    if process == os.getpid():
        return False
    with suppress(OSError):
        return any(entry.readlink() == path for entry in Path(f"/proc/{process}/fd").iterdir())
    return False


def status(process: int) -> str:
    try:
        return Path(f"/proc/{process}/status").read_text()
    except OSError:
        return ""


def soon(look: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not look():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_process_that_cannot_start_is_the_programs_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MAIN", "raise SystemExit(3)")
    with pytest.raises(CatalogError, match="cannot be started"):
        list(pool.outcomes(batch.find(["in/a/*.pdf"], "out"), QUICK, 2))


def test_failures_are_written_while_others_are_at_work(tmp_path: Path) -> None:
    now = [0.0]
    ledger = Ledger(str(tmp_path), lambda: now[0])
    ledger.add(Outcome("b.pdf", "failed", reason="time", message="late"))
    assert written(tmp_path) == {}
    now[0] = 60.0
    ledger.add(Outcome("a.pdf", "made", "ff", 3, 2, 1))
    assert written(tmp_path) == {"failures.csv": b"document,sha256,reason,message\nb.pdf,,time,late\n"}
    ledger.close()
    assert written(tmp_path)["documents.csv"] == b"document,sha256,rows,warnings,errors\na.pdf,ff,3,2,1\n"


@pytest.mark.parametrize(
    ("total", "seconds", "told"),
    [
        pytest.param(500, 0.5, "4 of 500, 2.0/s, 4 min left", id="documents a second"),
        pytest.param(70000, 10.0, "4 of 70000, 6.0/min, 194.4 h left", id="documents a minute"),
        pytest.param(4, 0.5, "4 of 4, 2.0/s, 0 s left", id="at the end"),
    ],
)
def test_rate_and_remaining_time(total: int, seconds: float, told: str) -> None:
    now = [0.0]
    pace = Pace(total, lambda: now[0])
    for _ in range(4):
        now[0] += seconds
        pace.step()
    assert pace.told == told


def test_nothing_is_said_of_a_rate_before_the_first() -> None:
    assert Pace(5, lambda: 0.0).told == "0 of 5"
