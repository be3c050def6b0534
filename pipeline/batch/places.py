"""Where documents and results lie: on this machine's disks, or anywhere that fsspec reaches (``s3://``, ``gs://``, …).

A local document is read where it lies. A remote one is fetched, with the files beside it that count (``source.toml``,
``lookups.csv``), into a folder that has the same names above it, so that it is read just as if it lay there.
"""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from pipeline import export, folder
from pipeline.errors import CatalogError, MissingExtraError, OutputError, SourceError
from pipeline.export.datapackage import NAME as PACKAGE

# The names of raw/<catalog>/<version>/ tell what a source is.
_NAMES_ABOVE = 3
_BESIDE = ("source.toml", "lookups.csv", "../lookups.csv")


class Store(Protocol):
    """A kind of place. Paths are absolute; those of a remote store carry no protocol."""

    def path(self, given: str) -> str:
        """What a user wrote, as an absolute path."""
        ...

    def url(self, path: str) -> str:
        """The path as another process can find it."""
        ...

    def matches(self, pattern: str) -> list[str]:
        """The files that a pattern names; a path that exists names itself."""
        ...

    def fetched(self, path: str) -> Any:
        """A context that gives a local Path of the document; raises SourceError where it cannot be fetched."""
        ...

    def read(self, home: str) -> dict[str, bytes]:
        """What stands in a result folder, name → content; nothing where there is no whole result."""
        ...

    def write(self, home: str, files: Mapping[str, bytes]) -> None:
        """Write a result folder so that none is ever taken for whole that is not; raises OutputError."""
        ...

    def write_file(self, path: str, data: bytes) -> None:
        """Write one file as a whole; raises OutputError."""
        ...

    def tidy(self, home: str) -> None:
        """Remove what a killed process left of this result folder."""
        ...


def at(url: str) -> Store:
    """The store that a path or URL belongs to; raises CatalogError for a protocol that is not known or not installed."""
    protocol, found, _ = url.partition("://")
    return Remote(url, protocol) if found and protocol not in ("file", "local") else Local()


class Local:
    """The disks of this machine, and those that it has mounted."""

    def path(self, given: str) -> str:
        return os.path.abspath(given.removeprefix("file://").removeprefix("local://"))

    def url(self, path: str) -> str:
        return path

    def matches(self, pattern: str) -> list[str]:
        if os.path.lexists(pattern) or not glob.has_magic(pattern):
            return [pattern]
        return [path for path in glob.glob(pattern, recursive=True) if not os.path.isdir(path)]

    @contextmanager
    def fetched(self, path: str) -> Iterator[Path]:
        yield Path(path)

    def read(self, home: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        with suppress(OSError):
            for name in export.DATA:
                found[name] = Path(home, name).read_bytes()
            with suppress(OSError):
                found[export.REPORT] = Path(home, export.REPORT).read_bytes()
            return found
        return {}

    def write(self, home: str, files: Mapping[str, bytes]) -> None:
        export.write(Path(home), files)

    def write_file(self, path: str, data: bytes) -> None:
        folder.write_file(Path(path), data)

    def tidy(self, home: str) -> None:
        with suppress(CatalogError):
            export.prepare(Path(home))


class Remote:
    """What fsspec reaches. Its settings (endpoint, keys) come from the environment and fsspec's own configuration."""

    def __init__(self, url: str, protocol: str) -> None:
        try:
            import fsspec  # type: ignore[import-untyped,unused-ignore]
        except ModuleNotFoundError:
            raise MissingExtraError(f"{protocol}:// needs fsspec; pip install 'disclosure-catalog[batch]'") from None
        try:
            # Listings that are kept would hide what other processes write.
            self._files = fsspec.filesystem(protocol, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise MissingExtraError(f"{url}: {protocol}:// cannot be used: {' '.join(str(error).split())}") from error
        self._protocol = protocol

    def path(self, given: str) -> str:
        return given.partition("://")[2].rstrip("/")

    def url(self, path: str) -> str:
        return f"{self._protocol}://{path}"

    def matches(self, pattern: str) -> list[str]:
        if not glob.has_magic(pattern) or self._files.exists(pattern):
            return [pattern]
        found = self._files.glob(pattern, detail=True)
        return [path for path, entry in found.items() if entry["type"] == "file"]

    @contextmanager
    def fetched(self, path: str) -> Iterator[Path]:
        parts = path.split("/")
        with tempfile.TemporaryDirectory(prefix="catalog-") as home:
            above = Path(home, "fetched", *parts[:-1][-_NAMES_ABOVE:])
            os.makedirs(above)
            self._fetch(path, above / parts[-1])
            for name in _BESIDE:
                with suppress(FileNotFoundError):
                    self._files.get_file(os.path.normpath("/".join([*parts[:-1], name])), str(above / name))
            yield above / parts[-1]

    def _fetch(self, path: str, target: Path) -> None:
        try:
            self._files.get_file(path, str(target))
        except FileNotFoundError:
            raise SourceError(f"{self.url(path)}: no such file; check the path") from None
        except OSError as error:
            raise SourceError(f"{self.url(path)}: cannot be fetched: {' '.join(str(error).split())}") from error

    def read(self, home: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        with suppress(OSError):
            for name in (PACKAGE, *(name for name in export.DATA if name != PACKAGE)):
                found[name] = self._files.cat_file(f"{home}/{name}")
            with suppress(OSError):
                found[export.REPORT] = self._files.cat_file(f"{home}/{export.REPORT}")
            return found
        return {}

    def write(self, home: str, files: Mapping[str, bytes]) -> None:
        """Object stores replace one object at a time: what describes the others goes first and comes last."""
        try:
            with suppress(FileNotFoundError):
                self._files.rm_file(f"{home}/{PACKAGE}")
            self._files.makedirs(home, exist_ok=True)
            for name in sorted(files, key=lambda name: name == PACKAGE):
                self._files.pipe_file(f"{home}/{name}", files[name])
        except OSError as error:
            raise OutputError(f"{self.url(home)}: cannot be written: {' '.join(str(error).split())}") from error

    def write_file(self, path: str, data: bytes) -> None:
        try:
            self._files.pipe_file(path, data)
        except OSError as error:
            raise OutputError(f"{self.url(path)}: cannot be written: {' '.join(str(error).split())}") from error

    def tidy(self, home: str) -> None:
        """Nothing: an object is written whole or not at all."""
