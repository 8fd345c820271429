"""Quotes that the markup of a page shows: blockquotes, tweets, quote cards, pull quotes, <q>, italics after a cue.

A second look at the tree beside the walk that made its blocks: what says who speaks is mostly inside a paragraph
(<cite>, a class), where blocks do not reach.
"""

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from extractors.blocks.walk import BREAKING, HEADINGS, RAW, SKIPPED, SORTS
from extractors.quotes.scan import spans_in
from extractors.quotes.statements import MAX_CREDIT, Statement, credited, is_credit, without_credit

CREDITS = "cite, footer, figcaption, [class*=author], [class*=Author], [class*=attribution], [class*=cite], [class*=credit], [class*=source], [rel=author], [itemprop=author], [itemprop=creator]"
CARD_NAMES = CREDITS + ", [class*=name], [class*=person], [class*=speaker], [class*=by]"
CARD_TEXTS = "blockquote, q, [itemprop=text], [itemprop=reviewBody], [class*=text], [class*=body], [class*=content], p"
# One word of a class: "quote", "quote-card", "c-quote__box", "testimonial"; not "quotes", the list they stand in.
CARD = re.compile(r"(?:^|[-_])(?:block-?|pull-?)?(?:quote|testimonial)(?:card|box|block)?(?:$|[-_])")
PULLED = re.compile(r"pull[-_]?(?:ed[-_]?)?quot|quote[-_]?pull", re.IGNORECASE)
TWEETS = ("twitter-tweet", "twitter-video", "bluesky-embed", "mastodon-embed")
EMBEDS = ("instagram-media", "tiktok-embed", "fb-post", "reddit-embed", "wp-embedded-content", "imgur-embed")
# A box that is set off like a quote and is none: `NOTE: this section is out of date.`
CALL_OUT = re.compile(
    r"(?:(?:editor[’']?s? )?note|n\.?b|warning|tip|update|updated|important|caution|info|disclaimer|attention|correction|related"
    r"|read (?:more|also|next)|see also|also read|source|summary|tl;?dr|hint|spoiler|advertisement)\b\s*[:!–—-]",
    re.IGNORECASE,
)
CALL_OUTS = re.compile(r"call-?out|note|warning|\btip|info|alert|admonition|notice|disclaimer|related|promo|newsletter")
# How forums and lists of opinions open a box: the name of who wrote it, before what was written.
WROTE = re.compile(r"(?P<name>\S[^:“\"]{0,40}?)(?: (?:said|wrote|writes|schrieb|a écrit|escribió)\s*:|:(?=\s*[“\"«]))")
EXPAND = re.compile(r"click to expand", re.IGNORECASE)
MAX_WORDS = 450  # a longer one lays out the page, or is a whole text set off
BY, MAX_BYLINE = re.compile(r"(?:by|von|par|por) \S", re.IGNORECASE), 10  # words; a credit set off by itself
MIN_WORDS = 2
MAX_LINKED = 0.5  # share of the characters inside links
MAX_ITALIC_WORDS = 80  # more are an excerpt
MIN_ITALIC_WORDS = 4  # fewer are a title or a stress


def markup_statements(quoting: Iterable[LexborNode]) -> list[Statement]:
    """What the elements that speak of quotes present as somebody's words, in page order."""
    taken: set[int] = set()
    found: list[Statement] = []
    for node in quoting:
        if node.mem_id in taken:
            continue
        statement = _statement(node)
        if statement:
            found.append(statement)
        if statement or node.tag == "blockquote":
            taken.update(inner.mem_id for inner in node.traverse())
    return found


def _statement(node: LexborNode) -> Statement | None:
    words = (node.attributes.get("class") or "").lower()
    if node.tag == "q":
        return _inline(node, "q", 0.85)
    if node.tag in ("em", "i"):
        return _inline(node, "italics", 0.7)
    if any(name in words for name in EMBEDS):
        return None
    if any(name in words for name in TWEETS):
        return _tweet(node)
    pulled = bool(PULLED.search(words))
    if node.tag == "blockquote":
        return _block(node, rule="pull_quote" if pulled else "blockquote", pulled=pulled)
    if pulled or (node.tag == "aside" and "quote" in words):
        return _block(node, rule="pull_quote", pulled=True)
    if any(CARD.search(word) for word in words.split()):
        return _card(node)
    return None


def _inline(node: LexborNode, rule: str, confidence: float) -> Statement | None:
    text = " ".join(node.text().split())
    count = len(text.split())
    if not MIN_WORDS <= count <= MAX_WORDS:
        return None
    if rule == "italics" and not (MIN_ITALIC_WORDS <= count <= MAX_ITALIC_WORDS and _stands_for_marks(node, text)):
        return None
    return Statement(
        paragraphs=(text,),
        kind="inline_direct",
        rule=rule,
        confidence=confidence,
        cued=rule == "italics" or count < MIN_ITALIC_WORDS,
    )


def _stands_for_marks(node: LexborNode, text: str) -> bool:
    """Are the italics all that tells a quote? Behind a comma or colon, like a sentence and not like a title; with marks
    inside, those tell what is quoted.
    """
    before = node.prev.text().strip() if node.prev is not None and node.prev.tag == "-text" else ""
    long = [word for word in text.split() if len(word) > MIN_ITALIC_WORDS]
    title = sum(word[0].isupper() for word in long) > len(long) / 2
    return (
        before[-1:] in (":", ",")
        and not CALL_OUT.match(before)
        and text[0].isalnum()
        and not title
        and not spans_in(text)
    )


def _tweet(node: LexborNode) -> Statement | None:
    first = node.css_first("p")
    if first is None:
        return None
    text = _paragraphs(first, ())
    rest = " ".join(_paragraphs(node, (first,)))
    speaker = credited(rest)
    return Statement(
        paragraphs=tuple(text), speaker=speaker, written=speaker, rule="tweet", confidence=0.97 if speaker else 0.8, joins=True
    ) if text else None  # fmt: skip


def _card(node: LexborNode) -> Statement | None:
    """A box with one text and one name; a box with several names holds cards."""
    names = [name for name in _outermost(node.css(CARD_NAMES)) if name.mem_id != node.mem_id and credited(name.text())]
    if len(names) != 1:
        return None
    texts = [
        child
        for child in node.css(CARD_TEXTS)
        if child.mem_id != node.mem_id and not _holds(child, names[0]) and not _holds(names[0], child)
    ]
    paragraphs = _paragraphs(texts[0], ()) if texts else _paragraphs(node, (names[0],))
    if texts and texts[0].tag == "p":
        paragraphs = [line for text in texts if text.tag == "p" for line in _paragraphs(text, ())]
    return _checked(paragraphs, names[0].text(), rule="quote_card", confidence=0.95, joins=True)


def _block(node: LexborNode, *, rule: str, pulled: bool) -> Statement | None:
    words = (node.attributes.get("class") or "").lower()
    if CALL_OUTS.search(words) or _laid_out(node):
        return None
    whole = len(" ".join(node.text().split()))
    inner = [
        credit
        for credit in _outermost(node.css(CREDITS))
        if credit.mem_id != node.mem_id and len(credit.text()) <= min(MAX_CREDIT, whole / 2 + 40) and _ends_paragraph(credit)
    ]  # fmt: skip
    paragraphs = _paragraphs(node, inner)
    written = next((line for credit in inner if (line := " ".join(credit.text().split()))), None)
    if not credited(written) and len(paragraphs) > 1 and is_credit(paragraphs[-1]):
        written = paragraphs.pop()
    if not credited(written):
        written = _beside(node) or written
    return _checked(paragraphs, written, rule=rule, confidence=0.9, joins=not pulled and bool(written), repeat=pulled)


def _checked(
    paragraphs: list[str], written: str | None, *, rule: str, confidence: float, joins: bool, repeat: bool = False
) -> Statement | None:
    """A statement of the paragraphs, if they read like one person's words rather than a box or a story with quotes."""
    paragraphs = [line for line in paragraphs if not EXPAND.match(line)]
    if paragraphs and not written:
        written, paragraphs = _introduced(paragraphs)
    if paragraphs and not credited(written):
        paragraphs[-1], tail = without_credit(paragraphs[-1])
        written = tail or written
    bare = _bare([line for line in paragraphs if any(map(str.isalnum, line))])
    count = sum(len(line.split()) for line in bare)
    if not MIN_WORDS <= count <= MAX_WORDS or CALL_OUT.match(bare[0]) or (count < MAX_BYLINE and BY.match(bare[0])):
        return None
    speaker = credited(written)
    return Statement(
        paragraphs=tuple(bare), speaker=speaker, written=" ".join(written.split()).strip(" -–—―~") or None if written and len(written) <= MAX_CREDIT else None,
        rule=rule, confidence=confidence if speaker else confidence - 0.15, joins=joins, repeat=repeat,
    )  # fmt: skip


def _introduced(paragraphs: list[str]) -> tuple[str | None, list[str]]:
    """(whom a first line names that only says who wrote the rest, the rest): `sam_roe said:`, `User review: “…”`."""
    match = WROTE.match(paragraphs[0])
    rest = paragraphs[0][match.end() :].strip() if match else ""
    if not match or not (rest or paragraphs[1:]):
        return None, paragraphs
    return match["name"], [*filter(None, [rest]), *paragraphs[1:]]


def _bare(paragraphs: list[str]) -> list[str]:
    """The paragraphs without the marks around each; [] where marks stand around parts of them only: then prose rules
    know better what is said and what is told.
    """
    bare = []
    for line in paragraphs:
        spans = spans_in(line)
        if not spans or spans[0].start > 1:
            bare.append(line)
            continue
        if len(spans) > 1 or spans[0].stop < len(line.rstrip(" .,")) - 1:
            return []
        bare.append(line[spans[0].start : spans[0].stop].strip())
    return [line for line in bare if line]


def _laid_out(node: LexborNode) -> bool:
    """Does it hold what no quote holds: headings, tables, forms, mostly links?"""
    if node.css_first(", ".join(HEADINGS) + ", table, form, input, nav") is not None:
        return True
    linked = sum(len(link.text()) for link in node.css("a"))
    return linked > MAX_LINKED * len(node.text().strip())


def _beside(node: LexborNode) -> str | None:
    """The credit line next to a quote: the caption of its figure, or what follows it and is no more than a name."""
    parent = node.parent
    while parent is not None and parent.tag not in ("figure", "body", "article", "main"):
        parent = parent.parent if len(parent.text()) < len(node.text()) + MAX_CREDIT else None
    if parent is not None and parent.tag == "figure":
        caption = parent.css_first("figcaption")
        if caption is not None and credited(caption.text()):
            return caption.text()
    after = node.next
    while after is not None and after.tag == "-text" and not after.text().strip():
        after = after.next
    if after is None or len(after.text()) > MAX_CREDIT:
        return None
    names = after.tag == "cite" or re.search(
        r"author|cite|attribution|credit|source", (after.attributes or {}).get("class") or ""
    )
    return after.text() if credited(after.text()) and (names or is_credit(after.text())) else None


def _ends_paragraph(credit: LexborNode) -> bool:
    """Is it a line of its own or the end of one, rather than a title within a sentence?"""
    if _breaks(credit):
        return True
    after = credit.next
    while after is not None:
        if _breaks(after) or after.tag == "br":
            return True
        if after.text().strip(" \n\t.,)") and after.tag != "cite":
            return False
        after = after.next
    return True


def _breaks(node: LexborNode) -> bool:
    return SORTS.get(node.tag or "") in BREAKING


def _outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    chosen: list[LexborNode] = []
    inside: set[int] = set()
    for node in nodes:
        if node.mem_id not in inside:
            chosen.append(node)
            inside.update(inner.mem_id for inner in node.traverse())
    return chosen


def _holds(outer: LexborNode, inner: LexborNode) -> bool:
    return any(node.mem_id == inner.mem_id for node in outer.traverse())


def _paragraphs(node: LexborNode, without: Iterable[LexborNode]) -> list[str]:
    """The text of an element, cut where block-level elements begin and end, without the elements named."""
    left_out = {item.mem_id for item in without}
    lines: list[str] = []
    pieces: list[str] = []
    for text in _texts(node, left_out):
        if text is None:
            lines.append(" ".join("".join(pieces).split()))
            pieces = []
        else:
            pieces.append(text)
    lines.append(" ".join("".join(pieces).split()))
    return [line for line in lines if line]


def _texts(node: LexborNode, left_out: set[int]) -> Iterator[str | None]:
    """The texts below a node in order, None where a paragraph ends; without recursion, since pages can be deep."""
    waiting: list[LexborNode | None] = list(reversed(list(node.iter(include_text=True))))
    while waiting:
        child = waiting.pop()
        if child is None:
            yield None
        elif child.tag == "-text":
            yield child.text()
        elif child.tag == "br":
            yield " "
        elif child.mem_id in left_out or SORTS.get(child.tag or "") in (SKIPPED, RAW):
            yield None if child.mem_id in left_out else " "
        else:
            boundary = _breaks(child)
            if boundary:
                yield None
                waiting.append(None)
            waiting += reversed(list(child.iter(include_text=True)))
