"""Dask workers, started for real: the rows of one process, in its order, also when a worker is killed."""

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from extractors.errors import PullquoteError
from flows.harvest import Harvest, Job, in_process
from flows.intake import batches_of
from flows.order import Order
from flows.run import ingested
from flows.runners import harvesting
from flows.settings import DEFAULTS, Settings
from flows.sources import Source, sources_of
from flows.spread import Spread, spreading
from tests.pages import written_page
from tests.unit.extractions import NOW, RUN
from tests.unit.loading import ACROSS, CONTENT, contents_of

pytestmark = pytest.mark.timeout(900)  # a cluster is processes that import what they need


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    folder = tmp_path_factory.mktemp("dask") / "pages"
    for n in range(20):
        written_page(folder, n)
    for path in seeds.glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture
def jobs(pages: Path, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 3)
    sources = [source for source in sources_of([str(pages)]) if isinstance(source, Source)]
    batches = batches_of(sources, known=lambda _: {})
    return [Job(batch=batch, run_id=RUN, now=NOW) for batch in batches]


def compared(harvest: Harvest) -> tuple[dict[str, pa.Table], Harvest]:
    """What has to be the same: all but what a page cost."""
    return harvest.tables, replace(harvest, tables={}, costs=())


def test_harvests_are_those_of_one_process_though_a_worker_is_killed(jobs: list[Job], tmp_path: Path) -> None:
    """The first worker that does a job is killed while it does it, and its fenced process with it."""
    settings = replace(DEFAULTS, parts=str(tmp_path / "parts"))
    with spreading(settings, workers=2) as spread:
        killed: list[int] = []
        killer = threading.Thread(target=_kill_one_at_work, args=(spread, killed))
        killer.start()
        harvests = list(filter(None, spread(jobs)))
        killer.join()

    assert killed
    assert len(jobs) > 5
    for harvest, expected in zip(harvests, filter(None, in_process(jobs)), strict=True):
        (tables, rest), (expected_tables, expected_rest) = compared(harvest), compared(expected)
        assert rest == expected_rest
        for name, table in tables.items():
            assert table.schema.equals(expected_tables[name].schema, check_metadata=True), name
            assert table.equals(expected_tables[name]), name
    assert [path.name for path in (tmp_path / "parts").iterdir() if path.suffix == ".job"] == []


def _kill_one_at_work(spread: Spread, killed: list[int]) -> None:
    """Kill a worker process of the cluster that has a job."""
    until = time.monotonic() + 150
    while not killed and time.monotonic() < until:
        if client := spread._client:
            with suppress(OSError):  # the cluster may be on its way down
                working = {worker for worker, tasks in client.processing().items() if tasks}
                for address, pid in client.run(os.getpid, workers=list(working)).items():
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    assert address in working
                    return
        time.sleep(0.05)


def test_an_ingest_on_dask_stores_what_one_process_does(pages: Path, tmp_path: Path) -> None:
    stored = []
    for runner, workers in (("local", 0), ("dask", 1)):
        order = Order(sources=(str(pages),), warehouse=tmp_path / f"{runner}.duckdb", reports=tmp_path / "reports")
        with harvesting(DEFAULTS, workers=workers, runner=runner) as harvester:  # type: ignore[arg-type]
            assert ingested(order, harvester=harvester).report.run.funnel.pages == 22
        tables = (*CONTENT, *ACROSS)
        stored.append(contents_of(order.warehouse, without=("run_id", "first_seen", "uri", "capture"), tables=tables))
    assert stored[0] == stored[1]
    assert len(stored[0]["quotes"]) > 300


def test_a_cluster_that_cannot_be_had_is_one_clear_line(jobs: list[Job], tmp_path: Path) -> None:
    with pytest.raises(PullquoteError, match="PULLQUOTE_PARTS"), spreading(_at("tcp://127.0.0.1:1", None), workers=1):
        pass
    with (
        pytest.raises(PullquoteError, match=r"no Dask scheduler answers at nowhere"),
        spreading(_at("nowhere", str(tmp_path)), workers=1) as spread,
    ):
        list(spread(jobs))


def _at(scheduler: str, parts: str | None) -> Settings:
    return replace(DEFAULTS, scheduler=scheduler, parts=parts)
