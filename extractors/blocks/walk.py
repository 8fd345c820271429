"""One pass over a parsed HTML tree: elements → runs of text, with the elements around them."""

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.blocks.document import Mark, Tree
from extractors.memory import REMEMBERED
from extractors.records import Block

# What becomes of an element. All that are not named are INLINE: their text belongs to the run around them.
INLINE, TEXT, SKIPPED, BREAK, CELL, LINK, QUOTATION, LINE, RAW, ROW, VERBATIM = range(11)
LISTS = frozenset(("ul", "ol"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TAGS = {
    TEXT: "-text",
    SKIPPED: "-comment script style template svg object canvas select head datalist map math",
    BREAK: "address article aside blockquote body button center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li main menu nav noscript ol option p section summary"
    " table tbody tfoot thead caption ul video audio",
    ROW: "tr",
    VERBATIM: "pre",
    CELL: "td th",
    LINK: "a",
    QUOTATION: "q",
    LINE: "br",
    RAW: "iframe textarea",
}
SORTS = {tag: sort for sort, tags in _TAGS.items() for tag in tags.split()}
BREAKING = frozenset((BREAK, ROW, VERBATIM))  # what stands in a line of its own
QUOTING_TAGS = frozenset(("blockquote", "q", "em", "i", "aside"))
BOLD_TAGS = frozenset(("b", "strong"))
SPEAKING_TAGS = QUOTING_TAGS | BOLD_TAGS | {"time"}  # that say something without attributes
UNNAMED = ("", INLINE)
AUTHOR, QUOTING = "author", "quoting"
SPEAKING = frozenset(("datetime", "itemprop", "itemtype"))  # attributes that say something whatever their value
QUOTING_WORDS = ("quot", "Quot", "testimonial")
CLAIMED = re.compile(r"schema\.org/(?:Quotation|Review)")
UNDISPLAYED = re.compile(r"display *: *none")
AUTHOR_STEMS = ("author", "byline", "by-line", "writer", "contributor")
AUTHOR_WORDS = re.compile(rf"(?<![a-z])(?:{'|'.join(AUTHOR_STEMS)})")

MAX_RAW_TEXT = (
    5_000  # characters inside an iframe or textarea; more, or a paragraph, is the rest of a page it swallowed
)
MAX_PATH = 40  # ancestors remembered by name; deeper ones say nothing and would cost quadratic time
MAX_AUTHOR = 300  # characters; more is a box about the author
MAX_MARKS = 500  # dates and authors marked up on one page
Attributes = dict[str, str | None]
LINE_BREAK = "\x0b"  # stands for <br> until the white space of the source is collapsed
MAX_ROW = 600  # characters; a longer "row" is a page laid out by a table, not a table


def _kinds() -> dict[int, tuple[str, int]]:
    """(tag, sort) by the parser's numbers of tags, which take half the time to read; nobody asks for the names of others."""
    page = LexborHTMLParser("<p>text<!-- comment --></p>")
    nodes = [page.create_node(tag) for tag in (*SORTS, *SPEAKING_TAGS) if tag.isalnum()]
    nodes += page.css("p")[0].iter(include_text=True)
    return {node.tag_id: (node.tag or "", SORTS.get(node.tag or "", INLINE)) for node in nodes}


KINDS = _kinds()


class Walk:
    """The state of one pass: what it has collected, and the open run of text."""

    def __init__(self, first: int, offset: int) -> None:
        self.first, self.offset = first, offset
        self.blocks: list[Block] = []
        self.marks: list[Mark] = []
        self.quoting: list[LexborNode] = []
        self.bold: list[LexborNode] = []
        self.claiming: list[LexborNode] = []
        self.tree = Tree()
        self.paths: dict[int, tuple[str, ...]] = {-1: ()}
        self.levels: dict[int, int] = {-1: 0}  # of the elements in `paths`
        self.pieces: list[str] = []  # of the open run of text: one list for the whole pass
        self.linked = 0  # characters inside links among the pieces
        self.links = 0  # depth of open links
        self.newline = "\n"  # what a newline in the source means: white space, a line break within <pre>
        self.row: list[str] | None = None  # the cells of the open table row
        self.swallowed = False  # did an unclosed raw-text element take the rest of the page?

    def over(self, root: LexborNode) -> None:  # noqa: C901  the one hot loop: a call for each node would double its cost
        """Depth first without recursion; `element` is the number of the innermost block-level element."""
        open_elements: list[tuple[LexborNode, int, int]] = []
        node: LexborNode | None = root
        element = -1
        kinds, add, pieces = KINDS.get, self._add, self.pieces
        while True:
            if node is None:
                if not open_elements:
                    return
                node, sort, parent = open_elements.pop()
                if sort:
                    self._leave(sort, element)
                element = parent
                node = node.next
                continue
            tag, sort = kinds(node.tag_id, UNNAMED)
            if sort == TEXT:
                text = node.text_content
                if text and (pieces or not text.isspace()):  # between elements is little else than white space
                    add(text)
            elif sort == LINE:
                pieces.append(LINE_BREAK)
            elif sort == RAW:
                inside = node.text()
                self.swallowed = self.swallowed or len(inside) > MAX_RAW_TEXT or "<p" in inside
            elif sort != SKIPPED:
                attributes = node.attributes
                if tag in SPEAKING_TAGS or (attributes and _speaks(attributes)):
                    self._notice(node, tag, attributes)
                inner = self._enter(tag, attributes, sort, element) if sort else element
                child = node.first_child
                if child is not None:
                    open_elements.append((node, sort, element))
                    element, node = inner, child
                    continue
                if sort:
                    self._leave(sort, inner)
            node = node.next

    def _add(self, text: str) -> None:
        """Go on with the open run of text."""
        self.pieces.append(text if self.newline == "\n" else text.replace("\n", self.newline))
        if self.links:
            self.linked += len(text)

    def _notice(self, node: LexborNode, tag: str, attributes: Attributes) -> None:
        """Remember an element that tells of a date, an author or a quote."""
        self._mark(node, tag, attributes)
        words = attributes.get("class")
        if tag in QUOTING_TAGS or (words and QUOTING in _signs_of(words)):
            self.quoting.append(node)
        elif tag in BOLD_TAGS:
            self.bold.append(node)
        if CLAIMED.search(attributes.get("itemtype") or ""):
            self.claiming.append(node)

    def _enter(self, tag: str, attributes: Attributes, sort: int, parent: int) -> int:
        """Open an element; returns its number, or the parent's where it makes no boundary."""
        if sort != BREAK:
            if sort == LINK:
                self.links += 1
                return parent
            if sort == QUOTATION:
                self.pieces.append("“")
                return parent
            self._enter_odd(sort, parent)
        elif self.pieces:
            self._flush(parent)
        tree, place = self.tree, len(self.blocks)
        tree.parents.append(parent)
        tree.labels.append(_label(tag, attributes) if attributes else tag)
        tree.starts.append(place)
        tree.stops.append(place)
        return len(tree.labels) - 1

    def _enter_odd(self, sort: int, parent: int) -> None:
        if sort == CELL:
            self._cell()
            return
        if self.pieces:
            self._flush(parent)
        if sort == ROW:
            self._end_row(parent)
            self.row = []
        else:
            self.newline = LINE_BREAK

    def _leave(self, sort: int, element: int) -> None:
        if sort == BREAK:
            if self.pieces:
                self._flush(element)
        elif sort == LINK:
            self.links -= 1
            return
        elif sort == QUOTATION:
            self.pieces.append("”")
            return
        elif sort == CELL:
            self._cell()
        else:
            if self.pieces:
                self._flush(element)
            if sort == ROW:
                self._end_row(element)
            else:
                self.newline = "\n"
        self.tree.stops[element] = len(self.blocks)

    def _run(self) -> str:
        """The text of the open run, which ends here."""
        pieces = self.pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        return text

    def _cell(self) -> None:
        """Between two cells: outside a row they are blocks of their own."""
        if self.row is not None:
            self.row.append(self._run())

    def _end_row(self, element: int) -> None:
        row, self.row = self.row, None
        if row:
            cells = [text for cell in row if (text := " ".join(cell.split()))]
            if cells:
                raw_length = sum(map(len, cells))
                self._emit(" | ".join(cells), element, min(1.0, self.linked / raw_length))
        self.linked = 0

    def _flush(self, element: int) -> None:
        """End the open run of text at a block-level boundary."""
        if self.row is None:
            self._emit_paragraphs(self._run(), element)
        elif sum(map(len, self.pieces)) + sum(map(len, self.row)) <= MAX_ROW:
            self.pieces.append(" ")
            return
        else:  # Too long for a row of data: the table only lays out the page, so its cells are blocks of their own.
            cells, self.row = [*self.row, self._run()], None
            for cell in cells:
                self._emit_paragraphs(cell, element)
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
        element = max(element, 0)  # text before any element stands in the root
        path = self.paths.get(element) or self._path(element)
        start = self.offset
        self.offset = stop = start + len(text)
        self.offset += 1
        self.blocks.append(
            Block(
                position=self.first + len(self.blocks), line=None, start=start, stop=stop, text=text, tag=_tag_of(path[-1]),
                level=self.levels[element], path=path, link_share=link_share,
            )
        )  # fmt: skip
        self.tree.leaves.append(element)

    def _path(self, element: int) -> tuple[str, ...]:
        """The labels around and of an element; how many lists are among them is noted with it."""
        chain = [element]
        parents, labels = self.tree.parents, self.tree.labels
        while (parent := parents[chain[-1]]) not in self.paths:
            chain.append(parent)
        path, level = self.paths[parent], self.levels[parent]
        for number in reversed(chain):
            label = labels[number]
            path = self.paths[number] = (*path[-MAX_PATH:], label)
            level = self.levels[number] = level + (label[:2] in LISTS)  # no other tag begins so
        return path

    def _mark(self, node: LexborNode, tag: str, attributes: Attributes) -> None:
        """Remember a marked-up date or author."""
        words, prop, rel = attributes.get("class"), attributes.get("itemprop"), attributes.get("rel")
        timed = tag == "time" or "datetime" in attributes or (prop is not None and prop.startswith("date"))
        if len(self.marks) >= MAX_MARKS or not (timed or prop or rel or (words and _names_author(words))):
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


@lru_cache(maxsize=REMEMBERED)
def _tag_of(label: str) -> str:
    return label.partition(".")[0].partition("#")[0]


def _speaks(attributes: Attributes) -> bool:
    """Do the attributes tell of a date, an author or a quote?"""
    words, rel = attributes.get("class"), attributes.get("rel")
    return bool((words and _signs_of(words)) or not SPEAKING.isdisjoint(attributes) or (rel and _names_author(rel)))


@lru_cache(maxsize=REMEMBERED)
def _signs_of(words: str) -> frozenset[str]:
    """What a class speaks of: AUTHOR, QUOTING; remembered, since pages repeat their classes."""
    signs = ((AUTHOR, _names_author(words)), (QUOTING, any(word in words for word in QUOTING_WORDS)))
    return frozenset(sign for sign, found in signs if found)


@lru_cache(maxsize=REMEMBERED)
def _names_author(words: str) -> bool:
    low = words.lower()
    return any(map(low.count, AUTHOR_STEMS)) and AUTHOR_WORDS.search(low) is not None


def _label(tag: str, attributes: Attributes) -> str:
    """The label "tag.class.class#id", lower case; ".-hidden" where the element is not shown."""
    words, name, style = attributes.get("class"), attributes.get("id"), attributes.get("style")
    hidden = "hidden" in attributes or (style is not None and UNDISPLAYED.search(style[:500]) is not None)
    return _named(tag, words, name, "hidden" if hidden else None) if words or name or hidden else tag


@lru_cache(maxsize=REMEMBERED)
def _named(tag: str, words: str | None, name: str | None, hidden: str | None) -> str:
    label = tag
    if words:
        label += "." + ".".join(words.lower().split()[:6])
    if name:
        label += "#" + name.lower()[:60]
    return label + ".-hidden" if hidden else label
