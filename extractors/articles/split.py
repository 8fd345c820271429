"""Scored blocks → runs: which blocks make an article, and where one article ends and the next begins."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.articles.cuts import gap_features
from extractors.articles.names import BY, authors_in
from extractors.articles.sources import SourceEntry, SourceList, source_list
from extractors.blocks.classify import CORE, SPOKEN, capped, reconsidered, scores_of
from extractors.blocks.document import Document, piece_of
from extractors.blocks.hosts import SiteMemory
from extractors.blocks.model import Models
from extractors.blocks.pieces import piece_features
from extractors.blocks.shapes import SENTENCE_END, WORD
from extractors.blocks.textstats import Floats
from extractors.records import Block

# Probability from which two articles meet in a gap. Boundaries are rare, so the classifier seldom says .5; in text, where
# nothing but words and blank lines tells, a lower one wins more articles than it cuts in two.
CUT, TEXT_CUT = 0.1, 0.06
APART = 6  # blocks between two cuts; of closer ones the likelier counts
ARTICLE = 0.5  # probability from which a page's text is an article's
PIECE, TEXT_PIECE = (
    0.4,
    0.45,
)  # the same for a piece of a page with several: to lose one is worse than to keep an odd one
OTHER_CORE = 0.3  # where a block of a product, a thread or a listing counts as text: there precision is cheap to give
FAINT = 0.1  # scores below it are no text, even where nothing scores higher
MIN_WORDS = 12  # a page with fewer words of text has no article
MIN_PIECE_WORDS = 60  # nor has a piece beside others
EDGE_GAP = 4  # blocks of boilerplate between the text and a stray line at its edge
STRETCH_GAP = 2  # blocks of boilerplate within one stretch of text
MIN_SENTENCE = 10  # words
MAX_BYLINE = 60  # characters of a line that only names its author
MIN_EDGE_WORDS = 30  # an edge with more words is text
HEADLINES_ABOVE = 8  # blocks before a text in which a site shows headlines of other articles
MAX_TEASER_WORDS = 35
MAX_HEADING_WORDS = 14


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
    entry: SourceEntry | None

    @property
    def stop(self) -> int:
        return self.start + len(self.document.blocks)


def split_of(
    documents: Sequence[Document],
    models: Models,
    memory: SiteMemory | None = None,
    opinion: Callable[[], str] | None = None,
) -> Split:
    """Cut a page's documents into articles; `memory` is what the pages of the host repeat, this one counted, `opinion` gives another
    extractor's text of the page.
    """
    blocks = [block for document in documents for block in document.blocks]
    sources = source_list(blocks)
    pieces: list[_Piece] = []
    place = 0
    for number, document in enumerate(documents):
        asked = opinion if len(documents) == 1 else None
        pieces += _pieces(number, place, document, sources, models, memory, asked)
        place += len(document.blocks)
    scores = np.concatenate([piece.scores for piece in pieces]) if pieces else np.zeros(0)
    runs = _runs(blocks, pieces, models)
    return Split(runs=tuple(runs), scores=scores, sources_start=sources.start)


def _pieces(
    number: int,
    first: int,
    document: Document,
    sources: SourceList,
    models: Models,
    memory: SiteMemory | None,
    opinion: Callable[[], str] | None,
) -> list[_Piece]:
    """The document cut at its boundaries, each piece scored by itself."""
    count = len(document.blocks)
    if not count:
        return []
    stop = max(0, min(count, sources.start - first))
    hosts = memory.shares_of(document, counted=True) if memory else None
    scores, article = scores_of(document, models.judge, hosts=hosts)
    cuts = _cuts(document, scores, stop, first, sources, models)
    if 0 < stop < count:
        cuts.append(stop)
    elif opinion and not cuts:
        scores = reconsidered(document, scores, article, models.judge, opinion)
    pieces = []
    for begin, end in zip([0, *cuts], [*cuts, count], strict=True):
        part = piece_of(document, begin, end)
        seen = hosts[begin:end] if hosts is not None else None
        own, likely = (scores, article) if not cuts else scores_of(part, models.judge, hosts=seen, blind=True)
        listed = begin >= stop  # the list of sources itself
        if listed:
            own = np.zeros(len(own))
        elif sources.entries:
            own = capped(own, part.blocks, Counter(block.text.casefold() for block in document.blocks))
        entry = None if listed else next((e for e in _claims(sources) if first + begin <= e.best < first + end), None)
        pieces.append(
            _Piece(number=number, start=first + begin, document=part, scores=own, article=likely, entry=entry)
        )
    return pieces


def _cuts(document: Document, scores: Floats, stop: int, first: int, sources: SourceList, models: Models) -> list[int]:
    """The blocks that begin a new article, in order; likeliest first where two are close."""
    if not (sources.entries or _may_hold_several(document, scores)):
        return []
    likely = models.cuts.predict(gap_features(document, scores))[: max(0, stop - 1)]
    forced = _forced(likely, first, sources)
    chosen: list[int] = sorted(forced)
    least = CUT if document.tree.labels or sources.entries else TEXT_CUT  # a list of sources tells most cuts
    for gap in np.argsort(-likely, kind="stable"):
        if likely[gap] < least:
            break
        if all(abs(int(gap) + 1 - cut) >= APART for cut in chosen):
            chosen.append(int(gap) + 1)
    return sorted(chosen)


def _may_hold_several(document: Document, scores: Floats) -> bool:
    """Cheap and generous: are there two main headings, or two stretches of text with a gap between them?

    Headings first: on a collage the scores of the whole can miss all but one of its articles.
    """
    if sum(block.tag == "h1" for block in document.blocks) > 1:
        return True
    words = np.fromiter((block.text.count(" ") + 1 for block in document.blocks), float, len(scores))
    content = np.flatnonzero((scores >= CORE) & (words >= 3))
    if words[content].sum() < 2 * MIN_PIECE_WORDS:
        return False
    stretches = np.split(content, np.flatnonzero(np.diff(content) > STRETCH_GAP) + 1)
    return sum(bool(words[stretch].sum() >= MIN_PIECE_WORDS) for stretch in stretches) > 1


def _forced(likely: Floats, first: int, sources: SourceList) -> set[int]:
    """Cuts that a list of sources demands: at the title of each article it names, or where it is likeliest between the
    snippets of two of them.
    """
    claims = sorted(_claims(sources), key=lambda entry: entry.best)
    cuts: set[int] = set()
    for before, after in pairwise(claims):
        low = before.best - first
        if after.title_at is not None and after.title_at - first > low:
            cuts.add(after.title_at - first)
            continue
        between = likely[max(0, low) : max(0, after.best - first)]
        if len(between):
            cuts.add(max(0, low) + int(np.argmax(between)) + 1)
    return {cut for cut in cuts if 0 < cut <= len(likely)}


def _claims(sources: SourceList) -> tuple[SourceEntry, ...]:
    """One entry per place: of two that quote the same block, the one that shares more with it."""
    seen: dict[int, SourceEntry] = {}
    for entry in sources.entries:
        seen.setdefault(entry.best, entry)
    return tuple(seen.values())


def _runs(blocks: Sequence[Block], pieces: Sequence[_Piece], models: Models) -> list[Run]:
    """The pieces that are articles; a page of one piece is what it is, an article or another text."""
    candidates = [(piece, body) for piece in pieces if (body := _body(blocks, piece))]
    runs = []
    for piece, body in candidates:
        words = _words(blocks, body)
        alone = len(candidates) == 1
        least = PIECE if piece.document.tree.labels else TEXT_PIECE
        likely = (
            piece.article if alone else float(models.pieces.predict(piece_features(piece.document, piece.scores))[0])
        )
        if piece.entry or (words >= MIN_WORDS if alone else words >= MIN_PIECE_WORDS and likely >= least):
            runs.append(
                Run(
                    document=piece.number, head=tuple(range(piece.start, body[0])), body=tuple(body),
                    foot=tuple(range(body[-1] + 1, piece.stop)), entry=piece.entry, probability=likely,
                )
            )  # fmt: skip
    return runs


def _body(blocks: Sequence[Block], piece: _Piece) -> list[int]:
    """The positions of the piece's text, without stray lines at its edges, teasers inside it and its own title."""
    core = CORE if piece.article >= ARTICLE else OTHER_CORE
    if not (piece.scores >= core).any():
        core = max(FAINT, float(piece.scores.max()) / 2)
    chosen = [piece.start + int(i) for i in np.flatnonzero(piece.scores >= core)]
    if piece.entry:
        chosen = [i for i in chosen if i != piece.entry.title_at]
    if not chosen:
        return []
    chosen = _without_edges(blocks, chosen)
    if piece.entry:
        chosen = _from_prose_to_prose(blocks, piece, chosen)
    teasers = _teasers(blocks, chosen)
    return [i for i in chosen if i not in teasers]


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


def _opening(text: str) -> tuple[str, ...] | None:
    """The two capitalised words a text begins with."""
    words = tuple(word.removesuffix("'s").removesuffix("’s") for word in WORD.findall(text[:60])[:2])
    return words if len(words) == 2 and all(word[0].isupper() for word in words) else None


def _words(blocks: Sequence[Block], positions: Sequence[int]) -> int:
    return sum(blocks[i].text.count(" ") + 1 for i in positions)
