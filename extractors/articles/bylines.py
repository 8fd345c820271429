"""Who wrote an article: structured data, marked-up names, bylines, in this order."""

from collections import Counter

from extractors.articles.around import Surroundings
from extractors.articles.names import BY, authors_in, looks_like_name, name_of
from extractors.articles.sources import folded

MAX_BYLINE = 200  # characters
MAX_SHORT_BYLINE = 40  # characters of a line in which one word after "by" is a name
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
    return (), None


def _bare_name(around: Surroundings) -> tuple[tuple[str, ...], int | None]:
    """A line that is only a person's name: twice before the body (picture and link), or right behind it."""
    blocks, run = around.blocks, around.run
    counts = Counter(blocks[i].text for i in around.head)
    for i in around.head:
        if counts[blocks[i].text] > 1 and looks_like_name(blocks[i].text):
            return (blocks[i].text,), i
    if run.foot and around.blocks[run.foot[0]].tag == "" and looks_like_name(blocks[run.foot[0]].text):
        name = name_of(blocks[run.foot[0]].text)
        return ((name,), run.foot[0]) if name else ((), None)
    return (), None
