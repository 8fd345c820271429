"""Scored blocks → runs: which blocks make an article, and where one article ends and the next begins."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from extractors.articles.chances import Cutting, chance_features
from extractors.articles.names import BY, authors_in
from extractors.articles.parts import MIN_PIECE_WORDS, Part, Placed, parts_of
from extractors.articles.sources import SourceEntry, SourceList, source_list
from extractors.blocks.classify import SPOKEN, capped, cores_of, reconsidered
from extractors.blocks.document import Document
from extractors.blocks.hosts import SiteMemory
from extractors.blocks.model import Models
from extractors.blocks.shapes import SENTENCE_END, WORD, is_aside
from extractors.blocks.textstats import Floats
from extractors.records import Block

ARTICLE = 0.5  # probability from which a page's text is an article's
PIECE = 0.4  # the same for a piece of a page with several: to lose one is worse than to keep an odd one
# Of the expected number of articles in a text so much is added before it is rounded down, for the same reason
GENEROUS = 0.65
OTHER_CORE = 0.3  # where a block of a product, a thread or a listing counts as text: there precision is cheap to give
FAINT = 0.1  # scores below it are no text, even where nothing scores higher
MIN_WORDS = 12  # a page with fewer words of text has no article
EDGE_GAP = 4  # blocks of boilerplate between the text and a stray line at its edge
MIN_SENTENCE = 10  # words
MAX_BYLINE = 60  # characters of a line that only names its author
MIN_EDGE_WORDS = 30  # an edge with more words is text
HEADLINES_ABOVE = 8  # blocks before a text in which a site shows headlines of other articles
MAX_TEASER_WORDS = 35
MAX_HEADING_WORDS = 14
MAX_ASIDES = 0.1  # share of the words of an article in which its site speaks for itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One article's blocks by position: `head` those before its body that may name it, `body` its text, `foot` those
    after it; `entry` is what an aggregator's list of sources says of it, `probability` that it is an article.
    """

    document: int
    head: tuple[int, ...]
    body: tuple[int, ...]
    foot: tuple[int, ...]
    entry: SourceEntry | None
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The runs in page order, the score of every block, and the first block of a list of sources (or past the end)."""

    runs: tuple[Run, ...]
    scores: Floats
    sources_start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Blocks start:stop of the page, a document of their own, with their scores."""

    number: int
    start: int
    document: Document
    scores: Floats
    article: float
    edges: tuple[float, float]
    entry: SourceEntry | None

    @property
    def stop(self) -> int:
        return self.start + len(self.document.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsplit:
    """The documents of a page, and what else its split depends on: `memory` is what the pages of its host repeat, this one
    counted, `opinion` gives another extractor's text of the page.
    """

    documents: Sequence[Document]
    memory: SiteMemory | None = None
    opinion: Callable[[], str] | None = None


def splits_of(pages: Sequence[Unsplit], models: Models) -> Iterator[Split]:
    """Cut the documents of pages into articles. The models are asked about all of them at once, when the first split is
    asked for; the rest is done page by page.
    """
    sources = [source_list([block for document in page.documents for block in document.blocks]) for page in pages]
    placed = [list(_placed(page, listed)) for page, listed in zip(pages, sources, strict=True)]
    parts = iter(parts_of([found for page in placed for _, found in page], models))
    for page, listed, found in zip(pages, sources, placed, strict=True):
        opinion = page.opinion if len(page.documents) == 1 else None
        pieces = [
            piece
            for (number, place), own in zip(found, parts, strict=False)
            for piece in _pieces(number, place, own, listed, models, opinion)
        ]
        scores = np.concatenate([piece.scores for piece in pieces]) if pieces else np.zeros(0)
        runs = _runs([block for document in page.documents for block in document.blocks], pieces, models)
        yield Split(runs=tuple(runs), scores=scores, sources_start=listed.start)


def _placed(page: Unsplit, sources: SourceList) -> Iterator[tuple[int, Placed]]:
    """The documents that show anything, by their number."""
    first = 0
    for number, document in enumerate(page.documents):
        if document.blocks:
            hosts = page.memory.shares_of(document, counted=True) if page.memory else None
            yield number, Placed(document=document, first=first, hosts=hosts, sources=sources)
        first += len(document.blocks)


def _pieces(
    number: int,
    placed: Placed,
    parts: Sequence[Part],
    sources: SourceList,
    models: Models,
    opinion: Callable[[], str] | None,
) -> Iterator[_Piece]:
    """The parts of a document with what an aggregator's list of sources tells of them; the judgement of a single one is
    asked for again where it promises little.
    """
    folded = Counter(block.text.casefold() for block in placed.document.blocks) if sources.entries else Counter()
    for part in parts:
        scores, start = part.scores, placed.first + part.start
        listed = part.start >= placed.stop  # the list of sources itself
        if opinion and len(parts) == 1:
            scores = reconsidered(part.document, scores, part.article, models.judge, opinion)
        if listed:
            scores = np.zeros(len(scores))
        elif sources.entries:
            scores = capped(scores, part.document.blocks, folded)
        stop = start + len(scores)
        entry = None if listed else next((e for e in sources.claims if start <= e.best < stop), None)
        yield _Piece(
            number=number, start=start, document=part.document, scores=scores, article=part.article, edges=part.edges,
            entry=entry,
        )  # fmt: skip


def _runs(blocks: Sequence[Block], pieces: Sequence[_Piece], models: Models) -> list[Run]:
    """The pieces that are articles; a page of one piece is what it is, an article or another text, and so is a document
    that was cut where no piece is an article.
    """
    candidates = [(piece, body) for piece in pieces if (body := _body(blocks, piece))]
    alone = len(candidates) == 1
    chances = [candidates[0][0].article] if alone else _chances([piece for piece, _ in candidates], models)
    words = [_words(blocks, body) for _, body in candidates]
    rivals = [
        likely
        for (piece, _), count, likely in zip(candidates, words, chances, strict=True)
        if count >= MIN_PIECE_WORDS and not piece.entry
    ]
    runs = []
    for (piece, body), count, likely in zip(candidates, words, chances, strict=True):
        least = PIECE if piece.document.tree.labels else _least(rivals)
        if piece.entry or (count >= MIN_WORDS if alone else count >= MIN_PIECE_WORDS and likely >= least):
            runs.append(_run(range(piece.start, piece.stop), body, piece, likely))
    if not runs and sum(words) >= MIN_WORDS and len({piece.number for piece in pieces}) == 1:
        whole = [i for _, body in candidates for i in body]
        runs.append(_run(range(pieces[0].start, pieces[-1].stop), whole, candidates[0][0], max(chances)))
    return runs


def _run(span: range, body: Sequence[int], piece: _Piece, probability: float) -> Run:
    return Run(
        document=piece.number, head=tuple(range(span.start, body[0])), body=tuple(body),
        foot=tuple(range(body[-1] + 1, span.stop)), entry=piece.entry, probability=probability,
    )  # fmt: skip


def _least(rivals: Sequence[float]) -> float:
    """The probability from which pieces of a text are articles: that many are as their probabilities sum up to. Of a torn
    article each piece may be unlikely to be it, and yet one of them is.
    """
    expected = int(sum(rivals) + GENEROUS)
    return sorted(rivals, reverse=True)[min(expected, len(rivals)) - 1] if expected and rivals else 1.0


def _chances(pieces: Sequence[_Piece], models: Models) -> list[float]:
    """The probability of each piece to be an article."""
    if not pieces:
        return []
    parts = [Cutting(document=piece.document, scores=piece.scores, edges=piece.edges) for piece in pieces]
    found: list[float] = models.pieces.predict(chance_features(parts, models.wording)).tolist()
    return found


def _body(blocks: Sequence[Block], piece: _Piece) -> list[int]:
    """The positions of the piece's text, of an article without stray lines at its edges, teasers and asides inside it and its
    own title: products, threads and listings are made of short lines that stand apart.
    """
    article = piece.article >= ARTICLE
    cores: Floats | float = cores_of(piece.document) if article else OTHER_CORE
    likely = np.flatnonzero(piece.scores >= cores)
    if not len(likely):
        likely = np.flatnonzero(piece.scores >= max(FAINT, float(piece.scores.max()) / 2))
    chosen = [piece.start + int(i) for i in likely]
    if piece.entry:
        chosen = [i for i in chosen if i != piece.entry.title_at]
    if not chosen or not (article or piece.entry):
        return chosen
    chosen = _without_edges(blocks, chosen)
    if piece.entry:
        chosen = _from_prose_to_prose(blocks, piece, chosen)
    dropped = _teasers(blocks, chosen) | _asides(blocks, chosen)
    return [i for i in chosen if i not in dropped]


def _without_edges(blocks: Sequence[Block], chosen: list[int]) -> list[int]:
    """Without the small groups of lines that a gap parts from the text."""
    groups: list[list[int]] = []
    for i in chosen:
        if not groups or i - groups[-1][-1] > EDGE_GAP:
            groups.append([])
        groups[-1].append(i)
    words = [_words(blocks, group) for group in groups]
    total = sum(words)
    while len(groups) > 1 and words[0] < MIN_EDGE_WORDS and words[0] < total / 10:
        del groups[0], words[0]
    while len(groups) > 1 and words[-1] < MIN_EDGE_WORDS and words[-1] < total / 10:
        del groups[-1], words[-1]
    kept = [i for group in groups for i in group]
    while len(kept) > 1 and _is_byline(blocks[kept[-1]].text):
        del kept[-1]
    while len(kept) > 1 and _is_byline(blocks[kept[0]].text):
        del kept[0]
    return kept


def _from_prose_to_prose(blocks: Sequence[Block], piece: _Piece, chosen: list[int]) -> list[int]:
    """An aggregator leaves the headlines that a site shows around a text: it begins and ends with a sentence."""
    prose = [
        i for i in chosen
        if piece.scores[i - piece.start] >= SPOKEN or (_words(blocks, [i]) >= MIN_SENTENCE and SENTENCE_END.search(blocks[i].text))
    ]  # fmt: skip
    return [i for i in chosen if prose[0] <= i <= prose[-1]] if prose else chosen


def _is_byline(text: str) -> bool:
    """Is the line no more than "by somebody"?"""
    return len(text) <= MAX_BYLINE and bool(BY.match(text)) and bool(authors_in(text))


def _teasers(blocks: Sequence[Block], chosen: list[int]) -> set[int]:
    """Blurbs of other articles inside a text: one sentence that begins with the same name as a headline that the site
    put above the text, directly before a subheading.
    """
    headlines = {_opening(blocks[i].text) for i in range(max(0, chosen[0] - HEADLINES_ABOVE), chosen[0])} - {None}
    if not headlines:
        return set()
    return {
        i
        for i, after in pairwise(chosen)
        if blocks[after].text.count(" ") < MAX_HEADING_WORDS
        and blocks[i].text.count(" ") < MAX_TEASER_WORDS
        and _opening(blocks[i].text) in headlines
    }


def _asides(blocks: Sequence[Block], chosen: list[int]) -> set[int]:
    """Paragraphs in which the site speaks for itself; an article that has many of them is about such things."""
    found = [i for i in chosen if is_aside(blocks[i].text)]
    return set(found) if _words(blocks, found) <= MAX_ASIDES * _words(blocks, chosen) else set()


def _opening(text: str) -> tuple[str, ...] | None:
    """The two capitalised words a text begins with."""
    first = islice(WORD.finditer(text, 0, 60), 2)
    words = tuple(match[0].removesuffix("'s").removesuffix("’s") for match in first)
    return words if len(words) == 2 and all(word[0].isupper() for word in words) else None


def _words(blocks: Sequence[Block], positions: Sequence[int]) -> int:
    return sum(blocks[i].text.count(" ") + 1 for i in positions)
