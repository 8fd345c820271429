"""The paragraphs of a body, as the quote finders see them."""

from dataclasses import dataclass

from extractors.records import QuoteKind
from extractors.swift import swift

MAX_INDENT = 40  # characters of white space before the first mark of a paragraph


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """body[start:stop] == text: one block of an article, or a line of one, with what its markup says of it.

    `block` is the block's position on the page, `offset` where the text begins in it; `holder` the number of the element that it stands in with its like (of
    the list, for an item), None in plain text.
    """

    start: int
    stop: int
    text: str
    block: int = -1
    offset: int = 0
    holder: int | None = None
    line: int | None = None
    tag: str = ""
    quoted: bool = False
    heading: bool = False
    note: bool = False

    def begins_at(self, place: int) -> bool:
        """Does only white space stand before text[place]? Without a copy of the text, which may be millions long."""
        return place < MAX_INDENT and not self.text[:place].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A quote before people are resolved: `parts` index the body, `written` is the speaker as the page puts it.

    `exchange` is a number that it shares with those it answers; `guessed` where only their order tells it.
    """

    parts: tuple[tuple[int, int], ...]
    passage: int
    kind: QuoteKind
    rule: str
    written: str | None
    confidence: float
    directions: tuple[str, ...] = ()
    exchange: int | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoQuote:
    """Words in quotation marks that are no quote, and why (stable code under "quote.")."""

    start: int
    stop: int
    code: str
    detail: str
