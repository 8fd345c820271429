"""HTML → blocks, in one pass over a tree parsed with Lexbor.

A block is a run of text between two block-level boundaries; a table row is one block (its cells joined by " | ").
Everything that a reader could see becomes a block, menus and <noscript> included: what is worth keeping is decided
later. Lexbor, unlike lxml, keeps what stands after the first </html>.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from extractors.blocks.document import Document, Head
from extractors.blocks.textstats import Ints
from extractors.blocks.walk import Attributes, Walk
from extractors.errors import PullquoteError

MAX_NODES = 400_000  # tags; the largest of 1,259 labelled pages has 60,000
MAX_DEPTH = 2_000  # Lexbor needs quadratic time on deep nesting; browsers stop at 512
MAX_TAG = 1_000_000  # one start tag; beyond it stands an attack or a page inlined into an attribute

SUSPICIOUS_NODES = 10_000
FILLED = re.compile(rb"<textarea\b[^>]*>(?:(?!<textarea\b).)*?</textarea\s*>", re.IGNORECASE | re.DOTALL)
RAW_TAGS = re.compile(rb"</?(?:iframe|textarea|noframes|xmp)\b[^>]*>", re.IGNORECASE)

NEW_DOCUMENT = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
CLOSED = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
OPENED = re.compile(rb"<(?:title|body|head)[\s>]", re.IGNORECASE)
HEAD = 'meta, title, script[type="application/ld+json"], link[rel=canonical]'
OPENING_WINDOW = 5_000  # bytes after a doctype within which a pasted document shows its head or body


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The elements of a document that may tell of quotes, in page order: `quoting` those whose tag or class speaks of
    quotes, `bold` those that make a name or a question stand out, `claiming` those that are marked up as one.
    """

    quoting: Sequence[LexborNode]
    bold: Sequence[LexborNode]
    claiming: Sequence[LexborNode]


def documents_of(html: str) -> tuple[Document, ...]:
    """The documents of a page in order; several where whole documents were pasted one after the other."""
    return tuple(document for document, _ in parsed_documents(html.encode()))


def parsed_documents(html: bytes) -> tuple[tuple[Document, Hints], ...]:
    """The documents of a page in UTF-8, each with the elements that may tell of quotes.

    Raises PullquoteError("html.too_many_nodes" | "html.too_deep" | "html.huge_tag") on pages built to stall parsers.
    """
    tags = np.flatnonzero(np.frombuffer(html, np.uint8) == ord("<"))
    _check_caps(html, len(tags))
    found: list[tuple[Document, Hints]] = []
    first = offset = 0
    for part in _pasted(html, tags):
        parsed = _parsed(part, first, offset) or _parsed(_without_raw_text(part), first, offset)
        if parsed is None:
            continue
        found.append(parsed)
        document, _ = parsed
        if document.blocks:
            first += len(document.blocks)
            offset = document.blocks[-1].stop + 1
    return tuple(found)


def _parsed(html: bytes, first: int, offset: int) -> tuple[Document, Hints] | None:
    """The one document of a part of a page and its hints; None where an unclosed raw-text element swallowed the rest of it."""
    parser = LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)
    walk = Walk(first, offset)
    if parser.root is not None:
        walk.over(parser.root)
    if walk.swallowed:
        return None
    document = Document(blocks=tuple(walk.blocks), head=_head_of(parser), marks=tuple(walk.marks), tree=walk.tree)
    return document, Hints(quoting=walk.quoting, bold=walk.bold, claiming=walk.claiming)


def _check_caps(html: bytes, nodes: int) -> None:
    if nodes > MAX_NODES:
        raise PullquoteError("html.too_many_nodes", f"{nodes:,} tags, more than {MAX_NODES:,}")
    # Counting everything on every page would cost as much as parsing it: only large pages can be this deep or long.
    if nodes > SUSPICIOUS_NODES and nodes - 2 * html.count(b"</") > MAX_DEPTH and _depth_of(html) > MAX_DEPTH:
        raise PullquoteError("html.too_deep", f"elements nested more than {MAX_DEPTH:,} deep")
    if len(html) > MAX_TAG and max(len(piece.partition(b">")[0]) for piece in html.split(b"<")) > MAX_TAG:
        raise PullquoteError("html.huge_tag", f"a tag of more than {MAX_TAG:,} bytes")


def _depth_of(html: bytes) -> int:
    """How deep containers nest at most, by counting their tags."""
    depth = deepest = 0
    for match in re.finditer(rb"<(/?)(?:div|span|section|article|ul|ol|table|b|i|font|blockquote|em|strong|a)\b", html):
        depth = max(0, depth + (-1 if match[1] else 1))
        deepest = max(deepest, depth)
    return deepest


def _pasted(html: bytes, tags: Ints) -> Iterator[bytes]:
    """The page cut where a new document begins: at a doctype or <html> after a closed one, with a head or body soon;
    `tags` is where it has a "<".

    Without these two conditions CMS bodies that hold a whole document inside would be cut as well.
    """
    start = seen = 0
    closed = False
    for cut in _beginnings(html, tags):
        closed = closed or CLOSED.search(html, seen, cut) is not None
        seen = cut
        if closed and OPENED.search(html, cut, cut + OPENING_WINDOW):
            yield html[start:cut]
            start, closed = cut, False
    yield html[start:]


def _beginnings(html: bytes, tags: Ints) -> Iterator[int]:
    """Where a document may begin. Few tags have one of these letters, and to look for the patterns takes ten times as long."""
    letters = np.frombuffer(html, np.uint8)[np.minimum(tags + 1, len(html) - 1)]
    for place in tags[(letters == ord("!")) | (letters | 32 == ord("h"))].tolist():
        if NEW_DOCUMENT.match(html, place):
            yield place


def _without_raw_text(html: bytes) -> bytes:
    """Without the tags of elements whose content is raw text up to an end tag that never came; text areas that do end
    go with what is in them: the code of the page itself, for others to publish.
    """
    return RAW_TAGS.sub(b" ", FILLED.sub(b" ", html))


def _head_of(parser: LexborHTMLParser) -> Head:
    metas: list[tuple[str, str]] = []
    json_ld: list[str] = []
    title = canonical = None
    for node in parser.css(HEAD):
        tag = node.tag
        if tag == "meta":
            metas += _meta(node.attributes)
        elif tag == "script":
            json_ld.append(node.text())
        elif tag == "title":
            title = node if title is None else title
        elif canonical is None:
            canonical = node
    root = parser.css_first("html")
    return Head(
        title=" ".join(title.text().split()) or None if title is not None else None,
        language=(root.attributes.get("lang") or None) if root is not None else None,
        canonical=canonical.attributes.get("href") if canonical is not None else None,
        metas=tuple(metas),
        json_ld=tuple(json_ld),
    )


def _meta(attributes: Attributes) -> Iterator[tuple[str, str]]:
    """(name, content) of a meta tag that has both."""
    name = (
        attributes.get("property")
        or attributes.get("name")
        or attributes.get("itemprop")
        or attributes.get("http-equiv")
    )
    content = attributes.get("content")
    if name and content:
        yield name.strip().lower(), content.strip()
