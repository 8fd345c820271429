"""Is a piece of a page an article? Numbers of the piece as a whole, for the classifier that decides."""

import re

import numpy as np
import numpy.typing as npt

from extractors.blocks.document import Document
from extractors.blocks.ends import BYLINE, DATED, END_MARKER, START_MARKER
from extractors.blocks.features import BITS, label_bits
from extractors.blocks.textstats import STATS, Floats, text_stats

CONTENT = 0.4
_PRICE = re.compile(r"[$€£]\s?\d|\d\s?(?:€|USD|EUR)\b")
_AGO = re.compile(r"\b\d+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:I|you|your|my|we|our)\b")
_PAST = re.compile(r"\b(?:said|says|was|were|had|told|according)\b", re.IGNORECASE)
_CODE = re.compile(r"[{}();]|=>|::|\b(?:def|class|import|return|function|install|parameter|click|select)\b")
_FLAGS = ("comment", "forum", "product", "docs", "related", "article", "title", "nav", "side")
STAT_NAMES = (
    "mean_word",
    "capitals",
    "short_words",
    "digits",
    "commas",
    "brackets",
    "bars",
    "signs",
    "wide",
    "upper",
    "words_per_stop",
    "quotes",
    "colons",
)

NAMES = (
    "words",
    "blocks",
    "content_words",
    "content_blocks",
    "content_share",
    "mean_score",
    "sure_share",
    "longest_run_words",
    "runs",
    "paragraphs",
    "mean_paragraph",
    "median_paragraph",
    "long_paragraphs",
    "list_share",
    "table_share",
    "heading_share",
    "heading_count",
    "link_share",
    "content_link_share",
    "sentence_share",
    "h1s",
    "dates",
    "bylines",
    "ends",
    "starts",
    "prices",
    "agos",
    "person",
    "past",
    "code",
    "questions",
    "repeated",
    "first_content_place",
    "last_content_place",
    "numbered",
    *(f"content_{name}" for name in STAT_NAMES),
    *(f"share_in_{name}" for name in _FLAGS),
)


def piece_features(document: Document, scores: Floats) -> npt.NDArray[np.float32]:
    """One row of len(NAMES) for a document or a piece of one; `scores` are the block classifier's for its blocks."""
    blocks = document.blocks
    if not blocks:
        return np.zeros((1, len(NAMES)), np.float32)
    texts = [block.text for block in blocks]
    stats = text_stats(texts)
    words = stats[:, STATS.index("words")]
    content = scores >= CONTENT
    chosen = np.flatnonzero(content)
    total, inside = max(1.0, float(words.sum())), max(1.0, float(words[content].sum()))
    links = np.fromiter((block.link_share for block in blocks), float, len(blocks))
    body = [texts[i] for i in chosen]
    joined = "\n".join(body)[:30_000]
    paragraphs = words[content & (words >= 12)]
    sure = float(words[scores >= 0.8].sum()) / inside
    runs = np.split(chosen, np.flatnonzero(np.diff(chosen) > 3) + 1) if len(chosen) else []
    tags = [blocks[i].tag for i in chosen]
    row = [
        total,
        len(blocks),
        inside,
        len(chosen),
        inside / total,
        float((scores * words).sum()) / total,
        sure,
        max((float(words[run].sum()) for run in runs), default=0.0),
        len(runs),
        len(paragraphs),
        float(paragraphs.mean()) if len(paragraphs) else 0.0,
        float(np.median(paragraphs)) if len(paragraphs) else 0.0,
        float((paragraphs >= 40).sum()),
        _share(tags, ("li",)),
        _share(tags, ("tr", "td", "dt", "dd")),
        _share(tags, ("h1", "h2", "h3", "h4")),
        sum(block.tag in ("h1", "h2", "h3") for block in blocks),
        float((words * links).sum()) / total,
        float((words * links)[content].sum()) / inside,
        float(words[content & (stats[:, STATS.index("ends_sentence")] > 0)].sum()) / inside,
        sum(block.tag == "h1" for block in blocks),
        sum(DATED.search(text) is not None for text in texts if len(text) < 120),
        sum(bool(BYLINE.match(text)) for text in texts if len(text) < 160),
        sum(bool(END_MARKER.match(text)) for text in texts),
        sum(bool(START_MARKER.match(text)) for text in texts),
        len(_PRICE.findall("\n".join(texts)[:60_000])),
        len(_AGO.findall("\n".join(texts)[:60_000])),
        *(len(pattern.findall(joined)) / inside for pattern in (_PERSON, _PAST, _CODE)),
        joined.count("?") / inside,
        1 - len(set(texts)) / len(texts),
        chosen[0] / len(blocks) if len(chosen) else 1.0,
        chosen[-1] / len(blocks) if len(chosen) else 0.0,
        sum(block.marker[:1].isdigit() for block in blocks),
        *(float((stats[content, STATS.index(name)] * words[content]).sum()) / inside for name in STAT_NAMES),
        *_flag_shares(document, words, content, inside),
    ]
    return np.array([row], np.float32)


def _share(tags: list[str], wanted: tuple[str, ...]) -> float:
    return sum(tag in wanted for tag in tags) / max(1, len(tags))


def _flag_shares(document: Document, words: Floats, content: npt.NDArray[np.bool_], inside: float) -> list[float]:
    """The share of the content that stands inside comments, forum posts, products and the like."""
    if not document.tree.labels:
        return [0.0] * len(_FLAGS)
    above: dict[tuple[str, ...], int] = {}
    flags = np.zeros(len(words), np.int64)
    for i, block in enumerate(document.blocks):
        if block.path not in above:
            found = 0
            for label in block.path:
                found |= label_bits(label)
            above[block.path] = found
        flags[i] = above[block.path]
    return [float(words[content & ((flags >> BITS.index(name)) & 1 > 0)].sum()) / inside for name in _FLAGS]
