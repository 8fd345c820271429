"""Lines that end or begin an article, its comments or a list of other articles, on any site."""

import re

END_MARKER = re.compile(
    r"(?:written|posted|reported|edited) by\b|about the author|more (?:from|stories|to explore)\b|contribute to this page"
    r"|(?:©|\(c\)|copyright\b)|.{0,80}all rights reserved|(?:leave|post|write|add) (?:a|your) (?:comment|reply)|(?:\d+ )?(?:comments?|replies)\b"
    r"|(?:tags|filed under|posted in|categories) ?:|(?:people|readers) (?:are|also) (?:reading|read)|(?:privacy policy|terms (?:of|and))"
    r"|you(?:.ve reached| may also| might also)|subscribe|sign up|newsletter|»? ?return to\b|discuss\b.{0,40}\bbelow|member-only story"
    r"|(?:related|recommended|popular|trending|latest)\b|(?:previous|next)(?: (?:post|article))?$|cookie|powered by\b|contact us|about us|follow us",
    re.IGNORECASE,
)
START_MARKER = re.compile(
    r"(?:skip|jump) to\b|menu$|home$|search$|(?:sign|log) ?in$|subscribe$|toggle navigation|open menu|by [A-Z]|(?:posted|published|updated)\b"
    r"|your changes have been saved|text to speech$|share$|login$|register$|main navigation",
    re.IGNORECASE,
)
COMMENTS = re.compile(
    r"(?:\d+ )?(?:comments?|responses?|replies|thoughts? on\b|discussion)\b.{0,40}$"
    r"|(?:leave|post|write|add|join) (?:a |your |the )?(?:comment|reply|response|conversation|discussion)",
    re.IGNORECASE,
)
POINTER = re.compile(
    r"(?:related|recommended|read (?:more|next|also)|more (?:from|stories|in|on|like)|you (?:may|might)|popular|trending|latest|similar"
    r"|see also|further reading)\b.{0,50}$",
    re.IGNORECASE,
)
BYLINE = re.compile(r"(?:written |posted |published |story |words )?by\b[\s:]+[A-Z]", re.IGNORECASE)
DATED = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d|\d{1,2} [A-Za-z]{3,9} (?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[/.]\d\d?[/.](?:19|20)\d\d",
    re.IGNORECASE,
)
