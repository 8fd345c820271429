"""Samples → the weights of words (extractors/blocks/wording.py), by logistic regression."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from extractors.blocks.textstats import Floats
from extractors.blocks.wording import BUCKETS, FAR, NEAR, Wording, document_tokens, tokens_of
from flows.training.samples import Sample

LINE_PENALTY, PAGE_PENALTY = 2.0, 0.02  # of squared weights; there are 200 lines for each page
STEPS = 40


class WordTrainer:
    """The words of all samples as sparse matrices, to fit weights on any choice of folds; `zones` says whether those of
    lines are fitted, too.
    """

    def __init__(self, samples: Sequence[Sample], *, zones: bool) -> None:
        from scipy import sparse  # it takes a second to import

        lines, pages, places = [], [], []
        for sample in samples:
            said, weight = document_tokens(sample.document.lines)
            pages.append(sparse.csr_matrix((weight, (np.zeros(len(said), int), said)), (1, BUCKETS)))
            count = len(sample.document.blocks) if zones else 0
            if count:
                owner, bucket, share = tokens_of(sample.document.lines)
                lines.append(sparse.csr_matrix((share, (owner, bucket)), (count, BUCKETS)))
                place, left = np.arange(count), np.arange(count)[::-1]
                places.append(np.column_stack([place < NEAR, place < FAR, left < FAR, left < NEAR]))
        self.pages = sparse.vstack(pages).tocsr()
        self.lines = sparse.vstack(lines).tocsr() if lines else sparse.csr_matrix((0, BUCKETS))
        self.zones = np.vstack(places).astype(float) if places else np.zeros((0, 0))
        self.articles = np.array([float(sample.page.is_article) for sample in samples])
        self.folds = np.array([sample.page.fold for sample in samples])
        self.line_folds = np.repeat(self.folds, [len(sample.document.blocks) if zones else 0 for sample in samples])

    def without(self, fold: int | None) -> Wording:
        """The weights learnt from all other folds."""
        line, page = self.line_folds != fold, self.folds != fold
        lines, pages, zones = self.lines[line], self.pages[page], self.zones[line]
        rows = [_fitted(lines, zones[:, zone], LINE_PENALTY) for zone in range(zones.shape[1])]
        return Wording(np.vstack([*rows, _fitted(pages, self.articles[page], PAGE_PENALTY)]).astype(np.float32))


def _fitted(rows: Any, target: Floats, penalty: float) -> Floats:
    """The weights of a logistic regression with an intercept, which is left out."""
    from scipy.optimize import minimize

    turned = rows.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = rows @ weights[:-1] + weights[-1]
        error = 1 / (1 + np.exp(-odds)) - target
        value = (np.logaddexp(0, odds) - target * odds).sum() + penalty / 2 * (weights[:-1] ** 2).sum()
        return float(value), np.append(turned @ error + penalty * weights[:-1], error.sum())

    start = np.zeros(rows.shape[1] + 1)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x[:-1])
