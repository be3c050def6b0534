"""Jobs in processes of this machine."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Generator, Iterable
from threading import Thread

from pipeline.batch.model import Job, Outcome, Settings
from pipeline.batch.worker import Worker


def outcomes(jobs: Iterable[Job], settings: Settings, processes: int) -> Generator[Outcome, None, None]:
    """What came of each job, as they end; with that many processes. Closing the iterator ends what is going on.

    Raises CatalogError where no process can be started.
    """
    waiting = deque(jobs)
    ended: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
    expected = len(waiting)
    workers = [Worker(settings) for _ in range(min(processes, expected))]
    threads = [Thread(target=_keep_busy, args=(worker, waiting, ended), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        for _ in range(expected):
            outcome = ended.get()
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    finally:
        waiting.clear()
        for worker in workers:
            worker.end()
        for thread in threads:
            thread.join()


def _keep_busy(worker: Worker, waiting: deque[Job], ended: queue.SimpleQueue[Outcome | BaseException]) -> None:
    try:
        while True:
            ended.put(worker.do(waiting.popleft()))
    except IndexError:
        worker.end()
    # It is raised again where the outcomes are awaited.
    except BaseException as error:
        ended.put(error)
