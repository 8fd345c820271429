"""Names of people and bodies in running text, with what each mention shows: title, place in the sentence, quotation."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

from extractors.quotes.vocabulary import Gender, Vocabulary, first_names, person_words, vocabulary, words_of_file

CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶŁĻĽŃŅŇŌŐŘŚŞŠŤŪŮŰŹŻŽ]"
CAP = rf"(?:{CAPITAL}[\w’'-]*[\w]|{CAPITAL}\.(?:{CAPITAL}\.)*|{CAPITAL}(?=\s))"
NICK = r"(?:[“\"‘'][A-Z][\w-]+[”\"’'] )?"
RUN = re.compile(
    rf"(?:(?:Mr|Mrs|Ms|Dr|Prof|Rev|Sen|Rep|Gov|Gen|Col|Lt|Capt|Sgt|St|Messrs)\. )*{CAP}(?: {NICK}(?:(?:de|da|di|du|del|della|der|den|van|von|la|le|al|bin|ibn|of the|of|ter) ){{0,2}}{CAP}){{0,5}}(?:,? Jr\.)?"
)
HONORIFIC: dict[str, Gender | None] = {
    "mr": "m", "sir": "m", "lord": "m", "king": "m", "prince": "m", "herr": "m", "monsieur": "m", "señor": "m", "father": "m",
    "uncle": "m", "mrs": "f", "ms": "f", "miss": "f", "dame": "f", "lady": "f", "queen": "f", "princess": "f", "frau": "f",
    "madame": "f", "mme": "f", "señora": "f", "mother": "f", "aunt": "f", "sister": "f", "mademoiselle": "f", "duchess": "f",
    "duke": "m", "dr": None, "prof": None, "professor": None, "doctor": None, "rev": None, "reverend": None, "captain": None,
    "capt": None, "colonel": None, "col": None, "major": None, "general": None, "gen": None, "lieutenant": None, "lt": None,
    "sergeant": None, "sgt": None, "sen": None, "senator": None, "rep": None, "gov": None, "governor": None, "judge": None,
    "justice": None, "president": None, "minister": None, "chancellor": None, "mayor": None, "officer": None, "coach": None,
    "detective": None, "inspector": None, "pope": None, "admiral": None, "brother": None, "st": None, "representative": None,
    "congressman": "m", "congresswoman": "f", "chairman": None, "secretary": None, "ambassador": None, "chief": None,
    "director": None, "superintendent": None, "sheriff": None, "lawyer": None, "attorney": None, "chef": None,
}  # fmt: skip
FORMAL = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "sir",
        "lord",
        "lady",
        "dame",
        "dr",
        "professor",
        "captain",
        "colonel",
        "madame",
        "monsieur",
        "aunt",
        "uncle",
        "queen",
        "king",
        "prince",
        "princess",
        "herr",
        "frau",
        "mme",
    ]
)
MIDDLE = re.compile(r"^.*\b(?:Rep|Sen|Gov|Gen|Lt|Col|Dr|Prof|Sgt|Capt)\. (?=[A-Z])")  # "Missouri Rep. Jane Roe"
# "Founder and CEO", "Lead Planner", "Press Secretary" before a name of two words
OFFICE = re.compile(
    r"^(?:[\w’'.&-]+ )*?(?:CEO|CFO|COO|CTO|MP|MEP|Co-?[Ff]ounder|Founder|Owner|Co-[Oo]wner|Director|Manager|Planner|Designer|Editor|Producer|Secretary|"
    r"President|Chairman|Chairwoman|Chair|Spokesman|Spokeswoman|Spokesperson|Commissioner|Professor|Officer|Attorney|Analyst|Minister|"
    r"Senator|Representative|Congressman|Congresswoman|Governor|Mayor|Leader|Pastor|Rabbi|Imam|Bishop|Archbishop|Cardinal|Coach|Sheriff|Executive|"
    r"Chancellor|Dean|Provost|Superintendent|Ambassador|Strategist|Economist|Scientist|Chef) (?=[A-Z][\w’'.-]+ [A-Z])"
)
ORDINARY_END = re.compile(r"(?:ly|ing|ed|ught)$", re.IGNORECASE)
JUNIOR = re.compile(r"\b(?:Jr|Sr)\.$")
OWNER, OWNERS = re.compile(r"[’']s?$"), ("’", "'", "’s", "'s")
OWNED = re.compile(r"[^’']+[’']s(?= )")  # "Ann's" of "Ann's Book Club": two names
CAPITALS = re.compile(CAPITAL)
STARTS = re.compile(r"(?:^|[.!?…:\n]\s*[\"“‘(]*|[\"“‘«]\s*|^- |[—–]\s?)$")
ACTS = re.compile(r" (?:also |\w+ly )?(?:has|had|is|was|will|would|can|could|did|does|may|might|must|[a-z]{2,}ed)\b")
PERFORMER = re.compile(r"(?:\(\s*|\b(?:played|portrayed|voiced|performed|sung) by )$")
LOWER = re.compile(r"(?<![\w’'-])[a-zà-öø-ÿ]{3,}(?![\w’'-])")
NO_LETTER = re.compile(r"\W")
# No person is the subject behind these; the second kind are seldom before a person's name at all
OBLIQUE = frozenset(
    ("with", "by", "than", "like", "about", "against", "between", "behind", "before", "after", "without")
)
RECEIVING = frozenset(
    ("told", "tells", "tell", "telling")
)  # behind them stands who is spoken to: `asked Ann` can be inverted
PREPOSITIONS = frozenset((
    "in", "at", "from", "to", "near", "across", "outside", "into", "around", "of", "on", "via", "for", "the", "a", "an",
    "one", "another", "its", "their", "this", "each", "every", "our",
))  # fmt: skip


class Mention(NamedTuple):
    """A name at a place of the body: `title` as written before it ("Mrs.", "" without one), `starts` a sentence,
    `performer` in brackets behind a character, `quoted` inside quotation marks, `placed` behind a preposition or an
    article, `oblique` behind one that stands before people as well, as an owner, or as who is told something, `subject` of
    its sentence as far as its place tells, `speaks` beside a verb of speech.
    """

    at: int
    name: str
    title: str
    starts: bool
    performer: bool
    quoted: bool
    placed: bool
    oblique: bool
    subject: bool
    speaks: bool


def ordinary_words(texts: Collection[str]) -> Counter[str]:
    """Words that the texts have in lower case, with their number: a name that begins a sentence is seldom among them."""
    return Counter(LOWER.findall("\n".join(texts)))


def mentions_in(text: str, masked: str, place: int, words: Vocabulary) -> Iterator[Mention]:
    """The names in a text that begins at `place` of the body. `masked` is the text with quoted words blanked out."""
    behind = 0
    for capital in CAPITALS.finditer(
        text
    ):  # many times as fast as to look for RUN, which begins with one of many things
        match = RUN.match(text, capital.start()) if capital.start() >= behind else None
        if not match:
            continue
        written, start = match[0], match.start()
        owner = OWNED.match(written)
        written = _without_employer(owner[0] if owner else written)
        behind = start + len(written)
        while written and _closed(written.partition(" ")[0], words):
            first, _, written = written.partition(" ")
            start += len(first) + 1
        title, name = title_and_name(written)
        if not name or (" " not in name and name.isupper() and len(name) > 1 and not title):
            continue
        before, began = text[max(0, start - 24) : start], match.start()
        starts, word = _starts(before), _word_before(before)
        yield Mention(
            at=place + start,
            name=name,
            title=title,
            starts=starts,
            subject=((starts if start == began else _starts(text[max(0, began - 24) : began])) and text[began] != "\0")
            or (before.endswith(", ") and ACTS.match(text, behind) is not None),
            performer=before.rstrip().endswith(("(", " by")) and PERFORMER.search(before) is not None,
            quoted=masked[start] == "\0",
            placed=not title and word in PREPOSITIONS,
            oblique=word in OBLIQUE or word in RECEIVING or written.endswith(OWNERS),
            speaks=_speaks(text, start, behind, words),
        )


def _without_employer(written: str) -> str:
    """The person alone ("Dr. Ann Lee of HHB"); "Anne of Cleves" and "Bank of England" are whole."""
    person, of, _ = written.partition(" of ")
    first, space, _ = person.partition(" ")
    return person if of and space and first.lower().rstrip(".") in person_words() else written


def _closed(word: str, words: Vocabulary) -> bool:
    lower = word.lower().replace("’", "'")
    base = lower.split("'")[0]
    return lower in words.classes or (base in words.classes and "'" in lower)


def _starts(before: str) -> bool:
    """Does a sentence begin behind the text? Mostly a letter and a space stand there, and none does."""
    return not (before[-1:] == " " and before[-2:-1].isalpha()) and STARTS.search(before) is not None


def _word_before(before: str) -> str:
    """The word that a text ends in, lower case; "" where the text ends otherwise."""
    words = before.split()
    if not words or not before[-1].isspace():
        return ""
    last = words[-1].lower()
    return last if last.isalpha() else NO_LETTER.split(last)[-1]


def _speaks(text: str, start: int, stop: int, words: Vocabulary) -> bool:
    after = text[stop : stop + 40].split(maxsplit=2)
    if after and after[0].lower().strip(",.:") in words.cues:
        return True
    if len(after) > 1 and after[0].endswith("ly") and after[1].lower() in words.cues:
        return True
    before = text[max(0, start - 40) : start].removesuffix("the ").rsplit(maxsplit=2)[-2:]
    if len(before) < 2:
        return False
    word, last = before[0], before[1].lower()
    return (word[-1] in "”\"’'," and last in words.cues) or (last == "to" and word.lower() == "according")


def title_and_name(written: str) -> tuple[str, str]:
    """("Mrs.", "Hill") of "Mrs. Hill’s"; titles of office and what stands before them are left out of the name."""
    text = " ".join(written.split())
    if ". " in text:
        text = MIDDLE.sub("", text)
    title = ""
    while True:
        first, _, rest = text.partition(" ")
        if not rest or first.lower().rstrip(".") not in HONORIFIC or rest.startswith("of "):
            break
        title, text = first, rest
    if text.count(" ") > 1:
        text = OFFICE.sub("", text)
    if text.endswith(("Jr.", "Sr.")) and JUNIOR.search(text):
        return title, text
    return title, (OWNER.sub("", text) if text.endswith(OWNERS) else text).strip(" ,.;:")


def gender_of_title(title: str) -> Gender | None:
    """The gender that a title tells ("Mrs." → f), None for those that both have."""
    return HONORIFIC.get(title.lower().rstrip("."))


def is_organisation(name: str) -> bool:
    """Does the name hold a word that people's names do not have?"""
    parts = name.lower().split()
    if len(parts) == 2 and parts[0] in first_names():
        return False
    return any(part in words_of_file("organisation_words.txt") for part in parts[0 if len(parts) > 1 else 1 :]) or (
        len(parts) == 1
        and ((name.isupper() and len(name) > 1) or parts[0].replace("’", "'") in words_of_file("organisations.txt"))
    )


def is_place(name: str) -> bool:
    """Is it a country, state or large city?"""
    return name.lower() in words_of_file("places.txt")


def without_sentence_word(mention: Mention, inside: Counter[str], ordinary: Counter[str]) -> str | None:
    """The name without a capitalised ordinary word that only begins the sentence; None if nothing is left."""
    if not mention.starts or mention.title:
        return mention.name
    first, _, rest = mention.name.partition(" ")
    lower = first.lower()
    if lower in first_names():
        return mention.name
    if not rest:
        common = ordinary[lower] > 0 and inside[first] <= ordinary[lower]
        unnamed = ORDINARY_END.search(first) or lower in vocabulary("en").roles
        return None if (common or (not inside[first] and unnamed)) else mention.name
    if " " in rest and lower in vocabulary("en").roles and not rest.startswith("of "):
        return rest  # "Singer Ann Lee"
    if rest in inside and mention.name not in inside and (ORDINARY_END.search(first) or ordinary[lower]):
        return rest
    return mention.name
