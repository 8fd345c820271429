"""Who wrote an article: structured data, marked-up names, bylines, in this order."""

import re
from collections import Counter

from extractors.articles.around import FAR_FOOT_LINES, Surroundings
from extractors.articles.names import BY, authors_in, looks_like_name, name_of
from extractors.articles.sources import folded

INNER_BY = re.compile(r"\d{4}\W{1,4}by |(?:published|posted|updated)\b.{3,40}\bby (?=[A-Z])", re.IGNORECASE)
WRITTEN_BY = re.compile(r"(?:written|posted|story|article|words) by\b", re.IGNORECASE)
MAX_BYLINE = 200  # characters
MAX_SHORT_BYLINE = 40  # characters of a line in which one word after "by" is a name
BEHIND_HEADING = 5  # blocks behind the heading in which a bare name is the author's
MAX_FAR_MARKS = 3  # marked-up names looked at


def authors_of(around: Surroundings, site: str | None) -> tuple[tuple[str, ...], int | None]:
    """(the authors, the block they stand in or None). Names of the site itself come last."""
    written, at = _byline(around)
    marked = _marked(around)
    for claim in (around.json_ld.authors, around.metas.authors):
        people = tuple(name for name in claim if not _is_site(name, site, around.page.host))
        if people:
            return people, at
    bare, bare_at = _bare_name(around)
    for names, place in ((marked, at), (written, at), (bare, bare_at)):
        if names:
            return names, place
    return around.json_ld.authors or around.metas.authors, at


def _is_site(name: str, site: str | None, host: str | None) -> bool:
    text = folded(name).replace(" ", "")
    return text == folded(site or "").replace(" ", "") or bool(
        host and text and text == host.split(".")[0].replace("-", "")
    )


def _marked(around: Surroundings) -> tuple[str, ...]:
    for strict in (True, False):
        for mark in around.marks("author")[:MAX_FAR_MARKS]:
            exact = (
                any(word in mark.hint.lower() for word in ("author-name", "author__name", "byline-name", "fn", "name"))
                or "author" in mark.hint.split()
            )
            names = (
                authors_in(mark.value, strict=strict)
                if strict or (exact and len(mark.value) < MAX_SHORT_BYLINE)
                else ()
            )
            if names:
                return names
    return ()


def _byline(around: Surroundings) -> tuple[tuple[str, ...], int | None]:
    """The nearest line that says "by somebody"."""
    for block in around.near:
        text = block.text
        if len(text) < MAX_BYLINE and BY.match(text):
            names = authors_in(text) or (authors_in(text, strict=False) if len(text) < MAX_SHORT_BYLINE else ())
            if names:
                return names, block.position
        inner = INNER_BY.search(text) if len(text) < MAX_BYLINE else None
        names = authors_in(text[text.lower().index("by ", inner.start()) :]) if inner else ()
        if names:
            return names, block.position
    for i in around.run.foot[:FAR_FOOT_LINES]:
        text = around.blocks[i].text
        if len(text) < MAX_BYLINE and WRITTEN_BY.match(text) and (names := authors_in(text)):
            return names, i
    return (), None


def _bare_name(around: Surroundings) -> tuple[tuple[str, ...], int | None]:
    """A line that is only a person's name: twice before the body (picture and link), or right behind it."""
    blocks, run = around.blocks, around.run
    for i in _behind_heading(around):
        if looks_like_name(blocks[i].text) and not blocks[i].tag.startswith("h"):
            return (blocks[i].text,), i
    counts = Counter(blocks[i].text for i in around.head)
    for i in around.head:
        if counts[blocks[i].text] > 1 and looks_like_name(blocks[i].text):
            return (blocks[i].text,), i
    if run.foot and around.blocks[run.foot[0]].tag == "" and looks_like_name(blocks[run.foot[0]].text):
        name = name_of(blocks[run.foot[0]].text)
        return ((name,), run.foot[0]) if name else ((), None)
    return (), None


def _behind_heading(around: Surroundings) -> range:
    """The few positions between the last h1 before the text and the text."""
    heading = next((i for i in reversed(around.run.head) if around.blocks[i].tag == "h1"), None)
    return (
        range(heading + 1, min(heading + 1 + BEHIND_HEADING, around.run.body[0] + 2, len(around.blocks)))
        if heading is not None
        else range(0)
    )
