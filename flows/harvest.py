"""A batch of pages → its rows: the unit of work that can be done in this process or in another one.

What a worker process imports: the extractors and Arrow, neither DuckDB nor Great Expectations nor Prefect.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa

from extractors.blocks.hosts import SiteMemory
from extractors.extract import EXTRACTOR_VERSION, ROWS, extractions_of
from extractors.quotes.clusters import sketch_of
from extractors.records import Extraction, Page, Rejected
from flows.intake import EMPTY, Batch, Input
from warehouse.records import Funnel
from warehouse.remembered import HostLines
from warehouse.report.records import LONGEST_URI, ArticleLine, PageCost, article_lines
from warehouse.report.text import cut
from warehouse.tables import SKETCHES, tables_of

QUOTE_STAGE = "quote"  # candidates that were found not to be quotes
COSTS = 20  # the slowest pages that the report names

Tables = dict[str, pa.Table]
Told = Callable[[int], object]  # called with the place of the page that is worked on from now on


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A batch and all else that its rows depend on: the same job gives the same rows wherever it is done.

    `remembered` is what earlier runs know of the lines that the batch's hosts repeat; `poison` are pages by their id
    that ended a worker before, each with the code and the detail of its refusal: they are not looked at. `apart`: nothing
    but the reading of the others comes before a page is done with, which is slower and tells whose fault something is.
    """

    batch: Batch
    run_id: UUID
    now: datetime
    remembered: Mapping[str, HostLines] = field(default_factory=dict)
    poison: Mapping[UUID, tuple[str, str]] = field(default_factory=dict)
    apart: bool = False

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that are to be looked at."""
        return tuple(page for page in self.batch.pages if page.page_id not in self.poison)


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


# The harvests of the jobs, in their order, and None at least every second while there is none, so that who waits can
# look up; lazy, with a bounded number of jobs under way, which end when the iterator is closed. Whole batches go to
# one worker, so that rows do not depend on who does them.
Harvester = Callable[[Iterable[Job]], Iterator[Harvest | None]]


def in_process(jobs: Iterable[Job]) -> Iterator[Harvest]:
    """The harvester of one process: a page that hangs hangs it, too."""
    return (harvest_of(job) for job in jobs)


def harvest_of(job: Job, *, told: Told = lambda _: None) -> Harvest:
    """The rows that the pages of a batch give, and what was refused on the way.

    `told` is called before a page is touched, with its place among `job.pages`.
    """
    memories = {host: SiteMemory(pages=lines.pages, counts=lines.counts) for host, lines in job.remembered.items()}
    rows = 0 if job.apart else ROWS
    found = extractions_of(_Telling(job.pages, told), today=job.now.date(), memories=memories, rows=rows)
    timed = {extraction.page.page_id: (extraction, cost) for extraction, cost in _timed(found)}
    extractions = [
        timed[page.page_id][0] if page.page_id in timed else _unseen(page, *job.poison[page.page_id])
        for page in job.batch.pages
    ]
    rejected = (
        *job.batch.rejected,
        *job.batch.skipped,
        *(refusal for extraction in extractions for refusal in extraction.rejected),
    )
    tables = tables_of(extractions, run_id=job.run_id, now=job.now, extractor_version=EXTRACTOR_VERSION)
    return Harvest(
        tables=tables | {"article_sketches": _sketches_of(tables["articles"])},
        funnel=_funnel_of(job.batch, extractions, rejected),
        lines=tuple(line for extraction in extractions for line in article_lines(extraction)),
        rejected=rejected,
        inputs=job.batch.inputs,
        with_articles=frozenset(extraction.page.page_id for extraction in extractions if extraction.articles),
        costs=_slowest(cost for _, cost in timed.values()),
    )


def nothing(run_id: UUID, now: datetime) -> Harvest:
    """The harvest of no batch at all."""
    return harvest_of(Job(batch=EMPTY, run_id=run_id, now=now))


def whole(harvests: Sequence[Harvest]) -> Harvest:
    """Several batches as one; ValueError if there is none."""
    tables = {name: pa.concat_tables([h.tables[name] for h in harvests]) for name in harvests[0].tables}
    tables["works"] = _once(tables["works"], "work_id")
    return Harvest(
        tables=tables,
        funnel=summed(harvest.funnel for harvest in harvests),
        lines=tuple(line for harvest in harvests for line in harvest.lines),
        rejected=tuple(refusal for harvest in harvests for refusal in harvest.rejected),
        inputs=tuple(entry for harvest in harvests for entry in harvest.inputs),
        with_articles=frozenset[UUID]().union(*(harvest.with_articles for harvest in harvests)),
        costs=_slowest(cost for harvest in harvests for cost in harvest.costs),
    )


def summed(funnels: Iterable[Funnel]) -> Funnel:
    """Several funnels as one."""
    parts = tuple(funnels)
    return Funnel(**{field.name: sum(getattr(part, field.name) for part in parts) for field in fields(Funnel)})


class _Telling(Sequence[Page]):
    """Pages that tell which of them is asked for: who takes them one by one works on that one."""

    def __init__(self, pages: Sequence[Page], told: Told) -> None:
        self._pages = pages
        self._told = told

    def __len__(self) -> int:
        return len(self._pages)

    def __getitem__(self, place: Any) -> Any:
        self._told(place)
        return self._pages[place]


def _sketches_of(articles: pa.Table) -> pa.Table:
    sketches = [sketch_of(body) for body in articles["body"].to_pylist()]
    return pa.table([articles["article_id"], pa.array(sketches, SKETCHES.field("sketch").type)], schema=SKETCHES)


def _unseen(page: Page, code: str, detail: str) -> Extraction:
    refusal = Rejected(stage="extract", code=code, detail=detail, uri=page.uri, page_id=page.page_id, payload=page.data)
    return Extraction(page=page, articles=(), quotes=(), blocks=(), rejected=(refusal,))


def _timed(extractions: Iterable[Extraction]) -> Iterator[tuple[Extraction, PageCost]]:
    """Each with what it cost; the first page of a batch carries the reading of all of it, and the first of each stretch of
    some 4,000 blocks their scoring.
    """
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


def _once(table: pa.Table, key: str) -> pa.Table:
    """The first row of each key."""
    first: dict[object, int] = {}
    for index, value in enumerate(table.column(key).to_pylist()):
        first.setdefault(value, index)
    return table.take(pa.array(first.values(), type=pa.int64()))
