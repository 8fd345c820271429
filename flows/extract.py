"""A page as one line of JSON, by the contract of `pullquote extract`."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from extractors.extract import extraction_of
from extractors.formats.rows import columns_of
from extractors.records import Article, Extraction, Page, PlacedBlock, Rejected
from flows.fetch.reach import reached
from flows.opened import opened_inputs
from flows.settings import DEFAULTS, Settings
from flows.sources import Met, ReadFailedError, sources_of, unreadable

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
    for page in _pages(arguments, settings):
        yield page if isinstance(page, Rejected) else extraction_of(page, today=today)


def member_extractions(source: str, *, today: date, settings: Settings = DEFAULTS) -> Iterator[Extraction | Rejected]:
    """What a source holds; ARCHIVE#MEMBER is the one member of that name or address."""
    archive, member = _parted(source)
    if member is None:
        yield from extractions_of([source], today=today, settings=settings)
        return
    found = False
    for page in _pages([archive], settings):
        if page.uri.endswith(f"#{member}") or (isinstance(page, Page) and page.url == member):
            found = True
            yield page if isinstance(page, Rejected) else extraction_of(page, today=today)
    if not found:
        yield Rejected(stage="source", code="source.missing", detail=f"the archive holds no {member}", uri=archive)


def _parted(source: str) -> tuple[str, str | None]:
    """The file and the name behind its "#"; None where the whole is the name of a source."""
    place = source.find("#")
    while place > 0 and not Path(source).exists():
        if Path(source[:place]).is_file():
            return source[:place], source[place + 1 :]
        place = source.find("#", place + 1)
    return source, None


def _pages(arguments: Sequence[str], settings: Settings) -> Iterator[Page | Rejected]:
    columns = columns_of(settings.columns)
    for opened in opened_inputs(reached(sources_of(arguments), settings=settings)):
        if isinstance(opened, Met):
            continue
        if isinstance(opened, Rejected):
            yield opened
            continue
        try:
            for found in opened.found(columns=columns):
                yield from found.items
        except ReadFailedError as error:
            yield unreadable(opened.source.uri, error)


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
