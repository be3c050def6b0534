"""Engines: path → ``Document``. An engine's module, and the libraries it stands on, are imported when it reads.

``names()`` lists them, ``get(name)`` gives one, ``choose(path)`` names the default for a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipeline import limits
from pipeline.engines.base import Engine, Progress, check_file
from pipeline.errors import CatalogError, MissingExtraError, SourceError
from pipeline.model import Document

__all__ = ["Engine", "choose", "get", "names"]


@dataclass(frozen=True, slots=True)
class _Registered:
    """An engine by name. ``module`` has ``read``; ``needs`` maps import names to the packages that a user installs, all of them
    with the ``extra`` of this project, if it has one.

    ``rounds``: its coordinates are in hundredths of a point already. ``patience``: how many times as long as the fast engine it
    may take for a page.
    """

    name: str
    suffixes: tuple[str, ...]
    describe: str
    module: str
    needs: tuple[tuple[str, str], ...] = ()
    extra: str = ""
    rounds: bool = False
    patience: int = 1

    def read(
        self,
        path: Path,
        *,
        pages: frozenset[int] | None = None,
        password: str | None = None,
        progress: Progress | None = None,
    ) -> Document:
        """See ``Engine.read``; raises SourceError for a suffix that is not in ``suffixes``."""
        check_file(path)
        limits.ask(self.patience)
        if path.suffix.lower() not in self.suffixes:
            raise SourceError(_wrong_suffix(path, self))
        return _reader(self)(path, pages=pages, password=password, progress=progress)


_ENGINES = {
    engine.name: engine
    for engine in (
        _Registered(
            "lattice",
            (".pdf",),
            "PDFs with ruled tables, fast (pdfium and numpy); the default for .pdf",
            "pipeline.engines.lattice",
            (("pypdfium2", "pypdfium2"), ("numpy", "numpy")),
            rounds=True,
        ),
        _Registered(
            "pdfplumber",
            (".pdf",),
            "PDFs with ruled tables, read by pdfplumber; for cross-checks",
            "pipeline.engines.plumber",
            (("pdfplumber", "pdfplumber"), ("pypdfium2", "pypdfium2")),
            patience=4,
        ),
        _Registered(
            "camelot",
            (".pdf",),
            "PDFs with ruled tables, read by camelot from the vector rules; for cross-checks",
            "pipeline.engines.camelot_vector",
            (("camelot", "camelot-py"), ("pypdfium2", "pypdfium2")),
            patience=8,
        ),
        _Registered(
            "ocr",
            (".pdf",),
            "scanned PDFs, read from the picture of each page; taken by itself for pages without text (pip install '.[ocr]')",
            "pipeline.engines.ocr",
            (
                ("cv2", "opencv-python-headless"),
                ("onnxruntime", "onnxruntime"),
                ("rapidocr", "rapidocr"),
                ("pypdfium2", "pypdfium2"),
            ),
            patience=8,
            extra="ocr",
        ),
        _Registered(
            "dump",
            (".txt", ".tsv", ".md", ".markdown", ".html", ".htm"),
            "text, Markdown and HTML that an OCR or layout model wrote out; cells have no geometry",
            "pipeline.engines.dump",
        ),
    )
}


def names() -> tuple[str, ...]:
    """The names of all engines, the default for PDFs first."""
    return tuple(_ENGINES)


def get(name: str) -> Engine:
    """The engine of that name; raises CatalogError with the names that exist."""
    if name not in _ENGINES:
        raise CatalogError(f"engine {name}: no such engine; take one of {', '.join(_ENGINES)}")
    return _ENGINES[name]


def choose(path: Path) -> str:
    """The name of the engine that reads files of this suffix by default; raises SourceError with the suffixes that are read."""
    for engine in _ENGINES.values():
        if path.suffix.lower() in engine.suffixes:
            return engine.name
    raise SourceError(_wrong_suffix(path, None))


def _wrong_suffix(path: Path, engine: _Registered | None) -> str:
    known = ", ".join(dict.fromkeys(s for e in _ENGINES.values() for s in e.suffixes))
    suffix = path.suffix or "a name without a suffix"
    if engine is None:
        return f"{path.name}: no engine reads {suffix}; expected one of {known}"
    others = [e.name for e in _ENGINES.values() if path.suffix.lower() in e.suffixes]
    advice = f"take --engine {others[0]}" if others else f"sources end in {known}"
    return f"{path.name}: engine {engine.name} reads {', '.join(engine.suffixes)}, not {suffix}; {advice}"


def _reader(engine: _Registered) -> Callable[..., Document]:
    try:
        read: Callable[..., Document] = import_module(engine.module).read
    except ModuleNotFoundError as error:
        package = dict(engine.needs).get((error.name or "").partition(".")[0])
        if package is None:
            raise
        what = f"'.[{engine.extra}]'" if engine.extra else package
        message = f"engine {engine.name} needs the package {package}, which is not installed; pip install {what}"
        raise MissingExtraError(message) from error
    return read
