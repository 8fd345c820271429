"""What the blocks of a document look like, measured once and shared by everything that asks."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from extractors.blocks.ends import BYLINE, COMMENTS, DATED, END_MARKER, POINTER, RESERVED, START_MARKER
from extractors.blocks.shapes import is_furniture
from extractors.blocks.textstats import STATS, Floats, Ints, measured
from extractors.quotes.script import ScriptLine, script_lines
from extractors.records import Block

Flags = npt.NDArray[np.bool_]

MAX_SIGN = 120  # characters of a line that can end or begin something, or say a date
MAX_BYLINE = 160
MAX_END = 400  # characters from which a line is text, whatever it begins with
HEADINGS = frozenset(("h1", "h2", "h3", "h4"))


class Lines:
    """The texts of blocks and their numbers, each computed when first asked for; an array has one entry a block."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.texts = [block.text for block in blocks]
        self.tags = [block.tag for block in blocks]

    @cached_property
    def _measured(self) -> tuple[Floats, tuple[Ints, Ints]]:
        return measured(self.texts)

    @property
    def stats(self) -> Floats:
        """The matrix (blocks × STATS)."""
        return self._measured[0]

    def stat(self, name: str) -> Floats:
        """One column of `stats`."""
        return self.stats[:, STATS.index(name)]

    @cached_property
    def words(self) -> Floats:
        """How many words each has."""
        return np.ascontiguousarray(self.stat("words"))

    @cached_property
    def links(self) -> Floats:
        """The share of each inside links."""
        return np.fromiter((block.link_share for block in self.blocks), float, len(self.blocks))

    @property
    def hashes(self) -> tuple[Ints, Ints]:
        """(block, hash) of every word."""
        return self._measured[1]

    @cached_property
    def groups(self) -> Ints:
        """A number for each chain of tags and classes: an article's paragraphs share one, a list's teasers another."""
        numbers: dict[tuple[str, ...], int] = {}
        found = (numbers.setdefault(block.path, len(numbers)) for block in self.blocks)
        return np.fromiter(found, np.int64, len(self.blocks))

    @cached_property
    def script(self) -> dict[int, ScriptLine]:
        """The turns by the index of their block, where the page is a script."""
        return script_lines(self.texts)

    @cached_property
    def furniture(self) -> Flags:
        """Which begin like the wording that sites put around articles."""
        return self._flags(map(is_furniture, self.texts))

    @cached_property
    def h1(self) -> Flags:
        """Which are main headings."""
        return self._flags(tag == "h1" for tag in self.tags)

    @cached_property
    def headings(self) -> Flags:
        """Which are headings of the first four levels."""
        return self._flags(tag in HEADINGS for tag in self.tags)

    @cached_property
    def ends(self) -> Flags:
        """Which begin like the end of an article."""
        return self._matching(END_MARKER, MAX_END) | self._flags(RESERVED in low[:MAX_SIGN] for low in self._low)

    @cached_property
    def starts(self) -> Flags:
        """Which begin like what stands before an article."""
        return self._matching(START_MARKER, MAX_END)

    @cached_property
    def comments(self) -> Flags:
        """Which head a section of comments."""
        return self._matching(COMMENTS, MAX_SIGN)

    @cached_property
    def pointers(self) -> Flags:
        """Which head a list of other articles."""
        return self._matching(POINTER, MAX_SIGN)

    @cached_property
    def bylines(self) -> Flags:
        """Which begin like a byline."""
        return self._matching(BYLINE, MAX_BYLINE)

    @cached_property
    def dated(self) -> Flags:
        """Which short ones hold a date."""
        digits = self.stat("digits") > 0
        return self._flags(
            bool(has and 0 < len(low) <= MAX_SIGN and ("20" in low or "19" in low) and DATED.search(low))
            for has, low in zip(digits.tolist(), self._low, strict=True)
        )

    @cached_property
    def _low(self) -> list[str]:
        return [text.lower() if len(text) <= MAX_END else "" for text in self.texts]

    def _matching(self, pattern: re.Pattern[str], longest: int) -> Flags:
        match = pattern.match
        return self._flags(bool(low and len(low) <= longest and match(low)) for low in self._low)

    def _flags(self, found: Iterable[bool]) -> Flags:
        return np.fromiter(found, bool, len(self.blocks))
