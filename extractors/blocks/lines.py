"""What the blocks of a document look like, measured once and shared by everything that asks."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from extractors.blocks.ends import SIGNS, signs_of
from extractors.blocks.textstats import STATS, Floats, Ints, measured
from extractors.quotes.script import ScriptLine, script_lines
from extractors.records import Block

Flags = npt.NDArray[np.bool_]

TAGS = (
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "blockquote", "pre", "div", "span", "dt", "dd", "figcaption",
    "caption", "label", "button", "section", "article", "a", "header", "footer", "center", "noscript", "summary",
)  # fmt: skip
_TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}


def tag_numbers(*tags: str) -> tuple[int, ...]:
    """The numbers that `Lines.tags` has for them."""
    return tuple(_TAG_NUMBERS[tag] for tag in tags)


class Lines:
    """The texts of blocks and their numbers, each computed when first asked for; an array has one entry a block."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.texts = [block.text for block in blocks]

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
        return np.array([block.link_share for block in self.blocks], float)

    @cached_property
    def tags(self) -> Ints:
        """The number of each one's tag among TAGS, -1 for all others."""
        return np.array([_TAG_NUMBERS.get(block.tag, -1) for block in self.blocks], np.int64)

    @property
    def hashes(self) -> tuple[Ints, Ints]:
        """(block, hash) of every word."""
        return self._measured[1]

    @cached_property
    def groups(self) -> Ints:
        """A number for each chain of tags and classes: an article's paragraphs share one, a list's teasers another."""
        numbers: dict[tuple[str, ...], int] = {}
        return np.array([numbers.setdefault(block.path, len(numbers)) for block in self.blocks], np.int64)

    @cached_property
    def script(self) -> dict[int, ScriptLine]:
        """The turns by the index of their block, where the page is a script."""
        return script_lines(self.texts)

    @cached_property
    def signs(self) -> Ints:
        """What each begins like and says, as bits: one for each of ends.SIGNS."""
        return np.array(list(map(signs_of, self.texts)), np.int64)

    def sign(self, name: str) -> Flags:
        """Which have one of the `signs`."""
        return (self.signs >> SIGNS.index(name)) & 1 > 0

    def part(self, start: int, stop: int) -> "Lines":
        """The lines of the blocks start:stop, which are not measured again."""
        part = Lines(self.blocks[start:stop])
        owner, hashed = self.hashes
        first, last = np.searchsorted(owner, (start, stop))
        vars(part).update(
            _measured=(self.stats[start:stop], (owner[first:last] - start, hashed[first:last])),
            words=self.words[start:stop],
            links=self.links[start:stop],
            tags=self.tags[start:stop],
            groups=self.groups[start:stop],
            signs=self.signs[start:stop],
        )
        return part
