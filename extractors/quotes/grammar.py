"""The patterns of attribution: who (name, pronoun, role) and how (a verb of speech), built from the word lists."""

import re
from functools import cache
from importlib.resources import files

TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame|Lord|Lady|Rev|St|Sen|Rep|Gov|Gen|Col|Lt|Capt|Sgt|President|Professor|Judge|Justice|"
    r"Senator|Minister|Chancellor|Governor|Mayor|Captain|Queen|King|Prince|Princess|Pope|Detective|Officer|Coach)\b\.?\s+"
)
INNER_TITLES = r"(?:Rep|Sen|Gov|Gen|Lt|Col|Dr|Prof|St|Jr|Sr)\."
NAME_WORD = rf"(?:{INNER_TITLES}|[A-ZÀ-ÖØ-ÞŠŽŁČĆŚĐ][\w’'-]*\w|[A-Z]\.(?:[A-Z]\.)*)"
NAME = rf"(?:{TITLES})*{NAME_WORD}(?: (?:(?:de|da|di|du|del|della|der|den|van|von|la|le|al|bin|ibn|of the|of) ){{0,2}}{NAME_WORD}){{0,4}}"
PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|I|[Ww]e|[Ii]t)\b"
# Capitalised words that begin sentences without being names.
NO_NAMES = frozenset(
    [
        "The",
        "A",
        "An",
        "And",
        "But",
        "Or",
        "So",
        "If",
        "When",
        "While",
        "As",
        "In",
        "On",
        "At",
        "By",
        "For",
        "From",
        "With",
        "After",
        "Before",
        "Since",
        "Although",
        "Though",
        "Because",
        "This",
        "That",
        "These",
        "Those",
        "There",
        "Here",
        "It",
        "He",
        "She",
        "They",
        "We",
        "You",
        "I",
        "His",
        "Her",
        "Their",
        "Our",
        "My",
        "Your",
        "Its",
        "What",
        "Who",
        "Why",
        "How",
        "Where",
        "Which",
        "Yes",
        "No",
        "Not",
        "Then",
        "Now",
        "One",
        "Some",
        "Many",
        "Most",
        "All",
        "Both",
        "Each",
        "Every",
        "Another",
        "Other",
        "However",
        "Also",
        "Even",
        "Just",
        "Still",
        "Yet",
        "Once",
        "Later",
        "Earlier",
        "Meanwhile",
        "Today",
        "Yesterday",
        "Instead",
        "According",
        "Asked",
        "During",
        "Despite",
        "Like",
        "Over",
        "Under",
        "Until",
        "Upon",
        "Eventually",
        "Ultimately",
        "Finally",
        "Besides",
        "Thus",
        "Indeed",
        "Perhaps",
        "Maybe",
        "Never",
        "Nor",
        "To",
        "Of",
        "Is",
        "Are",
        "Was",
        "Were",
        "Do",
        "Does",
        "Did",
        "Has",
        "Have",
        "Had",
        "Can",
        "Could",
        "Will",
        "Would",
        "Should",
        "May",
        "Might",
        "Must",
        "Let",
        "Throughout",
        "Speaking",
        "Only",
        "Let’s",
        "It’s",
        "That’s",
        "He’s",
        "She’s",
        "I’m",
        "I’ve",
        "Distraught",
        "January",
        "February",
        "March",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
)
NO_NAME = rf"(?!(?:{'|'.join(sorted(NO_NAMES))})\b)"
ABBREVIATIONS = re.compile(
    r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|Rep|Sen|Gov|Gen|St|Jr|Sr|Inc|Co|vs|No)\."
)
ADVERBS = r"(?:\s+(?:also|then|later|once|first|even|has|had|have|would|will|recently|just|once|always|often|simply|further|previously|\w+ly)){0,3}"


def _lines(name: str) -> list[str]:
    text = (files("extractors.quotes") / "words" / name).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def cue_verbs() -> frozenset[str]:
    """Every form of every verb of speech, lower case."""
    forms: set[str] = set()
    for line in _lines("en_cues.txt"):
        words = line.split()
        forms.update(words)
        base = words[0]
        stem = base.removesuffix("e")
        if base.endswith("y") and base[-2] not in "aeiou":
            forms |= {base[:-1] + "ies", base[:-1] + "ied", base + "ing"}
        else:
            forms |= {base + ("es" if base.endswith(("s", "sh", "ch", "x", "z")) else "s"), stem + "ed", stem + "ing"}
    return frozenset(forms)


@cache
def role_nouns() -> frozenset[str]:
    """Nouns for people and bodies that speak, singular and plural, lower case."""
    return frozenset(form for noun in _lines("en_roles.txt") for form in (noun, noun + "s"))


@cache
def term_words() -> tuple[str, ...]:
    """What stands before a name, title or term in quotation marks."""
    return tuple(_lines("en_terms.txt"))


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """The compiled patterns by name; each has the groups `np` and, where it has a verb, `cue`."""
    cue = r"(?:" + "|".join(sorted(cue_verbs(), key=len, reverse=True)) + r")"
    role = (
        r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Oo]ne|[Aa]nother|[Mm]y|[Oo]ur)\s+(?:[\w’'-]+\s+){0,4}?(?:"
        + "|".join(sorted(role_nouns(), key=len, reverse=True))
        + r")\b(?:\s+(?:for|of|at|from)\s+(?:the\s+)?[\w’'-]+(?:\s+[A-Z][\w’'-]+){0,4})?"
    )
    # "director Jane Roe", "former coach Jane Roe"; a conjunction begins a clause of its own
    lead = r"(?:(?!(?:and|but|or|so|as|while|when|where|because|which|who|that|if)\b)[a-z][\w-]*\s+){0,3}?"
    np = rf"(?P<np>{PRONOUN}|{role}|{NO_NAME}{NAME}|[Tt]he\s+{NAME_WORD})"
    apposition = r"(?:\s*,[^,;:“”\"]{2,120},|\s*\([^()]{1,80}\))?"
    return {
        "subject_cue": re.compile(rf"\b{lead}{np}{apposition}{ADVERBS}\s+(?P<cue>{cue})\b"),
        "after_subject_cue": re.compile(rf"^\s*[,–—-]?\s*{lead}{np}{apposition}{ADVERBS}\s+(?P<cue>{cue})\b"),
        "after_inverted": re.compile(rf"^\s*[,–—-]?\s*(?P<cue>{cue})\s+{lead}{np}"),
        "according": re.compile(rf"[Aa]ccording to\s+{lead}{np}"),
        "name": re.compile(rf"\b(?P<np>{NAME})"),
        "np": re.compile(rf"\b{np}"),
        "dash_name": re.compile(rf"^\s*[-–—―~]+\s*(?P<np>{NAME})(?P<rest>[^.!?]{{0,80}})$"),
        "attribution_only": re.compile(
            rf"^\s*[,–—-]?\s*(?:(?:{lead}{np}{apposition}{ADVERBS}\s+(?P<cue>{cue}))|(?:(?P<cue2>{cue})\s+{lead}(?P<np2>{PRONOUN}|{role}|{NO_NAME}{NAME})))\b"
            r"(?P<tail>(?:\s*,[^.!?“”\":—]{0,120}|(?:\s+(?!(?:and|but|when|while|who|which|because)\b)[\w’'&-]+){0,14}))[.,;–-]*\s*$"
        ),
        "says": re.compile(rf"\b(?P<np>{NAME})(?:,[^,;:“”\"\n]{{2,80}},)? (?:{cue})\b"),
        "inverted": re.compile(rf"[,”\"] (?:{cue}) {lead}(?P<np>{NO_NAME}{NAME})"),
        "chain_head": re.compile(rf"{lead}(?P<np>{NO_NAME}{NAME_WORD}(?: {NAME_WORD}){{1,3}}),"),
        "sentence_cue": re.compile(rf",\s*(?P<cue>{cue})\s+{lead}{np}{apposition}\s*[.,;!]?\s*$"),
        "words_of": re.compile(
            rf"\b(?:in|to use|to borrow)\s+{lead}{np}(?:[’']s)?\s+(?:own\s+)?words,?\s*(?:an?\s*|the\s*)?$"
        ),
        "participle": re.compile(
            rf"\b{np}(?:[^.!?;“”\"]{{0,120}}?),\s+(?P<cue>{cue})\s+(?:(?:him|her|them|me|us|that|{NAME})\s*)?[,:]?\s*$"
        ),
        "answers": re.compile(
            rf"\b{np}{ADVERBS}\s+(?:{cue})\s+(?P<other>{NO_NAME}{NAME})\b[^.!?]{{0,120}}, to which\b[^.!?]{{0,60}}:\s*$"
        ),
        "above": re.compile(
            rf"\b(?:[Tt]he|[Tt]hese|[Bb]oth)\s+(?:(?P<count>two|three|four|five)\s+)?(?P<np>{NAME})\s+(?:quotations?|quotes?|epigraphs?|passages?) above\b"
        ),
    }
