"""Collages → what the models of cuts and of parts learn from."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from extractors.articles.chances import Cutting, chance_features
from extractors.articles.cuts import gap_features
from extractors.articles.parts import TEXT_CUT, apart
from extractors.blocks.columns import prefix_sums
from extractors.blocks.document import Document, piece_of
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import Floats, Ints
from extractors.blocks.wording import Wording
from flows.training.samples import Collage

KEPT = 0.2  # of the gaps of a text without markup far from any boundary; each then weighs the more
NEARBY = 10  # gaps beside a boundary that are all kept
INSIDE = 0.5  # weight of a gap of a collage where no boundary is
SAME = 0.5  # F of a part with an article from which it is that article


class GapRows:
    """The gaps of documents. `wordings` have not seen the fold of their number."""

    def __init__(self, wordings: Sequence[Wording]) -> None:
        self.wordings = wordings
        self.random = np.random.default_rng(5)
        self.rows: list[np.ndarray] = []
        self.numbers: list[np.ndarray] = []  # target, weight and fold of each row

    def add(self, document: Document, scores: Floats, fold: int, starts: Sequence[int] | None = None) -> None:
        """Those of a collage whose parts begin at `starts`, or of a page that has none."""
        gaps = gap_features(Stack([document]), scores, self.wordings[fold])
        places = [start - 1 for start in starts or () if 0 < start <= len(gaps)]
        target, kept = np.zeros(len(gaps)), np.full(len(gaps), bool(document.tree.labels))
        target[places] = 1.0
        for place in places:
            kept[max(0, place - NEARBY) : place + NEARBY + 1] = True
        weight = np.where(target > 0, 1.0, (1.0 if starts is None else INSIDE) / np.where(kept, 1, KEPT))
        kept |= self.random.random(len(gaps)) < KEPT
        if kept.any():
            self.rows.append(gaps[kept])
            self.numbers.append(np.vstack([target, weight, np.full(len(gaps), fold)])[:, kept])

    def arrays(self) -> tuple[np.ndarray, Floats, Floats, Ints]:
        """(rows, targets, weights, folds)."""
        target, weight, fold = np.hstack(self.numbers)
        return np.vstack(self.rows), target, weight, fold.astype(int)


class PartRows:
    """The parts that predicted cuts leave of collages of text, as they will be in use."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self.targets: list[Floats] = []
        self.folds: list[int] = []

    def add(
        self, collage: Collage, scores: Floats, likely: Floats, wording: Wording, judge: Callable[[Document], Floats]
    ) -> None:
        """`scores` are those of the whole, `likely` the probabilities of its gaps, `judge` scores a part by itself."""
        document = collage.document
        edges = [0, *apart(likely, TEXT_CUT), len(document.blocks)]
        chances = [1.0, *(float(likely[cut - 1]) for cut in edges[1:-1]), 1.0]
        pieces = [piece_of(document, start, stop) for start, stop in pairwise(edges)]
        parts = [
            Cutting(document=piece, scores=judge(piece), edges=around)
            for piece, around in zip(pieces, pairwise(chances), strict=True)
        ]
        self.rows.append(chance_features(parts, wording))
        self.targets.append(articles_among(edges, collage, scores * document.lines.words))
        self.folds += [collage.fold] * len(parts)

    def arrays(self) -> tuple[np.ndarray, Floats, Floats, Ints]:
        """(rows, targets, weights, folds)."""
        target = np.concatenate(self.targets)
        return np.vstack(self.rows), target, np.ones(len(target)), np.array(self.folds)


def articles_among(edges: Sequence[int], collage: Collage, text: Floats) -> Floats:
    """Which of the parts between the edges count as an article: of those that share words of text (one number a block)
    with an article, the one most like it.
    """
    total = prefix_sums(text)
    ends = (*collage.starts[1:], len(text))
    found = np.zeros(len(edges) - 1)
    for start, stop, article in zip(collage.starts, ends, collage.articles, strict=True):
        common = [max(0.0, total[min(b, stop)] - total[max(a, start)]) for a, b in pairwise(edges)]
        both = [total[b] - total[a] + total[stop] - total[start] for a, b in pairwise(edges)]
        likeness = 2 * np.array(common) / np.maximum(both, 1e-9)
        if article and likeness.max() >= SAME:
            found[int(likeness.argmax())] = 1.0
    return found
