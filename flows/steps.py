"""The steps of an ingest as plain functions, each from one value to the next; the Prefect flow only wraps them."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import pyarrow as pa

from extractors.blocks.hosts import SiteMemory
from extractors.extract import EXTRACTOR_VERSION, extractions_of
from extractors.records import Extraction, Rejected
from flows.intake import Batch, Input
from flows.judge import JUDGE
from flows.report import point_latest_to
from warehouse.connection import Writer
from warehouse.history import History, measures_of
from warehouse.load import load
from warehouse.publish import publish
from warehouse.records import Check, Funnel, LedgerState, Loaded, Measure, Quarantined, Run, Seen
from warehouse.remembered import HostLines
from warehouse.report.records import LONGEST_URI, ArticleLine, PageCost, RunReport, article_lines
from warehouse.report.report import written as report_written
from warehouse.report.text import cut
from warehouse.rules import answers_of
from warehouse.tables import tables_of
from warehouse.validate import Checked, audited, checked

QUOTE_STAGE = "quote"  # candidates that were found not to be quotes
COSTS = 20  # the slowest pages that the report names

Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What extraction made of one batch, or of all: rows, and the run's view of them. `funnel` knows no checks yet.

    `with_articles` are the pages that have articles, `inputs` the inputs that need a ledger row.
    """

    tables: Tables
    funnel: Funnel
    lines: tuple[ArticleLine, ...]
    rejected: tuple[Rejected, ...]
    inputs: tuple[Input, ...]
    with_articles: frozenset[UUID]
    costs: tuple[PageCost, ...] = ()


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


def extract_batch(
    batch: Batch, *, run_id: UUID, now: datetime, remembered: Mapping[str, HostLines] = MappingProxyType({})
) -> Harvest:
    """The rows that the pages of a batch give, and what was refused on the way; `remembered` is what earlier runs know
    of the lines that the batch's hosts repeat.
    """
    memories = {host: SiteMemory(pages=lines.pages, counts=lines.counts) for host, lines in remembered.items()}
    timed = list(_timed(extractions_of(batch.pages, today=now.date(), memories=memories)))
    extractions = [extraction for extraction, _ in timed]
    rejected = (*batch.rejected, *(refusal for extraction in extractions for refusal in extraction.rejected))
    with_articles = frozenset(extraction.page.page_id for extraction in extractions if extraction.articles)
    return Harvest(
        tables=tables_of(extractions, run_id=run_id, now=now, extractor_version=EXTRACTOR_VERSION),
        funnel=_funnel_of(batch, extractions, rejected),
        lines=tuple(line for extraction in extractions for line in article_lines(extraction)),
        rejected=rejected,
        inputs=batch.inputs,
        with_articles=with_articles,
        costs=_slowest(cost for _, cost in timed),
    )


def _timed(extractions: Iterable[Extraction]) -> Iterator[tuple[Extraction, PageCost]]:
    """Each with what it cost; the first page of a batch carries the reading of all of it."""
    begin = time.perf_counter()
    for extraction in extractions:
        page, seconds = extraction.page, round(time.perf_counter() - begin, 4)
        yield (
            extraction,
            PageCost(page_id=page.page_id, uri=cut(page.uri, LONGEST_URI), bytes=page.bytes, seconds=seconds),
        )
        begin = time.perf_counter()


def _slowest(costs: Iterable[PageCost]) -> tuple[PageCost, ...]:
    return tuple(sorted(costs, key=lambda cost: -cost.seconds)[:COSTS])


def whole(harvests: Sequence[Harvest]) -> Harvest:
    """Several batches as one; ValueError if there is none."""
    tables = {name: pa.concat_tables([h.tables[name] for h in harvests]) for name in harvests[0].tables}
    tables["works"] = _once(tables["works"], "work_id")
    return Harvest(
        tables=tables,
        funnel=_summed(harvest.funnel for harvest in harvests),
        lines=tuple(line for harvest in harvests for line in harvest.lines),
        rejected=tuple(refusal for harvest in harvests for refusal in harvest.rejected),
        inputs=tuple(entry for harvest in harvests for entry in harvest.inputs),
        with_articles=frozenset[UUID]().union(*(harvest.with_articles for harvest in harvests)),
        costs=_slowest(cost for harvest in harvests for cost in harvest.costs),
    )


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
    return load(
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

    extract: Callable[..., Harvest] = extract_batch
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
        Seen(uri=entry.uri, sha256=entry.sha256, state=state_of(entry), run_id=run_id) for entry in harvest.inputs
    )


def _funnel_of(batch: Batch, extractions: Sequence[Extraction], rejected: Iterable[Rejected]) -> Funnel:
    with_articles = sum(1 for extraction in extractions if extraction.articles)
    return Funnel(
        sources=batch.sources,
        unchanged=batch.unchanged,
        refused=batch.refused,
        duplicates=batch.duplicates,
        pages=len(extractions),
        pages_with_articles=with_articles,
        pages_without_article=len(extractions) - with_articles,
        articles=sum(len(extraction.articles) for extraction in extractions),
        quotes=sum(len(extraction.quotes) for extraction in extractions),
        quotes_rejected=sum(refusal.stage == QUOTE_STAGE for refusal in rejected),
    )


def _summed(funnels: Iterable[Funnel]) -> Funnel:
    parts = tuple(funnels)
    return Funnel(**{field.name: sum(getattr(part, field.name) for part in parts) for field in fields(Funnel)})


def _once(table: pa.Table, key: str) -> pa.Table:
    """The first row of each key."""
    first: dict[object, int] = {}
    for index, value in enumerate(table.column(key).to_pylist()):
        first.setdefault(value, index)
    return table.take(pa.array(first.values(), type=pa.int64()))
