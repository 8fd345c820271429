"""What elements are called → groups of names, as bits: one for each of BITS."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from extractors.blocks.textstats import Ints
from extractors.memory import REMEMBERED

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
BITS = (*LABEL_GROUPS, *CONTAINERS)
_GROUP_BITS = {name: 1 << number for number, name in enumerate(LABEL_GROUPS)}
_CONTAINER_BITS = {name: 1 << (len(LABEL_GROUPS) + number) for number, name in enumerate(CONTAINERS)}


_BETWEEN = re.compile(r"\|(?![^(]*\))")  # two alternatives of a group
_STEM = re.compile(
    r"(?:\\b)?(?P<stem>[a-z-]{1,3})(?!\?)"
)  # the characters that every match of an alternative begins with


@cache
def _alternatives() -> tuple[dict[str, list[tuple[int, re.Pattern[str]]]], tuple[str, ...]]:
    """((bit, alternative) of all groups by their stems of three characters, or fewer; the shorter stems)."""
    found: dict[str, list[tuple[int, re.Pattern[str]]]] = defaultdict(list)
    for name, bit in _GROUP_BITS.items():
        for pattern in _BETWEEN.split(LABEL_GROUPS[name]):
            stem = _STEM.match(pattern)
            found[stem["stem"] if stem else ""].append((bit, re.compile(pattern)))
    return dict(found), tuple(stem for stem in found if len(stem) < 3)


@lru_cache(maxsize=REMEMBERED)
def label_bits(label: str) -> int:
    """The groups that an element's label belongs to, as bits; remembered, since pages repeat their labels."""
    tag, *words = label.replace("#", ".").split(".")
    bits = _CONTAINER_BITS.get(tag, 0)
    for word in words:
        bits |= _word_bits(word)
    return bits


@lru_cache(maxsize=REMEMBERED)
def _word_bits(word: str) -> int:
    """Few words have any of the stems: to search each for every group would take nearly three times as long."""
    alternatives, short = _alternatives()
    stems = alternatives.keys() & {word[place : place + 3] for place in range(len(word) - 2)}
    bits = 0
    for stem in (*stems, *(stem for stem in short if stem in word)):
        for bit, pattern in alternatives[stem]:
            if not bits & bit and pattern.search(word):
                bits |= bit
    return bits


def bits_of(labels: Sequence[str], parents: Sequence[int]) -> tuple[Ints, Ints]:
    """(the groups that each element's label belongs to, those of its ancestors), as bits; `parents` come first."""
    own = [label_bits(label) for label in labels]
    above = [0] * len(own)
    for element, parent in enumerate(parents):
        if parent >= 0:
            above[element] = above[parent] | own[parent]
    return np.array(own, np.int64), np.array(above, np.int64)
