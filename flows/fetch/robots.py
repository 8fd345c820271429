"""What a robots.txt lets us ask for (RFC 9309)."""

from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from extractors.errors import PullquoteError

ROBOTS = "fetch.robots"
MOST_BYTES = 512_000  # that a crawler must read at least
PRODUCT = "pullquote"  # the name that robots.txt files speak to


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin allows, the pause it wants between requests (seconds), and why it allows nothing at all."""

    allows: Callable[[str], bool]
    pause: float = 0.0
    closed: PullquoteError | None = None


def rules_of(status: int, data: bytes) -> Rules:
    """The rules of an answer to the question for robots.txt: a file that is not there forbids nothing, a server that
    cannot say forbids all.
    """
    if status in {200, 203}:
        return rules_in(data)
    if 400 <= status < 500 and status != 429:
        return Rules(allows=lambda _: True)
    return closed_by(PullquoteError(ROBOTS, f"its robots.txt could not be read: {status}"))


def closed_by(error: PullquoteError) -> Rules:
    """The rules of an origin that cannot be asked."""
    return Rules(allows=lambda _: False, closed=error)


def rules_in(data: bytes) -> Rules:
    """The rules in a robots.txt, of which the first MOST_BYTES count."""
    text = data[:MOST_BYTES].decode("utf-8-sig", "replace")
    parsed = Protego.parse(text)
    pause = parsed.crawl_delay(PRODUCT) or 0.0
    rate = parsed.request_rate(PRODUCT)
    if rate and rate.requests:
        pause = max(pause, rate.seconds / rate.requests)
    return Rules(allows=lambda url: bool(parsed.can_fetch(url, PRODUCT)), pause=max(0.0, pause))
