"""HTML → blocks, in one pass over a tree parsed with Lexbor.

A block is a run of text between two block-level boundaries; a table row is one block (its cells joined by " | ").
Everything that a reader could see becomes a block, menus and <noscript> included: what is worth keeping is decided
later. Lexbor, unlike lxml, keeps what stands after the first </html>.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.blocks.document import Document, Head
from extractors.blocks.walk import Walk
from extractors.errors import PullquoteError

MAX_NODES = 400_000  # tags; the largest of 1,259 labelled pages has 60,000
MAX_DEPTH = 2_000  # Lexbor needs quadratic time on deep nesting; browsers stop at 512
MAX_TAG = 1_000_000  # one start tag; beyond it stands an attack or a page inlined into an attribute

SUSPICIOUS_NODES = 10_000
RAW_TEXT = frozenset(("iframe", "textarea", "noframes", "xmp"))
FILLED = re.compile(r"<textarea\b[^>]*>(?:(?!<textarea\b).)*?</textarea\s*>", re.IGNORECASE | re.DOTALL)

NEW_DOCUMENT = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
OPENED = re.compile(r"<(?:title|body|head)[\s>]", re.IGNORECASE)
HEAD = 'meta, script[type="application/ld+json"]'
OPENING_WINDOW = 5_000  # characters after a doctype within which a pasted document shows its head or body


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The elements of a document that may tell of quotes, in page order: `quoting` those whose tag or class speaks of
    quotes, `bold` those that make a name or a question stand out. `root` holds them all, and is not to be outlived.
    """

    root: LexborHTMLParser
    quoting: Sequence[LexborNode]
    bold: Sequence[LexborNode]


def documents_of(html: str) -> tuple[Document, ...]:
    """The documents of a page in order; several where whole documents were pasted one after the other."""
    return tuple(document for document, _ in parsed_documents(html))


def parsed_documents(html: str) -> tuple[tuple[Document, Hints], ...]:
    """The documents of a page, each with the elements that may tell of quotes.

    Raises PullquoteError("html.too_many_nodes" | "html.too_deep" | "html.huge_tag") on pages built to stall parsers.
    """
    _check_caps(html)
    found: list[tuple[Document, Hints]] = []
    first = offset = 0
    for part in _pasted(html):
        parsed = _parsed(part, first, offset) or _parsed(_without_raw_text(part), first, offset)
        if parsed is None:
            continue
        found.append(parsed)
        document, _ = parsed
        if document.blocks:
            first += len(document.blocks)
            offset = document.blocks[-1].stop + 1
    return tuple(found)


def _parsed(html: str, first: int, offset: int) -> tuple[Document, Hints] | None:
    """The one document of a part of a page and its hints; None where an unclosed raw-text element swallowed the rest of it."""
    parser = LexborHTMLParser(html)
    walk = Walk(first, offset)
    if parser.root is not None:
        walk.over(parser.root)
    if walk.swallowed:
        return None
    document = Document(blocks=tuple(walk.blocks), head=_head_of(parser), marks=tuple(walk.marks), tree=walk.tree)
    return document, Hints(root=parser, quoting=walk.quoting, bold=walk.bold)


def _check_caps(html: str) -> None:
    nodes = html.count("<")
    if nodes > MAX_NODES:
        raise PullquoteError("html.too_many_nodes", f"{nodes:,} tags, more than {MAX_NODES:,}")
    # Counting everything on every page would cost as much as parsing it: only large pages can be this deep or long.
    if nodes > SUSPICIOUS_NODES and nodes - 2 * html.count("</") > MAX_DEPTH and _depth_of(html) > MAX_DEPTH:
        raise PullquoteError("html.too_deep", f"elements nested more than {MAX_DEPTH:,} deep")
    if len(html) > MAX_TAG and max(len(piece.partition(">")[0]) for piece in html.split("<")) > MAX_TAG:
        raise PullquoteError("html.huge_tag", f"a tag of more than {MAX_TAG:,} characters")


def _depth_of(html: str) -> int:
    """How deep containers nest at most, by counting their tags."""
    depth = deepest = 0
    for match in re.finditer(r"<(/?)(?:div|span|section|article|ul|ol|table|b|i|font|blockquote|em|strong|a)\b", html):
        depth = max(0, depth + (-1 if match[1] else 1))
        deepest = max(deepest, depth)
    return deepest


def _pasted(html: str) -> Iterator[str]:
    """The page cut where a new document begins: at a doctype or <html> after a closed one, with a head or body soon.

    Without these two conditions CMS bodies that hold a whole document inside would be cut as well.
    """
    start = 0
    closed = _first(html, "</body", "</html")
    if closed == len(html):
        closed = _first(html, "</BODY", "</HTML")
    for match in NEW_DOCUMENT.finditer(html, closed):
        cut = match.start()
        if CLOSED.search(html, max(start, closed), cut) and OPENED.search(html, cut, cut + OPENING_WINDOW):
            yield html[start:cut]
            start = cut
    yield html[start:]


def _first(html: str, tag: str, other: str) -> int:
    """Where the first of two tags stands, or the end."""
    place = html.find(tag)
    place = len(html) if place < 0 else place
    before = html.find(other, 0, place)
    return place if before < 0 else before


def _without_raw_text(html: str) -> str:
    """Without the tags of elements whose content is raw text up to an end tag that never came; text areas that do end
    go with what is in them: the code of the page itself, for others to publish.
    """
    html = FILLED.sub(" ", html)
    return re.sub(rf"</?(?:{'|'.join(RAW_TEXT)})\b[^>]*>", " ", html, flags=re.IGNORECASE)


def _head_of(parser: LexborHTMLParser) -> Head:
    metas: list[tuple[str, str]] = []
    json_ld: list[str] = []
    for node in parser.css(HEAD):
        if node.tag == "script":
            json_ld.append(node.text())
            continue
        attributes = node.attributes
        name = (
            attributes.get("property")
            or attributes.get("name")
            or attributes.get("itemprop")
            or attributes.get("http-equiv")
        )
        content = attributes.get("content")
        if name and content:
            metas.append((name.strip().lower(), content.strip()))
    title = parser.css_first("title")
    root = parser.css_first("html")
    canonical = parser.css_first("link[rel=canonical]")
    return Head(
        title=" ".join(title.text().split()) or None if title is not None else None,
        language=(root.attributes.get("lang") or None) if root is not None else None,
        canonical=canonical.attributes.get("href") if canonical is not None else None,
        metas=tuple(metas),
        json_ld=tuple(json_ld),
    )
