"""The same source gives the same bytes: in every locale, time zone, order of hashing, folder and set of permissions."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pdfs import Sheet, draw, grid

ROOT = Path(__file__).parent.parent
HEADING = ["序号", "一级事项", "二级事项", "公开时限", "公开主体"]
FORMATS = "jsonl,csv-excel,xlsx,parquet,markdown,sqlite"
# One process does all of it: what a process remembers from one source must not show in the next.
WORK = f"""
import os, sys
from pathlib import Path
from pipeline.cli import main
os.umask(int(sys.argv[2], 8))
def command(*arguments):
    try:
        main(list(arguments))
    except SystemExit as ended:
        assert ended.code in (0, 1), (arguments, ended.code)
home, out = Path(sys.argv[1]), Path(sys.argv[3])
for name in ("old", "new", "dump"):
    (source,) = (home / name).glob("source.*")
    command("run", str(source), "-o", str(out / name), "--no-verify")
    command("export", str(out / name), "--to", {FORMATS!r}, "-o", str(out / "exports" / name))
command("diff", str(out / "old"), str(out / "new"), "-o", str(out / "changes"))
"""
PLAIN = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sources")
    for name, items in (("old", ["机构登记", "机构备案"]), ("new", ["机构登记", "补贴发放", "机构变更备案"])):
        rows = [[str(k), "养老服务", item, "*个工作日" if k == 2 else "20日", "民政局"] for k, item in enumerate(items, 1)]
        (home / name).mkdir()
        draw(home / name / "source.pdf", Sheet([grid([HEADING, *rows])]))
    (home / "dump").mkdir()
    text = (ROOT / "raw" / "social-insurance" / "text" / "source.txt").read_text(encoding="utf-8")
    (home / "dump" / "source.txt").write_text(text, encoding="utf-8")
    return home


def made(sources: Path, out: Path, cwd: Path, umask: str, environment: dict[str, str]) -> dict[str, str]:
    """The digests of all files that the work writes."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    call = [sys.executable, "-c", WORK, str(sources), umask, str(out)]
    ended = subprocess.run(call, cwd=cwd, env=kept | paths | environment, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")[-2000:]
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def expected(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return made(sources, tmp_path_factory.mktemp("expected") / "out", ROOT, "022", PLAIN)


def test_everything_is_written(expected: dict[str, str]) -> None:
    assert {f"{name}/{file}" for name in ("old", "new", "dump") for file in ("items.json", "report.html")} <= set(expected)
    assert sum(name.startswith("exports/") for name in expected) >= 3 * len(FORMATS.split(","))
    assert {"changes/changes.json", "changes/changes.md", "changes/changes.html"} <= set(expected)


@pytest.mark.parametrize(
    ("environment", "umask"),
    [
        pytest.param(PLAIN, "022", id="again"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Kathmandu"}, "077", id="C"),
        pytest.param(
            {"LC_ALL": "zh_CN.GB18030", "PYTHONIOENCODING": "gb18030", "PYTHONUTF8": "0", "PYTHONHASHSEED": "1"},
            "027",
            id="GB18030",
        ),
        pytest.param({"LANG": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "4294967295"}, "000", id="Turkish"),
        pytest.param({"LC_ALL": "de_DE.UTF-8", "TZ": ":/nowhere", "COLUMNS": "20", "NO_COLOR": "1"}, "022", id="narrow"),
    ],
)
def test_the_surroundings_do_not_show(
    sources: Path, expected: dict[str, str], tmp_path: Path, environment: dict[str, str], umask: str
) -> None:
    assert made(sources, tmp_path / "another" / "out", tmp_path, umask, environment) == expected
