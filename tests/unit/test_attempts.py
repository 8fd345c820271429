"""What is tried when a job ends its worker: decided without any process."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from extractors.errors import PullquoteError
from extractors.formats import pages_in
from extractors.records import Page
from flows.harvest import Harvest, Job, harvest_of
from flows.intake import Batch
from flows.pool.attempts import Broken, Code, resolved


def job_of(count: int) -> Job:
    pages = []
    for n in range(count):
        (page,) = pages_in(b"Words of page %d." % n, uri=f"{n}.txt")
        assert isinstance(page, Page)
        pages.append(page)
    batch = Batch(pages=tuple(pages), inputs=(), rejected=(), unchanged=2, duplicates=1)
    return Job(batch=batch, run_id=UUID(int=1), now=datetime(2026, 1, 1, tzinfo=UTC))


def tried(job: Job, outcomes: list[Broken | None]) -> tuple[list[list[str]], Harvest]:
    """The pages of each attempt, and the harvest; the outcomes in turn, None and what comes after them are harvests."""
    attempts = resolved(job)
    attempt, seen = next(attempts), []
    while True:
        seen.append([page.uri[0] for page in attempt.pages])
        outcome = outcomes.pop(0) if outcomes else None
        try:
            attempt = attempts.send(outcome or harvest_of(attempt))
        except StopIteration as end:
            return seen, end.value


def broken(page: int | None, code: Code = "extract.crashed") -> Broken:
    return Broken(page=page, code=code, detail="why")


def refused(harvest: Harvest) -> dict[str, str]:
    return {refusal.uri[0]: refusal.code for refusal in harvest.rejected if refusal.code != "extract.no_article"}


def test_a_late_page_is_refused_and_the_rest_done_again() -> None:
    seen, harvest = tried(job_of(3), [broken(0, "extract.timeout"), broken(1, "extract.timeout")])

    assert seen == [["0", "1", "2"], ["0", "1", "2"], ["0", "2"]]
    assert refused(harvest) == {"1": "extract.timeout"}
    assert harvest.funnel.pages == harvest.tables["pages"].num_rows == 3
    assert (harvest.funnel.unchanged, harvest.funnel.duplicates) == (2, 1)


def test_a_page_that_dies_alone_too_is_refused() -> None:
    seen, harvest = tried(job_of(3), [broken(1), broken(1), broken(None, "extract.memory")])

    assert seen == [["0", "1", "2"], ["0", "1", "2"], ["1"], ["0", "2"]]
    assert refused(harvest) == {"1": "extract.memory"}


def test_bad_luck_is_tried_again_whole() -> None:
    seen, harvest = tried(job_of(3), [broken(1), None])

    assert seen == [["0", "1", "2"], ["0", "1", "2"]]
    assert refused(harvest) == {}


def test_a_page_that_alone_does_no_harm_is_not_blamed() -> None:
    seen, harvest = tried(job_of(4), [broken(1), broken(1), None])

    assert seen == [["0", "1", "2", "3"], ["0", "1", "2", "3"], ["1"], ["0", "1"], ["2", "3"]]
    assert refused(harvest) == {}


def test_what_is_too_much_at_once_is_done_in_halves() -> None:
    seen, harvest = tried(job_of(4), [broken(None), broken(None)])

    assert seen == [["0", "1", "2", "3"], ["0", "1", "2", "3"], ["0", "1"], ["2", "3"]]
    assert harvest.funnel.pages == 4
    assert (harvest.funnel.unchanged, harvest.funnel.duplicates) == (2, 1)


def test_workers_that_end_for_no_page_are_an_error() -> None:
    with pytest.raises(PullquoteError, match="no page to blame"):
        tried(job_of(0), [broken(None)] * 2)


def test_poison_on_every_page_ends() -> None:
    seen, harvest = tried(job_of(3), [broken(0, "extract.timeout")] * 4)

    assert len(seen) == 5
    assert len(refused(harvest)) == 3
