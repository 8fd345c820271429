"""What a run report tells, as frozen records: the page and its JSON are made from one RunReport and nothing else."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from extractors.records import ArticleKind, Extraction, Quote, QuoteKind
from warehouse.records import Check, Quarantined, Run, RunState, Written
from warehouse.report.text import cut, excerpt

SAMPLED_QUOTES = 5  # per article: enough to see whether text and speaker belong together
SAMPLED_REFUSALS = 5  # per code: the first ones, in the order they came
LONGEST_QUOTE = 280  # characters of a sampled quote
LONGEST_NAME = 300  # characters of a title, site or speaker
LONGEST_DETAIL = 500
LONGEST_URI = 500  # characters; the page's id stands beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSample:
    """A quote of an article, cut to LONGEST_QUOTE characters."""

    text: str
    speaker: str | None
    kind: QuoteKind
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """An article of the run; `speakers` counts the different ones, `unattributed` its quotes without any.

    `loaded` is False for an article that the checks held back.
    """

    article_id: UUID
    page_id: UUID
    uri: str
    url: str | None
    position: int
    title: str | None
    site: str | None
    kind: ArticleKind
    published: date | None
    words: int
    quotes: int
    speakers: int
    unattributed: int
    confidence: float
    flags: tuple[str, ...]
    loaded: bool
    samples: tuple[QuoteSample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalSample:
    """One refusal: `excerpt` is the beginning of its `bytes` bytes as text."""

    item_id: UUID
    uri: str
    detail: str
    page_id: UUID | None
    bytes: int
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """All that was refused with one code at one stage, and the first few of it."""

    stage: str
    code: str
    count: int
    samples: tuple[RefusalSample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long one step of the run took, in seconds."""

    step: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An earlier run in a trend."""

    run_id: UUID
    started: datetime
    state: RunState
    pages: int
    articles: int
    quotes: int
    extractor_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A measure of the run beside that of the last run, and of the last run of another extractor."""

    name: str
    value: float
    last: float | None
    other: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLine:
    """What one host brought (None: unknown); `trend` are its pages in earlier runs and in this one, oldest first."""

    host: str | None
    pages: int
    with_articles: int
    articles: int
    words: int
    quotes: int
    unattributed: int
    trend: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many rows have a value, in one aspect of text, date or quote."""

    aspect: str
    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRow:
    """A row that failed the check `name`: what it says, where it came from, and its place on the explained page."""

    table_name: str
    name: str
    row_id: str
    says: str
    uri: str
    page_id: UUID | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCost:
    """How long the extraction of a page took, in seconds of wall time."""

    page_id: UUID
    uri: str
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run: `articles` are all of it, or as many as the page lists of `article_count`.

    `explained` are the pages that have an explain page beside the report, `points` the runs before this one, `last_run`
    and `other_run` those that `compared` is about.

    `versions` are (name, version) of what produced the rows, `inputs` the sources as the user named them, `written` the
    rows that changed in the warehouse.
    """

    run: Run
    checks: tuple[Check, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    articles: tuple[ArticleLine, ...] = ()
    written: tuple[Written, ...] = ()
    timings: tuple[Timing, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    inputs: tuple[str, ...] = ()
    article_count: int = 0
    hosts: tuple[HostLine, ...] = ()
    host_count: int = 0
    points: tuple[Point, ...] = ()
    compared: tuple[Compared, ...] = ()
    last_run: Point | None = None
    other_run: Point | None = None
    tallies: tuple[Tally, ...] = ()
    failing: tuple[FailingRow, ...] = ()
    costs: tuple[PageCost, ...] = ()
    explained: tuple[UUID, ...] = ()

    def seconds_of(self, step: str) -> float:
        """How long a step took; 0 if the run had none such."""
        return sum(timing.seconds for timing in self.timings if timing.step == step)


def article_lines(extraction: Extraction, *, held_back: Container[UUID] = ()) -> tuple[ArticleLine, ...]:
    """The report's lines for the articles of one page; `held_back` are the ids of articles that the checks refused."""
    page = extraction.page
    by_article: dict[UUID, list[Quote]] = {article.article_id: [] for article in extraction.articles}
    for quote in extraction.quotes:
        by_article.setdefault(quote.article_id, []).append(quote)
    return tuple(
        ArticleLine(
            article_id=article.article_id,
            page_id=page.page_id,
            uri=cut(page.uri, LONGEST_URI),
            url=page.url if page.url and len(page.url) <= LONGEST_URI else None,
            position=article.position,
            title=_short(article.title),
            site=_short(article.site),
            kind=article.kind,
            published=article.published,
            words=article.word_count,
            quotes=len(by_article[article.article_id]),
            speakers=len({quote.speaker for quote in by_article[article.article_id]} - {None}),
            unattributed=sum(quote.speaker is None for quote in by_article[article.article_id]),
            confidence=article.confidence,
            flags=tuple(cut(flag, 60) for flag in article.flags[:8]),
            loaded=article.article_id not in held_back,
            samples=quote_samples(by_article[article.article_id]),
        )
        for article in extraction.articles
    )


def quote_samples(quotes: Sequence[Quote]) -> tuple[QuoteSample, ...]:
    """At most SAMPLED_QUOTES of the quotes, spread evenly over them, in their order."""
    count = min(len(quotes), SAMPLED_QUOTES)
    return tuple(
        QuoteSample(
            text=cut(quote.text, LONGEST_QUOTE),
            speaker=_short(quote.speaker),
            kind=quote.kind,
            confidence=quote.confidence,
        )
        for quote in (quotes[index * len(quotes) // count] for index in range(count))
    )


def refusals_of(quarantined: Iterable[Quarantined]) -> tuple[Refusal, ...]:
    """Everything refused, counted by stage and code, the most frequent first."""
    found: dict[tuple[str, str], tuple[int, tuple[RefusalSample, ...]]] = {}
    for item in quarantined:
        count, samples = found.get((item.stage, item.code), (0, ()))
        kept = samples if len(samples) >= SAMPLED_REFUSALS else (*samples, _sample(item))
        found[item.stage, item.code] = count + 1, kept
    refusals = (
        Refusal(stage=stage, code=code, count=count, samples=samples)
        for (stage, code), (count, samples) in found.items()
    )
    return tuple(sorted(refusals, key=lambda refusal: (-refusal.count, refusal.code)))


def _sample(item: Quarantined) -> RefusalSample:
    return RefusalSample(
        item_id=item.item_id,
        uri=cut(item.uri, LONGEST_URI),
        detail=cut(item.detail, LONGEST_DETAIL),
        page_id=item.page_id,
        bytes=len(item.payload),
        excerpt=excerpt(item.payload),
    )


def _short(name: str | None) -> str | None:
    return None if name is None else cut(name, LONGEST_NAME)
