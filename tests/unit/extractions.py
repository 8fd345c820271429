"""Extractions made by hand, for tests of all that comes after the extractor."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from extractors.records import (
    Article,
    Block,
    Extraction,
    Page,
    PlacedBlock,
    Quote,
    Rejected,
    Verdict,
    Work,
    uuid_of,
)

NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
VERSION = "1.0"
RUN = uuid_of("run 1")

KEPT = Verdict(role="content", reason="long", score=0.9)
DROPPED = Verdict(role="boilerplate", reason="short", score=0.1)

Said = tuple[str | None, str]
"""Who said it, and the words as they stand in the body; two slices are divided by " … "."""


def page_of(data: bytes, *, uri: str = "a.txt", url: str | None = None) -> Page:
    return Page(
        page_id=uuid_of(data, url or ""),
        uri=uri,
        url=url,
        host=url.split("/")[2] if url else None,
        format="text",
        charset="utf-8",
        language="en",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        fetched_at=None,
        data=data,
    )


def work_of(title: str, year: int | None = 2013) -> Work:
    return Work(work_id=uuid_of("film", title.casefold(), str(year)), title=title, year=year, type="film")


def quote_of(article_id: UUID, body: str, said: Said, *, position: int) -> Quote:
    speaker, words = said
    parts = []
    reached = 0
    for piece in words.split(" … "):
        start = body.index(piece, reached)
        reached = start + len(piece)
        parts.append((start, reached))
    return Quote(
        quote_id=uuid_of(str(article_id), str(position), words),
        article_id=article_id,
        position=position,
        text=" ".join(body[start:stop] for start, stop in parts),
        speaker=speaker,
        speaker_as_written=speaker,
        kind="inline_direct",
        stage_directions=("laughs",),
        conversation=None,
        parts=tuple(parts),
        start=parts[0][0],
        stop=parts[-1][1],
        rule="cue",
        confidence=0.9,
        before=body[max(0, parts[0][0] - 20) : parts[0][0]],
        after=body[parts[-1][1] : parts[-1][1] + 20],
    )


def article_of(page: Page, body: str, *, position: int = 0, title: str | None = "A title", quotes: int = 0) -> Article:
    return Article(
        article_id=uuid_of(str(page.page_id), str(position)),
        page_id=page.page_id,
        position=position,
        kind="article",
        title=title,
        authors=("Ada Writer", "Ben Editor"),
        site="A Site",
        published=date(2014, 8, 8),
        published_source="byline",
        modified=date(2014, 8, 9),
        language="en",
        work=work_of("Her"),
        body=body,
        word_count=len(body.split()),
        quote_count=quotes,
        confidence=0.97,
        flags=("paywalled",),
        boilerplate_share=0.25,
    )


def extraction_of_articles(page: Page, articles: Sequence[tuple[Article, Sequence[Said]]]) -> Extraction:
    """The articles with their quotes, between two blocks of boilerplate; without articles the page says why."""
    made, quotes = [], []
    for article, said in articles:
        made.append(replace(article, quote_count=len(said)))
        quotes += [quote_of(article.article_id, article.body, words, position=n) for n, words in enumerate(said)]
    texts: list[tuple[str, int | None]] = [("MENU", None)]
    texts += [(paragraph, a.position) for a in made for paragraph in a.body.split("\n\n")]
    texts.append(("All rights reserved", None))
    blocks, start = [], 0
    for position, (text, number) in enumerate(texts):
        block = Block(position=position, line=position + 1, start=start, stop=start + len(text), text=text)
        blocks.append(PlacedBlock(block=block, verdict=DROPPED if number is None else KEPT, article=number))
        start += len(text) + 1
    rejected = () if made else (no_article(page),)
    return Extraction(
        page=page, articles=tuple(made), quotes=tuple(quotes), blocks=tuple(blocks), rejected=tuple(rejected)
    )


def no_article(page: Page) -> Rejected:
    return Rejected(
        stage="extract",
        code="extract.no_article",
        detail="no text long enough",
        uri=page.uri,
        page_id=page.page_id,
        payload=page.data,
    )


def extraction_of(body: str, *said: Said, uri: str = "a.txt", url: str | None = None) -> Extraction:
    """A page with one article that has this body and these quotes."""
    page = page_of(body.encode("utf-8", "replace"), uri=uri, url=url)
    return extraction_of_articles(page, [(article_of(page, body), said)])


def seedlings(count: int = 3) -> list[Extraction]:
    """Pages of one article each, with a split quote, a speaker without a name, and a page without any article."""
    pages = [
        extraction_of(
            f"“The past is just a story,” said Samantha on day {n}, “we tell ourselves.”\n\nHe said: “Hello {n}.”"
            "\n\nNobody else said a word, and the rain went on.",
            ("Samantha", "The past is just a story, … we tell ourselves."),
            (None, f"Hello {n}."),
            uri=f"page-{n}.txt",
            url=f"https://example.org/{n}",
        )
        for n in range(count)
    ]
    empty = page_of(b"nothing here", uri="nothing.txt")
    return [*pages, extraction_of_articles(empty, [])]
