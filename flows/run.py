"""One ingest from sources to report: sources → batches → rows → checks → one transaction → published file → report."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from extractors.formats.rows import columns_of
from extractors.records import Rejected
from flows import progress
from flows.account import loadable_of, report_of, run_of, with_audits
from flows.ahead import Slice, one_ahead
from flows.fetch.reach import FETCH_STAGE, memory_beside, reached
from flows.harvest import Harvest, Harvester, Job, in_process, nothing
from flows.intake import GIVEN_UP_STAGE, Batch, Known, batches_of, given_up_batch
from flows.ledger import captures_at, open_items_at, open_refusals, published_history, readable
from flows.memory import allocate_sparingly, give_back_memory
from flows.order import DIRECT, Begun, Order, Outcome, begun_of
from flows.report import explain_pages, keep_report, last_report, write_index
from flows.runners import cores
from flows.slices import slices_of
from flows.sources import Address, Source, sources_of
from flows.steps import Loadable, Steps, compared
from warehouse.captures import Captures
from warehouse.connection import Writer, writer
from warehouse.history import NO_HISTORY, History, history_of
from warehouse.load import known
from warehouse.publish import is_due, is_pending
from warehouse.remembered import HostLines, Memory
from warehouse.report.records import RunReport
from warehouse.report.story import REMARKS

TOLD_STAGES = frozenset({GIVEN_UP_STAGE, FETCH_STAGE})  # whose refusals make a run even where no input gave bytes
FETCHED_PAGES = 200  # in a run of what is fetched: at a page a second, what a crash loses is minutes and not hours
HELD = 10.0  # a publication copies the whole file: between two slices it may take a tenth of the time at most


def ingested(order: Order, *, steps: Steps = DIRECT, harvester: Harvester = in_process) -> Outcome:
    """Bring the sources into the warehouse, publish it and write the report; the same sources again change nothing.

    Raises PullquoteError where the warehouse or the report cannot be written; a source that cannot be read is no
    error but a part of the outcome.
    """
    allocate_sparingly()
    begin = partial(begun_of, order, steps=steps, harvester=harvester)
    sources = tuple(sources_of(order.sources))
    addresses = [source.uri for source in sources if isinstance(source, Address)]
    count = progress.Count(total=None if addresses else len(sources))
    if order.rehearsal:
        return _rehearsed(begin(), sources, count)
    refused = [source for source in sources if isinstance(source, Rejected)]
    if not order.given_up and len(refused) == len(sources):  # a typo makes no warehouse
        begun = begin()
        return _unchanged(begun, harvested(begun, batches_of(refused, known=lambda _: {}), count=count))
    with writer(order.warehouse, deadline=order.settings.busy_seconds) as open_warehouse:
        writing = Writing(
            warehouse=open_warehouse,
            captures=captures_of(order, open_warehouse),
            memory=Memory(connection=open_warehouse.cursor()),
        )
        given_up = [given_up_batch(order.given_up)] if order.given_up else []
        batches = chain(given_up, _batches_of(order, sources, known=partial(known, open_warehouse.cursor())))
        pages = min(order.settings.slice_pages, FETCHED_PAGES) if addresses else order.settings.slice_pages
        slices = _slices(begin, batches, writing, pages=pages)
        # What is fetched comes at a page a second, and waiting for it has to end with Ctrl-C.
        apart = harvester is not in_process and not addresses
        if apart:
            open_warehouse.share_cores(max(1, cores() // 2))
        with one_ahead(slices) if apart else nullcontext(slices) as coming:
            outcome = _all_brought_in(coming, writing, count=count, asked=addresses)
        begun = begin()
        outcome = outcome or _unchanged(begun, nothing(begun.run_id, begun.started))
        unpublished = _unpublished(begun, open_warehouse)  # an earlier run may have died after its commit
        return replace(outcome, unpublished=unpublished, waiting=open_refusals(open_warehouse.connection))


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What the slices of an ingest are written to; only `warehouse` belongs to the thread that loads."""

    warehouse: Writer
    captures: Captures
    memory: Memory


def _slices(begin: Callable[[], Begun], batches: Iterable[Batch], writing: Writing, *, pages: int) -> Iterator[Slice]:
    """Runs of about so many pages. Of hosts each knows what the runs before the last one have left, as that may be on its
    way into the warehouse at the same time.
    """
    last = None
    for part in slices_of(batches, pages=pages):
        begun = begin()
        writing.captures.forget()
        kept = (_kept(begun, writing.captures, batch) for batch in part)
        yield Slice(
            begun=begun, harvests=_harvests(begun, kept, remembered=partial(writing.memory.lines, without=last))
        )
        last = begun.run_id


def _all_brought_in(
    slices: Iterable[Slice], writing: Writing, *, count: progress.Count, asked: Sequence[str]
) -> Outcome | None:
    """The outcome of the slices up to the first that is refused; None without any. `asked`: see `_brought_in`."""
    outcome, not_before = None, 0.0
    for part in slices:
        if outcome is not None:
            _give_back(writing)
        hold = time.monotonic() < not_before
        last = _brought_in(part, writing, count=count, asked=() if outcome else asked)
        if last.report.run.state != "unchanged":
            _give_back(writing)  # a publication takes memory as well
            last = shown(part.begun, last, writing.warehouse, hold=hold)
        not_before = not_before if hold else time.monotonic() + HELD * last.report.seconds_of("publish")
        outcome = _together(outcome, last)
        if last.report.run.state == "refused":  # what comes after it in a file must not hide that it is missing
            break
    return outcome


def _give_back(writing: Writing) -> None:
    writing.warehouse.give_back_memory()
    give_back_memory()


def _brought_in(part: Slice, writing: Writing, *, count: progress.Count, asked: Sequence[str]) -> Outcome:
    """One run of an ingest: a slice in the warehouse, not yet shown to people. With it its rows leave the memory.

    `asked` are the addresses that are asked for again: what was wrong with them then is mended, unless it comes again.
    """
    begun, connection = part.begun, writing.warehouse.connection
    harvest = _whole(begun, part.harvests, count=count)
    if not _is_news(harvest):
        return _unchanged(begun, harvest)
    loadable = checked_of(begun, harvest, history_of(connection))
    loadable = replace(loadable, retried=open_items_at(connection, asked))
    hosts = harvest.tables["pages"]["host"].unique().to_pylist()
    writing.memory.keep((host for host in hosts if host), run=begun.run_id)
    return stored(begun, harvest, loadable, writing.warehouse, writing.captures)


def _is_news(harvest: Harvest) -> bool:
    """Whether there is something to write."""
    return bool(harvest.inputs) or any(refusal.stage in TOLD_STAGES for refusal in harvest.rejected)


def _batches_of(order: Order, sources: Iterable[Source | Address | Rejected], *, known: Known) -> Iterator[Batch]:
    """The sources in batches, with the addresses among them asked for."""
    memory = memory_beside(captures_at(order.warehouse, order.settings))
    found = reached(sources, settings=order.settings, known=known, memory=memory, rehearsal=order.rehearsal)
    return batches_of(found, known=known, columns=columns_of(order.settings.columns), stays=order.archives_stay)


def _together(before: Outcome | None, last: Outcome) -> Outcome:
    """The outcome of several runs; one that changed nothing only adds to the count of the others."""
    if before is None:
        return last
    if last.report.run.state == "unchanged":
        before, last = replace(last, earlier=before.earlier), before
    return replace(
        last, refused=(*before.refused, *last.refused), earlier=(*before.earlier, before.report.run, *last.earlier)
    )


def captures_of(order: Order, open_warehouse: Writer) -> Captures:
    """The captures of the warehouse, where the settings have them."""
    return open_warehouse.captures(
        captures_at(order.warehouse, order.settings), file_bytes=order.settings.capture_bytes
    )


def harvested(
    begun: Begun,
    batches: Iterable[Batch],
    *,
    count: progress.Count,
    remembered: Callable[[Iterable[str]], Mapping[str, HostLines]] = lambda _: {},
) -> Harvest:
    """What extraction makes of all the batches; `remembered` gives what earlier runs know of hosts."""
    return _whole(begun, _harvests(begun, batches, remembered=remembered), count=count)


def _whole(begun: Begun, harvests: Iterator[Harvest | None], *, count: progress.Count) -> Harvest:
    progress.step("extract")
    return begun.steps.extract(harvests, none=nothing(begun.run_id, begun.started), count=count)


def _harvests(
    begun: Begun, batches: Iterable[Batch], *, remembered: Callable[[Iterable[str]], Mapping[str, HostLines]]
) -> Iterator[Harvest | None]:
    """The harvests as they come; what is timed is the work on them, whoever waits for it."""
    jobs = (
        Job(
            batch=batch,
            run_id=begun.run_id,
            now=begun.started,
            remembered=remembered(page.host for page in batch.pages if page.host),
        )
        for batch in batches
    )
    harvests = begun.harvester(jobs)
    with suppress(StopIteration):
        while True:
            yield begun.watch.counted("extract", partial(next, harvests))


def _kept(begun: Begun, captures: Captures, batch: Batch) -> Batch:
    """The batch with its bytes on the disk: from here on a row can point at them."""
    keep = partial(captures.of_pages, batch.pages, now=begun.started)
    return replace(batch, pages=begun.watch.counted("capture", keep))


def checked_of(begun: Begun, harvest: Harvest, history: History = NO_HISTORY) -> Loadable:
    """What of the harvest may enter, and what not; without a history the batch is compared with nothing."""
    answers = begun.watch.timed("check", partial(begun.steps.check, harvest.tables, run_id=begun.run_id))
    compare = partial(compared, answers, history, now=begun.started, accepted=begun.order.accept)
    return loadable_of(begun, harvest, begun.watch.timed("compare", compare))


def stored(begun: Begun, harvest: Harvest, loadable: Loadable, open_warehouse: Writer, captures: Captures) -> Outcome:
    """Write what passed the checks and what did not, and what there is to report; nobody is shown any of it yet."""
    history = history_of(open_warehouse.connection)
    kept = replace(loadable, quarantined=captures.of_items(loadable.quarantined, now=begun.started))
    loaded = begun.watch.timed("load", partial(begun.steps.load, open_warehouse, kept))
    loadable = with_audits(loadable, loaded.audits)
    harvest = replace(harvest, tables={**harvest.tables, **loaded.failing})
    known = report_of(begun, harvest, loadable, history=history, connection=open_warehouse.connection)
    report = replace(known, written=loaded.written)
    rows, folder = harvest.tables["pages"].to_pylist(), captures.folder
    explained = explain_pages(report, begun.order.reports, pages=rows, captures=folder, today=begun.started.date())
    report = replace(report, explained=explained)
    keep_report(open_warehouse.connection, report)
    return Outcome(report=report, path=None, refused=_refused(harvest), unpublished=True)


def shown(begun: Begun, outcome: Outcome, open_warehouse: Writer, *, hold: bool = False) -> Outcome:
    """Show people what was stored, unless it is to be on `hold`, and the report of it."""
    unpublished = hold or begun.watch.timed("publish", partial(_unpublished, begun, open_warehouse))
    report = replace(outcome.report, timings=begun.watch.timings())  # with the publication, which the stored one lacks
    path = begun.steps.report(report, begun.order.reports)
    write_index(begun.order.reports, open_warehouse.connection)
    waiting = open_refusals(open_warehouse.connection)
    return replace(outcome, report=report, path=path, waiting=waiting, unpublished=unpublished)


def _unpublished(begun: Begun, open_warehouse: Writer) -> bool:
    """Publish, unless the last time was too short ago for a file of this size; whether rows wait for the next time."""
    settings = begun.order.settings
    due = is_due(open_warehouse, now=time.time(), seconds=settings.publish_seconds, size=settings.publish_bytes)
    if due:
        begun.steps.publish(open_warehouse)
    return not due and is_pending(open_warehouse)


def _rehearsed(begun: Begun, sources: Sequence[Source | Address | Rejected], count: progress.Count) -> Outcome:
    """All that an ingest would do up to its first write."""
    with readable(begun.order.warehouse) as dealt_with:
        harvest = harvested(begun, _batches_of(begun.order, sources, known=dealt_with), count=count)
    if not _is_news(harvest):
        return replace(_unchanged(begun, harvest), rehearsal=True)
    history = published_history(begun.order.warehouse)
    report = report_of(begun, harvest, checked_of(begun, harvest, history), history=history)
    return Outcome(report=report, path=None, refused=_refused(harvest), rehearsal=True)


def _unchanged(begun: Begun, harvest: Harvest) -> Outcome:
    run = run_of(begun, "unchanged", harvest.funnel)
    return Outcome(
        report=RunReport(run=run, inputs=begun.order.sources),
        path=last_report(begun.order.reports),
        refused=_refused(harvest),
    )


def _refused(harvest: Harvest) -> tuple[Rejected, ...]:
    """What gave no page, as opposed to pages or quotes that were looked at and not taken."""
    found = (refusal for refusal in harvest.rejected if refusal.page_id is None and refusal.stage not in REMARKS)
    return tuple(replace(refusal, payload=b"") for refusal in found)
