"""Replacing a folder, or a file, as a whole: a reader sees the old one or the new one, never a half, after any crash.

The new folder is written beside the old one under a name of its own, every file and folder is fsynced, and the two are
exchanged with renameat2(RENAME_EXCHANGE) (Linux 3.15, man 2 renameat2). Where the system or the file system lacks it, the
old folder is moved aside and the new one in; a run killed in between is put right by the next one. A running writer holds
a lock on its folder, so what a killed run left behind can be told from the work of a run that is still going on.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from pipeline.errors import OutputError

if sys.platform != "win32":
    import fcntl

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NEW = ".catalog-new"
_OLD = ".catalog-old"


@contextlib.contextmanager
def replaced(target: Path, own: Collection[str], is_own: Callable[[Path], bool]) -> Iterator[Path]:
    """A new, empty folder to write into; where the block ends well it takes the place of ``target``, all at once.

    ``own`` are the names that a run writes: they are replaced or go away. Any other file in ``target`` is kept, provided
    that ``is_own(target)`` says that the folder is an earlier run's; otherwise OutputError, before anything is written.
    Where the block raises, ``target`` stays as it was.
    """
    target = target.resolve()
    with contextlib.ExitStack() as held:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _locked(target.parent):
                foreign = _prepare(target, own, is_own)
                fresh = _beside(target)
                fresh.mkdir()
                held.enter_context(_locked(fresh))
            held.callback(shutil.rmtree, fresh, ignore_errors=True)
            yield fresh
            _keep(foreign, fresh)
            _sync_tree(fresh)
            _exchange(fresh, target)
        except OSError as error:
            raise _failure(target, error) from error


def prepare(target: Path, own: Collection[str], is_own: Callable[[Path], bool]) -> None:
    """Put right what a killed run left, and raise OutputError now where ``replaced`` would raise it after the work."""
    target = target.resolve()
    try:
        if target.parent.is_dir():
            with _locked(target.parent):
                _prepare(target, own, is_own)
    except OSError as error:
        raise _failure(target, error) from error


def tidy(target: Path) -> None:
    """Put right what a killed run left of a folder or a file: the old one back in its place, a half-written one gone."""
    target = target.resolve()
    try:
        if target.parent.is_dir():
            with _locked(target.parent):
                _recover(target)
    except OSError as error:
        raise _failure(target, error) from error


def write_file(path: Path, data: bytes) -> None:
    """Write one file so that its name always stands for the whole old or the whole new content."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent):
            _recover(path)
            fresh = _beside(path)
            try:
                fresh.write_bytes(data)
                _sync(fresh)
                fresh.replace(path)
                _sync(path.parent)
            finally:
                fresh.unlink(missing_ok=True)
    except OSError as error:
        raise _failure(path, error) from error


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock on an existing file that no other process has, and wait for it; it ends with the process at the latest.

    Raises OutputError where there is no such file.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise OutputError(f"{path}: cannot be opened: {error.strerror or error}") from error
    with file:
        with contextlib.suppress(OSError):
            _flock(file.fileno(), wait=True)
        yield


def content(path: Path) -> bytes | None:
    """What a file holds, None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror or error}") from error


def put(path: Path, data: bytes | None) -> None:
    """Make ``path`` hold this as ``write_file`` does, or (None) be no more."""
    if data is None:
        path.unlink(missing_ok=True)
    else:
        write_file(path, data)


def _prepare(target: Path, own: Collection[str], is_own: Callable[[Path], bool]) -> list[Path]:
    """Recover, and give what stands in ``target`` and was not written by a run."""
    _recover(target)
    if not target.exists():
        return []
    if not target.is_dir():
        raise OutputError(f"{target}: is a file; name a folder to write into")
    if Path.cwd().is_relative_to(target):
        raise OutputError(f"{target}: is the folder you are in, and it is replaced as a whole; name another one")
    entries = sorted(target.iterdir())
    if entries and not is_own(target):
        names = ", ".join(path.name for path in entries[:3]) + (", …" if len(entries) > 3 else "")
        raise OutputError(f"{target}: holds files that no earlier run wrote ({names}); name an empty or a new folder")
    return [path for path in entries if path.name not in own]


def _recover(target: Path) -> None:
    """Put right what killed runs left beside ``target``: its old state back in its place, a half-written one gone."""
    leftovers = [path for path in sorted(target.parent.iterdir()) if _leftover_of(target).fullmatch(path.name)]
    for path in leftovers:
        fresh = path.with_name(path.name.removesuffix(_OLD) + _NEW) if path.name.endswith(_OLD) else path
        if _in_use(fresh):
            continue
        if path.name.endswith(_OLD) and not target.exists():
            path.rename(target)
        else:
            _remove(path)


def _sync_tree(folder: Path) -> None:
    """Fsync every file and folder under ``folder``, and the folder itself."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                _sync(path)
        _sync(Path(parent))


def _beside(target: Path) -> Path:
    """A name in the same folder, hence on the same disk, that says what it is for."""
    return target.with_name(f".{target.name}.{os.urandom(4).hex()}{_NEW}")


def _leftover_of(target: Path) -> re.Pattern[str]:
    return re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}({re.escape(_NEW)}|{re.escape(_OLD)})")


def _keep(foreign: list[Path], folder: Path) -> None:
    for path in foreign:
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, folder / path.name, symlinks=True)
        else:
            shutil.copy2(path, folder / path.name, follow_symlinks=False)


def _exchange(fresh: Path, target: Path) -> None:
    """``fresh`` becomes ``target``; what was ``target`` ends up under the name of ``fresh`` or is removed."""
    if not target.exists():
        fresh.rename(target)
        _sync(target.parent)
        return
    fresh.chmod(target.stat().st_mode & 0o7777)
    if not _rename_exchange(fresh, target):
        aside = fresh.with_name(fresh.name.removesuffix(_NEW) + _OLD)
        target.rename(aside)
        fresh.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    _sync(target.parent)


def _rename_exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one step; False where the system or the file system has no such call."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number))


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder; the system lets go of it when the process ends, however it ends.

    Where the file system has no locks (some network disks), the work goes on without.
    """
    handle = _open_folder(folder)
    try:
        with contextlib.suppress(OSError):
            _flock(handle, wait=True)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _in_use(folder: Path) -> bool:
    """Whether a run that is still going on holds the lock of this folder."""
    if not folder.is_dir():
        return False
    handle = _open_folder(folder)
    try:
        _flock(handle, wait=False)
    except OSError:
        return True
    finally:
        if handle is not None:
            os.close(handle)
    return False


def _open_folder(folder: Path) -> int | None:
    return None if sys.platform == "win32" else os.open(folder, os.O_RDONLY)


def _flock(handle: int | None, wait: bool) -> None:
    if sys.platform != "win32" and handle is not None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failure(target: Path, error: OSError) -> OutputError:
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return OutputError(f"{target}: is a mount point and cannot be replaced as a whole; name a folder inside it")
    return OutputError(f"{target}: cannot be written: {error.strerror or error}")
