"""The same documents on a cluster, and from and to an object store: the same files, whoever is lost on the way."""

from __future__ import annotations

import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_batch import QUICK, catalog_pdf, marks, written

from pipeline import batch
from pipeline.batch import cluster, places, pool
from pipeline.batch.model import Job, Outcome
from pipeline.batch.work import work
from pipeline.errors import CatalogError, MissingExtraError

distributed = pytest.importorskip("distributed", reason="the extra `batch` is not installed")


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Any]:
    """A client of a cluster of two workers."""
    options = {"n_workers": 2, "threads_per_worker": 1, "memory_limit": None, "dashboard_address": "127.0.0.1:0"}
    with distributed.LocalCluster(**options) as small, distributed.Client(small) as client:
        yield client


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight documents, every fourth of them cut off."""
    monkeypatch.chdir(tmp_path)
    for k in range(8):
        path = catalog_pdf(tmp_path / "in" / f"{k % 2}" / f"{k:02}.pdf", "机构登记", f"第{k}项")
        if k % 4 == 3:
            path.write_bytes(path.read_bytes()[:900])
    return tmp_path


def gathered(outcomes: Any, output: str) -> list[Outcome]:
    ledger = batch.Ledger(output)
    came = []
    for outcome in outcomes:
        ledger.add(outcome)
        came.append(outcome)
    ledger.close()
    return came


def test_a_cluster_writes_what_a_pool_writes(documents: Path, two_workers: Any) -> None:
    gathered(pool.outcomes(batch.find(["in/**/*.pdf"], "pool"), QUICK, 2), "pool")
    gathered(cluster.submitted(two_workers, batch.find(["in/**/*.pdf"], "cluster"), QUICK), "cluster")
    assert written(documents / "cluster") == written(documents / "pool")
    assert len(written(documents / "pool")) == 6 * 6 + 2


def test_a_killed_worker_loses_nothing_and_nothing_is_written_twice(documents: Path, two_workers: Any) -> None:
    gathered(pool.outcomes(batch.find(["in/**/*.pdf"], "pool"), QUICK, 2), "pool")
    before: dict[str, tuple[int, int]] = {}

    def with_a_loss() -> Iterator[Outcome]:
        jobs = batch.find(["in/**/*.pdf"], "cluster")
        for done, outcome in enumerate(cluster.submitted(two_workers, jobs, QUICK), 1):
            if done == 3:
                os.kill(min(two_workers.run(os.getpid).values()), signal.SIGKILL)
                before.update(marks(documents / "cluster"))
            yield outcome

    came = gathered(with_a_loss(), "cluster")
    assert len({outcome.document for outcome in came}) == len(came) == 8
    assert written(documents / "cluster") == written(documents / "pool")
    assert before
    assert before.items() <= marks(documents / "cluster").items()


def test_a_cluster_of_its_own(documents: Path) -> None:
    came = gathered(cluster.outcomes(batch.find(["in/0/*.pdf"], "own"), QUICK, None, 1), "own")
    assert sorted(outcome.state for outcome in came) == ["made"] * 4


def test_an_existing_cluster_is_found_by_its_address(documents: Path, two_workers: Any) -> None:
    address = two_workers.scheduler.address
    came = list(cluster.outcomes(batch.find(["in/0/*.pdf"], "out"), QUICK, address, 1))
    assert [outcome.state for outcome in came] == ["made"] * 4


def test_a_scheduler_that_is_not_there_is_said(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
    with pytest.raises(CatalogError, match="no scheduler answers"):
        list(cluster.outcomes(batch.find(["in/0/*.pdf"], "out"), QUICK, "tcp://127.0.0.1:9", 1))


def test_workers_of_another_version_are_refused(documents: Path, two_workers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__version__", "0.0")
    with pytest.raises(CatalogError, match=r"this is 0\.0"):
        list(cluster.submitted(two_workers, batch.find(["in/0/*.pdf"], "out"), QUICK))


class TestAnObjectStore:
    @pytest.fixture
    def bucket(self, documents: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
        """A bucket with the documents in it, served over HTTP, since other processes are to reach it."""
        server_of = pytest.importorskip("moto.server", reason="moto is not installed")
        fsspec = pytest.importorskip("fsspec", reason="the extra `batch` is not installed")
        server = server_of.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        # Servers of one process share their buckets.
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).close()
        for name, value in {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        files = fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True)
        files.mkdir("catalogs")
        for path in (documents / "in" / "1").iterdir():
            files.put_file(str(path), f"catalogs/in/{path.name}")
        yield files
        server.stop()
        fsspec.filesystem("s3").clear_instance_cache()

    def test_it_holds_what_a_disk_holds(self, documents: Path, bucket: Any) -> None:
        gathered(pool.outcomes(batch.find(["in/1/*.pdf"], "disk"), QUICK, 2), "disk")
        jobs = batch.find(["s3://catalogs/in/*.pdf"], "s3://catalogs/out")
        gathered(pool.outcomes(jobs, QUICK, 2), "s3://catalogs/out")
        assert stored(bucket) == written(documents / "disk")
        again = gathered(pool.outcomes(jobs, QUICK, 2), "s3://catalogs/out")
        assert {outcome.state for outcome in again} == {"kept", "failed"}

    def test_what_stands_beside_a_document_counts(self, documents: Path, bucket: Any) -> None:
        note = 'title = "养老服务目录"\n'
        for home in ("in/0", "raw/yl/2020"):
            catalog_pdf(documents / home / "source.pdf", "机构登记")
            (documents / home / "source.toml").write_text(note, encoding="utf-8")
            bucket.put(f"{documents / home}/", f"catalogs/{home}/", recursive=True)
            made = [
                work(Job("x", f"{start}/{home}/source.pdf", str(documents / f"out{k}")), QUICK)
                for k, start in enumerate((documents, "s3://catalogs"))
            ]
            assert [outcome.message for outcome in made] == ["", ""]
            assert written(documents / "out0") == written(documents / "out1")
            assert note[9:15] in (documents / "out1" / "datapackage.json").read_text(encoding="utf-8")

    def test_half_a_result_is_no_result(self, documents: Path, bucket: Any) -> None:
        (job, *_) = batch.find(["s3://catalogs/in/*.pdf"], "s3://catalogs/out")
        assert work(job, QUICK).state == "made"
        bucket.rm_file("catalogs/out/01.pdf/provenance.csv")
        assert work(job, QUICK).state == "made"
        assert work(job, QUICK).state == "kept"

    def test_what_is_not_there_is_told(self, bucket: Any) -> None:
        outcome = work(Job("none.pdf", "s3://catalogs/in/none.pdf", "s3://catalogs/out/none.pdf"), QUICK)
        assert (outcome.reason, outcome.message) == ("source", "none.pdf: no such file; check the path")


def stored(files: Any) -> dict[str, bytes]:
    """Every object below the output."""
    return {path.removeprefix("catalogs/out/"): files.cat_file(path) for path in sorted(files.find("catalogs/out"))}


def test_a_kind_of_place_that_nobody_knows_is_said() -> None:
    with pytest.raises(MissingExtraError, match="nowhere://"):
        places.at("nowhere://x/y.pdf")
