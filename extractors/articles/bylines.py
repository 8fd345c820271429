"""Who wrote an article: structured data, marked-up names, bylines, in this order."""

import re
import unicodedata
from collections.abc import Sequence

from extractors.articles.around import Surroundings
from extractors.articles.names import BY, SEPARATOR, authors_in, looks_like_name, name_of, unglued
from extractors.articles.nearby import Neighbourhood
from extractors.articles.sources import folded
from extractors.blocks.document import Mark
from extractors.quotes.script import metadata_labels
from extractors.records import Block

SAYS = re.compile(r"[:]|by|\b(?:von|par|por|di|af|av|door)\b", re.IGNORECASE)  # every byline has one of these
INNER_BY = re.compile(r"(?:\d{4}|read)\W{1,4}by |(?:published|posted|updated)\b.{3,40}\bby (?=[A-Z])", re.IGNORECASE)
WRITTEN_BY = re.compile(r"(?:(?:this )?(?:post|article|story|piece)? ?(?:was )?written|posted|story|article|words|text|authors?|contributors?|recipe) ?(?:by\b:?|:)", re.IGNORECASE)  # fmt: skip
EXACT = re.compile(r"(?:author|byline)[\w-]*name|(?:^|\s)(?:author|fn|name)(?:\s|$)", re.IGNORECASE)
MAX_BYLINE = 200  # characters
MAX_SHORT_BYLINE = 40  # characters of marked-up text in which one word is a name
MAX_SHORT_NAME = 25  # characters of what is a name after "by" though it has one word only
DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d+ ?min", re.IGNORECASE)
MIN_ABOUT = 20  # characters that a line says of the person it begins with
MAX_FAR_NAMES = 3  # people marked up far from the heading
MAX_MARKS = 6  # marked-up names looked at
TEAM = re.compile(r"(?:The )?(?:[A-Z][\w.]*\s){1,3}(?:Team|Staff|Editors|Newsroom)")
LISTED = re.compile(r"\s*(?:[,|•●·∙⋅]|\band\b)\s*")
DATE = re.compile(
    r"(?:[^\W\d_]{3,10}\.?,? )?(?:\d{1,2}(?:st|nd|rd|th|\.)? [^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?),? \d{4}"
)
NO_NAME_TAGS = frozenset(("li", "button", "h1", "h2", "h3", "h4", "h5", "h6", "label", "td", "th", "nav"))

Found = tuple[tuple[str, ...], int | None]


def authors_of(near: Neighbourhood) -> Found:
    """(the authors, the block they stand in or None): people first, then accounts and organisations, the site last."""
    around = near.around
    sites = _site_names(around)
    header_marks, far_marks = near.marks("author")
    marked = _marked(header_marks, strict=True)
    written = _byline(near)
    for claim in (around.json_ld.authors, around.metas.authors):
        people = tuple(name for name in claim if _glued(name) not in sites)
        if people:
            # A name that readers see next to the heading is truer than the account that put the text online.
            shown = written[0] and written[1] in near.close and not _same_person(people, written[0])
            return written if shown else (_spelled(people, marked + written[0]), written[1])
    credits_ = [name for claim in (around.json_ld, around.metas) for name in (*claim.authors, *claim.credits)]
    others = next((name for name in credits_ if _glued(name) not in sites), None)
    if marked or written[0]:
        return (marked, written[1]) if marked else written
    names = ((others,) if others else ()) or _marked(header_marks, strict=False) or tuple(credits_[:1])
    if names:
        return names, None
    bare = _bare_name(near)
    if bare[0]:
        return bare
    far = _far_marked(far_marks)
    return (far, None) if far else _signature(near)


def _site_names(around: Surroundings) -> set[str]:
    """The site's names for comparison: as it calls itself, as its publisher, and in its address."""
    labels = (around.page.host or "").split(".")
    names = [around.metas.site, around.json_ld.site, *labels[-3:-1]]
    return {_glued(name) for name in names if name and len(name) > 3}


def _glued(name: str) -> str:
    return folded(name).replace(" ", "")


def _plain(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char)).casefold()


def _spelled(claimed: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    """The claimed names, with the accents that the page shows to readers."""
    if all(name.isascii() for name in shown):
        return claimed
    accented = {_plain(name): name for name in shown}
    return tuple(accented.get(_plain(name), name) for name in claimed)


def _marked(marks: Sequence[Mark], *, strict: bool) -> tuple[str, ...]:
    """The first marked-up names; if not strict also one word or an organisation, where the markup names exactly it."""
    names: dict[str, None] = {}
    for mark in marks[:MAX_MARKS]:
        if names and not EXACT.search(mark.hint):
            break
        found = _names_in(mark, strict=strict)
        names.update(dict.fromkeys(name for name in found if not any(name in known for known in names)))
    return tuple(names)


def _far_marked(far: Sequence[Mark]) -> tuple[str, ...]:
    """Names marked up far from the heading; where these are many, they belong to a list of other articles."""
    if len({mark.value for mark in far if EXACT.search(mark.hint)}) > MAX_FAR_NAMES:
        return ()
    return _marked(far, strict=True) or _marked(far, strict=False)


def _names_in(mark: Mark, *, strict: bool) -> tuple[str, ...]:
    text = unglued(mark.value)
    if strict:
        return authors_in(text)
    return authors_in(text, strict=False) if EXACT.search(mark.hint) and len(text) < MAX_SHORT_BYLINE else ()


def _byline(near: Neighbourhood) -> Found:
    """The nearest line that says "by somebody"."""
    for block in near.lines():
        if len(block.text) < MAX_BYLINE and (names := _said_in(block)):
            return names, block.position
    for i in near.foot:
        text = unglued(near.around.blocks[i].text)
        if len(text) < MAX_BYLINE and (match := WRITTEN_BY.match(text)) and (names := authors_in(text[match.end() :])):
            return names, i
    return (), None


def _said_in(block: Block) -> tuple[str, ...]:
    if not SAYS.search(block.text):
        return ()
    text = unglued(block.text)
    if match := BY.match(text) or WRITTEN_BY.match(text):
        said = text[match.end() :]
        names = authors_in(said)
        first = SEPARATOR.split(said, maxsplit=1)[0]
        if names or not first[:1].isupper() or len(first) > MAX_SHORT_NAME:
            return names
        return authors_in(first, strict=False)
    inner = INNER_BY.search(text)
    return authors_in(text[text.lower().index("by ", inner.start()) :]) if inner else ()


def _same_person(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    words = {word for name in others for word in _plain(name).split()}
    return any(word in words for name in some for word in _plain(name).split())


def _bare_name(near: Neighbourhood) -> Found:
    """A name next to the heading without a word before it: with a date in its line or the next one, or where the page
    says something about that person, too.
    """
    blocks = near.around.blocks
    for i in near.close:
        text = unglued(blocks[i].text)
        if len(text) > MAX_BYLINE or blocks[i].tag in NO_NAME_TAGS or i == near.heading:
            continue
        pieces = [piece for piece in LISTED.split(DATE.sub(" | ", text)) if piece]
        if not pieces or pieces[0].split(maxsplit=1)[0].casefold() in metadata_labels():
            continue  # "Genre Drama", "Director Jane Roe": a table of facts about a work
        names = tuple(piece for piece in pieces if looks_like_name(piece))
        if not names:
            names = tuple(piece for piece in pieces[:1] if TEAM.fullmatch(piece))
        beside = " ".join(block.text[:MAX_BYLINE] for block in (blocks[max(0, i - 1)], *blocks[i + 1 : i + 2]))
        dated = DATED.search(text) or (len(names) == len(pieces) and DATED.search(beside))
        if names and (dated or _spoken_of(near, names[0], i)):
            return names, i
    return (), None


def _signature(near: Neighbourhood) -> Found:
    """In text without markup: the line right behind the text that is nothing but a name."""
    for i in near.foot[:1]:
        block = near.around.blocks[i]
        if not block.tag and looks_like_name(block.text) and (name := name_of(block.text)):
            return (name,), i
    return (), None


def _spoken_of(near: Neighbourhood, name: str, at: int) -> bool:
    """Does the page have a sentence that begins with the name, or a box with the name as its heading?"""
    return not name.isupper() and any(
        block.text.startswith(name)
        and block.position != at
        and (block.tag in ("h2", "h3", "h4", "h5") or len(block.text) > len(name) + MIN_ABOUT)
        and block.tag not in ("li", "button", "nav")
        for block in near.around.blocks
    )
