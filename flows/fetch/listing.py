"""Feeds, sitemaps and lists → the addresses they name. RSS 0.9–2.0, Atom, JSON Feed, sitemaps and their indexes, text."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import islice

from lxml import etree

from flows.fetch.address import joined
from flows.fetch.body import GZIP, unzipped
from flows.sources import lines_of

MOST_LINKS = 50_000  # what a sitemap may hold by its protocol; a longer list is read so far
HEAD = 65_536  # bytes in which the first element stands
ENTRIES = {"rss": "item", "RDF": "item", "feed": "entry", "urlset": "url", "sitemapindex": "sitemap"}
MOMENTS = frozenset({"pubDate", "published", "updated", "modified", "date", "lastmod"})
BEGINNINGS = (b"<", b"\xff\xfe<\0", b"\xfe\xff\0<")  # in UTF-8 or UTF-16; what is archived has a head of its own
JSON_FEED = "https://jsonfeed.org/version/"
# Entities stay what they are, nothing is loaded, and libxml2's bounds on depth and size hold.
SAFELY = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False, "recover": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that a listing names, when it says that the page changed last, and whether it is a listing itself."""

    url: str
    modified: datetime | None = None
    is_listing: bool = False


def links_in(data: bytes, *, base: str, media_type: str = "", limit: int) -> tuple[Link, ...] | None:
    """What a listing at the address `base` names, in its order, each once; None if the data are no listing.

    PullquoteError "fetch.too_large" if a packed listing has more than `limit` bytes, "fetch.broken" if it is damaged.
    """
    head = _head_of(data)
    root = _root_of(head)
    if root in ENTRIES:
        found = _xml_links(unzipped(data, limit=limit), root, base)
    elif JSON_FEED.encode() in head and head.lstrip().startswith(b"{"):
        found = _json_links(data, base)
    elif media_type.strip().lower().startswith("text/plain"):
        found = iter(_text_links(data))
    else:
        return None
    first: dict[str, Link] = {}
    for link in islice(found, MOST_LINKS):
        first.setdefault(link.url, link)
    links = tuple(first.values())
    return links or (() if root in ENTRIES else None)


def _head_of(data: bytes) -> bytes:
    if not data.startswith(GZIP):
        return data[:HEAD]
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:HEAD], HEAD)
    except zlib.error:
        return b""


def _root_of(head: bytes) -> str:
    """The name of the first element without its namespace, "" if the data do not begin as XML."""
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(BEGINNINGS):
        return ""
    try:
        for _, element in etree.iterparse(BytesIO(head), events=("start",), **SAFELY):
            return _name(element)
    except (etree.XMLSyntaxError, ValueError):
        pass
    return ""


def _xml_links(data: bytes, root: str, base: str) -> Iterator[Link]:
    entry = ENTRIES[root]
    try:
        for _, element in etree.iterparse(BytesIO(data), events=("end",), **SAFELY):
            if _name(element) != entry:
                continue
            url = joined(element.base or base, _address_in(element)) if root == "feed" else _address_in(element)
            if url:
                yield Link(url=joined(base, url), modified=_changed(element), is_listing=entry == "sitemap")
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:  # what stood before it counts
        return


def _address_in(entry: etree._Element) -> str:
    """The address that an item, entry, url or sitemap stands for; "" if it names none."""
    found: dict[str, str] = {}
    for child in entry:
        name, text = _name(child), "" if len(child) else (child.text or "").strip()  # an entity is a child
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                found.setdefault("href", str(child.get("href")))
        elif name in {"link", "loc"} and text:
            found.setdefault("link", text)
        elif name == "guid" and child.get("isPermaLink") != "false" and text.startswith("http"):
            found["guid"] = text
    about = next((str(value) for key, value in entry.attrib.items() if str(key).endswith("}about")), "")
    return found.get("link") or found.get("href") or found.get("guid") or about


def _changed(entry: etree._Element) -> datetime | None:
    moments = (moment_of(child.text or "") for child in entry if _name(child) in MOMENTS)
    return max((moment for moment in moments if moment), default=None)


def moment_of(text: str) -> datetime | None:
    """A date as feeds and sitemaps write it; of a bare day its end, as the page may still change that day."""
    text = text.strip()
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(datetime.fromisoformat(text), time.max, tzinfo=UTC)
        moment = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _json_links(data: bytes, base: str) -> Iterator[Link]:
    try:
        items = json.loads(data)["items"]
        for item in items:
            url = item.get("url")
            changed = item.get("date_modified") or item.get("date_published")
            if isinstance(url, str) and url:
                yield Link(url=joined(base, url), modified=moment_of(changed) if isinstance(changed, str) else None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return


def _text_links(data: bytes) -> Sequence[Link]:
    """The lines of a text that has nothing but addresses; none if it has anything else."""
    lines = lines_of(data.decode("utf-8-sig", "replace"))
    if not all(line.startswith(("http://", "https://")) and len(line.split()) == 1 for line in lines):
        return ()
    return [Link(url=line) for line in lines]


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
