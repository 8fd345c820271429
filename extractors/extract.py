"""One page → all that is in it. The whole path on one screen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from extractors.articles.assemble import Draft, drafts_of, placed_blocks
from extractors.articles.metadata import language_of
from extractors.articles.split import split_of
from extractors.blocks.classify import verdicts_of
from extractors.blocks.document import Document
from extractors.blocks.html import documents_of
from extractors.blocks.model import Models, shipped_models
from extractors.blocks.text import document_of
from extractors.errors import PullquoteError
from extractors.formats.charset import text_of
from extractors.records import Extraction, Page, Rejected

EXTRACTOR_VERSION = "0.1.0"


def extraction_of(page: Page, *, today: date, models: Models | None = None) -> Extraction:
    """The articles and quotes of a page, every block judged, every refusal with its reason; never raises.

    `today` bounds the dates that can be true; `models` replace the shipped ones (benchmarks score every page with
    models that have not seen its domain).
    """
    try:
        documents = _documents_of(page)
    except PullquoteError as error:
        return Extraction(
            page=page, articles=(), quotes=(), blocks=(), rejected=(_rejected(page, error.code, error.detail),)
        )
    blocks = [block for document in documents for block in document.blocks]
    split = split_of(documents, models or shipped_models(page.format))
    verdicts = verdicts_of(blocks, split.scores)
    drafts = drafts_of(page, documents, blocks, verdicts, split, today)
    language = language_of(
        "\n".join(draft.article.body for draft in drafts) or "\n".join(block.text for block in blocks)
    )
    return Extraction(
        page=replace(page, language=language),
        articles=tuple(draft.article for draft in drafts),
        quotes=tuple(quote for draft in drafts for quote in draft.quotes),
        blocks=placed_blocks(blocks, verdicts, split, drafts),
        rejected=_refusals(page, blocks_seen=len(blocks), drafts=drafts),
    )


def _documents_of(page: Page) -> tuple[Document, ...]:
    text = text_of(page.data, page.charset)
    return documents_of(text) if page.format == "html" else (document_of(text),)


def _refusals(page: Page, *, blocks_seen: int, drafts: Sequence[Draft]) -> tuple[Rejected, ...]:
    if not drafts:
        detail = f"none of {blocks_seen} blocks belongs to an article" if blocks_seen else "the page shows no text"
        return (_rejected(page, "extract.no_article", detail),)
    return tuple(rejected for draft in drafts for rejected in draft.rejected)


def _rejected(page: Page, code: str, detail: str) -> Rejected:
    return Rejected(stage="extract", code=code, detail=detail, uri=page.uri, page_id=page.page_id, payload=page.data)
