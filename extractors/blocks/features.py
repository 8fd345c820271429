"""Blocks → a matrix of numbers for the classifier, vectorised: one row a block, one column a name of NAMES.

Where a block stands says more than what it says (docs/model-card.md), so most columns are sums over the block's
containers and neighbourhood. Blocks are in document order, hence a subtree is a range and every such sum a difference
of two prefix sums.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.blocks.document import Document
from extractors.blocks.ends import COMMENTS, END_MARKER, POINTER, START_MARKER
from extractors.blocks.shapes import is_furniture
from extractors.blocks.textstats import STATS, Floats, Ints, text_stats
from extractors.quotes.script import script_lines

# Groups of class, id and tag words; a label may belong to several.
LABEL_GROUPS: dict[str, str] = {
    "article": r"article|post(?!er)|entry|story|hentry|news-?item|permalink",
    "content": r"content|body|text|main|copy|prose|rich|wysiwyg|markdown|description|details|summary|abstract|answer|message",
    "comment": r"comment|disqus|repl(?:y|ies)|respon|discuss|thread|feedback",
    "nav": r"\bnav|menu|breadcrumb|crumb|tabs?\b|pagination|pager|toolbar|topbar|skip|toc\b|table-of-contents|jump",
    "related": r"relat|recommend|more-|popular|trending|latest|recent|similar|also|teaser|promo|card|carousel|slider|grid|tile|list-?item|most-|next|prev|read-?more|outbrain|taboola",
    "social": r"share|social|follow|facebook|twitter|pinterest|like|print|bookmark|rating|vote|tool",
    "advert": r"\bads?\b|advert|sponsor|banner|dfp|affiliate|commerce|\bcta\b|offer|buy|price|cart|shop|donat",
    "signup": r"newsletter|subscri|signup|sign-up|register|login|log-in|paywall|premium|member|account|email|form|input|search|modal|popup|overlay|dialog|toast",
    "consent": r"cookie|consent|gdpr|privacy|legal|terms|disclaimer|copyright",
    "footer": r"foot|colophon|bottom|credits|site-?info",
    "header": r"header|masthead|\btop\b|banner|hero|logo|brand",
    "side": r"side|aside|widget|rail|module|secondary|complementary|sticky|drawer",
    "meta": r"meta|byline|author|date|time|published|updated|bio|profile|tags?\b|categor|label|kicker|eyebrow|dek|subtitle|source|info",
    "media": r"caption|figure|image|img|photo|gallery|video|player|media|embed|credit|thumb",
    "title": r"title|headline|heading|\bhed\b",
    "hidden": r"-hidden|\bhide|hidden|sr-only|screen-reader|visually|collaps|expand|tooltip|noscript",
    "product": r"product|spec|sku|feature|review|stock|variant|shipping",
    "forum": r"forum|topic|post-?body|bbcode|bbp|question|answer|user|avatar|signature",
    "quote": r"quote|blockquote|cite|pull",
    "docs": r"doc|section|chapter|api|code|highlight|reference|guide|markdown",
}
TAGS = (
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "blockquote",
    "pre",
    "div",
    "span",
    "dt",
    "dd",
    "figcaption",
    "caption",
    "label",
    "button",
    "section",
    "article",
    "a",
    "header",
    "footer",
    "center",
    "noscript",
    "summary",
)
CONTAINERS = (
    "article",
    "main",
    "aside",
    "nav",
    "footer",
    "header",
    "form",
    "figure",
    "table",
    "ul",
    "section",
    "body",
    "noscript",
    "dialog",
)
WINDOWS = (1, 2, 5, 10, 25)
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
PUNCTUATION = str.maketrans(dict.fromkeys(".,:;!?\"“”‘’'()[]|–—-/", " "))
MAX_SIGN = 120  # characters of a line that can be such a sign
PARAGRAPH_WORDS = 8  # from here a block counts as a paragraph of text when containers are scored
_GROUP_BITS = {name: 1 << number for number, name in enumerate(LABEL_GROUPS)}
_CONTAINER_BITS = {name: 1 << (len(LABEL_GROUPS) + number) for number, name in enumerate(CONTAINERS)}
_LABEL_CACHE: dict[str, int] = {}
_MAX_CACHE = 50_000


@cache
def _group_patterns() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((bit, re.compile(LABEL_GROUPS[name])) for name, bit in _GROUP_BITS.items())


def label_bits(label: str) -> int:
    """The groups that an element's label belongs to, as bits; remembered, since pages repeat their labels."""
    bits = _LABEL_CACHE.get(label)
    if bits is None:
        tag, _, words = label.replace("#", ".").partition(".")
        bits = _CONTAINER_BITS.get(tag, 0)
        if words:
            for bit, pattern in _group_patterns():
                if pattern.search(words):
                    bits |= bit
        if len(_LABEL_CACHE) >= _MAX_CACHE:
            _LABEL_CACHE.clear()
        _LABEL_CACHE[label] = bits
    return bits


BITS = (*LABEL_GROUPS, *CONTAINERS)


def prefix_sums(values: npt.NDArray[np.floating]) -> Floats:
    """Prefix sums with a leading zero: the sum over a:b is out[b] - out[a]."""
    out = np.zeros(len(values) + 1)
    np.cumsum(values, out=out[1:])
    return out


def stacked(columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.float32]:
    """The columns side by side, without a copy in double precision: a page of 10 MB has 45,000 rows."""
    out = np.empty((len(columns[0]), len(columns)), np.float32)
    for number, column in enumerate(columns):
        out[:, number] = column
    return out


def features_of(
    document: Document,
    *,
    repeats: Mapping[str, int] | None = None,
    hosts: Sequence[float] | None = None,
    blind: bool = False,
) -> npt.NDArray[np.float32]:
    """The matrix (blocks × len(NAMES)) of one document.

    `repeats` counts each line on the whole page, `hosts` is the share of the host's other pages that hold each block,
    `blind` leaves out what the head says (for pieces cut out of a page, and for most pages in training).
    """
    blocks = document.blocks
    count = len(blocks)
    if not count:
        return np.zeros((0, len(NAMES)), np.float32)
    texts = [block.text for block in blocks]
    stats = text_stats(texts)
    columns: list[npt.NDArray[np.floating] | npt.NDArray[np.integer] | npt.NDArray[np.bool_]] = [*stats.T]
    words = stats[:, STATS.index("words")]
    links = np.fromiter((block.link_share for block in blocks), float, count)
    columns += _own(document, texts, links, repeats, hosts)
    columns += _around(words, links, stats)
    columns += _containers(document, words, links)
    columns += _heads(document, texts, words, blind=blind)
    columns += _signs(texts)
    columns += _page(words, links, stats)
    return stacked(columns)


OWN = (
    "link_share",
    "level",
    "gap",
    "marker",
    "numbered",
    "depth",
    "furniture",
    "script",
    "repeats",
    "host_share",
    "line_breaks",
    *(f"tag_{tag}" for tag in TAGS),
)


def _own(
    document: Document,
    texts: list[str],
    links: Floats,
    repeats: Mapping[str, int] | None,
    hosts: Sequence[float] | None,
) -> list[Floats]:
    blocks, count = document.blocks, len(texts)
    script = script_lines(texts)
    counts = repeats or {}
    if not counts:
        seen: dict[str, int] = {}
        for text in texts:
            seen[text] = seen.get(text, 0) + 1
        counts = seen
    tags = np.array([TAG_NUMBERS.get(block.tag, -1) for block in blocks])
    return [
        links,
        np.fromiter((block.level for block in blocks), float, count),
        np.fromiter((min(block.gap, 9) for block in blocks), float, count),
        np.fromiter((bool(block.marker) for block in blocks), float, count),
        np.fromiter((block.marker[:1].isdigit() for block in blocks), float, count),
        np.fromiter((len(block.path) for block in blocks), float, count),
        np.fromiter(map(is_furniture, texts), float, count),
        np.fromiter((index in script for index in range(count)), float, count),
        np.fromiter((min(9, counts.get(text, 1)) for text in texts), float, count),
        np.asarray(hosts if hosts is not None else np.zeros(count), float),
        np.fromiter(("\n" in text for text in texts), float, count),
        *((tags[:, None] == np.arange(len(TAGS))).astype(float).T),
    ]


TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}
_CARRIED = ("words", "ends_sentence", "capitals", "short_words", "commas", "digits")
AROUND = (
    *(f"{name}_within_{window}" for window in WINDOWS for name in ("words", "link_words", "paragraphs", "short_lines")),
    *(f"{name}_at_{offset:+d}" for offset in NEIGHBOURS for name in (*_CARRIED, "link_share")),
    "words_before",
    "words_after",
    "longest_within_5",
    "run_of_short_before",
    "run_of_short_after",
    *(f"paragraph_words_{side}_{window}" for window in (3, 10) for side in ("before", "after")),
)


def _around(words: Floats, links: Floats, stats: Floats) -> list[Floats]:
    """What stands before and after, in blocks."""
    count = len(words)
    index = np.arange(count)
    linked = words * links
    paragraphs = (words >= PARAGRAPH_WORDS) * words * (links < 0.5)
    short = (words < PARAGRAPH_WORDS).astype(float)
    sums = [prefix_sums(values) for values in (words, linked, (paragraphs > 0).astype(float), short)]
    columns: list[Floats] = []
    for window in WINDOWS:
        low, high = np.maximum(index - window, 0), np.minimum(index + window + 1, count)
        columns += [total[high] - total[low] for total in sums]
    carried = [stats[:, STATS.index(name)] for name in _CARRIED] + [links]
    for offset in NEIGHBOURS:
        place = index + offset
        inside = (place >= 0) & (place < count)
        clipped = np.clip(place, 0, count - 1)
        columns += [np.where(inside, values[clipped], -1.0) for values in carried]
    total = sums[0]
    columns += [total[:-1], total[-1] - total[1:]]
    padded = np.pad(words, 5)
    columns.append(np.lib.stride_tricks.sliding_window_view(padded, 11).max(axis=1))
    columns += [_run_before(short > 0), _run_before(short[::-1] > 0)[::-1]]
    text = prefix_sums(paragraphs)
    for window in (3, 10):
        columns += [
            text[index] - text[np.maximum(index - window, 0)],
            text[np.minimum(index + window + 1, count)] - text[index + 1],
        ]
    return columns


def _run_before(flags: npt.NDArray[np.bool_]) -> Floats:
    """How many flagged blocks stand directly before each."""
    index = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, -1, index))
    run = index - last
    return np.concatenate(([0.0], run[:-1].astype(float)))


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


def _containers(document: Document, words: Floats, links: Floats) -> list[Floats]:
    """Sums over the elements around each block; all zero for plain text."""
    tree, count = document.tree, len(words)
    if not tree.labels:
        return [np.zeros(count)] * len(INSIDE)
    parents = np.array(tree.parents)
    starts, stops, leaves = np.array(tree.starts), np.array(tree.stops), np.array(tree.leaves)
    total = max(1.0, float(words.sum()))
    paragraph = np.where((words >= PARAGRAPH_WORDS) & (links < 0.5), words * (1 - links), 0.0)
    sums = [prefix_sums(values) for values in (words, words * links, paragraph, (paragraph > 0).astype(float))]
    inside, linked, texts, paragraphs = (values[stops] - values[starts] for values in sums)
    up = [leaves]
    for _ in range(3):
        up.append(np.where(up[-1] > 0, parents[up[-1]], up[-1]).clip(min=0))
    score = _container_scores(paragraph, up, len(parents)) * (1 - linked / np.maximum(inside, 1))
    best = int(score.argmax())
    position = np.arange(count)
    in_best = (position >= starts[best]) & (position < stops[best])
    top = max(1e-9, float(score[best]))
    columns: list[Floats] = [
        np.full(count, texts[best] / total),
        in_best.astype(float),
        np.where(in_best, 0, np.minimum(np.abs(position - starts[best]), np.abs(position - stops[best] + 1))).astype(
            float
        ),
        score[up[0]] / top,
        score[up[1]] / top,
        score[up[2]] / top,
    ]
    for level in (1, 2, 3):
        around = up[level]
        columns += [
            inside[around] / total,
            np.log1p(inside[around]),
            linked[around] / np.maximum(inside[around], 1),
            paragraphs[around],
            (stops - starts)[around].astype(float),
        ]
    return (
        columns
        + _groups(document, leaves, parents, words, links, total)
        + _ancestors(document, leaves, position, starts, stops, inside)
    )


def _container_scores(paragraph: Floats, up: list[Ints], elements: int) -> Floats:
    """Paragraph text in each element, counted in full for a block's parent and less for each level above."""
    score = np.zeros(elements)
    for level, weight in ((0, 0.5), (1, 1.0), (2, 0.6), (3, 0.3)):
        np.add.at(score, up[level], paragraph * weight)
    return score


def _groups(
    document: Document, leaves: Ints, parents: Ints, words: Floats, links: Floats, total: float
) -> list[Floats]:
    """Blocks with the same chain of tags and classes: the paragraphs of an article, the items of a teaser list."""
    numbers: dict[tuple[str, ...], int] = {}
    group = np.array([numbers.setdefault(block.path, len(numbers)) for block in document.blocks])
    sizes = np.bincount(group)
    text = np.bincount(group, words)
    linked = np.bincount(group, words * links)
    by_parent = np.bincount(parents[leaves].clip(min=0), words)
    return [
        text[group] / total,
        sizes[group].astype(float),
        text[group] / sizes[group],
        linked[group] / np.maximum(text[group], 1),
        by_parent[parents[leaves].clip(min=0)] / total,
    ]


def _ancestors(
    document: Document, leaves: Ints, position: Ints, starts: Ints, stops: Ints, inside: Floats
) -> list[Floats]:
    tree = document.tree
    own = [label_bits(label) for label in tree.labels]
    above = [0] * len(own)
    for element, parent in enumerate(tree.parents):
        if parent >= 0:
            above[element] = above[parent] | own[parent]
    columns: list[Floats] = []
    tags = [label.partition(".")[0].partition("#")[0] for label in tree.labels]
    for tag in ("article", "main"):
        found = [element for element, name in enumerate(tags) if name == tag]
        largest = max(found, key=lambda element: inside[element], default=-1)
        columns.append(
            ((position >= starts[largest]) & (position < stops[largest])).astype(float)
            if found
            else np.full(len(position), -1.0)
        )
    columns.append(np.full(len(position), float(sum(name == "article" for name in tags))))
    bits = np.arange(len(BITS))
    for values in (own, above):
        flags = (np.array(values, np.int64)[leaves][:, None] >> bits) & 1
        columns += list(flags.astype(float).T)
    return columns


HEADS = (
    "from_h1",
    "after_h1",
    "words_since_h1",
    "headings_before",
    "from_heading",
    "title_overlap",
    "is_title",
    "og_article",
    "json_article",
    "head_known",
    "from_time_mark",
    "from_author_mark",
)


def _heads(document: Document, texts: list[str], words: Floats, *, blind: bool) -> list[Floats]:
    """Distance to the h1 and to marked dates and authors, likeness to the title, what the head says of the page's type."""
    count = len(texts)
    index = np.arange(count, dtype=float)
    tags = [block.tag for block in document.blocks]
    title = "" if blind else (document.head.title or "")
    titles = set(title.lower().translate(PUNCTUATION).split())
    overlap = np.zeros(count)
    if titles:
        for i, text in enumerate(texts):
            if len(text) < 250:
                found = set(text.lower().translate(PUNCTUATION).split())
                overlap[i] = len(found & titles) / len(found | titles)
    h1 = next((i for i, tag in enumerate(tags) if tag == "h1"), -1)
    since = prefix_sums(words)
    heading = np.array([tag in ("h1", "h2", "h3", "h4") for tag in tags])
    last = np.maximum.accumulate(np.where(heading, np.arange(count), -1))
    best = int(overlap.argmax()) if titles else -1
    metas = dict(document.head.metas)
    known = 0.0 if blind else 1.0
    first = document.blocks[0].position
    columns = [
        index - h1 if h1 >= 0 else np.full(count, -999.0),
        (index > h1).astype(float) if h1 >= 0 else np.full(count, -1.0),
        since[:-1] - since[h1] if h1 >= 0 else np.full(count, -9999.0),
        np.cumsum(heading).astype(float),
        np.where(last >= 0, index - last, 99.0),
        overlap,
        index - best if best >= 0 and overlap[best] > 0.3 else np.full(count, -999.0),
        np.full(count, float("article" in metas.get("og:type", "")) if known else -1.0),
        np.full(
            count,
            float(any("Article" in script or "BlogPosting" in script for script in document.head.json_ld))
            if known
            else -1.0,
        ),
        np.full(count, known),
    ]
    for kind in ("time", "author"):
        places = [mark.position - first for mark in document.marks if mark.kind == kind]
        nearest = min(places, key=lambda place: abs(place - h1)) if places else None
        columns.append(index - nearest if nearest is not None else np.full(count, -999.0))
    return columns


SIGNS = tuple(f"{what}_{name}" for name in ("comments", "pointer", "end", "start") for what in ("since", "before"))
_FAR = 400.0


def _signs(texts: list[str]) -> list[Floats]:
    """Distance in blocks since, and number so far of, headings of comment sections and of lists of other articles, and
    of lines that end or begin articles.
    """
    count = len(texts)
    index = np.arange(count)
    short = [text if len(text) <= MAX_SIGN else "" for text in texts]
    columns: list[Floats] = []
    for pattern in (COMMENTS, POINTER, END_MARKER, START_MARKER):
        found = np.fromiter((bool(text) and pattern.match(text) is not None for text in short), bool, count)
        last = np.maximum.accumulate(np.where(found, index, -1))
        columns += [np.where(last >= 0, index - last, _FAR).astype(float), np.cumsum(found).astype(float)]
    return columns


PAGE = (
    "page_blocks",
    "page_words",
    "page_mean_words",
    "page_link_share",
    "page_paragraph_share",
    "page_sentence_share",
    "place",
    "words_place",
)


def _page(words: Floats, links: Floats, stats: Floats) -> list[Floats]:
    """The page as a whole, the same for all its blocks, and where in it each block stands."""
    count = len(words)
    total = max(1.0, float(words.sum()))
    ends = stats[:, STATS.index("ends_sentence")]
    values = (
        count,
        total,
        total / count,
        float((words * links).sum()) / total,
        float(words[(words >= PARAGRAPH_WORDS) & (links < 0.5)].sum()) / total,
        float(words[ends > 0].sum()) / total,
    )
    place = np.arange(count) / count
    return [*(np.full(count, value) for value in values), place, (np.cumsum(words) - words) / total]


NAMES: tuple[str, ...] = (*STATS, *OWN, *AROUND, *INSIDE, *HEADS, *SIGNS, *PAGE)
