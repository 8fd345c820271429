"""What the warehouse knows about a run: its funnel, its checks, what was refused, and what was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import pyarrow as pa

from extractors.records import UNSTORED, Rejected, uuid_of

Severity = Literal["critical", "warning", "blocking"]  # refuses the row; is told; refuses the batch
RunState = Literal["passed", "warned", "refused", "unchanged"]
LedgerState = Literal["loaded", "no_article", "refused"]

MAX_FAILING = 100  # ids kept per check: enough to look into; the quarantine holds every critical row in full


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation's or rule's answer on one batch; `failing` are the ids of at most MAX_FAILING rows, as text.

    `accepted`: it failed, and a person let it pass.
    """

    table_name: str
    expectation: str
    name: str
    column_name: str | None
    severity: Severity
    description: str
    success: bool
    unexpected_count: int
    observed: str | None
    failing: tuple[str, ...]
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number about a batch, or about one host or language of it (`scope`; "" is the whole batch).

    `base` is how many rows a rate is of; None: the value is a count.
    """

    name: str
    scope: str
    value: float
    base: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """Something refused, with its bytes: a critical row (`payload` is the row as JSON) or a Rejected (its payload).

    The same refusal has the same `item_id` in every run, so repeating a run adds nothing. Bytes that are many are kept
    as a capture, and `payload` is empty then.
    """

    item_id: UUID
    stage: str
    code: str
    detail: str
    uri: str
    page_id: UUID | None
    payload: bytes
    capture: str | None = None
    run_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A ledger row: an input that a run has dealt with, by place and content.

    `position` is how far into the input the run came, in bytes; None: all of it.
    """

    uri: str
    sha256: str
    state: LedgerState
    position: int | None = None
    run_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Where everything went. A source is one document: a file that holds several pages counts once for each of them.

    unchanged: in the ledger already; refused: gave no page (unreadable, empty, binary, …); duplicates: the same page
    again in this run; loaded: passed the checks and stands in the warehouse, be it new or as it was;
    quotes_rejected: candidates that the extractor found not to be quotes (never part of `quotes`).
    """

    sources: int = 0
    unchanged: int = 0
    refused: int = 0
    duplicates: int = 0
    pages: int = 0
    pages_with_articles: int = 0
    pages_without_article: int = 0
    articles: int = 0
    articles_quarantined: int = 0
    articles_loaded: int = 0
    quotes: int = 0
    quotes_quarantined: int = 0
    quotes_loaded: int = 0
    quotes_rejected: int = 0

    @property
    def balances(self) -> bool:
        """Whether every source, page, article and quote is accounted for."""
        return (
            self.sources == self.unchanged + self.refused + self.duplicates + self.pages
            and self.pages == self.pages_with_articles + self.pages_without_article
            and self.articles == self.articles_quarantined + self.articles_loaded
            and self.quotes == self.quotes_quarantined + self.quotes_loaded
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the ingest: what started it, how it ended, its funnel, and the rules that a person let pass."""

    run_id: UUID
    trigger: str
    started: datetime
    finished: datetime
    state: RunState
    funnel: Funnel = field(metadata=UNSTORED)  # its counts are columns of the run
    extractor_version: str
    config_hash: str
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many rows of one table a load inserted, updated and deleted."""

    table_name: str
    inserted: int
    updated: int
    deleted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a load wrote, by table, the checks of what it settled across pages, and the rows that fail them."""

    written: tuple[Written, ...]
    audits: tuple[Check, ...]
    failing: Mapping[str, pa.Table] = field(default_factory=dict)


def quarantined_of(rejected: Rejected, *, run_id: UUID) -> Quarantined:
    """The quarantine item of an extractor's refusal."""
    page = str(rejected.page_id or "")
    article = "" if rejected.article is None else str(rejected.article)
    return Quarantined(
        item_id=uuid_of(rejected.stage, rejected.code, rejected.uri, page, article, rejected.payload),
        stage=rejected.stage,
        code=rejected.code,
        detail=rejected.detail,
        uri=rejected.uri,
        page_id=rejected.page_id,
        payload=rejected.payload,
        run_id=run_id,
    )
