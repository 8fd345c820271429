"""Lines that end an article and lines that begin one, on any site."""

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
