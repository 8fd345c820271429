"""The second look: what the first scores say of a block's neighbours, containers and words."""

import numpy as np
import numpy.typing as npt

from extractors.blocks.columns import Columns, prefix_sums, stacked
from extractors.blocks.stack import Stack
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
    stack: Stack, rows: npt.NDArray[np.float32], scores: Floats, articles: Floats, asked: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """The rows that are `asked` for, with the columns NAMES behind them; `scores` are the first model's, `articles` the
    probability of each document to be an article at all: comments are the text of a forum and not that of an article.
    """
    if not asked.any():
        return np.zeros((0, rows.shape[1] + len(NAMES)), np.float32)
    columns: Columns = [
        rows,
        scores,
        *(stack.neighbours(scores, offset) for offset in OFFSETS),
        *_windows(stack, scores),
        *_groups(stack, scores),
    ]
    return stacked(
        [*(column[asked] for column in columns), *_known(stack, scores, asked), articles[stack.owner[asked]]]
    )


def _windows(stack: Stack, scores: Floats) -> Columns:
    index, first, stop = stack.index, stack.first, stack.stop
    text, total = prefix_sums(scores * stack.words), prefix_sums(stack.words)

    def mean(start: Ints, stop: Ints) -> Floats:
        return np.asarray((text[stop] - text[start]) / np.maximum(total[stop] - total[start], 1.0))

    columns: Columns = []
    for window in WINDOWS:
        low, high = stack.window(window, window)
        columns += [mean(low, high), text[high] - text[low], mean(low, index), mean(index + 1, high)]
    everything = text[stop] - text[first]
    return [*columns, (text[:-1] - text[first]) / np.maximum(1.0, everything), everything, mean(first, stop)]


def _groups(stack: Stack, scores: Floats) -> Columns:
    """Mean scores of the blocks with the same path, and inside the parent and its parent."""
    elements, words = stack.elements, stack.words
    if elements is None:
        return [np.full(stack.count, -1.0)] * 4
    group = stack.groups
    by_group = np.bincount(group, scores * words) / np.maximum(np.bincount(group, words), 1.0)
    text, total = prefix_sums(scores * words), prefix_sums(words)
    inside = text[elements.stops] - text[elements.starts]
    mean = inside / np.maximum(total[elements.stops] - total[elements.starts], 1.0)
    up = elements.above[elements.leaves]
    everything = np.maximum(1.0, text[stack.stop] - text[stack.first])
    return [by_group[group], mean[up], mean[elements.above[up]], inside[up] / everything]


def _known(stack: Stack, scores: Floats, asked: npt.NDArray[np.bool_]) -> Columns:
    """The share of an asked block's words that the text scored as content uses elsewhere, and how much it uses them."""
    owner, hashed = stack.hashes
    place = stack.owner[owner] * BUCKETS + hashed % BUCKETS  # of a word in its document's table
    total = np.bincount(place, scores[owner], minlength=len(stack.documents) * BUCKETS)
    chosen = asked[owner]
    block, bucket = owner[chosen], place[chosen]
    # The same word of one block is counted once for all its places.
    _, inverse = np.unique(block * BUCKETS + bucket % BUCKETS, return_inverse=True)
    own = np.bincount(inverse, scores[block])[inverse]
    elsewhere = np.maximum(total[bucket] - own, 0.0)
    count = stack.count
    words = np.maximum(np.bincount(block, minlength=count), 1)
    return [
        (np.bincount(block, elsewhere >= MIN_USE, minlength=count) / words)[asked],
        (np.bincount(block, np.log1p(elsewhere), minlength=count) / words)[asked],
    ]


MIN_USE = 0.5  # summed scores of the other places a word stands at
