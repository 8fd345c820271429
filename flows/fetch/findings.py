"""What is asked how, and what comes of it: bytes, the word that nothing has changed, or a refusal with its code."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from extractors.errors import PullquoteError
from extractors.records import Rejected
from flows.fetch.address import Network
from flows.fetch.exchange import Limits
from flows.fetch.reach import FETCH_STAGE
from flows.sources import Met

STATUS, LATER, NESTED, TOO_MANY, TOO_MANY_HOPS = (
    f"{FETCH_STAGE}.{what}" for what in ("status", "later", "nested", "too_many", "redirects")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How to ask: `pause` between two questions to a host, `patience` with one that asks for a longer one (seconds),
    `attempts` at an address, `pages` that listings may lead to in a run, `hosts` asked at the same time.
    """

    agent: str
    limits: Limits
    allowed: tuple[Network, ...] = ()
    pause: float
    patience: float
    attempts: int
    pages: int
    hosts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Obtained:
    """The bytes of an address, under the name that it was asked by; `url` is where redirects led."""

    uri: str
    url: str
    data: bytes = field(repr=False)
    fetched_at: datetime
    media_type: str | None


Finding = Obtained | Met | Rejected


def status_told(status: int) -> str:
    """A status in words."""
    try:
        return f"the server says {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"the server says {status}"


def refused(uri: str, error: PullquoteError) -> Rejected:
    """The address as a refusal."""
    return Rejected(stage=FETCH_STAGE, code=error.code, detail=error.detail, uri=uri)
