"""What a document says of itself in JSON-LD and meta tags."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from extractors.articles.dates import date_in
from extractors.articles.names import authors_in, credit_of
from extractors.blocks.document import Head

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "opinionnewsarticle",
        "analysisnewsarticle",
        "reviewnewsarticle",
        "techarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "liveblogposting",
        "review",
        "criticreview",
        "report",
        "advertisercontentarticle",
        "backgroundnewsarticle",
        "askpublicnewsarticle",
        "satiricalarticle",
        "medicalwebpage",
        "recipe",
        "howto",
        "discussionforumposting",
    ]
)
PAGE_TYPES = frozenset(["webpage", "itempage", "aboutpage", "faqpage", "qapage", "profilepage", "collectionpage"])
MAX_JSON = 1_000_000  # characters of one JSON-LD script
MAX_NODES = 2_000  # objects looked at in all scripts of a page
TITLE_METAS = ("og:title", "twitter:title", "headline", "dc.title", "dcterms.title", "parsely-title", "sailthru.title")
AUTHOR_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "dc.creator.creator",
    "byl",
    "authors",
    "citation_author",
    "cxenseparse:author",
    "shareaholic:article_author_name",
    "article:author_name",
    "rbauthors",
    "twitter:data1",
)
PUBLISHED_METAS = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "citation_publication_date",
    "citation_date",
    "og:published_time",
    "release_date",
    "originalpublicationdate",
    "published_at",
    "article_date_original",
    "rnews:datepublished",
    "displaydate",
    "created",
    "article.created",
)
PUBLISHED_NAME = re.compile(r"publi(?:sh|cation)(?!er)(?!.*(?:modif|updat|last))|pub[-_]?date|issued")
MODIFIED_NAME = re.compile(r"modif|updat|last-?pub|revis")
MODIFIED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "article:modified",
    "lastmod",
    "modified",
)
SITE_METAS = ("og:site_name", "application-name", "al:android:app_name", "dc.publisher", "publisher", "twitter:site")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What one source (JSON-LD or meta tags) claims; None or () where it says nothing.

    `authors` are people by their full names, `credits` account names, first names and organisations given as authors.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    site: str | None = None
    language: str | None = None
    type: str | None = None
    work: tuple[str, int | None, str] | None = None
    free: bool | None = None


def json_ld_claims(head: Head) -> Claims:
    """The claims of the document's article node; of its page node where it has no article."""
    nodes = [node for script in head.json_ld for node in _nodes(script)]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    article = next(
        (node for node in nodes if _types(node) & ARTICLE_TYPES and ("headline" in node or "author" in node)), None
    )
    node = article or next((node for node in nodes if _types(node) & (ARTICLE_TYPES | PAGE_TYPES)), None)
    if node is None:
        return Claims()
    publisher = _resolved(node.get("publisher"), by_id)
    authors, credits_ = _authors(node.get("author") or node.get("creator"), by_id)
    return Claims(
        title=_text(node.get("headline") or (node.get("name") if article else None)),
        authors=authors,
        credits=credits_,
        published=_date(node.get("datePublished") or node.get("dateCreated") or node.get("uploadDate")),
        modified=_date(node.get("dateModified")),
        site=_text(publisher.get("name")) if isinstance(publisher, dict) else None,
        language=_text(node.get("inLanguage")),
        type=next(iter(sorted(_types(node) & ARTICLE_TYPES)), None),
        work=_work(node.get("itemReviewed") or node.get("about")),
        free=node.get("isAccessibleForFree") not in (False, "False", "false")
        if "isAccessibleForFree" in node
        else None,
    )


def meta_claims(head: Head) -> Claims:
    """The claims of the document's meta tags."""
    metas: dict[str, list[str]] = {}
    for name, content in head.metas:
        metas.setdefault(name, []).append(content)

    def first(names: tuple[str, ...]) -> list[str]:
        return next((metas[name] for name in names if name in metas), [])

    named = [text for name in AUTHOR_METAS for text in metas.get(name, ()) if "//" not in text]
    people = next((found for text in named if (found := authors_in(text))), ())
    site = next(iter(first(SITE_METAS)), None)
    return Claims(
        title=next(iter(first(TITLE_METAS)), None),
        authors=people,
        credits=tuple(dict.fromkeys(filter(None, map(credit_of, named)))) if not people else (),
        published=_first_date(metas, PUBLISHED_METAS, PUBLISHED_NAME),
        modified=_first_date(metas, MODIFIED_METAS, MODIFIED_NAME),
        site=site.lstrip("@") if site else None,
        language=next(iter(metas.get("og:locale", ())), None),
        type=next(iter(metas.get("og:type", ())), None),
    )


def _first_date(metas: Mapping[str, list[str]], known: tuple[str, ...], unknown: re.Pattern[str]) -> date | None:
    """The date of the first of the known names, else the earliest of those whose names speak of it."""
    first = next((found for name in known for text in metas.get(name, ()) if (found := date_in(text))), None)
    if first:
        return first
    others = (date_in(text) for name in metas if unknown.search(name) for text in metas[name])
    return min(filter(None, others), default=None)


def _nodes(script: str) -> Iterator[Mapping[str, object]]:
    """Every object of a script, outermost first; nothing from a script that is no JSON or too deep."""
    if len(script) > MAX_JSON:
        return
    try:
        data = json.loads(script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return
    queue = [data]
    for _ in range(MAX_NODES):
        if not queue:
            return
        item = queue.pop(0)
        if isinstance(item, list):
            queue[:0] = item[:200]
        elif isinstance(item, dict):
            yield item
            queue += [
                item[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "review", "itemListElement", "item")
                if isinstance(item.get(key), dict | list)
            ]


def _types(node: Mapping[str, object]) -> set[str]:
    types = node.get("@type")
    return {str(name).rpartition("/")[2].lower() for name in (types if isinstance(types, list) else [types])}


def _resolved(value: object, by_id: Mapping[str, Mapping[str, object]]) -> object:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and "@id" in value and "name" not in value:
        return by_id.get(str(value["@id"]), value)
    return value


def _authors(value: object, by_id: Mapping[str, Mapping[str, object]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(people, other names)."""
    people: dict[str, None] = {}
    others: dict[str, None] = {}
    for item in value if isinstance(value, list) else [value]:
        author = _resolved(item, by_id)
        raw = author.get("name") if isinstance(author, dict) else author
        organisation = isinstance(author, dict) and "organization" in _types(author)
        for text in raw if isinstance(raw, list) else [raw]:
            if not isinstance(text, str) or "//" in text:
                continue
            names = () if organisation else authors_in(text)
            people.update(dict.fromkeys(names))
            if not names and (credit := credit_of(text)):
                others[credit] = None
    return tuple(people), tuple(others)


def _work(value: object) -> tuple[str, int | None, str] | None:
    node = value[0] if isinstance(value, list) and value else value
    if not isinstance(node, dict):
        return None
    kinds = {
        "movie": "film",
        "tvseries": "series",
        "tvseason": "series",
        "tvepisode": "series",
        "book": "book",
        "musicalbum": "album",
        "videogame": "game",
        "play": "play",
    }
    kind = next((kinds[name] for name in _types(node) if name in kinds), None)
    title = _text(node.get("name"))
    found = _date(node.get("datePublished") or node.get("dateCreated"))
    return (title, found.year if found else None, kind) if kind and title else None


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _date(value: object) -> date | None:
    text = _text(value)
    return date_in(text) if text else None
