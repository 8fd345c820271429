"""The cast of one article: every mention of a name, the full name behind it, its gender, and what kind of name it is."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from extractors.quotes import names
from extractors.quotes.aliases import full_names
from extractors.quotes.genders import genders_of
from extractors.quotes.names import FORMAL, Mention, mentions_in, ordinary_words, title_and_name
from extractors.quotes.passages import Passage
from extractors.quotes.vocabulary import Gender, Vocabulary, gendered_names, language_of, vocabulary

MIN_MENTIONS = 2
BODY = rf"{names.CAP}(?: {names.CAP}){{0,2}}"
EMPLOYER = re.compile(
    rf"(?P<a>{BODY}?)(?:[’']s)? (?:C[EFOT]O|[Ss]pokes(?:man|woman|person)|(?:[Cc]o-)?[Ff]ounder|president|executives|employees|"
    r"shareholders|customers)\b"
    r"|\b(?:company|firm|agency|startup|start-up|retailer|studio|publisher|maker|group|giant|platform|bank|charity|nonprofit|"
    rf"airline|brand|chain),? (?P<b>{BODY})"
)


class Cast:
    """Everybody named in an article, in order of place; looked for when first asked for, since most words in marks are
    no quotes and nobody asks who said them.
    """

    def __init__(self, passages: Sequence[Passage], masked: Sequence[str] | None = None) -> None:
        masks = [passage.text for passage in passages] if masked is None else masked
        self.masks = [mask for passage, mask in zip(passages, masks, strict=True) if not passage.heading]
        self.passages = [passage for passage in passages if not passage.heading]
        self.starts = [passage.start for passage in self.passages]
        self.ordinary = ordinary_words([passage.text for passage in self.passages])
        self.words: Vocabulary = vocabulary(language_of(self.ordinary))

    @cached_property
    def _mentions(self) -> list[tuple[Mention, str]]:
        """The mentions with their names, without the word that only begins a sentence."""
        found = [
            mention
            for passage, mask in zip(self.passages, self.masks, strict=True)
            for mention in mentions_in(passage.text, mask, passage.start, self.words)
        ]
        inside = Counter(mention.name for mention in found if not mention.starts)
        kept = [(mention, names.without_sentence_word(mention, inside, self.ordinary)) for mention in found]
        return [(mention, name) for mention, name in kept if name]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each name is written."""
        return Counter(name for _, name in self._mentions)

    def is_part(self, word: str) -> bool:
        """Is a word in lower case a part of a full name?"""
        return word in self._name_words

    @cached_property
    def _name_words(self) -> frozenset[str]:
        """The parts of all full names, lower case; no roles of several people ("officials")."""
        parts = {word.lower() for name in self.counts if " " in name for word in name.split()}
        return frozenset(part for part in parts if part not in self.words.roles or not part.endswith("s"))

    @cached_property
    def performers(self) -> frozenset[str]:
        """Who is named in brackets behind a character."""
        return frozenset(name for mention, name in self._mentions if mention.performer)

    @cached_property
    def full(self) -> dict[str, str]:
        """A name → the full name it stands for."""
        told = {name for mention, name in self._mentions if not mention.quoted}
        return full_names(self.counts, self.performers | (self.counts.keys() - told))

    @cached_property
    def mentions(self) -> list[tuple[Mention, str]]:
        """Every mention with the person behind it."""
        return [(mention, self.who(mention.title, name)) for mention, name in self._mentions]

    @cached_property
    def often(self) -> Counter[str]:
        return Counter(who for _, who in self.mentions)

    @cached_property
    def places(self) -> list[int]:
        """Where the mentions stand in the body."""
        return [mention.at for mention, _ in self.mentions]

    @cached_property
    def speaking(self) -> frozenset[str]:
        """Who stands next to a verb of speech."""
        return frozenset(who for mention, who in self.mentions if mention.speaks)

    @cached_property
    def titled(self) -> dict[tuple[str, str], str]:
        """(title, surname) → who that is: "Ms. Lee" is Ann Lee; "Mr. Hill" beside Mary Hill is somebody else."""
        found: dict[tuple[str, str], str] = {}
        pairs = Counter((m.title.rstrip("."), name) for m, name in self._mentions if m.title and " " not in name)
        for title, name in pairs:
            gender = names.gender_of_title(title)
            fulls = [
                full for full in self.counts if " " in full and full.split()[-1] == name and full not in self.performers
            ]
            fitting = [
                full for full in fulls if not gender or gendered_names().get(full.split()[0].lower(), gender) == gender
            ]
            if fitting:
                found[title, name] = max(fitting, key=lambda full: self.counts[full])
            elif title.lower() in FORMAL:
                written = next(m.title for m, other in self._mentions if other == name and m.title.rstrip(".") == title)
                found[title, name] = f"{written} {name}"
        return found

    def who(self, title: str, name: str) -> str:
        """The person behind a name with its title."""
        known = self.titled.get((title.rstrip("."), name)) if title else None
        if known:
            return known
        if name in self.full:
            return self.full[name]
        titled = {who for (_, surname), who in self.titled.items() if surname == name}
        return titled.pop() if len(titled) == 1 else name

    @cached_property
    def gender(self) -> dict[str, Gender]:
        """The gender of those whose title, first name or pronouns nearby tell it."""
        return genders_of(self.mentions, self.passages)

    @cached_property
    def placed(self) -> dict[str, float]:
        placed = Counter(who for mention, who in self.mentions if mention.placed)
        return {who: placed[who] / count for who, count in self.often.items()}

    def named(self, written: str) -> str | None:
        """The full form of a name as written."""
        title, name = title_and_name(written)
        mention = Mention(
            at=0,
            name=name,
            title=title,
            starts=True,
            performer=False,
            quoted=False,
            placed=False,
            oblique=False,
            subject=True,
            speaks=False,
        )
        if " " in name:
            name = names.without_sentence_word(mention, self.counts, self.ordinary) or name
        if not name:
            return None
        if name not in self.counts and " " in name:  # "Apple CEO Tim Cook": the longest end that is a name of the page
            words = name.split()
            for start in range(1, len(words)):
                tail = " ".join(words[start:])
                if tail in self.counts and (" " in tail or tail in self.full):
                    name = tail
                    break
        return self.who(title, name)

    def is_body(self, who: str) -> bool:
        """An organisation, as far as its name or its spokespeople and products tell."""
        return names.is_organisation(who) or (who not in self.gender and who in self.employers)

    @cached_property
    def employers(self) -> frozenset[str]:
        """Whose head or spokesman somebody is said to be, and what is called a company or an agency."""
        text = "\n".join(passage.text for passage in self.passages)
        return frozenset(self.who("", match["a"] or match["b"]) for match in EMPLOYER.finditer(text))

    def is_person(self, who: str) -> bool:
        """A full name, a title, a known gender, or a word that is used as a name often; no place and no body."""
        if who in self.gender or (who in self.speaking and not names.is_organisation(who)):
            return not names.is_place(who)
        if names.is_organisation(who) or names.is_place(who) or self.placed.get(who, 0) > 0.5:
            return False
        return " " in who or self.counts[who] >= MIN_MENTIONS
