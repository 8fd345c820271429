"""What a run writes and what it tells: from its harvest and the answers of the checks to a Loadable and a RunReport."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from uuid import UUID

import duckdb

from extractors.extract import EXTRACTOR_VERSION
from extractors.records import Rejected
from flows.harvest import Harvest
from flows.order import Begun
from flows.report import explained_of
from flows.settings import config_hash
from flows.steps import Loadable, ledger_of
from warehouse.history import History
from warehouse.records import Check, Funnel, Quarantined, Run, RunState, quarantined_of
from warehouse.report.gather import compared_of, failing_rows, hosts_of, points_of, tallies_of
from warehouse.report.records import RunReport, refusals_of
from warehouse.report.story import REMARKS
from warehouse.validate import Checked

VERSIONED = ("pullquote", "duckdb", "great-expectations", "prefect")


def loadable_of(begun: Begun, harvest: Harvest, checked: Checked) -> Loadable:
    """What to write: of a batch that was refused as a whole the refusal alone, so that its inputs are tried again."""
    refusals = (refusal for refusal in harvest.rejected if refusal.stage not in REMARKS)
    quarantined = (*_items_of(refusals, run_id=begun.run_id), *checked.quarantined)
    state: RunState = "warned" if checked.state == "passed" and quarantined else checked.state
    accepted = tuple(check.name for check in checked.checks if check.accepted)
    run = replace(run_of(begun, state, _completed(harvest, checked)), accepted=accepted)
    if state == "refused":
        none = {name: table.slice(0, 0) for name, table in checked.tables.items()}
        return Loadable(
            tables=none,
            quarantined=quarantined,
            checks=checked.checks,
            run=run,
            ledger=(),
            measures=checked.measures,
        )
    loaded = frozenset(checked.tables["articles"].column("page_id").to_pylist())
    ledger = ledger_of(harvest, loaded=loaded, run_id=begun.run_id)
    return Loadable(
        tables=checked.tables,
        quarantined=quarantined,
        checks=checked.checks,
        run=run,
        ledger=ledger,
        measures=checked.measures,
    )


def _completed(harvest: Harvest, checked: Checked) -> Funnel:
    """The funnel with the checks' answers."""
    articles, quotes = checked.tables["articles"].num_rows, checked.tables["quotes"].num_rows
    return replace(
        harvest.funnel,
        articles_loaded=articles,
        articles_quarantined=harvest.funnel.articles - articles,
        quotes_loaded=quotes,
        quotes_quarantined=harvest.funnel.quotes - quotes,
    )


def run_of(begun: Begun, state: RunState, funnel: Funnel) -> Run:
    return Run(
        run_id=begun.run_id,
        trigger=begun.order.trigger,
        started=begun.started,
        finished=datetime.now(UTC),
        state=state,
        funnel=funnel,
        extractor_version=EXTRACTOR_VERSION,
        config_hash=config_hash(),
    )


def report_of(
    begun: Begun,
    harvest: Harvest,
    loadable: Loadable,
    *,
    history: History,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> RunReport:
    """All that is to be told about the run; without a connection nothing of the runs before it."""
    loaded = frozenset(loadable.tables["articles"].column("article_id").to_pylist())
    remarks = (refusal for refusal in harvest.rejected if refusal.stage in REMARKS)
    hosts, host_count = hosts_of(harvest.tables, history)
    points = points_of(connection, before=begun.started)
    lines, last, other = compared_of(connection, loadable.measures, points, version=EXTRACTOR_VERSION)
    failing = failing_rows(loadable.checks, harvest.tables)
    return RunReport(
        run=loadable.run,
        checks=loadable.checks,
        refusals=refusals_of((*loadable.quarantined, *_items_of(remarks, run_id=begun.run_id))),
        articles=tuple(replace(line, loaded=line.article_id in loaded) for line in harvest.lines),
        timings=begun.watch.timings(),
        versions=tuple((name, metadata.version(name)) for name in VERSIONED),
        inputs=begun.order.sources,
        hosts=hosts,
        host_count=host_count,
        points=points,
        compared=lines,
        last_run=last,
        other_run=other,
        tallies=tallies_of(harvest.tables),
        failing=failing,
        costs=harvest.costs,
        explained=explained_of(failing, loadable.quarantined, harvest.costs),
    )


def _items_of(refusals: Iterable[Rejected], *, run_id: UUID) -> Iterator[Quarantined]:
    return (quarantined_of(refusal, run_id=run_id) for refusal in refusals)


def with_audits(loadable: Loadable, audits: Sequence[Check]) -> Loadable:
    """The same with the checks of what the load settled."""
    passed = loadable.run.state == "passed" and all(check.success for check in audits)
    state: RunState = "warned" if loadable.run.state == "passed" and not passed else loadable.run.state
    return replace(loadable, checks=(*loadable.checks, *audits), run=replace(loadable.run, state=state))
