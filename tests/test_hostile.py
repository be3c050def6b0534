"""Whatever a stranger sends: it ends in a result or in one line, in bounded time and memory, and what was there stays."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import hostile
import pytest
from pdfs import Sheet, draw, grid

from pipeline import audit
from pipeline.cli import main

HEADING = ["序号", "一级事项", "二级事项", "公开时限", "公开主体"]
ROOT = Path(__file__).parent.parent
# Less than the default, so that a bomb goes off sooner.
TIGHT = ("--limit", "memory=500", "--limit", "page_seconds=60")


@dataclass
class Ended:
    code: int
    told: list[str]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def command(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        return Ended(int(ended.value.code or 0), capfd.readouterr().err.splitlines())

    return command


def catalog_pdf(path: Path, *items: str, password: str | None = None) -> Path:
    rows = [[str(k), "养老服务", item, "20个工作日", "民政局"] for k, item in enumerate(items, 1)]
    path.parent.mkdir(parents=True, exist_ok=True)
    return draw(path, Sheet([grid([HEADING, *rows])]), password=password)


REFUSED: list[Any] = [
    pytest.param(hostile.flate_bomb, "took more than 500 MiB of memory and was ended", id="a Flate bomb of 1 GiB"),
    pytest.param(hostile.many_lines, "objects, more than 2000000|more than 500 MiB", id="three million lines"),
    pytest.param(partial(hostile.forms, 35), "31 levels of forms in forms, more than 30", id="forms in forms"),
    pytest.param(partial(hostile.forms, 12, 10), "took more than 500 MiB|was silent", id="a thousand million forms"),
    pytest.param(partial(hostile.image, "JBIG2Decode"), "10000 million pixels in an image, more than 1000", id="JBIG2"),
    pytest.param(partial(hostile.image, "JPXDecode"), "10000 million pixels in an image, more than 1000", id="JPX"),
    pytest.param(partial(hostile.objects, 10_000_000, 10_000_000), "has 10000000 objects, more than", id="10 million objects"),
    pytest.param(partial(hostile.pages, b"2 0 R 2 0 R", 2), "page 1 is damaged", id="pages in a circle"),
    pytest.param(partial(hostile.pages, b"3 0 R " * 6000, 6000), "has 6000 pages, more than 5000", id="6,000 pages"),
    pytest.param(partial(hostile.pages, b"", 0), "has no page", id="no page"),
]
READ: list[Any] = [
    pytest.param(hostile.chained_filters, id="5,000 filters"),
    pytest.param(hostile.xref_circle, id="a cross-reference in a circle"),
    pytest.param(partial(hostile.objects, 1_000_000, 5), id="a million objects that say they are 5"),
    pytest.param(partial(hostile.pages, b"3 0 R", 2_000_000_000), id="two thousand million pages that are one"),
    pytest.param(lambda: hostile.one_page(hostile.stream(b"0 0 m 9 9 l S"), b"/MediaBox [0 0 1e38 1e38]"), id="a page of 1e38"),
    pytest.param(lambda: hostile.one_page(hostile.stream(b"0 0 m 9 9 l S"), b"/MediaBox [0 0 0 0]"), id="a page of nothing"),
    pytest.param(lambda: hostile.one_page(hostile.stream(b"q " * 500_000)), id="half a million states"),
    pytest.param(lambda: hostile.one_page(hostile.stream(b"[" * 500_000)), id="half a million brackets"),
    pytest.param(lambda: hostile.cmap(b"1 beginbfrange <0000> <FFFFFFFF> <0041> endbfrange endcmap"), id="a map of everything"),
    pytest.param(lambda: hostile.cmap(b"begincmap /X usecmap /Identity-H usecmap endcmap"), id="a map of itself"),
    pytest.param(lambda: hostile.cmap(bytes(range(256)) * 20), id="a map of rubbish"),
]


@pytest.mark.parametrize(("make", "told"), REFUSED)
def test_a_bomb_is_refused_in_one_line(tmp_path: Path, run: Callable[..., Ended], make: Callable[[], bytes], told: str) -> None:
    (tmp_path / "bomb.pdf").write_bytes(make())
    ended = run("extract", tmp_path / "bomb.pdf", "-o", tmp_path / "tables.json", *TIGHT)
    assert (ended.code, len(ended.told)) == (2, 1)
    assert ended.told[0].startswith("catalog: bomb.pdf: ")
    assert re.search(told, ended.told[0])
    assert os.listdir(tmp_path) == ["bomb.pdf"]


@pytest.mark.parametrize("make", READ)
def test_an_oddity_ends_in_a_result_or_in_one_line(tmp_path: Path, run: Callable[..., Ended], make: Callable[[], bytes]) -> None:
    (tmp_path / "odd.pdf").write_bytes(make())
    ended = run("extract", tmp_path / "odd.pdf", "-o", tmp_path / "tables.json", *TIGHT)
    assert ended.code in (0, 1, 2)
    assert len(ended.told) == 1 or ended.code == 1
    assert (tmp_path / "tables.json").exists() == (ended.code < 2)
    assert not any("Traceback" in line for line in ended.told)


@pytest.mark.parametrize("engine", ["pdfplumber", "camelot"])
@pytest.mark.parametrize("make", [hostile.flate_bomb, partial(hostile.forms, 12, 10), hostile.xref_circle])
def test_other_engines_end_in_bounds(tmp_path: Path, run: Callable[..., Ended], make: Callable[[], bytes], engine: str) -> None:
    (tmp_path / "bomb.pdf").write_bytes(make())
    limits = ("--limit", "memory=700", "--limit", "page_seconds=2")
    ended = run("extract", tmp_path / "bomb.pdf", "-o", tmp_path / "t.json", "--engine", engine, *limits)
    assert ended.code in (0, 1, 2)
    assert len(ended.told) == 1 or ended.code == 1


def test_a_limit_may_be_raised(tmp_path: Path, run: Callable[..., Ended]) -> None:
    (tmp_path / "forms.pdf").write_bytes(hostile.forms(35))
    assert run("extract", tmp_path / "forms.pdf", "-o", tmp_path / "t.json", "--limit", "nesting=40").code == 0
    catalog_pdf(tmp_path / "source.pdf", "登记")
    ended = run("run", tmp_path / "source.pdf", "-o", tmp_path / "out", "--no-verify", "--limit", "pages=0.5")
    assert ended.told == ["catalog: source.pdf: has 1 pages, more than 0; if it is no bomb, --limit pages=1 allows it"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<table><tr><td rowspan="65534" colspan="1000">x</td></tr>' + "<tr><td>y</td></tr>" * 65_000, id="spans"),
        pytest.param("<table>" * 100_000, id="tables in tables"),
        pytest.param("<table><tr>" + "<td>x</td>" * 5_000, id="columns"),
        pytest.param("|" * 100_000 + "\n" + "|---" * 100_000, id="pipes"),
    ],
)
def test_a_dump_may_be_a_bomb_too(tmp_path: Path, run: Callable[..., Ended], text: str) -> None:
    (tmp_path / "bomb.html").write_text(text)
    ended = run("run", tmp_path / "bomb.html", "-o", tmp_path / "out", *TIGHT)
    assert (ended.code, len(ended.told)) == (2, 1)


def test_random_bytes_are_refused_from_their_head(tmp_path: Path, run: Callable[..., Ended]) -> None:
    """A hole of 100 GB: whoever read it, or took its digest, would not come back."""
    with (tmp_path / "random.pdf").open("wb") as file:
        file.write(os.urandom(4096).replace(b"%PDF-", b"-----"))
        file.truncate(100 << 30)
    for command in ("run", "extract"):
        ended = run(command, tmp_path / "random.pdf", "-o", tmp_path / "out")
        assert ended.told == ["catalog: random.pdf: not a PDF (no %PDF- at its head); a text dump needs a name that ends in .txt"]


@pytest.mark.parametrize(
    "name",
    [
        "目录 (第1版).pdf",
        "каталог.pdf",
        "دليل.pdf",
        "-rf.pdf",
        "a\nb.pdf",
        "e\u0301\u200b.pdf",
        "'; drop table.pdf",
        "x" * 200 + ".pdf",
    ],
)
def test_a_file_may_have_any_name(tmp_path: Path, run: Callable[..., Ended], name: str) -> None:
    catalog_pdf(tmp_path / name, "登记")
    ended = run("run", tmp_path / name, "-o", tmp_path / "out", "--no-verify")
    assert ended.code == 0
    assert audit.audit(tmp_path / "out", tmp_path / name) == []
    (tmp_path / name).write_bytes(b"no PDF")
    ended = run("run", tmp_path / name, "-o", tmp_path / "out", "--no-verify")
    assert (ended.code, len(ended.told)) == (2, 1)


def test_links_and_dots_lead_where_they_lead(tmp_path: Path, run: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> None:
    catalog_pdf(tmp_path / "in" / "source.pdf", "登记")
    (tmp_path / "in" / "link.pdf").symlink_to("source.pdf")
    (tmp_path / "in" / "circle.pdf").symlink_to("circle.pdf")
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    monkeypatch.chdir(tmp_path / "in")
    assert run("run", "../in/link.pdf", "-o", "../out", "--no-verify").code == 0
    assert (tmp_path / "out").is_symlink()
    assert audit.audit(tmp_path / "real", tmp_path / "in" / "source.pdf") == []
    ended = run("run", "circle.pdf", "-o", "../out", "--no-verify")
    assert (ended.code, len(ended.told)) == (2, 1)


def test_a_password_is_asked_for(tmp_path: Path, run: Callable[..., Ended]) -> None:
    catalog_pdf(tmp_path / "locked.pdf", "登记", password="secret")
    ended = run("run", tmp_path / "locked.pdf", "-o", tmp_path / "out")
    assert (ended.code, ended.told) == (2, ["catalog: locked.pdf: it is encrypted; give the right one with --password"])


def command(*arguments: object, most: int | None = None) -> subprocess.Popen[str]:
    """The command as a process of its own, which may write files of so many bytes at most."""

    def confine() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    call = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.Popen(call, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=confine)


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """A process that may write no more is told so by the same call that tells of a full disk."""
    catalog_pdf(tmp_path / "source.pdf", "登记")
    arguments = ("run", tmp_path / "source.pdf", "-o", tmp_path / "out", "--no-verify")
    assert command(*arguments).wait() == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    full = command(*arguments, most=1000)
    told = full.communicate()[1]
    assert (full.returncode, told.count("\n")) == (2, 1)
    assert "cannot be written: File too large" in told
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert sorted(os.listdir(tmp_path)) == ["out", "source.pdf"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that nobody may write into, not even root")
def test_where_nobody_may_write_it_is_told(tmp_path: Path, run: Callable[..., Ended]) -> None:
    catalog_pdf(tmp_path / "source.pdf", "登记")
    ended = run("run", tmp_path / "source.pdf", "-o", "/proc/out", "--no-verify")
    assert (ended.code, len(ended.told)) == (2, 1)
    assert "cannot be written" in ended.told[0]


def test_two_runs_at_once_on_one_folder(tmp_path: Path) -> None:
    sources = [catalog_pdf(tmp_path / f"{n}.pdf", *["登记", "备案", "补贴"][: n + 1]) for n in range(3)]
    running = [command("run", source, "-o", tmp_path / "out", "--no-verify") for source in sources]
    assert [(one.communicate()[1].count("\n"), one.returncode) for one in running] == [(1, 0)] * 3
    assert [audit.audit(tmp_path / "out", source) for source in sources].count([]) == 1
    assert sorted(os.listdir(tmp_path)) == ["0.pdf", "1.pdf", "2.pdf", "out"]


def bytes_read() -> int:
    """Bytes that this process, and the children that it waited for, asked of files so far (proc(5), io)."""
    return int(re.search(r"rchar: (\d+)", Path("/proc/self/io").read_text())[1])  # type: ignore[index]


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not tell what a process read")
@pytest.mark.parametrize("command", ["run", "extract"])
def test_of_what_is_no_pdf_only_the_head_is_read(command: str, run: Callable[..., Ended], tmp_path: Path) -> None:
    path = tmp_path / "random.pdf"
    with path.open("wb") as file:
        file.write(os.urandom(2**20))
        file.truncate(100 * 2**20)
    arguments = (command, path, "-o", tmp_path / "out")
    # The first time modules are loaded, which are files, too.
    run(*arguments)
    before = bytes_read()
    assert (ended := run(*arguments)).code == 2
    assert bytes_read() - before < 64 * 2**10
    assert ended.told == [f"catalog: {path.name}: not a PDF (no %PDF- at its head); a text dump needs a name that ends in .txt"]
