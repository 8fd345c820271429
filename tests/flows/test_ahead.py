"""A slice is extracted while the one before it is loaded: the same rows whoever is faster, and nothing too much or left."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.errors import PullquoteError
from flows.ahead import AHEAD, Slice, one_ahead
from flows.harvest import Harvest, Harvester, Job, Tables, in_process, nothing
from flows.ledger import open_refusals
from flows.order import DIRECT, Order, begun_of
from flows.run import ingested
from flows.runners import harvesting
from flows.settings import Settings
from flows.steps import Steps
from tests.flows.test_pool import PATIENCE, end, rows
from tests.pages import written_page
from warehouse.reader import reader
from warehouse.validate import Checked

SITES = 2
PAGES = 8
FOOTER = "<p>Subscribe to the letter of harbour {site}, which comes on Fridays and costs nothing at all.</p>"
PAGE = """<html><head><title>Crossing {n}</title><link rel="canonical" href="https://harbour{site}.example/{n}"></head>
<body><h1>The {n}th crossing of ferry {site}</h1><p>The harbour was quiet on morning {n} when the ferry of yard {site} came
back, and half of the town had come down to see it after all these years.</p><p>"We never stopped believing in crossing
{n}," said Tom Hale, who was her captain for two decades and never lost a passenger.</p>{footer}</body></html>"""


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Eight pages of two sites that repeat a line, read one at a time, two in a slice."""
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 1)
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in range(PAGES):
        site = n % SITES
        (folder / f"{n:03}.html").write_text(PAGE.format(n=n, site=site, footer=FOOTER.format(site=site)))
    return Order(
        sources=(str(folder),),
        warehouse=tmp_path / "x.duckdb",
        reports=tmp_path / "reports",
        settings=Settings(slice_pages=2),
    )


def elsewhere(jobs: Iterable[Job]) -> Iterator[Harvest | None]:
    """As a pool does it, as far as the ingest can tell, but in a moment."""
    return in_process(jobs)


def slowly(seconds: float, call: Callable[..., Any]) -> Callable[..., Any]:
    def slow(*arguments: Any, **options: Any) -> Any:
        time.sleep(seconds)
        return call(*arguments, **options)

    return slow


def remembering(seen: dict[str, list[int]], jobs: Iterable[Job]) -> Iterator[Harvest | None]:
    """Notes of how many pages of its hosts each job knows."""

    def noted() -> Iterator[Job]:
        for job in jobs:
            (page,) = job.batch.pages
            seen[page.uri.rpartition("/")[2]] = [lines.pages for lines in job.remembered.values()]
            yield job

    return in_process(noted())


def slow_harvester(seen: dict[str, list[int]], jobs: Iterable[Job]) -> Iterator[Harvest | None]:
    for harvest in remembering(seen, jobs):
        yield None
        time.sleep(0.3)
        yield harvest


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "extraction"]


def test_rows_do_not_depend_on_who_is_faster(order: Order, tmp_path: Path) -> None:
    """Each slice has a page of each site; the last run may still be on its way in, so that nobody remembers it."""
    slow_load = Steps(check=slowly(0.2, DIRECT.check), load=slowly(0.2, DIRECT.load))
    seen: dict[str, dict[str, list[int]]] = {"slow loads": {}, "slow extraction": {}}
    ways: dict[str, tuple[Harvester, Steps]] = {
        "apart": (in_process, DIRECT),
        "slow loads": (partial(remembering, seen["slow loads"]), slow_load),
        "slow extraction": (partial(slow_harvester, seen["slow extraction"]), DIRECT),
    }
    stored = {}
    for name, (harvester, steps) in ways.items():
        this = replace(order, warehouse=tmp_path / f"{name}.duckdb")
        outcome = ingested(this, harvester=harvester, steps=steps)
        assert (outcome.run.funnel.pages, len(outcome.earlier)) == (PAGES, PAGES // 2 - 1)
        stored[name] = rows(this.warehouse)

    assert stored["apart"]["quotes"]
    assert stored["apart"] == stored["slow loads"] == stored["slow extraction"]
    assert seen["slow loads"] == seen["slow extraction"]
    assert [counts for _, counts in sorted(seen["slow loads"].items())] == [[], [], [], [], [1], [1], [2], [2]]
    assert threads() == []


def test_one_slice_is_extracted_ahead_and_no_more(order: Order) -> None:
    begun, asked = begun_of(order), []

    def slices() -> Iterator[Slice]:
        for n in range(5):
            asked.append(n)
            yield Slice(begun=begun, harvests=iter([nothing(begun.run_id, begun.started), None]))

    with one_ahead(slices()) as coming:
        for n, part in enumerate(coming):
            assert len(list(part.harvests)) == 1
            until = time.monotonic() + PATIENCE
            while len(asked) < min(n + 1 + AHEAD, 5) and time.monotonic() < until:
                time.sleep(0.01)
            assert len(asked) == min(n + 1 + AHEAD, 5)
    assert threads() == []


def test_what_a_refused_slice_was_followed_by_is_thrown_away(order: Order) -> None:
    calls = []

    def refusing_the_second(tables: Tables, **options: Any) -> Checked:
        calls.append(1)
        time.sleep(0.3)  # the third is extracted by now
        checked = DIRECT.check(tables, **options)
        refused = tuple(replace(check, severity="blocking", success=False) for check in checked.checks)
        return replace(checked, checks=refused) if len(calls) == 2 else checked

    outcome = ingested(order, steps=Steps(check=refusing_the_second), harvester=elsewhere)

    assert outcome.run.state == "refused"
    assert threads() == []
    with duckdb.connect(str(order.warehouse), read_only=True) as connection:
        assert connection.execute("SELECT state FROM runs ORDER BY started").fetchall() == [("passed",), ("refused",)]
        assert connection.execute("SELECT count(*) FROM pages").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM ledger").fetchone() == (2,)
    again = ingested(order, harvester=elsewhere)
    assert again.run.funnel.pages == PAGES - 2
    with reader(order.warehouse) as connection:
        captures = connection.execute("SELECT count(DISTINCT capture) FROM pages").fetchone()
        assert (captures, open_refusals(connection)) == ((PAGES,), 0)


@pytest.mark.parametrize("error", [PullquoteError("warehouse.unwritable", "no space left"), KeyboardInterrupt()])
def test_an_error_while_the_next_slice_is_extracted_leaves_nothing_behind(order: Order, error: BaseException) -> None:
    def failing(*_: object, **__: object) -> Any:
        time.sleep(0.5)
        raise error

    with (
        harvesting(order.settings, workers=2) as harvester,
        pytest.raises(type(error)) as caught,
    ):
        ingested(order, steps=Steps(load=failing), harvester=harvester)

    assert caught.value is error
    assert threads() == []
    assert not Path("/proc/self/task", str(os.getpid()), "children").read_text(encoding="ascii").split()
    assert ingested(order).run.funnel.pages == PAGES


def test_an_error_of_the_extraction_is_the_error_of_the_ingest(order: Order) -> None:
    def failing(jobs: Iterable[Job]) -> Iterator[Harvest | None]:
        for number, harvest in enumerate(in_process(jobs)):
            if number:
                raise PullquoteError("pool.failed", "a worker ended twice")
            yield harvest

    with pytest.raises(PullquoteError, match="ended twice"):
        ingested(order, harvester=failing)

    assert threads() == []
    assert ingested(order).run.funnel.pages == PAGES


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_killed_while_a_slice_is_ahead(tmp_path: Path, number: signal.Signals) -> None:
    """What is committed is whole, no process stays, and the next ingest goes on there."""
    for n in range(60):
        written_page(tmp_path / "pages", n)
    # Where the tests run in the background, the shell has told them to ignore Ctrl-C.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    small = f"{heard}; import flows.intake; flows.intake.BATCH_PAGES = 5; from flows.cli import main; main()"
    command = [sys.executable, "-c", small, "ingest", "--direct", "--workers", "2", str(tmp_path / "pages")]
    order = Order(sources=(str(tmp_path / "pages"),), warehouse=tmp_path / "x.duckdb", reports=tmp_path / "reports")
    command += ["--warehouse", str(order.warehouse), "--reports", str(order.reports)]
    settings = os.environ | {"PULLQUOTE_SLICE_PAGES": "5"}
    ingest = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=settings
    )
    until = time.monotonic() + 4 * PATIENCE
    while len(list(order.reports.glob("2*.html"))) < 2 and ingest.poll() is None and time.monotonic() < until:
        time.sleep(0.02)

    end(ingest, number)

    assert 0 < ingested(order).run.funnel.pages < 60
    with duckdb.connect(str(order.warehouse), read_only=True) as connection:
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM pages), (SELECT count(DISTINCT capture) FROM pages), "
            "(SELECT count(*) FROM articles), (SELECT count(*) FROM ledger), (SELECT sum(articles_loaded) FROM runs)"
        ).fetchone()
    assert counted == (60, 60, 60, 60, 60)
