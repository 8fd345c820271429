"""What the head of a document declares it to be: numbers for the classifier that tells articles from other pages.

Half of the pages that are no articles say so: by Open Graph's and schema.org's types, by their address, by the names of
their meta tags. None of it is trusted alone: a tenth of what calls itself an article is none.
"""

import re
from collections import Counter
from urllib.parse import urlsplit

import numpy as np

from extractors.blocks.document import Head
from extractors.blocks.textstats import Floats

SCHEMA_TYPES = {
    "article": (
        "Article",
        "NewsArticle",
        "BlogPosting",
        "ReportageNewsArticle",
        "OpinionNewsArticle",
        "LiveBlogPosting",
    ),
    "manual": ("TechArticle", "HowTo", "APIReference"),
    "product": ("Product", "Offer", "AggregateRating", "ProductGroup", "AggregateOffer"),
    "thread": ("DiscussionForumPosting", "QAPage", "Question", "Comment", "Answer"),
    "listing": ("CollectionPage", "ItemList", "SearchResultsPage"),
    "business": ("SoftwareApplication", "Service", "LocalBusiness", "Store"),
    "page": ("WebPage",),
    "trail": ("BreadcrumbList",),
    "person": ("Person",),
    "video": ("VideoObject",),
    "review": ("Review",),
    "faq": ("FAQPage",),
    "site": ("WebSite",),
    "image": ("ImageObject",),
}
PATH_WORDS = {
    "product": "product products p dp shop item buy store",
    "thread": "forum forums thread threads topic topics t viewtopic showthread questions discussion comments community",
    "manual": "docs doc documentation api reference guide guides manual help support wiki tutorial",
    "listing": "category categories tag tags collections collection c archive search list",
    "business": "services service solutions about pricing features platform",
    "article": "blog news article articles story stories post posts opinion press",
}
NAMES = (
    *("og_article", "og_website", "og_product", "og_other", "og_none"),
    *("meta_published", "meta_article", "meta_product", "meta_author", "meta_date", "meta_newsroom"),
    *(f"schema_{name}" for name in SCHEMA_TYPES),
    *("scripts", "types"),
    *("path_parts", "slug_length", "slug_words", "path_year", "addressed", "front_page", "slug_digits", "slug_file"),
    *(f"path_{name}" for name in PATH_WORDS),
    *("title_length", "title_signs", "metas"),
)
SLUG_FILES = (".html", ".htm", ".php")
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]{1,40})"')
_WORD = re.compile(r"[a-z0-9]+")
_PATH_WORDS = {name: frozenset(words.split()) for name, words in PATH_WORDS.items()}


def declared_features(head: Head) -> Floats:
    """len(NAMES) numbers; for a head that is silent use `undeclared`."""
    return np.array([*_of_metas(head), *_of_schema(head), *_of_address(head), *_of_title(head)], float)


def undeclared() -> Floats:
    """The same where the head is not known: all missing, which is something else than a head that says nothing."""
    return np.full(len(NAMES), np.nan)


def _of_metas(head: Head) -> list[float]:
    kind = dict(head.metas).get("og:type", "").lower()
    names = [name.lower() for name, _ in head.metas]
    known = ("article" in kind, kind == "website", "product" in kind)
    return [
        *map(float, known),
        float(bool(kind) and not any(known)),
        float(not kind),
        float(any(name.startswith(("article:published", "article:modified")) for name in names)),
        float(any(name.startswith("article:") for name in names)),
        float(any(name.startswith(("product:", "og:price")) for name in names)),
        float(any("author" in name for name in names)),
        float(any("date" in name for name in names)),
        float(any(name.startswith(("parsely", "sailthru", "news_keywords")) for name in names)),
    ]


def _of_schema(head: Head) -> list[float]:
    types = Counter(found for script in head.json_ld for found in _TYPE.findall(script))
    counts = [float(sum(types[name] for name in names)) for names in SCHEMA_TYPES.values()]
    return [*counts, float(len(head.json_ld)), float(types.total())]


def _of_address(head: Head) -> list[float]:
    try:
        path = urlsplit(head.canonical or dict(head.metas).get("og:url", "")).path.lower()
    except ValueError:  # "http://[" is no address
        path = ""
    parts = [part for part in path.split("/") if part]
    slug = parts[-1] if parts else ""
    words = set(_WORD.findall(path))
    return [
        float(len(parts)),
        float(len(slug)),
        float(slug.count("-") + slug.count("_")),
        float(bool(re.search(r"/(?:19|20)\d\d/", path))),
        float(bool(path)),
        float(path == "/"),
        float(any(character.isdigit() for character in slug)),
        float(slug.endswith(SLUG_FILES)),
        *(float(not words.isdisjoint(wanted)) for wanted in _PATH_WORDS.values()),
    ]


def _of_title(head: Head) -> list[float]:
    title = head.title or ""
    return [float(len(title)), float(sum(map(title.count, "|–—-:"))), float(len(head.metas))]
