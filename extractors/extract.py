"""One page → all that is in it. The whole path on one screen."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from extractors.articles.assemble import Draft, drafts_of, placed_blocks
from extractors.articles.bridge import text_by_trafilatura
from extractors.articles.metadata import language_of
from extractors.articles.split import Split, Unsplit, splits_of
from extractors.blocks.classify import verdicts_of
from extractors.blocks.document import Document
from extractors.blocks.hosts import SiteMemory, memory_of
from extractors.blocks.html import parsed_documents
from extractors.blocks.model import Models, shipped_models
from extractors.blocks.text import document_of
from extractors.errors import PullquoteError
from extractors.formats.charset import text_of, utf8_of
from extractors.quotes.page import NO_MARKUP, UNSEEN_VERDICT, Markup, markup_of, page_quotes
from extractors.records import Block, Extraction, Format, Page, Rejected

EXTRACTOR_VERSION = "0.2.0"
ROWS = 4_000  # blocks scored at once: more win nothing, and memory is bounded


def extraction_of(page: Page, *, today: date, models: Models | None = None) -> Extraction:
    """The articles and quotes of one page, every block judged, every refusal with its reason; never raises.

    `today` bounds the dates that can be true; `models` replace the shipped ones (benchmarks score every page with
    models that have not seen its domain).
    """
    (extraction,) = extractions_of([page], today=today, models=models)
    return extraction


def extractions_of(
    pages: Sequence[Page],
    *,
    today: date,
    models: Models | None = None,
    memories: Mapping[str, SiteMemory] = MappingProxyType({}),
    rows: int = ROWS,
) -> Iterator[Extraction]:
    """The extractions of a batch, in its order: its pages of one host, and those that `memories` knows of earlier
    batches by host, tell each other what the site repeats. Pages are scored together until they have that many `rows`
    (blocks), with 0 each by itself: what comes out is the same.
    """
    read = [_read(page) for page in pages]
    site = _repeated([found for found in read if isinstance(found, _Read)], memories)
    for span in _spans(read, rows):
        asked = [found for found in read[span.start : span.stop] if isinstance(found, _Read)]
        splits = splits_of([_unsplit(found, site) for found in asked], models or shipped_models(_format_of(asked)))
        for number in span:
            page, found = pages[number], read[number]
            if isinstance(found, _Read):
                yield _extraction(page, found, today, next(splits))
            else:
                rejected = _rejected(page, found.code, found.detail)
                yield Extraction(page=page, articles=(), quotes=(), blocks=(), rejected=(rejected,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The documents of a page, and what its markup tells of quotes."""

    page: Page
    documents: tuple[Document, ...]
    markup: Markup


def _repeated(read: Sequence[_Read], memories: Mapping[str, SiteMemory]) -> dict[str, SiteMemory]:
    """What is known of each host that has several pages."""
    by_host: dict[str, list[tuple[Document, ...]]] = defaultdict(list)
    for found in read:
        if found.page.host:
            by_host[found.page.host].append(found.documents)
    return {
        host: memory_of(known, memories.get(host))
        for host, known in by_host.items()
        if len(known) > 1 or host in memories
    }


def _spans(read: Sequence[_Read | PullquoteError], most: int) -> Iterator[range]:
    """The batch in stretches of pages of one format, of at most so many blocks, that are scored at once."""
    start = rows = 0
    format_ = None
    for number, found in enumerate(read):
        if not isinstance(found, _Read):
            continue
        more = sum(len(document.blocks) for document in found.documents)
        if number > start and (rows + more > most or format_ not in (None, found.page.format)):
            yield range(start, number)
            start, rows = number, 0
        format_ = found.page.format
        rows += more
    if start < len(read):
        yield range(start, len(read))


def _format_of(read: Sequence[_Read]) -> Format:
    return read[0].page.format if read else "html"


def _unsplit(read: _Read, site: Mapping[str, SiteMemory]) -> Unsplit:
    page = read.page
    opinion = (lambda: text_by_trafilatura(text_of(page.data, page.charset))) if page.format == "html" else None
    return Unsplit(documents=read.documents, memory=site.get(page.host or ""), opinion=opinion)


def _extraction(page: Page, read: _Read, today: date, split: Split) -> Extraction:
    documents = read.documents
    seen = [block for document in documents for block in document.blocks]
    shown = page_quotes(read.markup, seen)
    blocks = shown.blocks
    repeats = Counter(text.casefold() for document in documents for text in document.lines.texts)
    verdicts = verdicts_of(documents, split.scores, repeats) + [UNSEEN_VERDICT] * (len(blocks) - len(seen))
    drafts = drafts_of(page, documents, verdicts, repeats, split, shown, today)
    return Extraction(
        page=replace(page, language=_language_of(blocks, drafts)),
        articles=tuple(draft.article for draft in drafts),
        quotes=tuple(quote for draft in drafts for quote in draft.quotes),
        blocks=placed_blocks(blocks, verdicts, split, drafts),
        rejected=_refusals(page, blocks_seen=len(blocks), drafts=drafts),
    )


def _language_of(blocks: Sequence[Block], drafts: Sequence[Draft]) -> str | None:
    if len(drafts) == 1:
        return drafts[0].article.language
    return language_of("\n".join(draft.article.body for draft in drafts) or "\n".join(block.text for block in blocks))


def _read(page: Page) -> _Read | PullquoteError:
    """What is read from a page alone, or why it cannot be read."""
    if page.format == "text":
        return _Read(page=page, documents=(document_of(text_of(page.data, page.charset)),), markup=NO_MARKUP)
    html = utf8_of(page.data, page.charset)
    try:
        parsed = parsed_documents(html)
    except PullquoteError as error:
        return error
    markup = markup_of(html, page.host, parsed)
    return _Read(page=page, documents=tuple(document for document, _ in parsed), markup=markup)


def _refusals(page: Page, *, blocks_seen: int, drafts: Sequence[Draft]) -> tuple[Rejected, ...]:
    if not drafts:
        detail = f"none of {blocks_seen} blocks belongs to an article" if blocks_seen else "the page shows no text"
        return (_rejected(page, "extract.no_article", detail),)
    return tuple(rejected for draft in drafts for rejected in draft.rejected)


def _rejected(page: Page, code: str, detail: str) -> Rejected:
    return Rejected(stage="extract", code=code, detail=detail, uri=page.uri, page_id=page.page_id, payload=page.data)
