"""Documents → their parts between the cuts, each scored by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.articles.cuts import gap_features
from extractors.articles.sources import SourceList
from extractors.blocks.classify import CORE, scores_of
from extractors.blocks.document import Document, measure, piece_of
from extractors.blocks.lines import tag_numbers
from extractors.blocks.model import Models
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import Floats

# Probability from which two articles meet in a gap. Boundaries are rare, so the classifier seldom says .5; in text, where
# many gaps share what speaks for one boundary, a lower one wins more articles than it cuts in two: that a part was torn
# off is seen again when parts are judged. A list of sources tells where its articles meet; more must be likely.
CUT, TEXT_CUT, LISTED_CUT = 0.1, 0.03, 0.5
APART = 6  # blocks between two cuts; of closer ones the likelier counts
MIN_PIECE_WORDS = 60  # nor has a piece beside others
MIN_WORDS = 3  # of a line that counts for a stretch of text
STRETCH_GAP = 2  # blocks of boilerplate within one stretch of text


(H1,) = tag_numbers("h1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A document on its page, not an empty one: `first` is the position of its first block, `sources` the page's list of
    sources, `hosts` the share of the host's other pages that hold each block, if they are known.
    """

    document: Document
    first: int
    sources: SourceList
    hosts: Floats | None

    @property
    def stop(self) -> int:
        """The block of the document from which the list of sources goes on, or its end."""
        return max(0, min(len(self.document.blocks), self.sources.start - self.first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The blocks of a document from `start` on as a document of their own, with their scores, the probability that it is
    an article, and those of the cuts before and after it.
    """

    start: int
    document: Document
    scores: Floats
    article: float
    edges: tuple[float, float]


def parts_of(placed: Sequence[Placed], models: Models) -> list[list[Part]]:
    """The parts of each document; each is scored again by itself, without the head of the page, if there are several."""
    documents = [one.document for one in placed]
    measure(documents)
    judged = scores_of(documents, models.judge, hosts=[one.hosts for one in placed])
    cuts = _cuts(placed, [scores for scores, _ in judged], models)
    spans = [list(pairwise([0, *found, len(one.document.blocks)])) for one, found in zip(placed, cuts, strict=True)]
    edges = [list(pairwise([1.0, *found.values(), 1.0])) for found in cuts]
    again = [
        (piece_of(one.document, *span), None if one.hosts is None else one.hosts[slice(*span)])
        for one, found in zip(placed, spans, strict=True)
        if len(found) > 1
        for span in found
    ]
    rescored = iter(
        scores_of([part for part, _ in again], models.judge, hosts=[hosts for _, hosts in again], blind=True)
    )
    pieces = (part for part, _ in again)
    parts = []
    for one, whole, found, around in zip(placed, judged, spans, edges, strict=True):
        own = [(one.document, whole)] if len(found) == 1 else zip(pieces, rescored, strict=False)
        parts.append(
            [
                Part(start=start, document=document, scores=scores, article=article, edges=edge)
                for (start, _), (document, (scores, article)), edge in zip(found, own, around, strict=False)
            ]
        )
    return parts


def _cuts(placed: Sequence[Placed], scores: Sequence[Floats], models: Models) -> list[dict[int, float]]:
    """For each document the blocks that begin a new part, in order, with their probabilities."""
    asked = [
        number
        for number, (one, own) in enumerate(zip(placed, scores, strict=True))
        if one.sources.entries or _may_hold_several(one.document, own)
    ]
    cuts: list[dict[int, float]] = [{} for _ in placed]
    for number, likely in zip(asked, _likely([(placed[n].document, scores[n]) for n in asked], models), strict=True):
        cuts[number] = {cut: float(likely[cut - 1]) for cut in _chosen(placed[number], likely)}
    for one, found in zip(placed, cuts, strict=True):
        if 0 < one.stop < len(one.document.blocks):
            found[one.stop] = 1.0
    return cuts


def _likely(asked: Sequence[tuple[Document, Floats]], models: Models) -> list[Floats]:
    """For each document the probabilities that two articles meet in its gaps."""
    if not asked:
        return []
    stack = Stack([document for document, _ in asked])
    found = models.cuts.predict(gap_features(stack, np.concatenate([scores for _, scores in asked]), models.wording))
    return np.split(found, np.cumsum(stack.sizes - 1)[:-1])


def _chosen(placed: Placed, likely: Floats) -> list[int]:
    """The blocks that begin a new article, in order; likeliest first where two are close."""
    likely = likely[: max(0, placed.stop - 1)]
    sources = placed.sources
    least = LISTED_CUT if sources.entries else CUT if placed.document.tree.labels else TEXT_CUT
    return apart(likely, least, _forced(likely, placed.first, sources))


def apart(likely: Floats, least: float, forced: Iterable[int] = ()) -> list[int]:
    """The cuts that are forced, and those at least so likely, likeliest first and none too near to another, in order."""
    chosen = sorted(forced)
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
    if np.count_nonzero(document.lines.tags == H1) > 1:
        return True
    stretches: list[int] = []  # their words
    last = -APART
    for place in np.flatnonzero(scores >= CORE).tolist():
        words = document.blocks[place].text.count(" ") + 1
        if words < MIN_WORDS:
            continue
        if place - last > STRETCH_GAP:
            stretches.append(0)
        stretches[-1] += words
        last = place
    return sum(words >= MIN_PIECE_WORDS for words in stretches) > 1


def _forced(likely: Floats, first: int, sources: SourceList) -> set[int]:
    """Cuts that a list of sources demands: at the title of each article it names, or where it is likeliest between the
    snippets of two of them.
    """
    claims = sorted(sources.claims, key=lambda entry: entry.best)
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
