"""HTML → blocks, in one pass over a tree parsed with Lexbor.

A block is a run of text between two block-level boundaries; a table row is one block (its cells joined by " | ").
Everything that a reader could see becomes a block, menus and <noscript> included: what is worth keeping is decided
later. Lexbor, unlike lxml, keeps what stands after the first </html>.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.blocks.document import Document, Head, Mark, Tree
from extractors.errors import PullquoteError
from extractors.records import Block

MAX_NODES = 400_000  # tags; the largest of 1,259 labelled pages has 60,000
MAX_DEPTH = 2_000  # Lexbor needs quadratic time on deep nesting; browsers stop at 512
MAX_TAG = 1_000_000  # one start tag; beyond it stands an attack or a page inlined into an attribute

BREAKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "label",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "noscript",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "caption",
        "tr",
        "ul",
        "video",
        "audio",
    ]
)
CELLS = frozenset(("td", "th"))
SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "svg",
        "iframe",
        "object",
        "canvas",
        "select",
        "textarea",
        "head",
        "datalist",
        "map",
        "math",
    ]
)
PLAIN = frozenset(
    ["b", "i", "em", "strong", "u", "s", "small", "sub", "sup", "font", "big", "tt", "br", "wbr", "img"]
)  # no attribute worth its cost
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SUSPICIOUS_NODES = 10_000
MAX_RAW_TEXT = (
    5_000  # characters inside an iframe or textarea; more, or a paragraph, is the rest of a page it swallowed
)
MAX_PATH = 40  # ancestors remembered by name; deeper ones say nothing and would cost quadratic time
LISTS = frozenset(("ul", "ol"))
MAX_AUTHOR = 300  # characters; more is a box about the author
MAX_MARKS = 500  # dates and authors marked up on one page
LINE_BREAK = "\x0b"  # stands for <br> until the white space of the source is collapsed
MAX_ROW = 600  # characters; a longer "row" is a page laid out by a table, not a table
AUTHOR_WORDS = re.compile(r"(?<![a-z])(?:author|byline|by-line|writer|contributor)", re.IGNORECASE)
RAW_TEXT = frozenset(("iframe", "textarea", "noframes", "xmp"))

NEW_DOCUMENT = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
OPENED = re.compile(r"<(?:title|body|head)[\s>]", re.IGNORECASE)
OPENING_WINDOW = 5_000  # characters after a doctype within which a pasted document shows its head or body


def documents_of(html: str) -> tuple[Document, ...]:
    """The documents of a page in order; several where whole documents were pasted one after the other.

    Raises PullquoteError("html.too_many_nodes" | "html.too_deep" | "html.huge_tag") on pages built to stall parsers.
    """
    _check_caps(html)
    documents: list[Document] = []
    first = offset = 0
    for part in _pasted(html):
        walk = _Walk(first, offset)
        document = walk.document_of(part)
        if walk.swallowed:
            document = _Walk(first, offset).document_of(_without_raw_text(part))
        documents.append(document)
        if document.blocks:
            first += len(document.blocks)
            offset = document.blocks[-1].stop + 1
    return tuple(documents)


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
    closed = min(
        (place for tag in ("</html", "</HTML", "</body", "</BODY") if (place := html.find(tag)) >= 0), default=len(html)
    )
    for match in NEW_DOCUMENT.finditer(html, closed):
        cut = match.start()
        if CLOSED.search(html, max(start, closed), cut) and OPENED.search(html, cut, cut + OPENING_WINDOW):
            yield html[start:cut]
            start = cut
    yield html[start:]


def _without_raw_text(html: str) -> str:
    """Without the tags of elements whose content is raw text up to an end tag that never came."""
    return re.sub(rf"</?(?:{'|'.join(RAW_TEXT)})\b[^>]*>", " ", html, flags=re.IGNORECASE)


class _Walk:
    """One pass over the tree of a document, collecting blocks; state that belongs together, no more."""

    def __init__(self, first: int, offset: int) -> None:
        self.first, self.offset = first, offset
        self.blocks: list[Block] = []
        self.marks: list[Mark] = []
        self.tree = Tree()
        self.levels: list[int] = []
        self.paths: dict[int, tuple[str, ...]] = {-1: ()}
        self.pieces: list[str] = []
        self.linked = 0  # characters inside links among the pieces
        self.links = 0  # depth of open links
        self.newline = "\n"  # what a newline in the source means: white space, a line break within <pre>
        self.row: list[list[str]] | None = None  # the cells of the open table row
        self.swallowed = False  # did an unclosed raw-text element take the rest of the page?

    def document_of(self, html: str) -> Document:
        parser = LexborHTMLParser(html)
        root = parser.root
        if root is not None:
            self._walk(root)
        return Document(blocks=tuple(self.blocks), head=_head_of(parser), marks=tuple(self.marks), tree=self.tree)

    def _walk(self, root: LexborNode) -> None:
        """Depth first without recursion; `element` is the number of the innermost block-level element."""
        open_elements: list[tuple[LexborNode, str, int]] = []
        node: LexborNode | None = root
        element = -1
        while True:
            if node is None:
                if not open_elements:
                    break
                closing, tag, parent = open_elements.pop()
                self._leave(tag, element, parent)
                element = parent
                node = closing.next
                continue
            tag = node.tag or ""
            if tag == "-text":
                text = node.text_content
                # White space between block-level elements is most of a page's text nodes.
                if text and (self.pieces or not text.isspace()):
                    self._add(text)
            elif tag == "br":
                self.pieces.append(LINE_BREAK)
            elif tag and tag[0] != "-" and tag not in SKIPPED:
                inner = element if tag in PLAIN else self._enter(node, tag, element)
                child = node.first_child
                if child is not None:
                    open_elements.append((node, tag, element))
                    element, node = inner, child
                    continue
                self._leave(tag, inner, element)
            elif tag in RAW_TEXT and (len(inner_text := node.text()) > MAX_RAW_TEXT or "<p" in inner_text):
                self.swallowed = True
            node = node.next

    def _add(self, text: str) -> None:
        self.pieces.append(text if self.newline == "\n" else text.replace("\n", self.newline))
        if self.links:
            self.linked += len(text)

    def _enter(self, node: LexborNode, tag: str, parent: int) -> int:
        """Open an element; returns its number, or the parent's where inline elements need none."""
        attributes = node.attributes
        if attributes or tag == "time":
            self._mark(node, tag, attributes)
        if tag in BREAKS:
            if self.pieces:
                self._flush(parent)
            if tag == "tr":
                self._end_row(parent)
                self.row = []
            elif tag == "pre":
                self.newline = LINE_BREAK
        elif tag in CELLS:
            self._cell()
        else:
            if tag == "a":
                self.links += 1
            elif tag == "q":
                self.pieces.append("“")
            return parent
        tree = self.tree
        tree.parents.append(parent)
        tree.labels.append(_label(tag, attributes))
        tree.starts.append(len(self.blocks))
        tree.stops.append(len(self.blocks))
        self.levels.append((self.levels[parent] if parent >= 0 else 0) + (tag in LISTS))
        return len(tree.labels) - 1

    def _leave(self, tag: str, element: int, parent: int) -> None:
        if element == parent:
            if tag == "a":
                self.links -= 1
            elif tag == "q":
                self.pieces.append("”")
            return
        if tag in CELLS:
            self._cell()
        elif self.pieces:
            self._flush(element)
        if tag == "tr":
            self._end_row(element)
        elif tag == "pre":
            self.newline = "\n"
        self.tree.stops[element] = len(self.blocks)

    def _cell(self) -> None:
        """Between two cells: outside a row they are blocks of their own."""
        if self.row is not None:
            self.row.append(self.pieces)
            self.pieces = []

    def _end_row(self, element: int) -> None:
        row, self.row = self.row, None
        if row:
            cells = [text for pieces in row if (text := " ".join("".join(pieces).split()))]
            if cells:
                raw_length = sum(map(len, cells))
                self._emit(" | ".join(cells), element, min(1.0, self.linked / raw_length))
        self.linked = 0

    def _flush(self, element: int) -> None:
        """End the open run of text at a block-level boundary."""
        if self.row is not None:
            if sum(map(len, self.pieces)) + sum(sum(map(len, cell)) for cell in self.row) <= MAX_ROW:
                self.pieces.append(" ")
                return
            # Too long for a row of data: the table only lays out the page, so its cells are blocks of their own.
            cells, self.row = [*self.row, self.pieces], None
        else:
            cells = [self.pieces]
        self.pieces = []
        for cell in cells:
            self._emit_paragraphs("".join(cell), element)
        self.linked = 0

    def _emit_paragraphs(self, raw: str, element: int) -> None:
        """One block, or several where <br><br> stands for a paragraph's end; a single <br> becomes a newline."""
        link_share = min(1.0, self.linked / len(raw)) if self.linked and raw else 0.0
        if LINE_BREAK not in raw:
            text = " ".join(raw.split())
            if text:
                self._emit(text, element, link_share)
            return
        lines: list[str] = []
        for line in raw.split(LINE_BREAK):
            text = " ".join(line.split())
            if text:
                lines.append(text)
            elif lines:
                self._emit("\n".join(lines), element, link_share)
                lines = []
        if lines:
            self._emit("\n".join(lines), element, link_share)

    def _emit(self, text: str, element: int, link_share: float) -> None:
        tree = self.tree
        element = max(element, 0)  # text before any element stands in the root
        path = self._path(element)
        self.blocks.append(
            Block(
                position=self.first + len(self.blocks), line=None, start=self.offset, stop=self.offset + len(text), text=text,
                tag=_tag_of(path[-1]), level=self.levels[element], path=path, link_share=link_share,
            )
        )  # fmt: skip
        tree.leaves.append(element)
        self.offset += len(text) + 1

    def _path(self, element: int) -> tuple[str, ...]:
        path = self.paths.get(element)
        if path is None:
            chain = [element]
            while (parent := self.tree.parents[chain[-1]]) not in self.paths:
                chain.append(parent)
            path = self.paths[parent]
            for number in reversed(chain):
                path = self.paths[number] = (*path[-MAX_PATH:], self.tree.labels[number])
        return path

    def _mark(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        """Remember a marked-up date or author."""
        words, prop, rel = attributes.get("class"), attributes.get("itemprop"), attributes.get("rel")
        timed = tag == "time" or "datetime" in attributes or (prop is not None and prop.startswith("date"))
        if not timed and not (words and _names_author(words)) and not prop and not rel:
            return
        if len(self.marks) >= MAX_MARKS:
            return
        hint = " ".join(filter(None, (prop, rel, words)))
        position = self.first + len(self.blocks)
        if timed:
            value = attributes.get("datetime") or attributes.get("content") or node.text()
            self.marks.append(Mark(kind="time", position=position, value=value[:100], hint=hint))
        elif _names_author(hint) and tag not in ("body", "article", "main", "html"):
            value = attributes.get("content") or node.text(separator=" ")
            if 0 < len(value) < MAX_AUTHOR:
                self.marks.append(Mark(kind="author", position=position, value=" ".join(value.split()), hint=hint))


@lru_cache(maxsize=50_000)
def _tag_of(label: str) -> str:
    return label.partition(".")[0].partition("#")[0]


@lru_cache(maxsize=20_000)
def _names_author(words: str) -> bool:
    return AUTHOR_WORDS.search(words) is not None


def _label(tag: str, attributes: dict[str, str | None]) -> str:
    """The label "tag.class.class#id", lower case; ".-hidden" where the element is not shown."""
    if not attributes:
        return tag
    words, name, style = attributes.get("class"), attributes.get("id"), attributes.get("style")
    return _named(
        tag,
        words,
        name,
        hidden="hidden" in attributes
        or (style is not None and "none" in style[:500] and "display:none" in style[:500].replace(" ", "")),
    )


@lru_cache(maxsize=50_000)
def _named(tag: str, words: str | None, name: str | None, *, hidden: bool) -> str:
    label = tag
    if words:
        label += "." + ".".join(words.lower().split()[:6])
    if name:
        label += "#" + name.lower()[:60]
    return label + ".-hidden" if hidden else label


def _head_of(parser: LexborHTMLParser) -> Head:
    metas: list[tuple[str, str]] = []
    for node in parser.css("meta"):
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
        json_ld=tuple(node.text() for node in parser.css('script[type="application/ld+json"]')),
    )
