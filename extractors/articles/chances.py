"""Is a part of a page an article? Numbers of the parts and of the cuts around them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extractors.blocks.document import Document
from extractors.blocks.pieces import piece_features
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import Floats
from extractors.blocks.wording import Wording

EDGE = 8  # lines at each end that may tell whether a page begins and ends here


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """A part of a page with the scores of its blocks; `edges` are the probabilities of the cuts before and after it, 1 at
    the ends of the page.
    """

    document: Document
    scores: Floats
    edges: tuple[float, float]


def whole(document: Document, scores: Floats) -> Cutting:
    """A document that nothing was cut from."""
    return Cutting(document=document, scores=scores, edges=(1.0, 1.0))


def chance_features(parts: Sequence[Cutting], wording: Wording, *, blind: bool = False) -> npt.NDArray[np.float32]:
    """A row for each part of a page, in order: the numbers of a piece and what its words say; without markup also where
    its first and last lines would stand, its edges, and how much text the parts before and after it have: what was cut
    out of the middle of an article is none. `blind` hides what the head says.
    """
    stack = Stack([part.document for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    rows = piece_features(stack, scores, blind=blind)
    if stack.elements is not None:
        said = [[wording.article(part.document.lines)] for part in parts]
        return np.hstack([rows, np.array(said)]).astype(np.float32)
    beside = np.concatenate([[0.0], stack.sums(stack.words * scores), [0.0]])
    seen = [
        [
            wording.article(part.document.lines), *zones[:EDGE].mean(axis=0), *zones[-EDGE:].mean(axis=0),
            *part.edges, before, after,
        ]
        for part, before, after in zip(parts, beside[:-2], beside[2:], strict=True)
        for zones in [wording.zones(part.document.lines)]
    ]  # fmt: skip
    return np.hstack([rows, np.array(seen)]).astype(np.float32)
