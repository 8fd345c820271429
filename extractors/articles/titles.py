"""Titles: which line or claim names an article, without the site's name behind it."""

import re
from collections.abc import Sequence

from extractors.articles.sources import folded
from extractors.blocks.shapes import WORD, is_furniture
from extractors.records import Block

SUFFIX = re.compile(
    r"^(?P<title>.+?)\s*(?:\s[-–—|·»:•]+\s|\s?\|\s?|\s[-–—]{1,2}\s|(?<=\S) [»›>] )\s*(?P<rest>[^|–—»]{2,60})$"
)
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


def title_line(blocks: Sequence[Block], head: Sequence[int], body: str, repeats: dict[str, int]) -> int | None:
    """The position among `head` whose line most probably is the title: near the body or first on the page, of a
    title's length, sharing its words with the body.
    """
    words = {word.lower() for word in WORD.findall(body) if len(word) > 3}
    best: tuple[float, int] | None = None
    for distance, i in enumerate(reversed(head)):
        score = _title_score(blocks[i], words, repeats) - 0.02 * min(distance, 25)
        if i == 0:
            score += FIRST_LINE
        if score > MIN_SHARED and (best is None or score > best[0]):
            best = (score, i)
    return best[1] if best else None


def _title_score(block: Block, words: set[str], repeats: dict[str, int]) -> float:
    text = block.text
    found = [word.lower() for word in WORD.findall(text)]
    if not found or len(found) > 30 or len(text) > MAX_TITLE or block.marker or is_furniture(text):
        return 0.0
    if repeats.get(text.casefold(), 1) > 2 or text.endswith((".", ",", ":")):
        return 0.2
    long = [word for word in found if len(word) > 3 and not word.isdigit()]
    shared = sum(word in words for word in long) / len(long) if long else 0.6
    length = min(1.0, len(found) / 3)
    return 0.45 * shared + 0.45 * length + (0.3 if block.tag in ("h1", "h2") else 0.0)
