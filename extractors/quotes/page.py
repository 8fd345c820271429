"""All statements of a page, from the most certain source that has them, with their places among its blocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.blocks.document import Document
from extractors.blocks.html import Hints
from extractors.quotes.claimed import claimed_statements
from extractors.quotes.interview import Bold, bold_texts, turns_in
from extractors.quotes.place import Shown, shown_in
from extractors.quotes.statements import Statement
from extractors.quotes.structured import markup_statements
from extractors.records import Block, Verdict
from extractors.sites import site_statements

NO_BOLD = Bold({}, frozenset())
UNSEEN = ("script",)  # the path of a block that the page holds as data and does not show


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuotes:
    """`shown` are the statements in page order, no two of them on the same words; `blocks` all blocks of the page: the
    `visible` ones first, then those of quotes that the page only claims. `bold` are the texts of its bold elements;
    `site` says that the module of a known site has read the page.
    """

    shown: tuple[Shown, ...]
    blocks: tuple[Block, ...]
    visible: int
    bold: Bold = NO_BOLD
    site: bool = False

    def within(self, blocks: Sequence[Block], title: str | None) -> list[Shown]:
        """All statements, with the turns that the blocks of one article show by their markup."""
        turns = turns_in(blocks, self.bold, title) if blocks[0].path and not self.site else []
        return _merged(list(self.shown), turns) if turns else list(self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What the tree of a page tells of quotes: statements, the most certain source first, and its bold texts; `site` as
    in `PageQuotes`. A page of text has none.
    """

    sources: tuple[Sequence[Statement], ...] = ()
    bold: Bold = NO_BOLD
    site: bool = False


NO_MARKUP = Markup()


def markup_of(html: bytes, host: str | None, parsed: Sequence[tuple[Document, Hints]]) -> Markup:
    """What the trees of the documents of a page in UTF-8 tell. A site's module knows its page better than any other rule."""
    known = site_statements(html, host)
    sources: tuple[Sequence[Statement], ...] = (known,) if known else (
        [item for document, hints in parsed for item in claimed_statements(document.head.json_ld, hints.claiming)],
        [item for _, hints in parsed for item in markup_statements(hints.quoting)],
    )  # fmt: skip
    bold = bold_texts(node for _, hints in parsed for node in hints.bold)
    return Markup(sources=sources, bold=bold, site=bool(known))


def page_quotes(markup: Markup, blocks: Sequence[Block]) -> PageQuotes:
    """The statements of a page, placed among its blocks."""
    extended = list(blocks)
    kept: list[Shown] = []
    for statements in markup.sources:
        found, missing = shown_in(statements, blocks)
        kept = _merged(kept, found)
        kept += _unseen((item for item in missing if item.unseen), extended)
    kept.sort(key=lambda item: item.pieces[0])
    return PageQuotes(
        shown=tuple(kept), blocks=tuple(extended), visible=len(blocks), bold=markup.bold, site=markup.site
    )


UNSEEN_VERDICT = Verdict(role="boilerplate", reason="claimed in the page's data, not shown", score=0.0)


def _merged(kept: list[Shown], found: Iterable[Shown]) -> list[Shown]:
    """The statements with those found that lie on other words; a name that the earlier source lacks is filled in."""
    by_block: dict[int, list[int]] = {}
    for number, item in enumerate(kept):
        for at, _, _ in item.pieces:
            by_block.setdefault(at, []).append(number)
    merged = list(kept)
    for item in found:
        rivals = {
            number
            for at, _, _ in item.pieces
            for number in by_block.get(at, ())
            if _touch(merged[number], item) and not _inside(merged[number], item)
        }
        if not rivals:
            for at, _, _ in item.pieces:
                by_block.setdefault(at, []).append(len(merged))
            merged.append(item)
        elif len(rivals) == 1 and item.statement.speaker:
            (number,) = rivals
            merged[number] = _named(merged[number], item.statement)
    return merged


def _touch(a: Shown, b: Shown) -> bool:
    return any(x == y and start < end and begin < stop for x, start, stop in a.pieces for y, begin, end in b.pieces)


def _inside(a: Shown, b: Shown) -> bool:
    """Is one of them part of an interview, and the other quoted in it?"""
    return a.statement.kind.startswith("interview") != b.statement.kind.startswith("interview")


def _named(item: Shown, other: Statement) -> Shown:
    if item.statement.speaker:
        return item
    return replace(item, statement=replace(item.statement, speaker=other.speaker, written=other.written))


def _unseen(statements: Iterable[Statement], blocks: list[Block]) -> Iterator[Shown]:
    """The statements as blocks of their own behind all others."""
    met: set[tuple[str, ...]] = set()
    for statement in statements:
        if statement.paragraphs in met:
            continue
        met.add(statement.paragraphs)
        pieces = []
        for text in statement.paragraphs:
            start = blocks[-1].stop + 1 if blocks else 0
            block = Block(
                position=len(blocks), line=None, start=start, stop=start + len(text), text=text, tag="script", path=UNSEEN
            )  # fmt: skip
            blocks.append(block)
            pieces.append((block.position, 0, len(text)))
        yield Shown(statement=statement, pieces=tuple(pieces))
