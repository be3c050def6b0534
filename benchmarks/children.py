"""Commands run as processes of their own: how long they take, how much memory and CPU time, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import setting

# A small process starts the command, since Linux counts the memory of whoever starts a process as part of its peak. It notes
# exit code, CPU seconds and peak.
_START = """
import json, os, sys
note, limit, *call = sys.argv[1:]
if int(limit):
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
child = os.posix_spawnp(call[0], call, os.environ)
_, status, usage = os.wait4(child, 0)
with open(note, "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss], file)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended. ``code`` is negative for a signal; ``cpu`` is user and system time, ``peak`` is in MB."""

    code: int
    wall: float
    cpu: float
    peak: float
    timed_out: bool
    out: str
    err: str


def ended(call: Sequence[str], *, seconds: float = 600, address_space: int = 0) -> Ended:
    """Run a command to its end, or kill it after ``seconds`` of wall time; ``address_space`` is a limit in bytes, 0 = none."""
    environment = os.environ | {"PYTHONPATH": path_with(setting.ROOT)}
    killed = threading.Event()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        note = Path(folder) / "note.json"
        start = [sys.executable, "-I", "-S", "-c", _START, str(note), str(address_space), *call]
        began = time.perf_counter()
        process = subprocess.Popen(start, stdout=out, stderr=err, env=environment, start_new_session=True)

        def kill() -> None:
            killed.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(seconds, kill)
        timer.start()
        process.wait()
        timer.cancel()
        wall = time.perf_counter() - began
        code, cpu, peak = json.loads(note.read_text()) if note.exists() else (-signal.SIGKILL, 0.0, 0)
        return Ended(
            code, wall, cpu, peak / (2**20 if sys.platform == "darwin" else 2**10), killed.is_set(), _text(out), _text(err)
        )


def path_with(folder: Path) -> str:
    """PYTHONPATH with a folder in front, so that a child in another folder finds this checkout."""
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(2**20).decode("utf-8", errors="replace")
