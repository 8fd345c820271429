"""The elements around each block → numbers: how much text stands in them, how linked it is, what they are called.

Blocks are in document order, hence a subtree is a range and every sum over it a difference of two prefix sums.
"""

import numpy as np

from extractors.blocks.columns import Columns, prefix_sums
from extractors.blocks.elements import BITS, LABEL_GROUPS
from extractors.blocks.stack import Elements, Stack, largest_of
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


def container_columns(stack: Stack) -> Columns:
    """Sums over the elements around each block; all zero for plain text."""
    elements = stack.elements
    if elements is None:
        return [np.zeros((stack.count, len(INSIDE)))]
    words, links, owner, position = stack.words, stack.links, stack.owner, stack.index
    above, starts, stops, leaves, edges = elements
    total = np.maximum(1.0, stack.sums(words))
    paragraph = np.where((words >= PARAGRAPH_WORDS) & (links < 0.5), words * (1 - links), 0.0)
    sums = [prefix_sums(values) for values in (words, words * links, paragraph, paragraph > 0)]
    inside, linked, texts, paragraphs = (values[stops] - values[starts] for values in sums)
    up = [leaves]
    for _ in range(3):
        up.append(above[up[-1]])
    score = _container_scores(paragraph, up, len(above)) * (1 - linked / np.maximum(inside, 1))
    best = largest_of(score, edges)
    begin, end = starts[best][owner], stops[best][owner]
    in_best = (position >= begin) & (position < end)
    away = np.minimum(np.abs(position - begin), np.abs(position - end + 1))
    top = np.maximum(1e-9, score[best])[owner]
    columns: Columns = [
        (texts[best] / total)[owner],
        in_best,
        np.where(in_best, 0, away),
        score[up[0]] / top,
        score[up[1]] / top,
        score[up[2]] / top,
    ]
    for around in up[1:]:
        columns += [
            inside[around] / total[owner],
            np.log1p(inside[around]),
            linked[around] / np.maximum(inside[around], 1),
            paragraphs[around],
            (stops - starts)[around],
        ]
    return columns + _groups(stack, above[leaves], total[owner]) + _ancestors(stack, elements, inside)


def _container_scores(paragraph: Floats, up: list[Ints], elements: int) -> Floats:
    """Paragraph text in each element, counted in full for a block's parent and less for each level above."""
    score = np.zeros(elements)
    for level, weight in ((0, 0.5), (1, 1.0), (2, 0.6), (3, 0.3)):
        score += np.bincount(up[level], paragraph * weight, minlength=elements)
    return score


def _groups(stack: Stack, above: Ints, total: Floats) -> Columns:
    """Blocks with the same chain of tags and classes: the paragraphs of an article, the items of a teaser list."""
    group, words = stack.groups, stack.words
    sizes = np.bincount(group)
    text = np.bincount(group, words)
    linked = np.bincount(group, words * stack.links)
    return [
        text[group] / total,
        sizes[group],
        text[group] / sizes[group],
        linked[group] / np.maximum(text[group], 1),
        np.bincount(above, words)[above] / total,
    ]


def _ancestors(stack: Stack, elements: Elements, inside: Floats) -> Columns:
    """Is a block in the largest <article> or <main>, how many articles are there, what are its containers called?"""
    own, above = stack.bits
    columns: Columns = []
    for tag in ("article", "main"):
        called = (own >> BITS.index(tag, len(LABEL_GROUPS))) & 1 > 0
        largest = largest_of(np.where(called, inside, -1.0), elements.edges)
        begin, end = elements.starts[largest][stack.owner], elements.stops[largest][stack.owner]
        within = (stack.index >= begin) & (stack.index < end)
        columns.append(np.where(called[largest][stack.owner], within, -1.0))
    articles = np.add.reduceat((own >> BITS.index("article", len(LABEL_GROUPS))) & 1, elements.edges[:-1])
    shifts = np.arange(len(BITS))
    return [
        *columns,
        articles[stack.owner],
        (own[elements.leaves][:, None] >> shifts) & 1,
        (above[elements.leaves][:, None] >> shifts) & 1,
    ]
