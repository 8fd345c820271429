"""HTML → blocks, in one pass over a tree parsed with Lexbor.

A block is a run of text between two block-level boundaries; a table row is one block (its cells joined by " | ").
Everything that a reader could see becomes a block, menus and <noscript> included: what is worth keeping is decided
later. Lexbor, unlike lxml, keeps what stands after the first </html>.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.blocks.document import Document, Head, Mark, Tree
from extractors.errors import PullquoteError
from extractors.records import Block

MAX_NODES = 400_000  # tags; the largest of 1,259 labelled pages has 60,000
MAX_DEPTH = 2_000  # Lexbor needs quadratic time on deep nesting; browsers stop at 512
MAX_TAG_BYTES = 1_000_000  # one start tag; beyond it stands an attack or a page inlined into an attribute

BREAKS = frozenset(
    "address article aside blockquote body button center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li main menu nav noscript ol option p pre "
    "section summary table tbody tfoot thead caption tr ul video audio".split()
)
CELLS = frozenset(("td", "th"))
SKIPPED = frozenset("script style template svg iframe object canvas select textarea head datalist map math".split())
PLAIN = frozenset("b i em strong u s small sub sup font big tt br wbr img".split())  # no attribute worth its cost
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MAX_PATH = 40  # ancestors remembered by name; deeper ones say nothing and would cost quadratic time
MAX_MARKS = 500  # dates and authors marked up on one page
LINE_BREAK = "\x0b"  # stands for <br> until the white space of the source is collapsed
MAX_ROW = 600  # characters; a longer "row" is a page laid out by a table, not a table
AUTHOR_WORDS = re.compile(r"\b(?:author|byline|by-line|writer|contributor)", re.I)
RAW_TEXT = ("iframe", "textarea", "noframes", "xmp")

NEW_DOCUMENT = re.compile(r"<!doctype\s+html|<html[\s>]", re.I)
CLOSED = re.compile(r"</(?:html|body)\s*>", re.I)
OPENED = re.compile(r"<(?:title|body|head)[\s>]", re.I)
OPENING_WINDOW = 5_000  # characters after a doctype within which a pasted document shows its head or body


def documents_of(html: str) -> tuple[Document, ...]:
    """The documents of a page in order; several where whole documents were pasted one after the other.

    Raises PullquoteError("html.too_many_nodes" | "html.too_deep" | "html.huge_tag") on pages built to stall parsers.
    """
    _check_caps(html)
    documents: list[Document] = []
    first = offset = 0
    for part in _pasted(html):
        document = _Walk(first, offset).document_of(_closed_raw_text(part))
        documents.append(document)
        if document.blocks:
            first += len(document.blocks)
            offset = document.blocks[-1].stop + 1
    return tuple(documents)


def _check_caps(html: str) -> None:
    nodes = html.count("<")
    if nodes > MAX_NODES:
        raise PullquoteError("html.too_many_nodes", f"{nodes:,} tags, more than {MAX_NODES:,}")
    if nodes - 2 * html.count("</") > MAX_DEPTH and _depth_of(html) > MAX_DEPTH:
        raise PullquoteError("html.too_deep", f"elements nested more than {MAX_DEPTH:,} deep")
    longest = max(map(len, html.split("<")), default=0)
    if longest > MAX_TAG_BYTES and max((len(piece.partition(">")[0]) for piece in html.split("<")[1:])) > MAX_TAG_BYTES:
        raise PullquoteError("html.huge_tag", f"a tag of more than {MAX_TAG_BYTES:,} characters")


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
    for match in NEW_DOCUMENT.finditer(html):
        cut = match.start()
        if cut > start and CLOSED.search(html, start, cut) and OPENED.search(html, cut, cut + OPENING_WINDOW):
            yield html[start:cut]
            start = cut
    yield html[start:]


def _closed_raw_text(html: str) -> str:
    """Without the tags of elements whose content is raw text up to an end tag that never comes: they would swallow
    the rest of the page."""
    for name in RAW_TEXT:
        if html.count(f"<{name}") > html.count(f"</{name}"):
            html = re.sub(rf"</?{name}\b[^>]*>", " ", html)
    return html


class _Walk:
    """One pass over the tree of a document, collecting blocks; state that belongs together, no more."""

    def __init__(self, first: int, offset: int) -> None:
        self.first, self.offset = first, offset
        self.blocks: list[Block] = []
        self.marks: list[Mark] = []
        self.tree = Tree()
        self.paths: list[tuple[str, ...]] = []
        self.pieces: list[str] = []
        self.linked = 0  # characters inside links among the pieces
        self.links = 0  # depth of open links
        self.newline = "\n"  # what a newline in the source means: white space, a line break within <pre>
        self.row: list[list[str]] | None = None  # the cells of the open table row

    def document_of(self, html: str) -> Document:
        parser = LexborHTMLParser(html)
        root = parser.root
        if root is not None:
            self._walk(root)
        return Document(blocks=tuple(self.blocks), head=_head_of(parser), marks=tuple(self.marks), tree=self.tree)

    def _walk(self, root: LexborNode) -> None:
        open_elements: list[tuple[LexborNode, str, int]] = []
        node: LexborNode | None = root
        element = -1
        while True:
            if node is None:
                if not open_elements:
                    break
                closing, tag, parent = open_elements.pop()
                element = self._leave(tag, element, parent)
                node = closing.next
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._add((node.text_content or "").replace("\n", self.newline))
            elif tag == "br":
                self.pieces.append(LINE_BREAK)
            elif tag[0] != "-" and tag not in SKIPPED:
                child = node.first_child
                inner = self._enter(node, tag, element)
                if child is not None:
                    open_elements.append((node, tag, element))
                    element, node = inner, child
                    continue
                element = self._leave(tag, inner, element)
            node = node.next

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        if self.links:
            self.linked += len(text)

    def _enter(self, node: LexborNode, tag: str, parent: int) -> int:
        """Open an element; returns its number, or the parent's where inline elements need none."""
        if tag in PLAIN:
            return parent
        attributes = node.attributes
        if tag == "a":
            self.links += 1
        elif tag == "q":
            self.pieces.append("“")
        elif tag == "pre":
            self.newline = LINE_BREAK
        self._mark(node, tag, attributes)
        if tag in CELLS:
            self._cell()
        elif tag in BREAKS:
            self._flush(parent)
            if tag == "tr":
                self._end_row(parent)
                self.row = []
        else:
            return parent
        return self._element(tag, attributes, parent)

    def _element(self, tag: str, attributes: dict[str, str | None], parent: int) -> int:
        label = tag
        if attributes:
            words = attributes.get("class")
            label += "." + ".".join(words.lower().split()[:6]) if words else ""
            name = attributes.get("id")
            label += "#" + name.lower()[:60] if name else ""
            style = attributes.get("style")
            if "hidden" in attributes or (style and "display:none" in style[:500].replace(" ", "")):
                label += ".-hidden"
        tree = self.tree
        tree.parents.append(parent)
        tree.labels.append(label)
        tree.starts.append(len(self.blocks))
        tree.stops.append(len(self.blocks))
        self.paths.append((*(self.paths[parent][-MAX_PATH:] if parent >= 0 else ()), label))
        return len(tree.labels) - 1

    def _leave(self, tag: str, element: int, parent: int) -> int:
        if tag == "a":
            self.links -= 1
        elif tag == "q":
            self.pieces.append("”")
        elif tag == "pre":
            self.newline = "\n"
        if element != parent:
            if tag in CELLS:
                self._cell()
            else:
                self._flush(element)
            if tag == "tr":
                self._end_row(element)
            self.tree.stops[element] = len(self.blocks)
        return parent

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
        if not self.pieces:
            return
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
        link_share = min(1.0, self.linked / len(raw)) if raw else 0.0
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
        element = max(element, 0) if self.tree.labels else self._element("html", {}, -1)
        path = self.paths[element]
        tag = path[-1].partition(".")[0].partition("#")[0]
        position = len(self.blocks)
        self.blocks.append(
            Block(
                position=self.first + position, line=None, start=self.offset, stop=self.offset + len(text), text=text,
                tag=tag, level=sum(label.startswith(("ul", "ol")) for label in path), path=path, link_share=link_share,
            )
        )
        self.tree.leaves.append(element)
        self.offset += len(text) + 1

    def _mark(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        if (not attributes and tag != "time") or len(self.marks) >= MAX_MARKS:
            return
        hint = " ".join(filter(None, (attributes.get("itemprop"), attributes.get("rel"), attributes.get("class"))))
        position = self.first + len(self.blocks)
        if tag == "time" or "datetime" in attributes or "datePublished" in hint or "dateModified" in hint:
            value = attributes.get("datetime") or attributes.get("content") or node.text()
            self.marks.append(Mark(kind="time", position=position, value=value[:100], hint=hint))
        elif hint and tag not in ("body", "article", "main", "html") and AUTHOR_WORDS.search(hint):
            value = attributes.get("content") or node.text()
            if 0 < len(value) < 300:
                self.marks.append(Mark(kind="author", position=position, value=" ".join(value.split()), hint=hint))


def _head_of(parser: LexborHTMLParser) -> Head:
    metas: list[tuple[str, str]] = []
    for node in parser.css("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or attributes.get("http-equiv")
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
