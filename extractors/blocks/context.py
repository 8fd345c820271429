"""The second look: what the first scores say of a block's neighbours, containers and words."""

import numpy as np
import numpy.typing as npt

from extractors.blocks.columns import Columns, prefix_sums, stacked
from extractors.blocks.document import Document
from extractors.blocks.textstats import Floats, Ints

OFFSETS = (-3, -2, -1, 1, 2, 3)
WINDOWS = (2, 5, 10, 25)
BUCKETS = 1 << 14  # hashed words; a page has a few thousand
NAMES = (
    "first_score",
    *(f"score_at_{offset:+d}" for offset in OFFSETS),
    *(
        f"{what}_{window}"
        for window in WINDOWS
        for what in ("score_within", "text_within", "score_before", "score_after")
    ),
    "text_before_share",
    "text_on_page",
    "score_of_page",
    "score_of_group",
    "score_of_parent",
    "score_of_grandparent",
    "text_of_parent",
    "known_words",
    "known_weight",
    "page_is_article",
)


def context_features(
    document: Document, rows: npt.NDArray[np.float32], scores: Floats, article: float, asked: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """The rows that are `asked` for, with the columns NAMES behind them; `scores` are the first model's, `article` is the
    probability that the page is an article at all: comments are the text of a forum and not that of an article.
    """
    count = len(scores)
    if not asked.any():
        return np.zeros((0, rows.shape[1] + len(NAMES)), np.float32)
    words = document.lines.words
    columns: Columns = [
        rows,
        scores,
        *_neighbours(scores),
        *_windows(scores, words),
        *_groups(document, scores, words),
        *_known(document, scores),
        np.full(count, article),
    ]
    return stacked([column[asked] for column in columns])


def _neighbours(scores: Floats) -> Columns:
    index = np.arange(len(scores))
    columns: Columns = []
    for offset in OFFSETS:
        place = index + offset
        inside = (place >= 0) & (place < len(scores))
        columns.append(np.where(inside, scores[place.clip(0, len(scores) - 1)], -1.0))
    return columns


def _windows(scores: Floats, words: Floats) -> Columns:
    index, count = np.arange(len(scores)), len(scores)
    text, total = prefix_sums(scores * words), prefix_sums(words)

    def mean(start: Ints, stop: Ints) -> Floats:
        return np.asarray((text[stop] - text[start]) / np.maximum(total[stop] - total[start], 1.0))

    columns: Columns = []
    for window in WINDOWS:
        low, high = np.maximum(index - window, 0), np.minimum(index + window + 1, count)
        columns += [mean(low, high), text[high] - text[low], mean(low, index), mean(index + 1, high)]
    everything = max(1.0, float(text[-1]))
    columns += [text[:-1] / everything, np.full(count, text[-1]), np.full(count, text[-1] / max(1.0, float(total[-1])))]
    return columns


def _groups(document: Document, scores: Floats, words: Floats) -> Columns:
    """Mean scores of the blocks with the same path, and inside the parent and its parent."""
    count, tree = len(scores), document.tree
    if not tree.labels:
        return [np.full(count, -1.0)] * 4
    group = document.lines.groups
    by_group = np.bincount(group, scores * words) / np.maximum(np.bincount(group, words), 1.0)
    parents, starts, stops, leaves = tree.arrays
    text, total = prefix_sums(scores * words), prefix_sums(words)
    up = parents[leaves].clip(min=0)
    above = parents[up].clip(min=0)

    def mean(elements: Ints) -> Floats:
        inside = total[stops[elements]] - total[starts[elements]]
        return np.asarray((text[stops[elements]] - text[starts[elements]]) / np.maximum(inside, 1.0))

    return [by_group[group], mean(up), mean(above), (text[stops[up]] - text[starts[up]]) / max(1.0, float(text[-1]))]


def _known(document: Document, scores: Floats) -> Columns:
    """The share of a block's words that the text scored as content uses elsewhere, and how much it uses them."""
    count = len(scores)
    owner, hashed = document.lines.hashes
    if not len(owner):
        return [np.zeros(count)] * 2
    bucket = hashed % BUCKETS
    weight = scores[owner]
    total = np.bincount(bucket, weight, minlength=BUCKETS)
    pair = owner * BUCKETS + bucket
    _, inverse = np.unique(pair, return_inverse=True)
    own = np.bincount(inverse, weight)[inverse]
    elsewhere = np.maximum(total[bucket] - own, 0.0)
    words = np.maximum(np.bincount(owner, minlength=count), 1)
    return [
        np.bincount(owner, elsewhere >= MIN_USE, minlength=count) / words,
        np.bincount(owner, np.log1p(elsewhere), minlength=count) / words,
    ]


MIN_USE = 0.5  # summed scores of the other places a word stands at
