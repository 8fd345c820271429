"""A page as one line of JSON, by the contract of `pullquote extract`."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from extractors.extract import extraction_of
from extractors.records import Article, Extraction, PlacedBlock, Rejected
from flows.fetch.reach import reached
from flows.intake import pages_of
from flows.settings import DEFAULTS, Settings
from flows.sources import Source, data_of, sources_of

PAGE = ("page_id", "uri", "url", "format", "charset", "language", "bytes", "sha256", "fetched_at")
ARTICLE = (
    *("article_id", "position", "kind", "title", "authors", "site", "published", "published_source", "modified"),
    *("language", "work", "confidence", "flags", "body"),
)
WORK = ("title", "year", "type")
QUOTE = (
    *("quote_id", "article_id", "position", "text", "speaker", "speaker_as_written", "kind", "stage_directions"),
    *("conversation", "conversation_guessed", "parts", "start", "stop", "rule", "confidence", "before", "after"),
)
REJECTED = ("stage", "code", "detail")


def extractions_of(
    arguments: Sequence[str], *, today: date, settings: Settings = DEFAULTS
) -> Iterator[Extraction | Rejected]:
    """What the named sources hold, page by page, and in its place what gave no page."""
    for source in reached(sources_of(arguments), settings=settings):
        if not isinstance(source, Source):
            if isinstance(source, Rejected):
                yield source
            continue
        data = data_of(source)
        if isinstance(data, Rejected):
            yield data
            continue
        for page in pages_of(source, data):
            yield page if isinstance(page, Rejected) else extraction_of(page, today=today)


def line_of(extraction: Extraction, *, blocks: bool = False) -> str:
    """The extraction as one line without its newline; the blocks with their verdicts only on demand."""
    document: dict[str, object] = {
        "page": _chosen(extraction.page, PAGE),
        "articles": [_article(article) for article in extraction.articles],
        "quotes": [_chosen(quote, QUOTE) for quote in extraction.quotes],
        "rejected": [_chosen(refusal, REJECTED) for refusal in extraction.rejected],
    }
    if blocks:
        document["blocks"] = [_block(placed) for placed in extraction.blocks]
    line = json.dumps(document, ensure_ascii=False, default=_plain)
    return line.encode("utf-8", "replace").decode()  # half a surrogate pair, as the warehouse stores it


def _chosen(record: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(record, name) for name in names}


def _article(article: Article) -> dict[str, object]:
    return _chosen(article, ARTICLE) | {"work": article.work and _chosen(article.work, WORK)}


def _block(placed: PlacedBlock) -> dict[str, object]:
    block, verdict = placed.block, placed.verdict
    return {
        "line": block.line,
        "start": block.start,
        "stop": block.stop,
        "role": verdict.role,
        "reason": verdict.reason,
        "score": verdict.score,
        "article": placed.article,
    }


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no JSON for a {type(value).__name__}")
