"""A second opinion on pages that the models are unsure of: another extractor's text, aligned onto the blocks.

It is evidence, never a replacement: replacing the least confident pages by the other extractor's text was measured to
lose, as a feature of the decision it wins a little (docs/benchmarks.md).
"""

import numpy as np
import numpy.typing as npt

from extractors.blocks.columns import Columns, prefix_sums, stacked
from extractors.blocks.document import Document
from extractors.blocks.lines import tag_numbers
from extractors.blocks.textstats import Floats, Ints, word_hashes

NAMES = (
    "score", "agreed", "agreed_before", "agreed_after", "agreed_within_2", "agreed_within_10", "scores_within_2",
    "scores_within_10", "words", "links", "page_recall", "page_precision", "page_article", "share_of_opinion", "heading",
)  # fmt: skip
CONTENT = 0.4
HEADINGS = tag_numbers("h1", "h2", "h3", "h4")
_PAIR = np.int64(1 << 24)


def opinion_features(document: Document, scores: Floats, article: float, opinion: str) -> npt.NDArray[np.float32]:
    """The matrix (blocks × len(NAMES)); `opinion` is the other extractor's text, `scores` and `article` are the models'."""
    lines = document.lines
    words = np.maximum(lines.words, 1.0)
    agreed = _agreed(document, opinion)
    ours, theirs = words * (scores >= CONTENT), words * agreed
    both = float((ours * agreed).sum())
    count = len(scores)
    columns: Columns = [
        scores, agreed, np.append(0.0, agreed[:-1]), np.append(agreed[1:], 0.0),
        _mean_within(agreed, words, 2), _mean_within(agreed, words, 10), _mean_within(scores, words, 2),
        _mean_within(scores, words, 10), lines.words, lines.links,
        np.full(count, both / max(1.0, float(theirs.sum()))),
        np.full(count, both / max(1.0, float(ours.sum()))),
        np.full(count, article),
        theirs / max(1.0, float(theirs.sum())),
        np.isin(lines.tags, HEADINGS),
    ]  # fmt: skip
    return stacked(columns)


def _agreed(document: Document, opinion: str) -> Floats:
    """The share of each block's pairs of neighbouring words that the opinion has too; of single words where a block
    has only one.
    """
    owner, hashed = document.lines.hashes
    _, theirs = word_hashes([opinion]) if opinion.strip() else (None, np.zeros(0, np.int64))
    count = len(document.blocks)
    if not len(hashed) or not len(theirs):
        return np.zeros(count)
    inside = owner[:-1] == owner[1:]
    found = np.isin(_pairs(hashed), _pairs(theirs)) & inside
    pairs = np.bincount(owner[:-1], inside, minlength=count)
    shares = np.bincount(owner[:-1], found, minlength=count) / np.maximum(pairs, 1)
    single = np.bincount(owner, np.isin(hashed, theirs), minlength=count) * 0.5
    return np.where(pairs > 0, shares, np.minimum(single, 0.5))


def _pairs(hashed: Ints) -> Ints:
    return np.asarray(hashed[:-1] * _PAIR + hashed[1:])


def _mean_within(values: Floats, words: Floats, window: int) -> Floats:
    index, count = np.arange(len(values)), len(values)
    low, high = np.maximum(index - window, 0), np.minimum(index + window + 1, count)
    total, weight = prefix_sums(values * words), prefix_sums(words)
    return np.asarray((total[high] - total[low]) / (weight[high] - weight[low]))


def expected_f(scores: Floats, words: Floats) -> float:
    """The F that scores promise for the text they select: what is kept and right against what is kept or right."""
    right = float((scores * words)[scores >= CONTENT].sum())
    return 2 * right / max(1.0, float(words[scores >= CONTENT].sum() + (scores * words).sum()))
