"""The people of one article: full names for parts of names, their gender, and whom a pronoun or a role means."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from math import log

from extractors.quotes import names
from extractors.quotes.aliases import full_names
from extractors.quotes.genders import genders_of
from extractors.quotes.names import FORMAL, Mention, mentions_in, ordinary_words, title_and_name
from extractors.quotes.passages import Passage
from extractors.quotes.roles import NO_ROLE, Roles, gender_of_noun
from extractors.quotes.vocabulary import Gender, Vocabulary, first_names, language_of, vocabulary, words_of_file

PRONOUNS = frozenset((
    "he", "she", "they", "i", "we", "it", "you", "him", "her", "them", "me", "us", "er", "sie", "wir", "ich", "es",
    "il", "elle", "ils", "elles", "on", "je", "nous", "él", "ella", "ellos", "yo",
))  # fmt: skip
GENDER_OF: dict[str, Gender] = {
    "he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f", "er": "m", "il": "m", "él": "m", "sie": "f",
    "elle": "f", "ella": "f",
}  # fmt: skip
AGENT = re.compile(r"(?:ist|ian|man|woman|person|year-old|ologist|eer|ess|ant|maker|owner|star|winner|goer)$")
BACK = 1500  # characters before a pronoun in which its antecedent is looked for
FADE = 150.0  # characters over which a mention loses as much weight as being a subject gives
SUBJECT, KNOWN, SPEAKS, LAST_SPEAKER, QUOTED, PLACED = 1.0, 1.5, 1.0, 1.5, -1.5, -0.7
FORGOTTEN = -6.0  # of who spoke so long ago that no mention is near
SAME_PARAGRAPH, UNSURE, FREQUENT = 2.0, -1.0, 0.5
OTHER_TURN = -3.0  # of the speaker of the paragraph before, where two people talk in turns
MIN_MENTIONS = 2


class People:
    """Everybody named in an article, in order of place; looked for when first asked for, since most words in marks are
    no quotes and nobody asks who said them.
    """

    def __init__(self, passages: Sequence[Passage], masked: Sequence[str] | None = None) -> None:
        masks = [passage.text for passage in passages] if masked is None else masked
        self._masks = [mask for passage, mask in zip(passages, masks, strict=True) if not passage.heading]
        self._passages = [passage for passage in passages if not passage.heading]
        self.starts = [passage.start for passage in self._passages]
        self.ordinary = ordinary_words([passage.text for passage in self._passages])
        self.words: Vocabulary = vocabulary(language_of(self.ordinary))

    @cached_property
    def _mentions(self) -> list[tuple[Mention, str]]:
        """The mentions with their names, without the word that only begins a sentence."""
        found = [
            mention
            for passage, mask in zip(self._passages, self._masks, strict=True)
            for mention in mentions_in(passage.text, mask, passage.start, self.words)
        ]
        inside = Counter(mention.name for mention in found if not mention.starts)
        kept = [(mention, names.without_sentence_word(mention, inside, self.ordinary)) for mention in found]
        return [(mention, name) for mention, name in kept if name]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each name is written."""
        return Counter(name for _, name in self._mentions)

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
        return [(mention, self._who(mention.title, name)) for mention, name in self._mentions]

    @cached_property
    def _often(self) -> Counter[str]:
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
    def _titled(self) -> dict[tuple[str, str], str]:
        """(title, surname) → who that is: "Ms. Lee" is Ann Lee; "Mr. Hill" beside Mary Hill is somebody else."""
        found: dict[tuple[str, str], str] = {}
        pairs = Counter((m.title.rstrip("."), name) for m, name in self._mentions if m.title and " " not in name)
        for title, name in pairs:
            gender = names.gender_of_title(title)
            fulls = [
                full for full in self.counts if " " in full and full.split()[-1] == name and full not in self.performers
            ]
            fitting = [
                full for full in fulls if not gender or first_names().get(full.split()[0].lower(), gender) == gender
            ]
            if fitting:
                found[title, name] = max(fitting, key=lambda full: self.counts[full])
            elif title.lower() in FORMAL:
                written = next(m.title for m, other in self._mentions if other == name and m.title.rstrip(".") == title)
                found[title, name] = f"{written} {name}"
        return found

    def _who(self, title: str, name: str) -> str:
        """The person behind a name with its title."""
        known = self._titled.get((title.rstrip("."), name)) if title else None
        if known:
            return known
        if name in self.full:
            return self.full[name]
        titled = {who for (_, surname), who in self._titled.items() if surname == name}
        return titled.pop() if len(titled) == 1 else name

    @cached_property
    def gender(self) -> dict[str, Gender]:
        """The gender of those whose title, first name or pronouns nearby tell it."""
        return genders_of(self.mentions, self._passages)

    @cached_property
    def _placed(self) -> dict[str, float]:
        placed = Counter(who for mention, who in self.mentions if mention.placed)
        return {who: placed[who] / count for who, count in self._often.items()}

    @cached_property
    def roles(self) -> Roles:
        """Who has which role on the page."""
        return Roles("\n".join(passage.text for passage in self._passages), self.words)

    def canonical(
        self,
        written: str | None,
        place: int,
        last_speaker: str | None,
        others: Sequence[str] = (),
        *,
        turn: bool = False,
        since: int = 0,
    ) -> str | None:
        """The full name behind what is written at `place`; None for pronouns and roles that lead nowhere.

        `others` are the ones who spoke last; `turn` says that the quote answers the one before, which ended at `since`.
        """
        if not written:
            return None
        if written.lower() in PRONOUNS:
            wanted = GENDER_OF.get(written.lower())
            reported = self.reporter(since, place, wanted) if wanted and not turn else None
            return self._antecedent(written.lower(), place, reported or last_speaker, others, turn=turn)
        first = written.split()[0].lower().replace("’", "'")
        if first in self.words.classes or written[0].islower() or self._is_role(written):
            return self._unnamed(written, place, last_speaker)
        return self.named(written)

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
        return self._who(title, name)

    def _is_role(self, written: str) -> bool:
        last = written.rsplit(maxsplit=1)[-1].lower()
        return (last in self.words.roles or last in self.words.documents) and written not in self.counts

    def _unnamed(self, written: str, place: int, last_speaker: str | None) -> str | None:
        """A role, a document, "the Hatter", "his wife Ann Lee"."""
        words = written.split()
        if self._is_role(written) or words[-1].islower():
            capitals = re.search(rf"{names.CAP}(?: (?:of (?:the )?)?{names.CAP})*", written.partition(" ")[2])
            if capitals and words[-1].lower() in self.words.documents:  # "the Justice Department report"
                return self.named(re.sub(r"[’']s?$", "", capitals[0]))
            if self._is_plural(words[-1].lower()):
                return None
            role = self.roles.person(written, place)
            who = self.named(role) if role else None
            if who in self.gender and words[-1].lower() in words_of_file("en_bodies.txt"):
                who = None
            return who or self._salient(written, place, last_speaker)
        tail = len(words)
        while tail and (words[tail - 1][0].isupper() or words[tail - 1] in ("of", "de", "von", "van", "the")):
            tail -= 1
        return self.named(" ".join(words[tail:]).removeprefix("of ").removeprefix("the "))

    def _is_plural(self, noun: str) -> bool:
        """Are there several of the role, so that it is nobody by name?"""
        return noun.endswith("s") and noun[:-1] in self.words.roles

    def _salient(self, written: str, place: int, last_speaker: str | None) -> str | None:
        """Whom "the singer" or "the agency" means where nothing says it: whoever the text is about at that place."""
        first, noun = written.split(maxsplit=1)[0].lower(), written.rsplit(maxsplit=1)[-1].lower()
        if first not in ("the", "der", "die", "le", "la", "el") or self.roles.unnamed(noun):
            return None
        body = noun in words_of_file("en_bodies.txt")
        if (
            (not body and noun not in self.words.roles and not AGENT.search(noun))
            or noun in self.words.documents
            or noun in NO_ROLE
        ):
            return None
        who = self._nearest(place, last_speaker, gender_of_noun(noun), body=body)
        return who if body or who in self.gender or who in self.speaking else None

    def reporter(self, since: int, place: int, wanted: Gender | None = None) -> str | None:
        """Who was last said to say something between two places: a person of the wanted gender, or anybody."""
        between = self.mentions[bisect_left(self.places, since) : bisect_left(self.places, place)]
        for mention, who in reversed(between):
            if mention.speaks and not mention.quoted and (not wanted or self.gender.get(who) == wanted):
                return who
        return None

    def _antecedent(
        self, pronoun: str, place: int, last_speaker: str | None, others: Sequence[str], *, turn: bool
    ) -> str | None:
        if pronoun in ("it", "es"):
            return self._nearest(place, None, None, body=True)
        if pronoun not in GENDER_OF:
            return last_speaker if pronoun in ("they", "we", "wir", "nous") else None
        return self._nearest(place, last_speaker, GENDER_OF[pronoun], others, turn=turn)

    def _nearest(
        self, place: int, last_speaker: str | None, wanted: Gender | None, others: Sequence[str] = (), *,
        turn: bool = False, body: bool = False,
    ) -> str | None:  # fmt: skip
        """The person (or body) of the wanted gender whose mentions before the place weigh most."""
        first, last = bisect_left(self.places, place - BACK), bisect_left(self.places, place)
        paragraph = self.starts[max(0, bisect_right(self.starts, place) - 1)] if self.starts else 0
        weights: dict[str, float] = {}
        for mention, who in self.mentions[first:last]:
            fits = self.is_body(who) if body else self.is_person(who)
            spoken_of = mention.quoted and who not in self.gender and who not in self.speaking
            if (
                fits
                and not spoken_of
                and not mention.performer
                and (not wanted or self.gender.get(who, wanted) == wanted)
            ):
                weight = self._weight(mention, who, place, wanted) + SAME_PARAGRAPH * (mention.at >= paragraph)
                weights[who] = max(weights.get(who, -99.0), weight)
        for spoke in (last_speaker, *others):
            if spoke and not body and (not wanted or self.gender.get(spoke, wanted) == wanted):
                weights.setdefault(spoke, FORGOTTEN)
        if last_speaker and last_speaker in weights:
            weights[last_speaker] += OTHER_TURN if turn and len(weights) > 1 else LAST_SPEAKER
        return max(weights, key=lambda who: weights[who]) if weights else None

    def _weight(self, mention: Mention, who: str, place: int, wanted: Gender | None) -> float:
        """How well a mention fits a pronoun: near, a subject, of a known gender, somebody who speaks."""
        return (
            -(place - mention.at) / FADE
            + SUBJECT * mention.subject
            + KNOWN * (wanted is not None and self.gender.get(who) == wanted)
            + SPEAKS * (who in self.speaking)
            + FREQUENT * log(self._often[who])
            + UNSURE * (who not in self.gender and who not in self.speaking and not mention.title)
            + QUOTED * mention.quoted
            + PLACED * (mention.placed or mention.oblique)
        )

    def is_body(self, who: str) -> bool:
        """An organisation, as far as its name tells."""
        return names.is_organisation(who)

    def is_person(self, who: str) -> bool:
        """A full name, a title, a known gender, or a word that is used as a name often; no place and no body."""
        if who in self.gender or who in self.speaking:
            return not names.is_place(who)
        if names.is_organisation(who) or names.is_place(who) or self._placed.get(who, 0) > 0.5:
            return False
        return " " in who or self.counts[who] >= MIN_MENTIONS
