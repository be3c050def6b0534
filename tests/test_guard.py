"""A child ends its own work alone, and says in one line why: a copy of this process as well as a new interpreter."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipeline import limits
from pipeline.engines.base import Progress
from pipeline.errors import CatalogError, CrashError, FaultError, LimitError, PasswordError
from pipeline.guard import Call, inside, watched
from pipeline.limits import Limits

QUICK = Limits(seconds=60, page_seconds=60, memory=400)
HOLD = 300 * 2**20


def say(text: str, progress: Progress) -> bytes:
    progress(1, 2)
    progress(2, 2)
    return text.encode()


def end(how: str, progress: Progress) -> bytes:
    if how == "exit":
        os._exit(3)
    os.kill(os.getpid(), getattr(signal, how))
    time.sleep(60)
    return b""


def refuse(progress: Progress) -> bytes:
    raise PasswordError("a.pdf: is encrypted")


def fail(progress: Progress) -> bytes:
    raise KeyError("a fault")


def hang(progress: Progress) -> bytes:
    progress(1, 2)
    time.sleep(600)
    return b""


def toil(progress: Progress) -> bytes:
    while True:
        progress(1, 2)
        time.sleep(0.05)


def fill(at_once: bool, progress: Progress) -> bytes:
    held = [bytearray(1 << 34)] if at_once else []
    while True:
        held.append(bytearray(b"x" * (1 << 22)))


def big(progress: Progress) -> bytes:
    return bytes(HOLD // 10)


def told_limits(progress: Progress) -> bytes:
    return str(limits.now().pages).encode()


@pytest.fixture(params=[True, False], ids=["a copy", "an interpreter"])
def forks(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def done(work: Callable[[Progress], bytes], limits: Limits, forks: bool, progress: Progress | None = None) -> bytes:
    call = Call(work, limits, "a.pdf", forks=forks)
    try:
        return call.result(progress)
    finally:
        call.end()
        with pytest.raises(ChildProcessError):
            os.waitpid(call._child.pid, 0)


def test_what_it_gives_comes_back_and_how_far_it_is(forks: bool) -> None:
    seen: list[tuple[int, int]] = []
    assert done(partial(say, "目录"), QUICK, forks, lambda *at: seen.append(at)).decode() == "目录"
    assert seen == [(1, 2), (2, 2)]


def test_much_comes_back_whole(forks: bool) -> None:
    assert done(big, QUICK, forks) == bytes(HOLD // 10)


def test_the_limits_hold_inside(forks: bool) -> None:
    assert done(told_limits, Limits(pages=7), forks) == b"7"


@pytest.mark.parametrize(
    ("work", "error", "told"),
    [
        pytest.param(refuse, PasswordError, r"^a\.pdf: is encrypted$", id="refuses"),
        pytest.param(fail, FaultError, "KeyError 'a fault'", id="has a fault"),
        pytest.param(partial(end, "SIGSEGV"), CrashError, "ended by SIGSEGV: it breaks the reader; print it", id="crashes"),
        pytest.param(partial(end, "SIGABRT"), CrashError, "SIGABRT.*or asked for more than 400 MiB", id="gives up"),
        pytest.param(partial(end, "exit"), CrashError, "ended with code 3", id="exits"),
        pytest.param(partial(fill, True), LimitError, "took more than 400 MiB of memory.*--limit memory=800", id="asks too much"),
        pytest.param(partial(fill, False), LimitError, "took more than 400 MiB of memory", id="takes too much"),
    ],
)
def test_however_it_ends_it_is_an_error_in_one_line(
    forks: bool, work: Callable[[Progress], bytes], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told) as raised:
        done(work, QUICK, forks)
    assert "\n" not in str(raised.value)


def test_what_its_parent_holds_is_not_taken_for_its_own(forks: bool) -> None:
    held = b"x" * HOLD
    with pytest.raises(CrashError, match="ended by SIGSEGV"):
        done(partial(end, "SIGSEGV"), QUICK, forks)
    assert len(held) == HOLD


def test_silence_is_ended(forks: bool) -> None:
    with pytest.raises(
        LimitError, match=r"silent for over 1 s and was ended; if it is no bomb, --limit page_seconds=2"
    ) as raised:
        done(hang, Limits(page_seconds=1, memory=400), forks)
    assert (raised.value.limit, raised.value.most) == ("page_seconds", 1)


def rest(progress: Progress) -> bytes:
    time.sleep(1.5)
    return b"rested"


@pytest.mark.parametrize(("limit", "told"), [("page_seconds", "was silent"), ("seconds", "took longer")])
def test_waiting_for_a_processor_is_not_its_own_time(limit: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fuzz on a crowded machine: what takes three seconds of a processor was ended as silent for fifteen."""
    held = Limits(memory=400, **{limit: 0.5})
    with pytest.raises(LimitError, match=told):
        done(rest, held, True)
    began = time.monotonic()
    monkeypatch.setattr(inside, "waited", lambda process: time.monotonic() - began)
    assert done(rest, held, True) == b"rested"


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="only some systems tell how long a process waited")
def test_the_system_tells_how_long_a_process_waited() -> None:
    code = "while True: pass"
    crowd = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        until = time.monotonic() + 30
        while not all(inside.waited(process.pid) > 0.05 for process in crowd) and time.monotonic() < until:
            time.sleep(0.05)
        assert all(inside.waited(process.pid) > 0.05 for process in crowd)
    finally:
        for process in crowd:
            process.kill()
            process.wait()
    assert inside.waited(crowd[0].pid) == 0


def test_work_without_end_is_ended(forks: bool) -> None:
    with pytest.raises(LimitError, match=r"took longer than 1 s"):
        done(toil, Limits(seconds=1, memory=400), forks)


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    call = Call(partial(start_another, tmp_path / "pid"), QUICK, "a.pdf", forks=True)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.01)
    call.end()
    other = int((tmp_path / "pid").read_text())
    until = time.monotonic() + 30
    while gone_or_zombie(other) is False and time.monotonic() < until:
        time.sleep(0.01)
    assert gone_or_zombie(other)


def start_another(note: Path, progress: Progress) -> bytes:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    note.write_text(str(other.pid))
    time.sleep(600)
    return b""


def gone_or_zombie(process: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True


def test_a_copy_is_made_only_where_no_other_thread_may_hold_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    resting = threading.Event()
    thread = threading.Thread(target=resting.wait)
    thread.start()
    try:
        assert not watched.may_fork()
    finally:
        resting.set()
        thread.join()
    code = "from pipeline.guard import watched; print(watched.may_fork())"
    alone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert alone.stdout.strip() == str(sys.platform == "linux")


def pictures_faulted(progress: Progress) -> bytes:
    """Pages that the system had to give while blocks of the size of a page's picture were filled and freed, after the first."""
    import resource

    faults = []
    for _ in range(6):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        bytearray(8 << 20)
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    return str(max(faults[1:])).encode()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the option is glibc's")
def test_what_a_child_frees_it_keeps_for_the_next_picture() -> None:
    given = int(Call(pictures_faulted, QUICK, "scan.pdf", forks=False).result())
    assert given < (8 << 20) // os.sysconf("SC_PAGE_SIZE") // 10


def test_a_child_says_data_and_nothing_that_is_run() -> None:
    sources = [path.read_text() for path in Path(watched.__file__).parent.glob("*.py")]
    assert (
        sum(source.count("pickle.load") for source in sources)
        == sum(s.count("pickle.load(sys.stdin.buffer)") for s in sources)
        == 3
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(["pages"], "write a name and a number", id="no number"),
        pytest.param(["pages=x"], "write a name and a number", id="a word"),
        pytest.param(["moons=3"], "no such limit; take one of seconds, page_seconds, memory", id="no such limit"),
        pytest.param(["pages=0"], "lets no document be read", id="nothing"),
        pytest.param(["pages=nan"], "lets no document be read", id="no number at all"),
    ],
)
def test_a_limit_that_is_none_is_refused(given: list[str], told: str) -> None:
    with pytest.raises(CatalogError, match=told):
        limits.parse(given)


def test_the_profile_has_the_defaults_of_the_program() -> None:
    from pipeline import profile

    assert limits.of(profile.load().settings) == Limits()
    assert limits.of(profile.load().settings, limits.parse(["pages=7", "memory=2048"])) == Limits(pages=7, memory=2048)
    assert limits.of({}) == Limits()
