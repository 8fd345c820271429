"""Which blocks of a labelled page are in its gold text: the targets the classifier is trained on."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from extractors.blocks.textstats import Floats

SHINGLE = 4
SURE = 0.8  # share of a block's shingles in the gold from which it marks a region of gold
DENSE = 3  # blocks on each side whose containment says how dense a region is
WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W぀-ヿ㐀-鿿가-힯]+")


def tokens_of(text: str) -> list[str]:
    """Lower-case words; characters of scripts without spaces count one by one."""
    return WORD.findall(text.lower())


def labels_of(texts: Sequence[str], gold: str) -> tuple[Floats, Floats]:
    """(share of each block that is gold, weight of each block): the root of its share of the gold's words, at most 1. With
    the share itself a few long paragraphs decide everything, and held-out pages lose .003 F (other types .013).

    Every shingle of the gold is spent once, dense regions first, so that a teaser repeating the lead is no gold. A
    block too short for a shingle counts where it is a line of the gold and stands between gold blocks.
    """
    words = [tokens_of(text) for text in texts]
    shingles = [[tuple(found[i : i + SHINGLE]) for i in range(len(found) - SHINGLE + 1)] for found in words]
    gold_words = tokens_of(gold)
    left = Counter(tuple(gold_words[i : i + SHINGLE]) for i in range(len(gold_words) - SHINGLE + 1))
    share = np.zeros(len(texts))
    raw = np.array([sum(gram in left for gram in grams) / len(grams) if grams else 0.0 for grams in shingles])
    sizes = np.array([len(found) for found in words], float)
    density = (
        np.convolve(raw * sizes, np.ones(2 * DENSE + 1), "same")[: len(raw)] if len(raw) > 2 * DENSE else raw * sizes
    )
    for i in np.argsort(-density, kind="stable"):
        hits = 0
        for gram in shingles[i]:
            if left[gram] > 0:
                left[gram] -= 1
                hits += 1
        share[i] = hits / len(shingles[i]) if shingles[i] else 0.0
    _short_blocks(share, words, gold, gold_words)
    weight = np.maximum(sizes, 1) / max(len(gold_words), 50)
    return share, np.sqrt(np.minimum(weight, 1.0))


def _short_blocks(share: Floats, words: list[list[str]], gold: str, gold_words: list[str]) -> None:
    lines = Counter(" ".join(tokens_of(line)) for line in gold.splitlines())
    sure = np.flatnonzero((share >= SURE) & (np.array([len(found) for found in words]) >= SHINGLE * 2))
    if not len(sure):
        return
    joined = " " + " ".join(gold_words) + " "
    for i, found in enumerate(words):
        if len(found) >= SHINGLE or not found or not sure[0] - DENSE <= i <= sure[-1] + DENSE:
            continue
        text = " ".join(found)
        near = np.abs(sure - i).min() <= DENSE
        if lines[text] > 0:
            lines[text] -= 1
            share[i] = 1.0
        elif near and len(found) >= 2 and f" {text} " in joined:
            share[i] = 0.6
