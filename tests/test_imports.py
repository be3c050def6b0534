"""The walls between the rooms: who may import whom, and what may be loaded when."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pipeline"
ROOMS = ("align", "account", "cast", "check", "diff", "fill", "headings", "lookup", "repair", "stitch", "verify")
SHARED = {"model", "errors", "profile", "text"}
# Libraries that open, draw or recognise pages.
VISION = {"camelot", "cv2", "fitz", "onnxruntime", "pdfminer", "pdfplumber", "PIL", "pypdf", "pypdfium2", "pypdfium2_raw"}
DRAWS = {"engines", "debug", "pictures", "substitute"}
# What touches the disk: readers and writers of files, and the code that keeps raw/ and normalized/ in step.
DISK = {"batch", "engines", "raw", "export", "page", "report", "profile", "cli"}
DISK |= {
    "audit",
    "catalog",
    "db",
    "extract",
    "folder",
    "guard",
    "lookups_csv",
    "rebuild",
    "schemas",
    "serve",
    "substitute",
    "workspace",
}
HEAVY = ("camelot", "cv2", "dask", "jinja2", "numpy", "onnxruntime", "pandas", "pdfplumber", "pyarrow", "xlsxwriter")
HEAVY += ("datasette", "duckdb", "sqlite_utils", "starlette", "uvicorn")
HEAVY_AT_START = (*HEAVY, "pypdfium2", "rapidfuzz")


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the package: the name of its room (the first name under ``pipeline``), and its file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path


def imported(path: Path) -> set[str]:
    """Full names of all modules that a file imports, at the top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path, node)
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    folder = path.parent
    for _ in range(node.level - 1):
        folder = folder.parent
    return ".".join((*folder.relative_to(PACKAGE.parent).parts, *([node.module] if node.module else [])))


def rooms_used(path: Path) -> set[str]:
    """The first name under ``pipeline`` of everything that a file imports from it."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("pipeline.")}


def in_rooms(*names: str) -> list[Path]:
    return [path for room, path in modules() if room in names]


FILES = [pytest.param(room, path, id=path.relative_to(PACKAGE).as_posix()) for room, path in modules()]


def test_the_walls_stand_around_something() -> None:
    assert len(in_rooms(*ROOMS)) >= len(ROOMS) - 2
    assert "pipeline.text.squash" in imported(PACKAGE / "profile.py")


@pytest.mark.parametrize(("room", "path"), [entry for entry in FILES if entry.values[0] in ROOMS])
def test_a_room_imports_no_other(room: str, path: Path) -> None:
    assert rooms_used(path) <= SHARED | {room}


@pytest.mark.parametrize(("room", "path"), FILES)
def test_nobody_imports_the_command(room: str, path: Path) -> None:
    assert room in ("cli", "__main__") or "cli" not in rooms_used(path)


@pytest.mark.parametrize(("room", "path"), FILES)
def test_pages_are_opened_only_by_engines(room: str, path: Path) -> None:
    used = {name.split(".")[0] for name in imported(path)} & VISION
    assert not used or room in DRAWS


def test_the_types_stand_on_the_standard_library() -> None:
    for name in ("model", "errors"):
        assert {full.split(".")[0] for full in imported(PACKAGE / f"{name}.py")} <= sys.stdlib_module_names


def test_text_knows_nothing_else() -> None:
    assert rooms_used(PACKAGE / "text.py") == set()


@pytest.mark.parametrize(("room", "path"), FILES)
def test_only_some_touch_the_disk(room: str, path: Path) -> None:
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    }
    touches = calls & {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rename"}
    assert not touches or room in DISK


def loaded_by(statement: str) -> set[str]:
    """The modules in memory when a process that runs this statement ends."""
    code = f"import atexit, sys; atexit.register(lambda: print('|'.join(sys.modules))); {statement}"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ended.stdout.strip().splitlines()[-1].split("|"))


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        pytest.param("import pipeline", HEAVY_AT_START, id="the package"),
        pytest.param("import pipeline; pipeline.run", HEAVY, id="the API"),
        pytest.param("from pipeline.cli.app import app_for; app_for()", HEAVY_AT_START, id="the command"),
    ],
)
def test_heavy_libraries_are_loaded_where_they_are_used(statement: str, unwanted: tuple[str, ...]) -> None:
    assert loaded_by(statement) & set(unwanted) == set()


def test_a_short_run_loads_only_what_it_uses(tmp_path: Path) -> None:
    # Each of these once came in by the way, and cost a run of one catalog a tenth of its time or more.
    idle = {"asyncio", "email", "numpy.ma", "PIL", "pydantic", "rich", "scipy", "secrets", "statistics", *HEAVY} - {"numpy"}
    idle |= {"pipeline.align.table", "pipeline.cli.diff", "pipeline.verify.page"}
    source = PACKAGE.parent / "raw" / "social-insurance" / "2020" / "source.pdf"
    # The command does the same in a child, which cannot be looked into.
    write = f"write({str(tmp_path / 'out')!r}, report=False)"
    start = "import pipeline; from pipeline.cli.app import app_for; app_for('run')"
    work = f"{start}; pipeline.run({str(source)!r}, isolate=False).{write}"
    loaded = loaded_by(work)
    assert "pipeline.engines.lattice.strip" in loaded
    assert loaded & idle == set()
