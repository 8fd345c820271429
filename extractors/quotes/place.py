"""Where the words of a statement stand among the blocks of its page."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from extractors.quotes.statements import Statement
from extractors.records import Block

# Markup and blocks differ in white space, and in the marks that a <q> element stands for.
LOOSE = '“”"„«»'
FIRM = re.compile(r"[^\s“”\"„«»]")
CLOSING = '”"»“'
OPENING = '“"„«»'
MAX_STATEMENTS = 20_000  # of one page
MAX_OTHERS = 5  # places that are compared
MAX_MISSES = 200  # statements that the blocks do not hold; each costs a look through the whole page


def firm(text: str) -> str:
    """The text without what is loose: white space and these marks."""
    text = "".join(text.split())
    for mark in LOOSE:
        text = text.replace(mark, "")
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A statement and its words: `pieces` are (position of a block, start, stop) in that block's text."""

    statement: Statement
    pieces: tuple[tuple[int, int, int], ...]


def shown_in(statements: Iterable[Statement], blocks: Sequence[Block]) -> tuple[list[Shown], list[Statement]]:
    """(the statements in page order with their places, those that no block shows)."""
    waiting = list(statements)[:MAX_STATEMENTS]
    if not waiting:
        return [], []
    places = _Places(blocks)
    found: list[Shown] = []
    missing: list[Statement] = []
    for statement in waiting:
        pieces = places.pieces_of(statement) if len(missing) < MAX_MISSES else ()
        if pieces:
            found.append(Shown(statement=statement, pieces=pieces))
        else:
            missing.append(statement)
    return sorted(found, key=lambda shown: shown.pieces[0]), missing


class _Places:
    """The text of all blocks without what is loose, and where each block begins in it."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        texts = [firm(block.text) for block in blocks]
        self.text = "".join(texts)
        self.starts = [0, *accumulate(map(len, texts))]
        self.texts = {block.position: block.text for block in blocks}
        self.cursor = 0

    def pieces_of(self, statement: Statement) -> tuple[tuple[int, int, int], ...]:
        """The places of all paragraphs one after the other, () unless all are there; begins where the last one ended."""
        for begin in dict.fromkeys((self.cursor, 0)):
            place, pieces = begin, []
            for paragraph in statement.paragraphs:
                needle = firm(paragraph)
                at = self._place_of(needle, place, own=statement.kind != "inline_direct") if needle else -1
                if at < 0:
                    break
                place = at + len(needle)
                pieces += self._pieces(at, place, paragraph)
            else:
                self.cursor = place
                return tuple(pieces)
        return ()

    def _place_of(self, needle: str, place: int, *, own: bool) -> int:
        """Where the words stand from `place` on, -1 for nowhere: `own`, where they fill a block, else where they begin one,
        if that is soon. What is set off may stand in the text before it, too.
        """
        at = self.text.find(needle, place)
        best = (2, at)
        for _ in range(MAX_OTHERS if own else 0):
            if at < 0 or best[0] == 0:
                break
            number = bisect_right(self.starts, at) - 1
            begins = self.starts[number] == at
            fills = begins and self.starts[number + 1] == at + len(needle)
            best = min(best, (0 if fills else 1 if begins else 2, at))
            at = self.text.find(needle, at + 1)
        return best[1]

    def _pieces(self, start: int, stop: int, paragraph: str) -> list[tuple[int, int, int]]:
        """The characters start:stop of the text, block by block, with the marks that the paragraph begins and ends in."""
        pieces: list[tuple[int, int, int]] = []
        number = bisect_right(self.starts, start) - 1
        while start < stop:
            end = min(stop, self.starts[number + 1])
            if end > start:
                block = self.blocks[number]
                kept = [match.start() for match in FIRM.finditer(block.text)]
                first, last = kept[start - self.starts[number]], kept[end - 1 - self.starts[number]] + 1
                pieces.append((block.position, first, last))
                start = end
            number += 1
        return _with_marks(pieces, paragraph, self.texts)


def _with_marks(
    pieces: list[tuple[int, int, int]], paragraph: str, texts: Mapping[int, str]
) -> list[tuple[int, int, int]]:
    """The pieces with the marks that the paragraph itself begins and ends in: they belong to the words."""
    position, first, last = pieces[0]
    for _ in range(len(paragraph) - len(paragraph.lstrip(OPENING))):
        first -= first > 0 and texts[position][first - 1] in OPENING
    pieces[0] = (position, first, last)
    position, first, last = pieces[-1]
    for _ in range(len(paragraph) - len(paragraph.rstrip(CLOSING))):
        last += texts[position][last : last + 1] != "" and texts[position][last] in CLOSING
    pieces[-1] = (position, first, last)
    return pieces
