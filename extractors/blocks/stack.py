"""Several documents as one: what NumPy is asked costs as much for ten rows as for a thousand, and pages have few."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from extractors.blocks.columns import prefix_sums
from extractors.blocks.document import Document
from extractors.blocks.elements import BITS
from extractors.blocks.lines import TAGS, Flags, tag_numbers
from extractors.blocks.textstats import STATS, Floats, Ints

T = TypeVar("T", bound=np.generic)
(_H1,) = tag_numbers("h1")
_HEADINGS = tag_numbers("h1", "h2", "h3", "h4")


class Elements(NamedTuple):
    """The elements of all documents, one entry an element: the number of the one around it (of a root: its own), and
    the rows starts:stops inside it. `edges` as those of the rows; row r stands directly in element `leaves[r]`.
    """

    above: Ints
    starts: Ints
    stops: Ints
    leaves: Ints
    edges: Ints


class Stack:
    """The blocks of documents, none of which is empty, one row each; document d has the rows edges[d]:edges[d+1].

    Every row has with it where its document begins (`first`) and ends (`stop`), so that none looks beyond.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.lines = [document.lines for document in documents]
        self.sizes = np.array([len(document.blocks) for document in documents], np.int64)
        self.edges = np.append(0, np.cumsum(self.sizes))
        self.count = int(self.edges[-1])
        self.index = np.arange(self.count)
        self.owner = np.repeat(np.arange(len(documents)), self.sizes)
        self.first, self.stop = self.edges[:-1][self.owner], self.edges[1:][self.owner]

    @cached_property
    def stats(self) -> Floats:
        """The matrix (rows × STATS)."""
        return np.concatenate([lines.stats for lines in self.lines])

    def stat(self, name: str) -> Floats:
        """One column of `stats`."""
        return self.stats[:, STATS.index(name)]

    @cached_property
    def words(self) -> Floats:
        """How many words each row has."""
        return np.concatenate([lines.words for lines in self.lines])

    @cached_property
    def links(self) -> Floats:
        """The share of each row inside links."""
        return np.concatenate([lines.links for lines in self.lines])

    @cached_property
    def tags(self) -> Ints:
        """The number of each row's tag."""
        return np.concatenate([lines.tags for lines in self.lines])

    @cached_property
    def h1(self) -> Flags:
        """Which rows are main headings."""
        return np.asarray(self.tags == _H1)

    @cached_property
    def headings(self) -> Flags:
        """Which rows are headings of the first four levels."""
        return self.tagged(_HEADINGS)

    def tagged(self, numbers: Sequence[int]) -> Flags:
        """Which rows have one of these tags; a table is looked up much faster than a set."""
        table = np.zeros(len(TAGS) + 1, bool)  # the last entry is for -1, any other tag
        table[list(numbers)] = True
        return table[self.tags]

    def sign(self, name: str) -> Flags:
        """Which rows have one of ends.SIGNS."""
        return np.concatenate([lines.sign(name) for lines in self.lines])

    @cached_property
    def hashes(self) -> tuple[Ints, Ints]:
        """(row, hash) of every word."""
        pairs = [lines.hashes for lines in self.lines]
        owners = [owner + first for (owner, _), first in zip(pairs, self.edges.tolist(), strict=False)]
        return np.concatenate(owners), np.concatenate([hashed for _, hashed in pairs])

    @cached_property
    def groups(self) -> Ints:
        """A number for each chain of tags and classes of a document."""
        groups = [lines.groups for lines in self.lines]
        firsts = np.cumsum([0, *(int(group.max()) + 1 for group in groups)])
        return np.concatenate([group + first for group, first in zip(groups, firsts, strict=False)])

    @cached_property
    def elements(self) -> Elements | None:
        """None for plain text, which has no elements."""
        trees = [document.tree.arrays for document in self.documents]
        edges = np.append(0, np.cumsum([len(tree.parents) for tree in trees]))
        if not edges[-1]:
            return None
        places = list(zip(trees, edges.tolist(), self.edges.tolist(), strict=False))
        return Elements(
            above=np.concatenate([tree.parents.clip(min=0) + place for tree, place, _ in places]),
            starts=np.concatenate([tree.starts + first for tree, _, first in places]),
            stops=np.concatenate([tree.stops + first for tree, _, first in places]),
            leaves=np.concatenate([tree.leaves + place for tree, place, _ in places]),
            edges=edges,
        )

    @cached_property
    def bits(self) -> tuple[Ints, Ints]:
        """(what each element is called, what its ancestors are): elements.BITS."""
        own, above = zip(*(document.tree.bits for document in self.documents), strict=True)
        return np.concatenate(own), np.concatenate(above)

    def called(self, names: Sequence[str]) -> Flags:
        """Which rows stand inside an element of each of these BITS: (rows × names)."""
        elements = self.elements
        if elements is None:
            return np.zeros((self.count, len(names)), bool)
        own, above = self.bits
        around = (own | above)[elements.leaves]
        return ((around[:, None] >> [BITS.index(name) for name in names]) & 1) > 0

    def sums(self, values: Floats | Flags) -> Floats:
        """One sum for each document; of a matrix, one row."""
        return np.asarray(np.add.reduceat(values, self.edges[:-1], axis=0, dtype=float))

    def so_far(self, values: Floats | Flags) -> Floats:
        """For each row the sum over those of its document up to it."""
        total = prefix_sums(values)
        return np.asarray(total[1:] - total[self.first])

    def window(self, before: int, after: int) -> tuple[Ints, Ints]:
        """The rows start:stop of as many neighbours, each row itself included."""
        return np.maximum(self.index - before, self.first), np.minimum(self.index + after + 1, self.stop)

    def latest(self, flags: Flags) -> Ints:
        """For each row the last flagged one of its document up to it, or -1."""
        last = np.maximum.accumulate(np.where(flags, self.index, -1))
        return np.where(last >= self.first, last, -1)

    def next(self, flags: Flags) -> Ints:
        """For each row the first flagged one of its document from it on, or the number of all rows."""
        following = np.minimum.accumulate(np.where(flags, self.index, self.count)[::-1])[::-1]
        return np.where(following < self.stop, following, self.count)

    def neighbours(self, values: Floats | Ints, offset: int, missing: float = -1.0) -> Floats:
        """The value (or row of a matrix) so many rows away, `missing` beyond the document."""
        place = self.index + offset
        inside = (place >= self.first) & (place < self.stop)
        inside = inside if values.ndim == 1 else inside[:, None]
        return np.where(inside, values[place.clip(0, self.count - 1)], missing)

    def split(self, values: npt.NDArray[T]) -> list[npt.NDArray[T]]:
        """Values of the rows, document by document."""
        return np.split(values, self.edges[1:-1])


def first_of(flags: Flags, edges: Ints) -> Ints:
    """The first flagged place of each stretch edges[d]:edges[d+1], or -1."""
    found = np.append(np.flatnonzero(flags), len(flags))
    place = found[np.searchsorted(found, edges[:-1])]
    return np.where(place < edges[1:], place, -1)


def largest_of(values: Floats, edges: Ints) -> Ints:
    """The first place of the largest value of each stretch edges[d]:edges[d+1]."""
    top = np.maximum.reduceat(values, edges[:-1])
    return first_of(values == np.repeat(top, np.diff(edges)), edges)
