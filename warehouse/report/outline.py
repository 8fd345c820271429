"""A page as its explanation shows it: the blocks in order, cut into sections by article, the quotes laid over the text.

Quotes index the article's body, blocks the page; a block of the body is found again by its text, in order.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from extractors.records import Article, Block, Extraction, PlacedBlock, Quote, Rejected
from warehouse.report.text import cut

LONGEST_BLOCK = 20_000  # characters that are shown of a block; a browser lays out more, nobody reads it
LONGEST_MARK = 12  # characters of a list mark and its space
LOOK_AHEAD = 100_000  # characters of a body that one block may skip; bounds the work on a hostile page


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of a block's text that belongs to one quote, or to none; the stretches of a block are its text."""

    text: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A block with its quotes: those that begin in it and those that go on in it from a block above."""

    placed: PlacedBlock
    stretches: tuple[Stretch, ...]
    begins: tuple[Quote, ...]
    goes_on: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Consecutive lines of one article (`first`: the article begins here), or of no article."""

    article: Article | None
    first: bool
    lines: tuple[Line, ...]
    rejected: tuple[Rejected, ...]
    unplaced: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker of the page (None: nobody was found) with the number of quotes; `number` is its colour, 0 for None."""

    speaker: str | None
    number: int
    quotes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The whole page; `rejected` are the refusals that belong to no article, `voices` the speakers, most heard first."""

    sections: tuple[Section, ...]
    rejected: tuple[Rejected, ...]
    voices: tuple[Voice, ...]


Marks = Mapping[int, Sequence[tuple[int, int, Quote]]]  # block position → (start, stop, quote) in the block's text


def outline_of(extraction: Extraction) -> Outline:
    """The page cut into sections, with the quotes on its lines; every block and every quote is in it once."""
    marks: dict[int, list[tuple[int, int, Quote]]] = defaultdict(list)
    for article in extraction.articles:
        own = [placed for placed in extraction.blocks if placed.article == article.position]
        quotes = [quote for quote in extraction.quotes if quote.article_id == article.article_id]
        for position, mark in _marks_in(article, own, quotes):
            marks[position].append(mark)
    positions = {article.position for article in extraction.articles}
    return Outline(
        sections=tuple(_sections(extraction, marks)),
        rejected=tuple(r for r in extraction.rejected if r.article is None or r.article not in positions),
        voices=voices_of(extraction.quotes),
    )


def voices_of(quotes: Iterable[Quote]) -> tuple[Voice, ...]:
    """The speakers with their number of quotes, most heard first, nobody last."""
    counts = Counter(quote.speaker for quote in quotes)
    nobody = counts.pop(None, 0)
    named = tuple(
        Voice(speaker=speaker, number=number, quotes=count)
        for number, (speaker, count) in enumerate(counts.most_common(), start=1)
    )
    return (*named, Voice(speaker=None, number=0, quotes=nobody)) if nobody else named


def shortened(stretches: Iterable[Stretch]) -> Iterable[Stretch]:
    """The stretches up to LONGEST_BLOCK characters of text, the last one cut."""
    room = LONGEST_BLOCK
    for stretch in stretches:
        if room <= 0:
            return
        yield stretch if len(stretch.text) <= room else Stretch(text=cut(stretch.text, room), quote=stretch.quote)
        room -= len(stretch.text)


def _starts_in_body(article: Article, blocks: Iterable[PlacedBlock]) -> list[tuple[int, PlacedBlock]]:
    """Where each block of the body begins in it, ascending; blocks that are not part of the body are left out."""
    cursor, found = 0, []
    for placed in blocks:
        start = _paragraph_at(article.body, placed.block, cursor, ahead=placed.verdict.role in {"content", "quote"})
        if placed.block.text and start >= 0:
            found.append((start, placed))
            cursor = start + len(placed.block.text)
    return found


def _paragraph_at(body: str, block: Block, cursor: int, *, ahead: bool) -> int:
    """Where the block's text stands in the body as whole lines, but for a list mark before it, else -1.

    Looked for at the cursor, or (`ahead`) anywhere within LOOK_AHEAD of it.
    """
    while cursor < len(body) and body[cursor] == "\n":
        cursor += 1
    limit = cursor + len(block.text) + (LOOK_AHEAD if ahead else LONGEST_MARK)
    start = body.find(block.text, cursor, limit)
    while start >= 0:
        stop = start + len(block.text)
        before = body[body.rfind("\n", 0, start) + 1 : start].strip()
        if before in {"", "-", block.marker} and (stop == len(body) or body[stop] == "\n"):
            return start
        start = body.find(block.text, start + 1, limit)
    return -1


def _marks_in(
    article: Article, blocks: Iterable[PlacedBlock], quotes: Iterable[Quote]
) -> Iterable[tuple[int, tuple[int, int, Quote]]]:
    """For every part of every quote and every block that it touches: (block position, (start, stop, quote))."""
    placed = _starts_in_body(article, blocks)
    starts = [start for start, _ in placed]
    for quote in quotes:
        for begin, end in quote.parts:
            index = max(bisect_right(starts, begin) - 1, 0)
            while index < len(placed) and starts[index] < end:
                block = placed[index][1].block
                local = max(begin - starts[index], 0), min(end - starts[index], len(block.text))
                if local[0] < local[1]:
                    yield block.position, (*local, quote)
                index += 1


def _sections(extraction: Extraction, marks: Marks) -> Iterable[Section]:
    articles = {article.position: article for article in extraction.articles}
    placed_quotes = {quote.quote_id for found in marks.values() for _, _, quote in found}
    begun: set[int] = set()
    seen = set[UUID]()
    for position, blocks in _runs(extraction.blocks):
        article = articles.get(position) if position is not None else None
        first = article is not None and article.position not in begun
        if article is not None:
            begun.add(article.position)
        yield Section(
            article=article,
            first=first,
            lines=tuple(_line(placed, marks.get(placed.block.position, ()), seen) for placed in blocks),
            rejected=tuple(r for r in extraction.rejected if first and article and r.article == article.position),
            unplaced=_unplaced(extraction, article, placed_quotes) if first else (),
        )
    for article in extraction.articles:  # an article without a block of its own must not vanish
        if article.position not in begun:
            rejected = tuple(r for r in extraction.rejected if r.article == article.position)
            unplaced = _unplaced(extraction, article, placed_quotes)
            yield Section(article=article, first=True, lines=(), rejected=rejected, unplaced=unplaced)


def _unplaced(extraction: Extraction, article: Article | None, placed: set[UUID]) -> tuple[Quote, ...]:
    """The article's quotes that lie on none of its blocks."""
    return tuple(
        quote
        for quote in extraction.quotes
        if article is not None and quote.article_id == article.article_id and quote.quote_id not in placed
    )


def _runs(blocks: Sequence[PlacedBlock]) -> Iterable[tuple[int | None, list[PlacedBlock]]]:
    """Consecutive blocks of one article; blocks of no article in its midst stay with it."""
    last = {placed.article: index for index, placed in enumerate(blocks)}
    current: int | None = None
    run: list[PlacedBlock] = []
    for index, placed in enumerate(blocks):
        ended = current is not None and index > last[current]
        wanted = placed.article if placed.article is not None or ended else current
        if wanted != current and run:
            yield current, run
            run = []
        current = wanted
        run.append(placed)
    if run:
        yield current, run


def _line(placed: PlacedBlock, marks: Sequence[tuple[int, int, Quote]], seen: set[UUID]) -> Line:
    quotes = {quote.quote_id: quote for _, _, quote in sorted(marks, key=lambda mark: mark[0])}.values()
    begins = tuple(quote for quote in quotes if quote.quote_id not in seen)
    goes_on = tuple(quote for quote in quotes if quote.quote_id in seen)
    seen.update(quote.quote_id for quote in begins)
    return Line(placed=placed, stretches=_stretches(placed.block.text, marks), begins=begins, goes_on=goes_on)


def _stretches(text: str, marks: Sequence[tuple[int, int, Quote]]) -> tuple[Stretch, ...]:
    """The text cut where a quote begins or ends; of quotes within quotes the innermost has the stretch."""
    waiting = sorted(marks, key=lambda mark: (mark[0], -mark[1]), reverse=True)
    open_now: list[tuple[int, int, Quote]] = []
    pieces: list[Stretch] = []
    cuts = sorted({0, len(text), *(edge for start, stop, _ in marks for edge in (start, stop))})
    for start, stop in pairwise(cuts):
        while waiting and waiting[-1][0] <= start:
            open_now.append(waiting.pop())
        open_now = [mark for mark in open_now if mark[1] > start]
        pieces.append(Stretch(text=text[start:stop], quote=open_now[-1][2] if open_now else None))
    return tuple(pieces)
