"""Lines that end or begin an article, its comments or a list of other articles, on any site.

The patterns match lines in lower case: a literal at the head of an alternative is then found without trying it.
"""

import re
from functools import lru_cache

from extractors.blocks.shapes import RESERVED, is_furniture
from extractors.memory import REMEMBERED

MAX_SIGN = 120  # characters of a line that can end or begin something, or say a date
MAX_BYLINE = 160
MAX_END = 400  # characters from which a line is text, whatever it begins with
END_MARKER = re.compile(
    r"(?:written|posted|reported|edited) by\b|about the author|more (?:from|stories|to explore)\b|contribute to this page"
    r"|©|\(c\)|copyright\b|(?:leave|post|write|add) (?:a|your) (?:comment|reply)|(?:\d+ )?(?:comments?|replies)\b"
    r"|(?:tags|filed under|posted in|categories) ?:|(?:people|readers) (?:are|also) (?:reading|read)|privacy policy|terms (?:of|and)"
    r"|you(?:.ve reached| may also| might also)|subscribe|sign up|newsletter|»? ?return to\b|discuss\b.{0,40}\bbelow|member-only story"
    r"|(?:related|recommended|popular|trending|latest)\b|(?:previous|next)(?: (?:post|article))?$|cookie|powered by\b|contact us|about us|follow us",
)
START_MARKER = re.compile(
    r"(?:skip|jump) to\b|menu$|home$|search$|(?:sign|log) ?in$|subscribe$|toggle navigation|open menu|by [a-z]|(?:posted|published|updated)\b"
    r"|your changes have been saved|text to speech$|share$|login$|register$|main navigation",
)
COMMENTS = re.compile(
    r"(?:\d+ )?(?:comments?|responses?|replies|thoughts? on\b|discussion)\b.{0,40}$"
    r"|(?:leave|post|write|add|join) (?:a |your |the )?(?:comment|reply|response|conversation|discussion)",
)
POINTER = re.compile(
    r"(?:related|recommended|read (?:more|next|also)|more (?:from|stories|in|on|like)|you (?:may|might)|popular|trending|latest|similar"
    r"|see also|further reading)\b.{0,50}$",
)
BYLINE = re.compile(r"(?:written |posted |published |story |words )?by\b[\s:]+[^\W\d_]")
DATED = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d|\d{1,2} [a-z]{3,9} (?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[/.]\d\d?[/.](?:19|20)\d\d",
)
SIGNS = ("furniture", "ends", "starts", "comments", "pointers", "bylines", "dated")


@lru_cache(maxsize=REMEMBERED)
def signs_of(text: str) -> int:
    """What a line looks like, as bits, one for each of SIGNS: the wording that sites put around articles, the end of an
    article, what stands before one, the heading of comments or of a list of other articles, a byline, a line that holds a
    date. Remembered, since a site repeats its lines.
    """
    low = text.lower() if len(text) <= MAX_END else ""
    if not low or len(low) > MAX_END:
        return 0
    bits = is_furniture(text) | (bool(END_MARKER.match(low)) or RESERVED in low[:MAX_SIGN]) << 1
    bits |= bool(START_MARKER.match(low)) << 2
    if len(low) <= MAX_SIGN:
        bits |= bool(COMMENTS.match(low)) << 3 | bool(POINTER.match(low)) << 4
        bits |= (("20" in low or "19" in low) and bool(DATED.search(low))) << 6
    if len(low) <= MAX_BYLINE:
        bits |= bool(BYLINE.match(low)) << 5
    return bits
