"""The word lists under words/, a set for each language; a language is its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Gender = Literal["m", "f"]
LANGUAGES = ("en", "de", "fr", "es")
MIN_FOREIGN = 3  # times as many function words as English has on the page before it counts as another language


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the words of a language are; all lower case.

    `classes`: closed-class word → its class ("det", "prep", …); `cues`: form of a verb of speech → "base", "s",
    "past", "part" or "ing"; `frames`: forms of verbs that call something by the quoted words; `roles`: nouns for
    people and bodies that speak; `documents`: nouns for texts that speak for somebody; `nouns`: for something said.
    """

    language: str
    classes: Mapping[str, str]
    cues: Mapping[str, str]
    frames: Mapping[str, str]
    roles: frozenset[str]
    documents: frozenset[str]
    nouns: frozenset[str]


@cache
def lines_of(name: str) -> tuple[str, ...]:
    """The lines of a word list without comments and blank lines."""
    text = (files("extractors.quotes") / "words" / name).read_text("utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def words_of_file(name: str) -> frozenset[str]:
    """All words of a list that has several in a line."""
    return frozenset(word for line in lines_of(name) for word in line.split())


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of one of LANGUAGES."""
    classes = {
        word: kind for kind, _, words in (line.partition(":") for line in _grammar(language)) for word in words.split()
    }
    if language != "en":
        cues = {form: "past" for line in lines_of(f"{language}_cues.txt") for form in line.split()}
        roles = words_of_file(f"{language}_roles.txt")
        return Vocabulary(
            language=language,
            classes=classes,
            cues=cues,
            frames={},
            roles=roles,
            documents=frozenset(),
            nouns=frozenset(),
        )
    nouns = _with_plurals("en_cue_nouns.txt")
    return Vocabulary(
        language=language,
        classes=classes,
        cues=_verb_forms("en_cues.txt"),
        frames=_verb_forms("en_frames.txt"),
        roles=_with_plurals("en_roles.txt"),
        documents=_with_plurals("en_documents.txt"),
        nouns=nouns,
    )


def _grammar(language: str) -> tuple[str, ...]:
    return lines_of(f"{language}_grammar.txt")


def _with_plurals(name: str) -> frozenset[str]:
    return frozenset(form for noun in lines_of(name) for form in (noun, noun if noun.endswith("s") else noun + "s"))


def _verb_forms(name: str) -> dict[str, str]:
    """Every form of the verbs: the regular ones are made, the irregular ones stand behind the base form."""
    forms: dict[str, str] = {}
    for line in lines_of(name):
        base, *irregular = line.split()
        stem = base.removesuffix("e")
        if base.endswith("y") and base[-2] not in "aeiou":
            made = {base[:-1] + "ies": "s", base[:-1] + "ied": "past"}
        else:
            made = {base + ("es" if base.endswith(("s", "sh", "ch", "x", "z")) else "s"): "s"}
            if not any(_kind(form) == "past" for form in irregular):
                made[stem + "ed"] = "past"
        made[stem + "ing"] = "ing"
        forms |= {base: "base", **made, **{form: _kind(form) for form in irregular}}
    return forms


def _kind(form: str) -> str:
    if form.endswith("ing"):
        return "ing"
    return "s" if form.endswith("s") else "past"


@cache
def first_names() -> frozenset[str]:
    """Common first names, lower case."""
    return words_of_file("first_names_male.txt") | words_of_file("first_names_female.txt")


@cache
def person_words() -> frozenset[str]:
    """What a person's name begins with, lower case and without a dot: a first name or "dr"."""
    return first_names() | words_of_file("honorifics.txt")


@cache
def gendered_names() -> dict[str, Gender]:
    """Common first names, lower case, with the gender they mostly have; without those that both have ("kelly")."""
    found: dict[str, Gender] = dict.fromkeys(words_of_file("first_names_male.txt"), "m")
    for name in words_of_file("first_names_female.txt"):
        if name in found:
            del found[name]
        else:
            found[name] = "f"
    return found


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Short form → the first names it may stand for, lower case ("bob" → robert)."""
    found: dict[str, set[str]] = {}
    for line in lines_of("en_nicknames.txt"):
        full, *short = line.split()
        for name in short:
            found.setdefault(name, set()).add(full)
    return {short: frozenset(fulls) for short, fulls in found.items()}


@cache
def _function_words(language: str) -> frozenset[str]:
    """Words of the language's grammar that no other language here has."""
    others = {word for other in LANGUAGES if other != language for word in vocabulary(other).classes}
    return frozenset(word for word in vocabulary(language).classes if word not in others)


def language_of(words: Mapping[str, int]) -> str:
    """The language most of the counted words belong to; English unless another one has far more of them."""
    counts = {name: sum(words[word] for word in words.keys() & _function_words(name)) for name in LANGUAGES}
    best = max(counts, key=lambda language: counts[language])
    if counts[best] == 0:
        cued = {name: sum(words[word] for word in words.keys() & vocabulary(name).cues.keys()) for name in LANGUAGES}
        if cued["en"] == 0:
            best = max(cued, key=lambda language: cued[language])
            return best if cued[best] else "en"
    return best if counts[best] >= MIN_FOREIGN * max(1, counts["en"]) or counts["en"] == 0 else "en"
