"""Gaps between blocks → numbers that say whether one article ends there and another begins.

For n blocks there are n-1 gaps; gap g lies between the blocks g and g+1.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extractors.blocks.columns import Columns, prefix_sums, stacked
from extractors.blocks.document import Document, Tree
from extractors.blocks.elements import BITS
from extractors.blocks.lines import Lines
from extractors.blocks.textstats import Floats, Ints

WINDOWS = (3, 8, 20, 50)
BUCKETS = 256  # hashed words per line; cohesion needs likeness, not the words themselves
CONTENT = 0.4  # score from which a block counts as article text here
CHUNK = 4096  # gaps compared at once, to bound memory

NAMES = (
    *(
        f"{what}_{side}_{window}"
        for window in WINDOWS
        for side in ("before", "after")
        for what in ("score", "words", "short", "links")
    ),
    *(f"cohesion_{window}" for window in WINDOWS),
    "gap",
    "score_left",
    "score_right",
    "words_left",
    "words_right",
    "content_before",
    "content_after",
    "blocks_since_content",
    "blocks_to_content",
    "end_markers_before_8",
    "end_markers_before_3",
    "start_markers_after_8",
    "start_markers_after_3",
    "heading_after_3",
    "h1_after_8",
    "h1_before_8",
    "h1s",
    "capitals_right",
    "ends_sentence_left",
    "ends_sentence_right",
    "place",
    "blocks",
    "lca_depth",
    "lca_share",
    "up_left",
    "up_right",
    "left_words",
    "right_words",
    "left_content",
    "right_content",
    "left_share",
    "right_share",
    "left_h1",
    "right_h1",
    "siblings",
    "lca_is_body",
    *(
        f"{side}_{name}"
        for side in ("left", "right")
        for name in ("article", "footer", "nav", "header", "comment", "related", "title")
    ),
)
_SEEN = ("article", "footer", "nav", "header", "comment", "related", "title")


def gap_features(document: Document, scores: Floats) -> npt.NDArray[np.float32]:
    """The matrix (gaps × len(NAMES)); `scores` are the block classifier's."""
    blocks = document.blocks
    count = len(blocks)
    if count < 2:
        return np.zeros((0, len(NAMES)), np.float32)
    lines = document.lines
    gaps = np.arange(count - 1)
    columns = _windows(gaps, lines.words, lines.links, scores) + _cohesion(lines, gaps)
    columns += _near(lines, gaps, scores)
    columns += _structure(document, gaps, lines.words, scores)
    return stacked(columns)


def _windows(gaps: Ints, words: Floats, links: Floats, scores: Floats) -> Columns:
    count = len(words)
    sums = [prefix_sums(values) for values in (scores * words, words, (words < 8).astype(float), words * links)]
    columns: Columns = []
    for window in WINDOWS:
        low, high = np.maximum(gaps + 1 - window, 0), np.minimum(gaps + 1 + window, count)
        for start, stop in ((low, gaps + 1), (gaps + 1, high)):
            columns += [total[stop] - total[start] for total in sums]
    return columns


def _cohesion(lines: Lines, gaps: Ints) -> Columns:
    """Cosine of the hashed words of the blocks before and after, over several windows (TextTiling, Hearst 1997)."""
    count, margin = len(lines.texts), max(WINDOWS)
    owner, hashed = lines.hashes
    # Prefix sums, with so many rows before and behind that a window may reach over an end.
    total = np.zeros((count + 1 + 2 * margin, BUCKETS), np.float32)
    np.add.at(total.reshape(-1), (owner + 1 + margin) * BUCKETS + hashed % BUCKETS, np.float32(1))
    rarity = np.log1p(count / (1.0 + np.count_nonzero(total, axis=0))).astype(np.float32)
    np.sqrt(total, out=total)
    total *= rarity
    np.cumsum(total, axis=0, out=total)
    columns: Columns = []
    for window in WINDOWS:
        column = np.zeros(len(gaps))
        for first in range(0, len(gaps), CHUNK):
            begin, end = margin + 1 + first, margin + 1 + min(first + CHUNK, len(gaps))
            middle = total[begin:end]
            before, after = middle - total[begin - window : end - window], total[begin + window : end + window] - middle
            norm = np.sqrt(_dot(before, before)) * np.sqrt(_dot(after, after))
            column[first : first + CHUNK] = _dot(before, after) / np.maximum(norm, 1e-6)
        columns.append(column)
    return columns


def _dot(some: Floats, others: Floats) -> Floats:
    """The dot product of each row with the row of the same number."""
    return np.asarray(np.einsum("ij,ij->i", some, others))


def _near(lines: Lines, gaps: Ints, scores: Floats) -> Columns:
    words, count = lines.words, len(lines.texts)
    content = (scores >= CONTENT) & (words >= 8)
    index = np.arange(count)
    since = index - np.maximum.accumulate(np.where(content, index, -99))
    until = (np.minimum.accumulate(np.where(content, index, count + 99)[::-1])[::-1]) - index
    ends, starts, h1, heading = map(prefix_sums, (lines.ends, lines.starts, lines.h1, lines.headings))
    total = prefix_sums(content * words)

    def before(sums: Floats, window: int) -> Floats:
        return sums[gaps + 1] - sums[np.maximum(gaps + 1 - window, 0)]

    def after(sums: Floats, window: int) -> Floats:
        return sums[np.minimum(gaps + 1 + window, count)] - sums[gaps + 1]

    sentence = lines.stat("ends_sentence")
    return [
        np.fromiter((min(9, block.gap) for block in lines.blocks[1:]), float, count - 1),
        scores[:-1],
        scores[1:],
        words[:-1],
        words[1:],
        total[gaps + 1],
        total[-1] - total[gaps + 1],
        np.minimum(since[:-1], 99).astype(float),
        np.minimum(until[1:], 99).astype(float),
        before(ends, 8),
        before(ends, 3),
        after(starts, 8),
        after(starts, 3),
        after(heading, 3),
        after(h1, 8),
        before(h1, 8),
        np.full(count - 1, h1[-1]),
        lines.stat("capitals")[1:],
        sentence[:-1],
        sentence[1:],
        (gaps + 1) / count,
        np.full(count - 1, float(count)),
    ]


def _structure(document: Document, gaps: Ints, words: Floats, scores: Floats) -> Columns:
    """The lowest element around both sides of each gap, and the two children of it that meet there."""
    tree = document.tree
    width = 14 + 2 * len(_SEEN)
    if not tree.labels:
        return [np.zeros(len(gaps))] * width
    content = scores * words * (scores >= CONTENT)
    sums = [prefix_sums(values) for values in (words, content, document.lines.h1)]
    bits, _ = tree.bits
    depth = _depths(tree)
    parents, starts, stops, leaves = tree.arrays
    common, left, right = _meeting(tree)
    shares = [sum_[stops] - sum_[starts] for sum_ in sums]
    children = np.bincount(parents.clip(min=0), stops > starts, minlength=len(depth))
    total = max(1.0, float(words.sum()))
    body = np.fromiter((label.startswith("body") for label in tree.labels), float, len(depth))
    # Everything inside the left and right child as one set of flags, so that a footer deep inside counts.
    below = _bits_below(tree, bits)
    flags = [1 << BITS.index(name) for name in _SEEN]
    return [
        depth[common].astype(float),
        shares[0][common] / total,
        (depth[leaves[gaps]] - depth[common]).astype(float),
        (depth[leaves[gaps + 1]] - depth[common]).astype(float),
        shares[0][left],
        shares[0][right],
        shares[1][left],
        shares[1][right],
        shares[0][left] / total,
        shares[0][right] / total,
        shares[2][left],
        shares[2][right],
        children[common].astype(float),
        body[common],
        *(((below[side] & flag) > 0).astype(float) for side in (left, right) for flag in flags),
    ]


def _depths(tree: Tree) -> Ints:
    depth = [0] * len(tree.parents)
    for element, parent in enumerate(tree.parents):
        if parent >= 0:
            depth[element] = depth[parent] + 1
    return np.array(depth)


def _bits_below(tree: Tree, bits: Ints) -> Ints:
    below = bits.tolist()
    for element in range(len(below) - 1, 0, -1):
        parent = tree.parents[element]
        if parent >= 0:
            below[parent] |= below[element]
    return np.array(below, np.int64)


def _meeting(tree: Tree) -> tuple[Ints, Ints, Ints]:
    """(lowest common element, its child on the left, its child on the right) of each gap; a block that stands directly
    in the common element is its own side. Elements have higher numbers than what holds them.
    """
    parents = tree.parents
    meetings: list[tuple[int, int, int]] = []
    for one, other in pairwise(tree.leaves):
        left, right, a, b = one, other, one, other
        while a != b:
            if a > b:
                left, a = a, parents[a]
            else:
                right, b = b, parents[b]
        meetings.append((a, left, right))
    common, lefts, rights = np.array(meetings, np.int64).T
    return common, lefts, rights
