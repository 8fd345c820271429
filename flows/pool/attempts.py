"""What to try next when a worker did not bring a job to its end; no process is known here."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from extractors.errors import PullquoteError
from extractors.records import Page
from flows.harvest import Harvest, Job, whole
from flows.intake import EMPTY

Code = Literal["extract.timeout", "extract.memory", "extract.crashed"]
POISON: frozenset[str] = frozenset(get_args(Code))  # nobody else looks at pages with these, or they end that one, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A job that ended its worker: the page that the worker was at (its place among `job.pages`; None: at no page), and
    the traceback, if it was an exception.
    """

    page: int | None
    code: Code
    detail: str
    trace: str = ""


def resolved(job: Job) -> Generator[Job, Harvest | Broken, Harvest]:
    """The harvest of a job: yields what to try, and is sent what came of it.

    It may have been bad luck, or what pages have in common: so the job is done again with its pages apart. A page that
    takes too long then is refused. One that ends its worker in another way is refused if it does so alone, too; else the
    job is done in halves: it may have been too much. PullquoteError pool.failed if workers end with no page to blame.
    """
    while True:
        outcome = yield job
        if isinstance(outcome, Harvest):
            return outcome
        if not job.apart and len(job.pages) != 1:
            job = replace(job, apart=True)
            continue
        page = _suspect(job.pages, outcome)
        if page is None or (len(job.pages) > 1 and outcome.code != "extract.timeout"):
            alone = page and (yield _part(job, (page,)))
            if not isinstance(alone, Broken):
                return (yield from _halved(job, outcome))
            outcome = alone
        if page:
            job = replace(job, poison={**job.poison, page.page_id: (outcome.code, outcome.detail)})


def _halved(job: Job, why: Broken) -> Generator[Job, Harvest | Broken, Harvest]:
    pages = job.pages
    if len(pages) < 2:
        raise PullquoteError("pool.failed", f"a worker ended twice with no page to blame: {why.detail}")
    half = len(pages) // 2
    later = frozenset(page.page_id for page in pages[half:])
    kept = tuple(page for page in job.batch.pages if page.page_id not in later)
    first = yield from resolved(replace(job, batch=replace(job.batch, pages=kept)))
    second = yield from resolved(_part(job, pages[half:]))
    return whole([first, second])


def _part(job: Job, pages: tuple[Page, ...]) -> Job:
    """Some of the job's pages, without what else its batch tells."""
    return replace(job, batch=replace(EMPTY, pages=pages))


def _suspect(pages: tuple[Page, ...], outcome: Broken) -> Page | None:
    if len(pages) == 1:
        return pages[0]
    return None if outcome.page is None else pages[outcome.page]
