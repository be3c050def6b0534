"""The same jobs on a dask.distributed cluster: an existing one, or a small one on this machine.

A task is one document; a worker of the cluster has it read by a process of its own, under the same limits. Where a worker of
the cluster is lost, the scheduler gives its tasks to another one, and what had been written by then is found and kept.
"""

from __future__ import annotations

import queue
import uuid
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from itertools import islice
from typing import Any

from pipeline import __version__
from pipeline.batch.model import Job, Outcome, Settings
from pipeline.batch.worker import Worker
from pipeline.errors import CatalogError, MissingExtraError

# Tasks that wait on the scheduler for each thread of the cluster, so that none is idle; not all, so that 70,000 cost nothing.
_AHEAD = 4
# How often a document is tried whose worker is lost: the scheduler tries thrice by itself.
_TRIES = 2
_CONNECT_SECONDS = 30


def outcomes(jobs: Iterable[Job], settings: Settings, scheduler: str | None, processes: int) -> Generator[Outcome, None, None]:
    """What came of each job, as they end: on the cluster at this address, or on one of that many workers started here.

    Raises CatalogError where there is no such cluster or its workers have another version of this program.
    """
    distributed = _distributed()
    with ExitStack() as held:
        if scheduler is None:
            # The processes that read are watched one by one; dask's own limit would end their parents.
            small = distributed.LocalCluster(
                n_workers=processes, threads_per_worker=1, processes=True, memory_limit=None, dashboard_address="127.0.0.1:0"
            )
            client = held.enter_context(distributed.Client(held.enter_context(small)))
        else:
            client = held.enter_context(_connected(distributed, scheduler))
        yield from submitted(client, jobs, settings)


def submitted(client: Any, jobs: Iterable[Job], settings: Settings) -> Generator[Outcome, None, None]:
    """What came of each job, as they end, on the cluster of a ``distributed.Client``."""
    distributed = _distributed()
    _check(client)
    remaining = iter(jobs)
    going: dict[str, tuple[Job, int]] = {}
    ended = distributed.as_completed()

    def submit(job: Job, tries: int = _TRIES) -> None:
        # Tasks of an equal key would be taken for the same, also those of another run.
        future = client.submit(task, job, settings, key=f"catalog-{uuid.uuid4().hex}", pure=False)
        going[future.key] = job, tries
        ended.add(future)

    for job in islice(remaining, _AHEAD * _threads(client)):
        submit(job)
    for future in ended:
        job, tries = going.pop(future.key)
        outcome = _outcome(future, job)
        if outcome is None and tries > 1:
            submit(job, tries - 1)
            continue
        yield outcome or Outcome(job.document, "failed", reason="crash", message="the workers that read it were lost")
        for more in islice(remaining, max(0, _AHEAD * _threads(client) - len(going))):
            submit(more)


def task(job: Job, settings: Settings) -> Outcome:
    """A document on a worker of the cluster, in a process that is kept for the next one."""
    idle = _IDLE.setdefault(settings, queue.SimpleQueue())
    try:
        worker = idle.get_nowait()
    except queue.Empty:
        worker = Worker(settings)
    outcome = worker.do(job)
    idle.put(worker)
    return outcome


_IDLE: dict[Settings, queue.SimpleQueue[Worker]] = {}


def _outcome(future: Any, job: Job) -> Outcome | None:
    """What a task gave; None where its workers were lost."""
    distributed = _distributed()
    try:
        outcome: Outcome = future.result()
    except distributed.KilledWorker:
        return None
    except CatalogError as error:
        return Outcome(job.document, "failed", reason="crash", message=str(error))
    return outcome


def _threads(client: Any) -> int:
    threads: dict[str, int] = client.nthreads()
    return max(1, sum(threads.values()))


def _version() -> str:
    return __version__


def _check(client: Any) -> None:
    """Raises CatalogError unless all workers have this version: another one might write other files."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        found = client.run(_version)
    except (TimeoutError, ImportError) as error:
        raise CatalogError(f"the cluster has no worker with this program installed ({error}); install it there") from error
    others = sorted({version for version in found.values() if version != __version__})
    if others:
        raise CatalogError(f"the workers of the cluster have version {', '.join(others)}, this is {__version__}; install one")


def _connected(distributed: Any, scheduler: str) -> Any:
    try:
        return distributed.Client(scheduler, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise CatalogError(f"{scheduler}: no scheduler answers there; check the address") from error


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError:
        raise MissingExtraError("a cluster needs dask.distributed; pip install 'disclosure-catalog[batch]'") from None
    return distributed
