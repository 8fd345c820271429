"""Where on a page the author and the date of an article stand: which lines and marked-up values come first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from extractors.articles.around import FOOT_LINES, Surroundings
from extractors.blocks.document import Mark, MarkKind
from extractors.memory import REMEMBERED
from extractors.records import Block

BEHIND_HEADING = 8  # blocks behind the heading among which byline and date stand
INTO_TEXT = 3  # blocks of the text among them
BEFORE_HEADING = 2
FIRST_LINES = 8  # blocks at the beginning of a text without a heading
FAR_FOOT_LINES = 20  # lines behind the body among which a site says who wrote it
ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|trending|popular|most-read|teaser|promo|newsletter|more-from|read-?next"
    r"|pagination|disqus|latest|card-list|post-?nav|similar",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """What stands around an article, as positions: `close` the lines next to its heading, `header` these and the others
    before the text and at its beginning, nearest first; `foot` those behind its text. `heading` is None where the
    article has none; its first lines are the close ones then.
    """

    around: Surroundings
    heading: int | None
    close: tuple[int, ...]
    header: tuple[int, ...]
    foot: tuple[int, ...]

    def lines(self) -> Iterator[Block]:
        """The blocks of the header, then those right behind the text; beyond the
        heading none from comments and lists of other articles.
        """
        own = self._own
        for i in (*self.header, *self.foot[:FOOT_LINES]):
            if i in self.close or not stands_elsewhere(self.around.blocks[i], own):
                yield self.around.blocks[i]

    @property
    def _own(self) -> frozenset[str]:
        """The labels around the text."""
        return frozenset(self.around.blocks[self.around.run.body[0]].path)

    def marks(self, kind: MarkKind) -> tuple[list[Mark], list[Mark]]:
        """(marks in the header, other marks of the article), nearest to its heading first; none from comments,
        sidebars and lists of other articles.
        """
        around, centre = self.around, self.heading if self.heading is not None else self.around.run.body[0]
        last = around.run.foot[:FOOT_LINES][-1] if around.run.foot else around.run.body[-1]
        first = self.header[0] if self.header else around.run.body[0]
        header = set(self.header)
        own = self._own
        near: list[Mark] = []
        far: list[Mark] = []
        for mark in around.document.marks:
            if mark.kind != kind or self._elsewhere(mark, own):
                continue
            if mark.position in header:
                near.append(mark)
            elif around.alone or first <= mark.position <= last:
                far.append(mark)
        near.sort(key=lambda mark: (mark.position < centre, abs(mark.position - centre)))
        far.sort(key=lambda mark: (mark.position < centre, abs(mark.position - centre)))
        return near, far

    def _elsewhere(self, mark: Mark, own: frozenset[str]) -> bool:
        """Does a part of the page that does not hold the text as well hold the mark, and is named as another one?"""
        blocks = self.around.blocks
        return names_elsewhere(mark.hint) or (
            mark.position < len(blocks) and stands_elsewhere(blocks[mark.position], own)
        )


def stands_elsewhere(block: Block, own: frozenset[str]) -> bool:
    """Does the block stand in a part of the page for comments or other articles? `own` are the labels around the text."""
    return any(names_elsewhere(label) for label in block.path if label not in own)


@lru_cache(maxsize=REMEMBERED)
def names_elsewhere(label: str) -> bool:
    """Does a label speak of comments or other articles? Remembered, since pages repeat their labels."""
    return ELSEWHERE.search(label) is not None


def neighbourhood_of(around: Surroundings, title_at: int | None) -> Neighbourhood:
    """The neighbourhood of a run whose title stands in block `title_at`."""
    run, count = around.run, len(around.blocks)
    heading = title_at
    if heading is None:
        heading = next((i for i in reversed(run.head) if around.blocks[i].tag == "h1"), None)
    first = range(run.body[0], min(run.body[0] + FIRST_LINES, run.body[-1] + 1))
    if heading is None:
        close: tuple[int, ...] = (*run.head[: -1 - BEFORE_HEADING : -1], *first)
    else:
        stop = max(heading + 1, run.body[0]) + INTO_TEXT
        behind = range(heading + 1, min(heading + 1 + BEHIND_HEADING, stop, count))
        close = (*behind, *range(heading, max(-1, heading - 1 - BEFORE_HEADING), -1))
    return Neighbourhood(
        around=around,
        heading=heading,
        close=close,
        header=tuple(dict.fromkeys((*close, *reversed(around.head), *first))),
        foot=run.foot[:FAR_FOOT_LINES],
    )
