"""What the readers of HTML and of text both return."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from extractors.blocks.elements import bits_of
from extractors.blocks.lines import Lines
from extractors.blocks.textstats import Ints
from extractors.records import Block

MarkKind = Literal["time", "author"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Markup that names a date or a person, and where it stands: at or in the block at `position`.

    `value` is the machine-readable form (datetime, content) or the text; `hint` the class, itemprop and rel words.
    """

    kind: MarkKind
    position: int
    value: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a document says of itself outside its text; `metas` are (name or property, content) in page order."""

    title: str | None = None
    language: str | None = None
    canonical: str | None = None
    metas: tuple[tuple[str, str], ...] = ()
    json_ld: tuple[str, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing of the document, as that of a piece cut out of a page."""
        return not (self.title or self.canonical or self.metas or self.json_ld)


class Arrays(NamedTuple):
    """A tree as arrays of integers."""

    parents: Ints
    starts: Ints
    stops: Ints
    leaves: Ints


@dataclass(frozen=True, kw_only=True)  # no slots: its arrays are remembered
class Tree:
    """The elements around the blocks, in document order: element i has `parents[i]` (-1 at the root), `labels[i]`
    ("tag.class#id", lower case) and ends before block `stops[i]`; block b stands directly in element `leaves[b]`.

    An element's blocks are the range `starts[i]:stops[i]`, so that any sum over a subtree is a difference of two
    prefix sums. Empty for plain text.
    """

    parents: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)

    @cached_property
    def arrays(self) -> Arrays:
        """The numbers to compute with, once the tree is whole."""
        return Arrays(*(np.array(column, np.int64) for column in (self.parents, self.starts, self.stops, self.leaves)))

    @cached_property
    def depths(self) -> Ints:
        """How many elements are around each."""
        depths: list[int] = []
        for parent in self.parents:
            depths.append(depths[parent] + 1 if parent >= 0 else 0)
        return np.array(depths, np.int64)

    @cached_property
    def bits(self) -> tuple[Ints, Ints]:
        """What each element is called, and what its ancestors are (elements.BITS)."""
        return bits_of(self.labels, self.parents)


@dataclass(frozen=True, kw_only=True)  # no slots: its lines are remembered
class Document:
    """The blocks of one document in page order; a page of pasted documents has several. Positions of blocks and marks
    count over the whole page, those of the tree from the document's first block.
    """

    blocks: tuple[Block, ...]
    head: Head = Head()
    marks: tuple[Mark, ...] = ()
    tree: Tree = field(default_factory=Tree)

    @cached_property
    def lines(self) -> Lines:
        """What its blocks look like."""
        return Lines(self.blocks)


def piece_of(document: Document, start: int, stop: int) -> Document:
    """The document's blocks start:stop as a document of their own; its head only if the piece is the whole."""
    if start == 0 and stop == len(document.blocks):
        return document
    blocks = document.blocks[start:stop]
    first, last = (blocks[0].position, blocks[-1].position) if blocks else (0, -1)
    tree = document.tree
    size = stop - start
    cut = Tree(
        parents=tree.parents,
        labels=tree.labels,
        starts=[min(max(place - start, 0), size) for place in tree.starts],
        stops=[min(max(place - start, 0), size) for place in tree.stops],
        leaves=tree.leaves[start:stop],
    )
    vars(cut)["bits"] = tree.bits
    marks = tuple(mark for mark in document.marks if first <= mark.position <= last)
    part = Document(blocks=blocks, head=Head(language=document.head.language), marks=marks, tree=cut)
    vars(part)["lines"] = document.lines.part(start, stop)
    return part


def measure(documents: Sequence[Document]) -> None:
    """Measures the lines of several documents at once, which costs a fraction of one after the other."""
    lines = Lines([block for document in documents for block in document.blocks])
    stop = 0
    for document in documents:
        start, stop = stop, stop + len(document.blocks)
        vars(document)["lines"] = lines.part(start, stop)
