"""The steps of an ingest as plain functions, each from one value to the next; the Prefect flow only wraps them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pyarrow as pa

from flows import progress
from flows.harvest import Harvest, Tables, whole
from flows.intake import Input
from flows.judge import JUDGE
from flows.report import point_latest_to
from warehouse.connection import Writer
from warehouse.history import History, measures_of
from warehouse.load import load
from warehouse.publish import publish
from warehouse.records import Check, LedgerState, Loaded, Measure, Quarantined, Run, Seen
from warehouse.report.records import RunReport
from warehouse.report.report import written as report_written
from warehouse.rules import answers_of
from warehouse.transaction import forget_temporary
from warehouse.validate import Checked, audited, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Loadable:
    """All that one transaction writes."""

    tables: Mapping[str, pa.Table]
    quarantined: tuple[Quarantined, ...]
    checks: tuple[Check, ...]
    run: Run
    ledger: tuple[Seen, ...]
    retried: tuple[UUID, ...] = ()
    measures: tuple[Measure, ...] = ()


def extract_rows(coming: Iterable[Harvest | None], *, none: Harvest, count: progress.Count) -> Harvest:
    """What a harvester makes of all its jobs, as one; `none` if there is no job."""
    harvests = []
    for harvest in coming:
        if harvest is None:
            continue
        harvests.append(harvest)
        finished = sum(entry.position is None for entry in harvest.inputs) if harvest.inputs else harvest.funnel.pages
        count.add(finished + harvest.funnel.unchanged)
    return whole(harvests) if harvests else none


def check_rows(tables: Tables, *, run_id: UUID) -> Checked:
    """The rows that may enter, with every check's answer; the first call in a process imports Great Expectations."""
    return checked(tables, run_id=run_id)


def compared(checked: Checked, history: History, *, now: datetime, accepted: Collection[str]) -> Checked:
    """The answers of the checks, and those of the batch rules on what the checks let through."""
    measures = measures_of(checked.tables)
    answers = answers_of(measures, history, now=now, accepted=accepted)
    return replace(checked, checks=(*checked.checks, *answers), measures=measures)


def load_rows(writer: Writer, loadable: Loadable) -> Loaded:
    """Write all of it, or nothing, into the private file; what does not agree with itself across pages is not loaded."""
    loaded = load(
        writer.connection,
        tables=loadable.tables,
        quarantined=loadable.quarantined,
        checks=loadable.checks,
        run=loadable.run,
        ledger=loadable.ledger,
        retried=loadable.retried,
        judge=JUDGE,
        measures=loadable.measures,
        audit=audited,
    )
    forget_temporary(writer.connection)
    return loaded


def publish_rows(writer: Writer) -> bool:
    """Show people what is in the private file; False if they see it already."""
    return publish(writer)


def write_report(report: RunReport, directory: Path) -> Path:
    """The path of the run's report; `latest.html` beside it leads to the newest one."""
    path = report_written(report, directory)
    point_latest_to(path)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The steps as one run takes them: plain functions, or the same ones as Prefect tasks."""

    extract: Callable[..., Harvest] = extract_rows
    check: Callable[..., Checked] = check_rows
    load: Callable[[Writer, Loadable], Loaded] = load_rows
    publish: Callable[[Writer], bool] = publish_rows
    report: Callable[[RunReport, Path], Path] = write_report


def ledger_of(harvest: Harvest, *, loaded: frozenset[UUID], run_id: UUID) -> tuple[Seen, ...]:
    """The ledger's rows for the inputs; `loaded` are the pages of which an article passed the checks."""

    def state_of(entry: Input) -> LedgerState:
        if not loaded.isdisjoint(entry.page_ids):
            return "loaded"
        held_back = not harvest.with_articles.isdisjoint(entry.page_ids)
        return "refused" if held_back or not entry.page_ids else "no_article"

    return tuple(
        Seen(uri=entry.uri, sha256=entry.sha256, state=state_of(entry), position=entry.position, run_id=run_id)
        for entry in _together(harvest.inputs)
    )


def _together(inputs: Iterable[Input]) -> Iterator[Input]:
    """Each input once, an archive that lay in several batches with the pages of all of them and its last position."""
    parts: dict[tuple[str, str], list[Input]] = defaultdict(list)
    for entry in inputs:
        parts[entry.uri, entry.sha256].append(entry)
    for entries in parts.values():
        yield replace(entries[-1], page_ids=tuple(page_id for entry in entries for page_id in entry.page_ids))
