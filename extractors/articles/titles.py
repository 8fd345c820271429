"""Titles: which line or claim names an article, without the site's name behind it."""

import re
from collections.abc import Sequence
from html import unescape

from extractors.articles.around import Surroundings
from extractors.articles.sources import folded
from extractors.blocks.shapes import WORD, is_furniture
from extractors.records import Block

GOES_BEFORE, GOES_ON = re.compile(r"[^\W_]['’]?$"), re.compile(r"['’]?[^\W_]")  # what makes a word part of another
SUFFIX = re.compile(
    r"^(?P<title>.+?)\s*(?:\s[-–—|·»:•]+\s|\s?\|\s?|\s[-–—]{1,2}\s|(?<=\S) [»›>] )\s*(?P<rest>[^|–—»]{2,60})$"
)
HEADING_LINES = 6  # blocks at the beginning of a text, or before it, in which its heading stands
SAME_TITLE = 0.6  # share of a heading's words that a claim must have
LEAST_ALIKE = 0.3  # a heading that shares fewer words with the claims is that of a section or a box
MAX_TITLE = 300  # characters; longer lines are text
MIN_SHARED = 0.5
FIRST_LINE = 0.5  # a page that begins with a line of a title's form begins with its title


def cleaned_title(title: str, site: str | None, host: str | None, heading: str | None = None) -> str:
    """The title without the site's name at its end ("How it ended | Daily Post" → "How it ended")."""
    text = " ".join(title.split())
    for _ in range(3):
        match = SUFFIX.match(text)
        if not match:
            break
        rest, kept = folded(match["rest"]), match["title"]
        names = [folded(name) for name in (site, host) if name]
        glued = rest.replace(" ", "")
        is_site = any(rest == name or (glued and glued in name.replace(" ", "")) for name in names)
        if not (is_site or (heading and folded(kept).endswith(folded(heading)))):
            break
        text = kept.strip()
    return text


def title_of(around: Surroundings, body: str) -> tuple[str | None, int | None]:
    """(the title, the block it stands in): a list of sources, the visible heading, JSON-LD, meta tags, <title>, a line.

    The heading that readers see comes before what is written for search engines, unless it is the site's name or not
    near the text.
    """
    run, blocks = around.run, around.blocks
    if run.entry:
        return run.entry.title, run.entry.title_at
    site = around.json_ld.site or around.metas.site
    claims = [
        unescape(claim)
        for claim in (around.json_ld.title, around.metas.title, around.document.head.title)
        if claim and around.alone
    ]
    heading = _heading(around, claims, site)
    if heading is not None:
        return blocks[heading].text, heading
    for claim in claims:
        cleaned = cleaned_title(claim, site, around.page.host)
        if cleaned and folded(cleaned) != folded(site or ""):
            at = next((i for i in (*run.head, *run.body[:5]) if folded(blocks[i].text) == folded(cleaned)), None)
            return cleaned, at
    line = title_line(blocks, around.head, body, dict(around.repeats))
    return (blocks[line].text, line) if line is not None else (None, None)


def _heading(around: Surroundings, claims: Sequence[str], site: str | None) -> int | None:
    """The h1 that names the text: the one most like the claims, else the nearest before the text."""
    blocks, run = around.blocks, around.run
    claimed = [frozenset(folded(claim).split()) for claim in claims]
    places = [
        i for i in (*run.head, *run.body[:HEADING_LINES]) if blocks[i].tag == "h1" and _is_title(blocks[i].text, site)
    ]
    if not places:
        places = [
            i
            for i in (*run.head[-HEADING_LINES:], *run.body[:3])
            if blocks[i].tag == "h2" and _is_title(blocks[i].text, site)
        ]
        if claims:
            places = [i for i in places if _likeness(blocks[i].text, claimed) >= SAME_TITLE]
    if claims:
        places = [i for i in places if _likeness(blocks[i].text, claimed) >= LEAST_ALIKE]
    if not places:
        return None
    return max(places, key=lambda i: (round(_likeness(blocks[i].text, claimed), 1), i))


def _is_title(text: str, site: str | None) -> bool:
    words = folded(text)
    return bool(words) and words != folded(site or "") and len(text) <= MAX_TITLE and not is_furniture(text)


def _likeness(text: str, claims: Sequence[frozenset[str]]) -> float:
    """The share of the line's words in the most similar claim, 0 to 1; less where it has less than half of the claim."""
    words = set(folded(text).split())
    return max((len(words & claim) / max(1.0, len(words), len(claim) / 2) for claim in claims), default=0.0)


def title_line(blocks: Sequence[Block], head: Sequence[int], body: str, repeats: dict[str, int]) -> int | None:
    """The position among `head` whose line most probably is the title: near the body or first on the page, of a
    title's length, sharing its words with the body.
    """
    low = body.lower()
    best: tuple[float, int] | None = None
    for distance, i in enumerate(reversed(head)):
        score = _title_score(blocks[i], low, repeats) - 0.02 * min(distance, 25)
        if i == 0:
            score += FIRST_LINE
        if score > MIN_SHARED and (best is None or score > best[0]):
            best = (score, i)
    return best[1] if best else None


def _says(text: str, word: str) -> bool:
    """Has a text in lower case the word as one of its own? Without a list of all its words, which are many."""
    at = text.find(word)
    while at >= 0 and (GOES_BEFORE.search(text[max(0, at - 2) : at]) or GOES_ON.match(text, at + len(word))):
        at = text.find(word, at + 1)
    return at >= 0


def _title_score(block: Block, body: str, repeats: dict[str, int]) -> float:
    text = block.text
    found = [word.lower() for word in WORD.findall(text)]
    if not found or len(found) > 30 or len(text) > MAX_TITLE or block.marker or is_furniture(text):
        return 0.0
    if repeats.get(text.casefold(), 1) > 2 or text.endswith((".", ",", ":")):
        return 0.2
    long = [word for word in found if len(word) > 3 and not word.isdigit()]
    shared = sum(_says(body, word) for word in long) / len(long) if long else 0.6
    length = min(1.0, len(found) / 3)
    return 0.45 * shared + 0.45 * length + (0.3 if block.tag in ("h1", "h2") else 0.0)
