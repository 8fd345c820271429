"""The elements around each block → numbers: how much text stands in them, how linked it is, what they are called.

Blocks are in document order, hence a subtree is a range and every sum over it a difference of two prefix sums.
"""

import numpy as np

from extractors.blocks.columns import Columns, prefix_sums
from extractors.blocks.document import Document
from extractors.blocks.elements import BITS, LABEL_GROUPS
from extractors.blocks.lines import Lines
from extractors.blocks.textstats import Floats, Ints

PARAGRAPH_WORDS = 8  # from here a block counts as a paragraph of text when containers are scored

INSIDE = (
    "best_share",
    "in_best",
    "best_distance",
    "score_own",
    "score_parent",
    "score_grandparent",
    *(
        f"{name}_{what}"
        for name in ("parent", "grandparent", "third")
        for what in ("share", "words", "link_share", "paragraphs", "blocks")
    ),
    "path_group_share",
    "path_group_count",
    "path_group_mean",
    "path_group_links",
    "parent_group_share",
    "in_largest_article",
    "in_largest_main",
    "articles",
    *(f"own_{name}" for name in BITS),
    *(f"above_{name}" for name in BITS),
)


def container_columns(document: Document) -> Columns:
    """Sums over the elements around each block; all zero for plain text."""
    tree, lines = document.tree, document.lines
    words, links = lines.words, lines.links
    count = len(words)
    if not tree.labels:
        return [np.zeros((count, len(INSIDE)))]
    parents, starts, stops, leaves = tree.arrays
    total = max(1.0, float(words.sum()))
    paragraph = np.where((words >= PARAGRAPH_WORDS) & (links < 0.5), words * (1 - links), 0.0)
    sums = [prefix_sums(values) for values in (words, words * links, paragraph, paragraph > 0)]
    inside, linked, texts, paragraphs = (values[stops] - values[starts] for values in sums)
    up = [leaves]
    for _ in range(3):
        up.append(np.where(up[-1] > 0, parents[up[-1]], up[-1]).clip(min=0))
    score = _container_scores(paragraph, up, len(parents)) * (1 - linked / np.maximum(inside, 1))
    best = int(score.argmax())
    position = np.arange(count)
    in_best = (position >= starts[best]) & (position < stops[best])
    away = np.minimum(np.abs(position - starts[best]), np.abs(position - stops[best] + 1))
    top = max(1e-9, float(score[best]))
    columns: Columns = [
        np.full(count, texts[best] / total),
        in_best,
        np.where(in_best, 0, away),
        score[up[0]] / top,
        score[up[1]] / top,
        score[up[2]] / top,
    ]
    for around in up[1:]:
        columns += [
            inside[around] / total,
            np.log1p(inside[around]),
            linked[around] / np.maximum(inside[around], 1),
            paragraphs[around],
            (stops - starts)[around],
        ]
    return (
        columns
        + _groups(lines, parents[leaves].clip(min=0), total)
        + _ancestors(document, leaves, starts, stops, inside)
    )


def _container_scores(paragraph: Floats, up: list[Ints], elements: int) -> Floats:
    """Paragraph text in each element, counted in full for a block's parent and less for each level above."""
    score = np.zeros(elements)
    for level, weight in ((0, 0.5), (1, 1.0), (2, 0.6), (3, 0.3)):
        score += np.bincount(up[level], paragraph * weight, minlength=elements)
    return score


def _groups(lines: Lines, above: Ints, total: float) -> Columns:
    """Blocks with the same chain of tags and classes: the paragraphs of an article, the items of a teaser list."""
    group, words = lines.groups, lines.words
    sizes = np.bincount(group)
    text = np.bincount(group, words)
    linked = np.bincount(group, words * lines.links)
    return [
        text[group] / total,
        sizes[group],
        text[group] / sizes[group],
        linked[group] / np.maximum(text[group], 1),
        np.bincount(above, words)[above] / total,
    ]


def _ancestors(document: Document, leaves: Ints, starts: Ints, stops: Ints, inside: Floats) -> Columns:
    """Is a block in the largest <article> or <main>, how many articles are there, what are its containers called?"""
    tree, count = document.tree, len(leaves)
    own, above = tree.bits
    position = np.arange(count)
    columns: Columns = []
    for tag in ("article", "main"):
        found = np.flatnonzero((own >> BITS.index(tag, len(LABEL_GROUPS))) & 1)
        if len(found):
            largest = found[inside[found].argmax()]
            columns.append((position >= starts[largest]) & (position < stops[largest]))
        else:
            columns.append(np.full(count, -1.0))
    articles = int(((own >> BITS.index("article", len(LABEL_GROUPS))) & 1).sum())
    shifts = np.arange(len(BITS))
    return [
        *columns,
        np.full(count, articles),
        (own[leaves][:, None] >> shifts) & 1,
        (above[leaves][:, None] >> shifts) & 1,
    ]
