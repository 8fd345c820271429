"""One errand's way to its server: robots.txt where that is not known yet, then the page. Runs in the event loop."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from extractors.errors import PullquoteError
from flows.fetch.address import joined
from flows.fetch.exchange import Answer, Question, Wire, answer_of
from flows.fetch.queues import Errand
from flows.fetch.robots import ROBOTS, Rules, rules_of

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_ROBOTS_HOPS = 5  # RFC 9309, 2.3.1.2
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of it: an answer, or the error instead. `robots` is the answer about robots.txt, if it was asked for."""

    answer: Answer | None = None
    error: PullquoteError | None = None
    rules: Rules | None = None
    robots: Answer | None = None


async def visit(errand: Errand, rules: Rules | None, wire: Wire) -> Visit:
    """The errand done as far as it can be now; never raises a PullquoteError."""
    robots: Answer | None = None
    try:
        if rules is None:
            robots = await _robots_of(errand, wire)
            if robots.status in TRANSIENT:
                error = PullquoteError(ROBOTS, f"its robots.txt could not be read: {robots.status}")
                return Visit(answer=robots, error=error)
            rules = rules_of(robots.status, robots.data)
        if rules.closed:
            return Visit(error=rules.closed, rules=rules, robots=robots)
        if not rules.allows(errand.url):
            return Visit(error=PullquoteError(ROBOTS, "its robots.txt does not allow it"), rules=rules, robots=robots)
        return Visit(answer=await answer_of(question_of(errand), wire), rules=rules, robots=robots)
    except PullquoteError as error:
        return Visit(error=error, rules=rules, robots=robots)


def question_of(errand: Errand) -> Question:
    """The errand as a question, conditional if the very address has answered before."""
    known = errand.known if errand.known and errand.known.final == errand.url else None
    return Question(
        url=errand.url,
        etag=known.etag if known else None,
        modified=known.modified if known else None,
        trusted=errand.trusted,
    )


async def _robots_of(errand: Errand, wire: Wire) -> Answer:
    question = Question(url=robots_url(errand.origin), trusted=errand.trusted)
    answer = await answer_of(question, wire)
    for _ in range(MOST_ROBOTS_HOPS):
        if answer.status not in REDIRECTS:
            return answer
        leads = joined(answer.url, answer.headers.get("location", ""))
        question = replace(question, url=leads, trusted=answer.inside)
        answer = await answer_of(question, wire)
    return replace(answer, status=404)  # one that cannot be found is one that is not there, by the same paragraph


def robots_url(origin: str) -> str:
    """Where an origin has its robots.txt."""
    return f"{origin}/robots.txt"


def wanted_pause(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that a Retry-After asks for; None if there is none that can be read."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
