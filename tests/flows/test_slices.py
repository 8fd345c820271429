"""A large ingest is several runs: the same rows, one funnel, and what is refused hides nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from extractors.formats import pages_in
from extractors.records import Page
from flows.harvest import Tables
from flows.intake import EMPTY, Batch
from flows.order import DIRECT, Order, Outcome
from flows.run import ingested
from flows.settings import Settings
from flows.slices import slices_of
from flows.steps import Steps
from flows.summary import text_of
from tests.pages import written_page
from warehouse.validate import Checked

PAGES = 5


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Five pages, read one at a time, two in a slice."""
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 1)
    for n in range(PAGES):
        written_page(tmp_path / "pages", n)
    return Order(
        sources=(str(tmp_path / "pages"),),
        warehouse=tmp_path / "x.duckdb",
        reports=tmp_path / "reports",
        settings=Settings(slice_pages=2),
    )


def asked(order: Order, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(order.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def reports(outcome: Outcome) -> int:
    assert outcome.path
    return len(list(outcome.path.parent.glob("2*.html")))


def batch_of(number: int) -> Batch:
    """A batch of two pages that were never read."""
    pages = tuple(
        page
        for n in (2 * number, 2 * number + 1)
        for page in pages_in(b"Words of page %d." % n, uri=f"{n}.txt")
        if isinstance(page, Page)
    )
    return replace(EMPTY, pages=pages)


def test_nothing_of_a_slice_is_read_before_the_last_one_is_done() -> None:
    read: list[int] = []

    def reading() -> Iterator[Batch]:
        for number in range(5):
            read.append(number)
            yield batch_of(number)

    sizes, seen = [], []
    for part in slices_of(reading(), pages=3):
        seen.append(len(read))
        sizes.append(sum(len(batch.pages) for batch in part))

    assert sizes == [4, 4, 2]
    assert seen == [1, 3, 5]


def test_a_large_ingest_is_several_runs_with_one_funnel(order: Order) -> None:
    outcome = ingested(order)

    assert asked(order, "SELECT pages, sources FROM runs ORDER BY started") == [(2, 2), (2, 2), (1, 1)]
    assert asked(order, "SELECT count(DISTINCT run_id), count(*) FROM ledger") == [(3, PAGES)]
    assert (outcome.run.funnel.pages, outcome.run.funnel.articles_loaded) == (PAGES, PAGES)
    assert outcome.run.funnel.balances
    assert reports(outcome) == 3
    assert not outcome.unpublished
    told = text_of(outcome)
    assert f"sources       {PAGES}  {PAGES} read as pages" in told
    assert "In 3 runs" in told
    again = ingested(order)
    assert "No change: all 5 sources known already." in text_of(again)
    assert asked(order, "SELECT count(*) FROM runs") == [(3,)]


def test_what_is_known_is_counted_with_what_is_new(order: Order, tmp_path: Path) -> None:
    ingested(order)
    for n in (0, 1):
        (tmp_path / "pages" / f"000000-new-{n}.txt").write_text(f"The {n}th harbour was quiet. " * 40)

    outcome = ingested(order)

    assert (outcome.run.state, outcome.report.run.funnel.pages) != ("unchanged", 0)
    assert (outcome.run.funnel.pages, outcome.run.funnel.unchanged) == (2, PAGES)
    assert outcome.run.funnel.balances


def test_a_refused_slice_ends_the_ingest_and_the_next_one_goes_on_there(order: Order) -> None:
    calls: list[UUID] = []

    def refusing_the_second(tables: Tables, *, run_id: UUID) -> Checked:
        calls.append(run_id)
        checked = DIRECT.check(tables, run_id=run_id)
        if len(calls) != 2:
            return checked
        return replace(
            checked, checks=tuple(replace(check, severity="blocking", success=False) for check in checked.checks)
        )

    outcome = ingested(order, steps=Steps(check=refusing_the_second))

    assert outcome.failed
    assert outcome.run.state == "refused"
    assert asked(order, "SELECT state FROM runs ORDER BY started")[1] == ("refused",)
    assert asked(order, "SELECT count(*) FROM pages") == [(2,)]
    assert ingested(order).run.funnel.pages == 3
    assert asked(order, "SELECT count(*) FROM pages") == [(PAGES,)]
