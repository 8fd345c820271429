"""Lines that end or begin an article, its comments or a list of other articles, on any site.

The patterns match lines in lower case: a literal at the head of an alternative is then found without trying it.
"""

import re

RESERVED = "all rights reserved"
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
