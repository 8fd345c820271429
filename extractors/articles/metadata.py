"""Title, authors, dates, site, language, kind and work of one run of blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from resiliparse.parse.lang import detect_fast

from extractors.articles.around import FOOT_LINES, Surroundings
from extractors.articles.bylines import authors_of
from extractors.articles.dating import dates_of
from extractors.articles.nearby import neighbourhood_of
from extractors.articles.titles import title_of
from extractors.articles.work import work_of
from extractors.records import ArticleKind, Work

REVIEW = re.compile(r"\breviews?\b", re.IGNORECASE)
OWN_REVIEW = re.compile(
    r"\b(?:this|my|our|the following) review\b|\buser reviews?\b|\bout of (?:five|5|ten|10) stars\b", re.IGNORECASE
)
LIST_TITLE = re.compile(
    r"^(?:the )?(?:top )?\d{1,3}\b|\b\d{1,3} (?:best|most|ways|things|reasons|quotes|tips|facts)\b", re.IGNORECASE
)
MIN_TEXT = 40  # characters
LIKELY_ARTICLE = 0.3  # below it a page is a product, a thread, a listing …
QUOTE_SHARE = 0.6  # of the body's words inside script and list quotes
LANGUAGE_SCORE = 1200  # resiliparse's distance from which a guess is no better than none


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an article besides its body. `title_at`, `byline_at`, `date_at` are the blocks they stand in;
    `problems` are (code, detail) of claims that were not believed.
    """

    title: str | None
    authors: tuple[str, ...]
    site: str | None
    published: date | None
    published_source: str | None
    modified: date | None
    language: str | None
    work: Work | None
    title_at: int | None
    byline_at: int | None
    date_at: int | None
    problems: tuple[tuple[str, str], ...] = ()


def facts_of(around: Surroundings, body: str) -> Facts:
    """The facts of one run, each from the most reliable source that has it."""
    title, title_at = title_of(around, body)
    near = neighbourhood_of(around, title_at)
    authors, byline_at = authors_of(near)
    dates = dates_of(near)
    return Facts(
        title=title,
        authors=authors,
        site=_site(around, body, title_at, authors),
        published=dates.published,
        published_source=dates.source,
        modified=dates.modified,
        language=language_of(body),
        work=work_of(
            title,
            [around.blocks[i].text for i in around.head],
            body,
            around.works,
            around.json_ld.work,
        ),
        title_at=title_at,
        byline_at=byline_at,
        date_at=dates.at,
        problems=dates.problems,
    )


def language_of(text: str) -> str | None:
    """The language of a text as a two-letter code, None where it is too short to tell."""
    if len(text) < MIN_TEXT:
        return None
    name, distance = detect_fast(text[:20_000])
    return str(name) if distance < LANGUAGE_SCORE and name != "unknown" else None


def _site(around: Surroundings, body: str, title_at: int | None, authors: tuple[str, ...]) -> str | None:
    entry = around.run.entry
    if entry and entry.site:
        return entry.site
    if around.metas.site or around.json_ld.site:
        return around.metas.site or around.json_ld.site
    blocks = around.blocks
    behind = " ".join(blocks[i].text for i in around.run.foot[:FOOT_LINES]).casefold()
    for i in around.head:
        text = blocks[i].text
        later = title_at is None or i > title_at
        if later and text not in authors and _site_like(text) and (text in body or text.casefold() in behind):
            return text
    # A masthead: the site's name is the line above the title where the page begins with it.
    above = [i for i in around.run.head if title_at is not None and i < title_at]
    return blocks[0].text if above == [0] and _site_like(blocks[0].text) else None


def _site_like(text: str) -> bool:
    words = text.split()
    return (
        1 <= len(words) <= 5
        and text[0].isupper()
        and not text.endswith((".", ":", "?", "!"))
        and not any(map(str.isdigit, text))
    )


def kind_of(
    title: str | None, near: Sequence[str], body: str, quoted_words: int, claimed_type: str | None, probability: float
) -> ArticleKind:
    """What sort of text it is, by its title, header lines and the share of it that is quotes."""
    if quoted_words and quoted_words / max(1, len(body.split())) >= QUOTE_SHARE:
        return "quote_page"
    if claimed_type in ("review", "criticreview", "reviewnewsarticle"):
        return "review"
    if title and (REVIEW.search(title)):
        return "review"
    if any(
        ("review" in (low := text.lower()) or " stars" in low) and OWN_REVIEW.search(text)
        for text in (body[:3000], *near)
    ):
        return "review"
    if title and re.search(r"\binterview(?:s|ed)?\b|\bin conversation\b|\bQ&A\b", title, re.IGNORECASE):
        return "interview"
    if title and LIST_TITLE.search(title):
        return "list"
    return "article" if probability >= LIKELY_ARTICLE else "other"
