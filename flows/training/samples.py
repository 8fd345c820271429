"""Labelled pages → documents with targets, and collages of them with known boundaries."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import numpy as np

from extractors.blocks.document import Document
from extractors.blocks.features import features_of
from extractors.blocks.hosts import SiteMemory, memory_of
from extractors.blocks.html import documents_of
from extractors.blocks.labels import labels_of
from extractors.blocks.stack import Stack
from extractors.blocks.text import document_of
from extractors.blocks.textstats import Floats
from extractors.errors import PullquoteError
from extractors.formats.charset import charset_of, text_of
from flows.training.corpus import LabelledPage

Rendition = Literal["html", "text_full", "text_main"]
BLIND_SHARE = 0.6  # of training pages whose head is hidden, so that a piece of a collage is judged fairly
BODY = re.compile(r"<body[^>]*>(.*?)(?:</body>|\Z)", re.DOTALL | re.IGNORECASE)
# What collages wrap their parts in; the benchmark's own way is only one of them.
WRAPPERS = (
    ("<div>", "</div>"),
    ("<div class='wrap'><div>", "</div></div>"),
    ("<section>", "</section>"),
    ("<article>", "</article>"),
    ("<hr>", ""),
    ("<div class='row'>", "</div>"),
)
MAX_PART = 400_000  # characters of a page that goes into a collage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One document with the target and weight of each block; `blind`: its rows leave out what its head says."""

    page: LabelledPage
    rendition: Rendition
    document: Document
    blind: bool
    rows: np.ndarray
    share: Floats
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Collage:
    """A document pasted together of pages of one fold: block `starts[i]` begins part i, which `articles[i]` or not,
    and whose gold text is `bodies[i]`.
    """

    fold: int
    document: Document
    starts: tuple[int, ...]
    articles: tuple[bool, ...]
    bodies: tuple[str, ...]


def document_from(page: LabelledPage, rendition: Rendition) -> Document | None:
    """The first document of a page in one rendition, None where it has no text."""
    if rendition != "html":
        document = document_of(page.text_full if rendition == "text_full" else page.text_main)
        return document if document.blocks else None
    try:
        documents = documents_of(text_of(page.html, charset_of(page.html)))
    except PullquoteError:
        return None
    return max(documents, key=lambda document: len(document.blocks)) if any(d.blocks for d in documents) else None


def samples_of(pages: Sequence[LabelledPage], rendition: Rendition, seed: int = 7) -> Iterator[Sample]:
    """Every page with text as a sample, the head of most hidden."""
    rng = random.Random(seed)
    documents = [(page, document) for page in pages if (document := document_from(page, rendition))]
    memories = _memories(documents)
    for page, document in documents:
        blind = rng.random() < BLIND_SHARE
        share, weight = labels_of(document.lines.texts, page.body)
        memory = memories.get(_host(page))
        hosts = memory.shares_of(document, counted=True) if memory else None
        rows = features_of(Stack([document]), hosts=hosts, blind=blind)
        yield Sample(
            page=page, rendition=rendition, document=document, blind=blind, rows=rows, share=share, weight=weight
        )


def _memories(documents: Sequence[tuple[LabelledPage, Document]]) -> dict[str, SiteMemory]:
    """What each host's labelled pages repeat."""
    by_host: dict[str, list[tuple[Document]]] = defaultdict(list)
    for page, document in documents:
        by_host[_host(page)].append((document,))
    return {host: memory_of(found) for host, found in by_host.items() if len(found) > 1}


def _host(page: LabelledPage) -> str:
    """The host of a page; a page without an address has a host of its own."""
    return urlsplit(page.url or "").hostname or page.page_id


def collages_of(
    pages: Sequence[LabelledPage], folds: int, *, html: bool, rounds: int, seed: int = 11
) -> Iterator[Collage]:
    """Two to five articles and up to two other pages of one fold in one document, `rounds` times over all articles."""
    rng = random.Random(seed)
    for fold in range(folds):
        members = [page for page in pages if page.fold == fold and len(page.html) < MAX_PART]
        others = [page for page in members if not page.is_article]
        for _ in range(rounds):
            articles = [page for page in members if page.is_article]
            rng.shuffle(articles)
            while articles:
                chosen = [articles.pop() for _ in range(min(len(articles), rng.randint(2, 5)))]
                parts = chosen + rng.sample(others, min(len(others), rng.randint(0, 2)))
                rng.shuffle(parts)
                collage = _html_collage(parts, fold, rng) if html else _text_collage(parts, fold, rng)
                if collage:
                    yield collage


def _text_collage(parts: Sequence[LabelledPage], fold: int, rng: random.Random) -> Collage | None:
    rendition = rng.choice(("text_full", "text_main"))
    texts = [page.text_full if rendition == "text_full" else page.text_main for page in parts]
    separator = rng.choice(("\n\n", "\n\n", "\n\n\n", "\n"))
    document = document_of(separator.join(texts))
    lines = [block.line or 0 for block in document.blocks]
    first, starts = 1, []
    for text in texts:
        starts.append(int(np.searchsorted(lines, first)))
        first += text.count("\n") + separator.count("\n")
    return _collage(fold, document, starts, parts)


def _html_collage(parts: Sequence[LabelledPage], fold: int, rng: random.Random) -> Collage | None:
    opening, closing = rng.choice(WRAPPERS)
    bodies = []
    for page in parts:
        match = BODY.search(text_of(page.html, charset_of(page.html)))
        bodies.append(match[1] if match else "")
    pieces = [f"{opening}{body}{closing}" for body in bodies]
    whole = "".join(pieces)
    try:
        (document,) = documents_of(f"<html><head></head><body>{whole}</body></html>")
        alone = [documents_of(f"<html><body>{piece}</body></html>")[0] for piece in pieces]
    except (PullquoteError, ValueError):
        return None
    starts, place = [], 0
    texts = document.lines.texts
    for part in alone:
        found = _find(texts, part.lines.texts[:4], place)
        if found is None:
            return None
        starts.append(found)
        place = found + max(1, len(part.blocks) // 2)
    return _collage(fold, document, starts, parts)


def _find(texts: Sequence[str], wanted: Sequence[str], start: int) -> int | None:
    """Where the wanted blocks begin at or after `start`; unclosed tags can shift what parsing a part alone gave."""
    if not wanted:
        return None
    return next((i for i in range(start, len(texts)) if list(texts[i : i + len(wanted)]) == list(wanted)), None)


def _collage(fold: int, document: Document, starts: Sequence[int], parts: Sequence[LabelledPage]) -> Collage | None:
    if len(set(starts)) != len(parts) or not document.blocks:
        return None
    return Collage(
        fold=fold,
        document=document,
        starts=tuple(starts),
        articles=tuple(page.is_article for page in parts),
        bodies=tuple(page.body for page in parts),
    )
