"""What a run report tells, as frozen records: the page and its JSON are made from one RunReport and nothing else."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from extractors.records import ArticleKind, Extraction, Quote, QuoteKind
from warehouse.records import Check, Quarantined, Run, Written
from warehouse.report.text import cut

SAMPLED_QUOTES = 5  # per article: enough to see whether text and speaker belong together
SAMPLED_REFUSALS = 5  # per code: the first ones, in the order they came
LONGEST_QUOTE = 280  # characters of a sampled quote
LONGEST_NAME = 300  # characters of a title, site or speaker
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
class Refusal:
    """All that was refused with one code at one stage, and the first few of it."""

    stage: str
    code: str
    count: int
    samples: tuple[Quarantined, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long one step of the run took, in seconds."""

    step: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run, complete: every article of the run is in `articles`, the page and the JSON choose what they list.

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
    found: dict[tuple[str, str], tuple[int, tuple[Quarantined, ...]]] = {}
    for item in quarantined:
        count, samples = found.get((item.stage, item.code), (0, ()))
        kept = samples if len(samples) >= SAMPLED_REFUSALS else (*samples, item)
        found[item.stage, item.code] = count + 1, kept
    refusals = (
        Refusal(stage=stage, code=code, count=count, samples=samples)
        for (stage, code), (count, samples) in found.items()
    )
    return tuple(sorted(refusals, key=lambda refusal: (-refusal.count, refusal.code)))


def _short(name: str | None) -> str | None:
    return None if name is None else cut(name, LONGEST_NAME)
