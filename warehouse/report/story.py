"""The run in words and proportions: the verdict, the steps of the funnel, and which rows the page has room for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from markupsafe import escape

from warehouse.records import Check, Funnel
from warehouse.report.records import ArticleLine, RunReport
from warehouse.report.text import quantity, visible

Fate = Literal["kept", "aside", "lost"]  # went on; left for a harmless reason; refused

WORDS = {"passed": "Passed", "warned": "Passed with warnings", "refused": "Refused", "unchanged": "Nothing new"}
# Stages whose refusals are remarks: candidates that were no quotes, dates that cannot be, records of archives that hold
# no page. They are counted and shown, but nothing is held back for them: neither quarantined nor a reason to warn.
REMARKS = frozenset({"quote", "metadata", "skip"})
MEASURES = {
    "pages": "Pages",
    "extraction_rate": "Pages with an article",
    "quotes_per_1000_words": "Quotes in 1,000 words",
    "without_title": "Articles without a title",
    "without_date": "Articles without a date",
    "without_author": "Articles without an author",
    "without_speaker": "Quotes without a speaker",
    "repeated_articles": "Articles with the body of another one",
}
COUNTED = frozenset({"pages", "quotes_per_1000_words"})  # all others are shares
BAR = 1000  # units of a bar's width
SLIVER = 8  # units: the narrowest share of a bar that is still seen
MAX_LISTED = 300  # articles; with the budget it keeps the page of any run below 2 MB
BUDGET = 1_200_000  # bytes of listed articles, escaped
MARKUP = 1_500  # bytes of markup around an article and its samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a step: how many went this way."""

    name: str
    count: int
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the funnel: what came in, and where all of it went."""

    name: str
    total: int
    shares: tuple[Share, ...]

    @property
    def unaccounted(self) -> int:
        """How many are in no share; anything but 0 is a bug of the run, and the report says so."""
        return self.total - sum(share.count for share in self.shares)

    @property
    def missing(self) -> str:
        """What does not add up, in words; empty if all of it does."""
        if self.unaccounted < 0:
            return f"{-self.unaccounted:,} more than came in"
        return f"{self.unaccounted:,} unaccounted for" if self.unaccounted else ""

    @property
    def bar(self) -> tuple[tuple[int, int, Fate], ...]:
        """The shares as (start, width, fate) in a bar of BAR units, slivers wide enough to be seen."""
        counts = [share for share in self.shares if share.count > 0]
        if not counts:
            return ()
        total = sum(share.count for share in counts)
        widths = [max(round(BAR * share.count / total), SLIVER) for share in counts]
        widths[widths.index(max(widths))] -= sum(widths) - BAR
        starts = [sum(widths[:index]) for index in range(len(widths))]
        return tuple((start, width, share.fate) for start, width, share in zip(starts, widths, counts, strict=True))


def steps_of(funnel: Funnel) -> tuple[Step, ...]:
    """The funnel, step by step, from sources to quotes."""
    return (
        Step(
            name="sources",
            total=funnel.sources,
            shares=(
                Share(name="read as pages", count=funnel.pages, fate="kept"),
                Share(name="unchanged", count=funnel.unchanged, fate="aside"),
                Share(name="duplicate", count=funnel.duplicates, fate="aside"),
                Share(name="refused", count=funnel.refused, fate="lost"),
            ),
        ),
        Step(
            name="pages",
            total=funnel.pages,
            shares=(
                Share(name="with articles", count=funnel.pages_with_articles, fate="kept"),
                Share(name="without an article", count=funnel.pages_without_article, fate="lost"),
            ),
        ),
        Step(
            name="articles",
            total=funnel.articles,
            shares=(
                Share(name="loaded", count=funnel.articles_loaded, fate="kept"),
                Share(name="quarantined", count=funnel.articles_quarantined, fate="lost"),
            ),
        ),
        Step(
            name="quotes",
            total=funnel.quotes,
            shares=(
                Share(name="loaded", count=funnel.quotes_loaded, fate="kept"),
                Share(name="quarantined", count=funnel.quotes_quarantined, fate="lost"),
            ),
        ),
    )


def sentences_of(report: RunReport) -> tuple[str, ...]:
    """The verdict in words: what is in the warehouse now, what is not, what to look at."""
    funnel = report.run.funnel
    return (
        _loaded(report),
        *_held_back(funnel),
        *_doubts(report.checks),
        *(f"The funnel of {step.name} does not balance: {step.missing}." for step in steps_of(funnel) if step.missing),
    )


def _loaded(report: RunReport) -> str:
    funnel = report.run.funnel
    if not funnel.sources:
        return "There was nothing to read."
    if funnel.unchanged == funnel.sources:
        return f"{_all(funnel.sources, 'source')} already known and unchanged; the warehouse was not touched."
    if not funnel.pages:
        return f"No page came out of {quantity(funnel.sources, 'source')}."
    if report.run.state == "refused":
        brought = f"{quantity(funnel.articles, 'article')} with {quantity(funnel.quotes, 'quote')}"
        return f"The batch was refused as a whole; of its {brought} nothing was loaded."
    brought = f"{quantity(funnel.articles_loaded, 'article')} with {quantity(funnel.quotes_loaded, 'quote')}"
    return f"{brought} from {quantity(funnel.pages, 'page')} passed the checks."


def _all(count: int, noun: str) -> str:
    return f"The only {noun} was" if count == 1 else f"All {quantity(count, noun)} were"


def _held_back(funnel: Funnel) -> Iterable[str]:
    held = [
        text
        for count, text in (
            (funnel.refused, quantity(funnel.refused, "source")),
            (funnel.pages_without_article, quantity(funnel.pages_without_article, "page") + " without an article"),
            (funnel.articles_quarantined, quantity(funnel.articles_quarantined, "article")),
            (funnel.quotes_quarantined, quantity(funnel.quotes_quarantined, "quote")),
        )
        if count
    ]
    if held:
        yield f"Not loaded: {', '.join(held[:-1])}{' and ' if held[1:] else ''}{held[-1]}."
    elif funnel.pages:
        yield "Nothing was held back."


def _doubts(checks: Iterable[Check]) -> Iterable[str]:
    checks = tuple(checks)
    failed = Counter(check.severity for check in checks if not check.success)
    if failed["blocking"]:
        let_pass = [check.name for check in checks if check.accepted]
        yield f"{quantity(failed['blocking'], 'blocking rule')} failed{_let_pass(let_pass, failed['blocking'])}."
    if failed["critical"]:
        yield f"{quantity(failed['critical'], 'critical check')} failed."
    if failed["warning"]:
        yield f"{quantity(failed['warning'], 'check')} raised a warning."


def _let_pass(names: Sequence[str], failed: int) -> str:
    if not names:
        return ""
    return ", and was let pass" if failed == 1 else f", of which {len(names):,} let pass"


def listed(articles: tuple[ArticleLine, ...]) -> tuple[ArticleLine, ...]:
    """All articles in page order if there is room for them, else those held back and the least confident ones."""
    chosen = articles
    if len(articles) > MAX_LISTED:
        chosen = tuple(sorted(articles, key=lambda article: (article.loaded, article.confidence)))[:MAX_LISTED]
    room, kept = BUDGET, set[UUID]()
    for article in chosen:
        room -= _weight(article)
        if room >= 0:
            kept.add(article.article_id)
    return tuple(article for article in chosen if article.article_id in kept)


def measured(name: str, value: float) -> str:
    """A measure as people write it."""
    return f"{value:,.1f}".removesuffix(".0") if name in COUNTED else f"{value:.1%}"


def _weight(article: ArticleLine) -> int:
    """About how many bytes the article takes on the page: MARKUP, and its text as it will be written."""
    texts = [article.uri, article.url or "", article.title or "", article.site or "", *article.flags]
    texts += [sample.text + (sample.speaker or "") for sample in article.samples]
    return MARKUP + sum(len(escape(visible(text)).encode()) for text in texts)
