"""Who is who across pages: names that are the same person's, without merging people who only share a surname.

A full name is one person everywhere. A single name is somebody only where it stands: the one person of the page with
that surname or first name, else a person of that page alone. Characters of a work (whoever speaks dialogue lines in
an article about it) belong to the work: there a single name is the one character of that name, and the Jane Roe of one
film is neither the Jane Roe of another nor the real one.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from uuid import UUID

from extractors.memory import REMEMBERED
from extractors.quotes.vocabulary import first_names, words_of_file
from extractors.records import Mention, uuid_of

_SUFFIX = re.compile(r",?\s+(?:Jr|Sr|II|III|IV|M\.?D|Ph\.?D|Esq)\.?$")
_LETTERS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")  # "J. R. R. Doe" and "J.R.R. Doe"


def name_key(name: str) -> str:
    """The name as it is compared: without accents, case, titles, suffixes, and initials between two names."""
    bare = _SUFFIX.sub("", " ".join(_without_titles(name.split())))
    joined = _INITIALS.sub(lambda match: re.sub(r"[.\s]", "", match[0]) + " ", bare)
    plain = "".join(c for c in unicodedata.normalize("NFKD", joined.casefold()) if not unicodedata.combining(c))
    words = [word.replace("’", "'") for word in _LETTERS.findall(plain)]
    if not words:
        return " ".join(name.casefold().split())
    inner = [word for word in words[1:-1] if len(word) > 1]
    return " ".join([words[0], *inner, *words[1:][-1:]])


def _without_titles(words: list[str]) -> list[str]:
    while len(words) > 1:
        title = words[0].lower().rstrip(".")
        named = title in words_of_file("titles.txt") and len(words) > 2 and words[1].lower() in first_names()
        if title not in words_of_file("honorifics.txt") and not named:
            break
        words = words[1:]
    return words


def person_of(name: str, *, page_id: UUID) -> UUID:
    """The person of a name that stands by itself, such as an author's."""
    key = name_key(name)
    return _person(key, None if " " in key else page_id)


def persons_of(mentions: Collection[Mention], elsewhere: Iterable[tuple[UUID, str]] = ()) -> list[UUID]:
    """The person of each mention, in their order. All mentions of a page have to be among them; `elsewhere` are works and
    the names of those who speak dialogue lines in articles about them on other pages.
    """
    elsewhere = tuple(elsewhere)
    keys = {name: name_key(name) for name in {mention.name for mention in mentions} | {name for _, name in elsewhere}}
    on_page: dict[UUID, set[str]] = defaultdict(set)
    characters: dict[UUID, set[str]] = defaultdict(set)
    for mention in mentions:
        on_page[mention.page_id].add(keys[mention.name])
        if mention.work_id and mention.in_dialogue:
            characters[mention.work_id].add(keys[mention.name])
    for work_id, name in elsewhere:
        characters[work_id].add(keys[name])
    cast = {work_id: _whole_names(names) for work_id, names in characters.items()}
    pages = {page_id: _whole_names(names) for page_id, names in on_page.items()}
    return [_resolved(mention, keys[mention.name], cast=cast, pages=pages) for mention in mentions]


def _resolved(
    mention: Mention, key: str, *, cast: Mapping[UUID, Mapping[str, str]], pages: Mapping[UUID, Mapping[str, str]]
) -> UUID:
    names = cast.get(mention.work_id, {}) if mention.work_id else {}
    if key in names:
        return _person(names[key], mention.work_id)
    whole = pages[mention.page_id][key]
    if whole in names:
        return _person(names[whole], mention.work_id)
    return _person(whole, None if " " in whole else mention.page_id)


def _whole_names(names: Iterable[str]) -> dict[str, str]:
    """Each name → the only full name that begins or ends with it, or itself."""
    owners: dict[str, set[str]] = defaultdict(set)
    listed = set(names)
    for name in listed:
        words = name.split()
        if len(words) > 1:
            owners[words[0]].add(name)
            owners[words[-1]].add(name)
    return {name: min(owners[name]) if len(owners.get(name, ())) == 1 else name for name in listed}


@lru_cache(maxsize=REMEMBERED)
def _person(key: str, scope: UUID | None) -> UUID:
    """Remembered, since a work's characters come back on each of its pages."""
    return uuid_of("person", key, str(scope or ""))
