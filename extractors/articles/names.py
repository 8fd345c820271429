"""People's names as bylines write them."""

import re
from functools import cache
from html import unescape
from importlib.resources import files

MAX_NAME_WORDS = 5
MAX_AUTHORS = 12
BY = re.compile(
    r"^(?:(?:story|words|text|article|recipe|review|posted|published|written|reported|contributed|authored?)\s+)?(?:by|von|par|por|di|af|av|door)\b[\s:]+",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"^(?:authors?|writers?|contributors?|reporters?|byline|autor(?:in)?|auteur|redaktion)\s*[:|]\s*", re.IGNORECASE
)
SEPARATOR = re.compile(r"\s*(?:,|[;/|·•●∙⋅]|\n|\band\b|\bund\b|\bet\b|&|\bwith\b)\s*", re.IGNORECASE)
TAIL = re.compile(
    r"\s*(?:\b(?:(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d|may \d|on|at|in|for|of|from|updated?|published|posted|last|modified|is|was|has|writes|contributing|correspondent|editor|"
    r"published:|updated:)\b|\s[-–—]|[–—|•●·∙⋅(@\[<]|\d|(?:https?:|www\.)).*$",
    re.IGNORECASE | re.DOTALL,
)
WORD = re.compile(r"(?:[^\W\d_][\w.'’ʼ-]*|\d+)$")
NAME_WORD = re.compile(r"[^\W\d_][\w.'’ʼ-]*,?$")
TAIL_OF_CREDIT = re.compile(r"\s*[|•●·(@\[<].*$", re.DOTALL)
COLLECTIVE = frozenset(("staff", "team", "desk", "editors", "newsroom", "board"))
MAX_CREDIT = 60  # characters
PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "du",
        "del",
        "della",
        "der",
        "den",
        "van",
        "von",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "ter",
        "ten",
        "zu",
        "y",
        "e",
        "dos",
        "das",
        "do",
        "st",
    ]
)
GLUED = re.compile(
    r"(?<=\d)(?=[A-Z][a-z])|(?<=[a-z\d])(?=(?:Last |Update|Publish|Post|Modified|Written|By )[a-z: ])|(?<=^By)(?=[A-Z][a-z])"
    r"|(?<=[^\W\d_])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d)"
)
GLUEABLE = re.compile(r"[A-Z](?<=[^\W_][A-Z])")  # which GLUED needs, and finds much more slowly
HONORIFIC = re.compile(r"^(?:dr|prof|mr|mrs|ms|sir|rev)\b\.? ", re.IGNORECASE)
ROLE = re.compile(
    r"\b(?:staff|writer|reporter|editor|correspondent|contributor|team|desk|news|press|agency|bureau|admin|administrator|"
    r"author|guest|senior|associate|chief|journalist|columnist|critic|photographer|producer|manager|director|officer|"
    r"media|magazine|times|post|daily|newsroom|editorial|company|inc|ltd|llc|university|institute|center|centre|"
    r"follow|share|comments?|read|more|view|profile|posts?|articles?|min|minutes?|ago|updated?|published|email|"
    r"jr|sr|phd|md|dr|mba|rn|esq)\b\.?",
    re.IGNORECASE,
)


@cache
def _not_names() -> frozenset[str]:
    lines = (files("extractors.articles") / "not_names.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


def unglued(text: str) -> str:
    """The text with a space where a page's layout, not its source, sets two things apart ("2021Jane", "RoeUpdated")."""
    return GLUED.sub(" ", text) if GLUEABLE.search(text) else text


def authors_in(text: str, *, strict: bool = True) -> tuple[str, ...]:
    """The people a byline names, cleaned ("By Jane Roe, Staff Writer" → Jane Roe); organisations only if not strict.

    Order as written, no doubles, at most MAX_AUTHORS.
    """
    body = LABEL.sub("", BY.sub("", text.strip()))
    found: dict[str, str] = {}
    for piece in SEPARATOR.split(BY.sub("", body)):
        name = name_of(piece, strict=strict)
        if name and not any(name.lower() in known or known in name.lower() for known in found):
            found[name.lower()] = name
    return tuple(found.values())[:MAX_AUTHORS]


def name_of(text: str, *, strict: bool = True) -> str | None:
    """The text as one name without titles, places and dates; None if it is none."""
    cleaned = TAIL.sub("", LABEL.sub("", BY.sub("", " ".join(text.split())))).strip(" .,:;-–—'\"“”")
    if strict:
        cleaned = HONORIFIC.sub("", cleaned)
        role = ROLE.search(cleaned)
        cleaned = (cleaned[: role.start()] if role else cleaned).strip(" .,:;-–—")
    words = cleaned.split()
    if not words or len(words) > MAX_NAME_WORDS or len(cleaned) > 60 or cleaned.lower() in _not_names():
        return None
    if not all(WORD.match(word) for word in words):
        return None
    if strict and (len(words) < 2 or not looks_like_name(cleaned)):
        return None
    shouted = cleaned.isupper()
    return " ".join(word.capitalize() if word.isupper() and (len(word) > 3 or shouted) else word for word in words)


def credit_of(text: str) -> str | None:
    """The text as the name of whoever is given as author, be it an account or an organisation; None where it says
    nothing ("admin", "Staff writer").
    """
    name = TAIL_OF_CREDIT.sub("", " ".join(LABEL.sub("", BY.sub("", unescape(text).strip())).split())).strip(
        " .,:;-–—'\"“”"
    )
    words = re.findall(r"[^\W_]+", name.lower())
    empty = all(word in _not_names() or word.isdigit() or ROLE.fullmatch(word) for word in words)
    if empty and not (len(words) > 1 and words[-1] in COLLECTIVE):
        return None
    return name if words and len(name) <= MAX_CREDIT and "by" not in words else None


def looks_like_name(text: str) -> bool:
    """Two to five words, each capitalised or a particle, none with a digit."""
    words = text.split()
    if not 2 <= len(words) <= MAX_NAME_WORDS or any(char.isdigit() for char in text):
        return False
    proper = [word for word in words if word.lower() not in PARTICLES]
    return (
        len(proper) >= 2
        and all(NAME_WORD.match(word) for word in words)
        and all(word[0].isupper() or not word[0].islower() for word in proper)
        and not any(word.lower() in _not_names() for word in words)
    )
