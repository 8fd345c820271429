"""Whom a name, a pronoun or a role means at a place of an article."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from functools import cached_property
from math import log

from extractors.quotes import names
from extractors.quotes.cast import Cast
from extractors.quotes.names import Mention, mentions_in
from extractors.quotes.roles import NO_ROLE, Roles, gender_of_noun
from extractors.quotes.strangers import Stranger, strangers_in
from extractors.quotes.vocabulary import Gender, first_names, words_of_file

PRONOUNS = frozenset((
    "he", "she", "they", "i", "we", "it", "you", "him", "her", "them", "me", "us", "er", "sie", "wir", "ich", "es",
    "il", "elle", "ils", "elles", "on", "je", "nous", "él", "ella", "ellos", "yo",
))  # fmt: skip
GENDER_OF: dict[str, Gender] = {
    "he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f", "er": "m", "il": "m", "él": "m", "sie": "f",
    "elle": "f", "ella": "f",
}  # fmt: skip
SPOUSES = {"his wife": "Mrs", "his lady": "Mrs", "her husband": "Mr"}
AGENT = re.compile(r"(?:ist|ian|man|woman|person|year-old|ologist|eer|ess|ant|maker|owner|star|winner|goer)$")
BACK = 1500  # characters before a pronoun in which its antecedent is looked for
FADE = 150.0  # characters over which a mention loses as much weight as being a subject gives
SUBJECT, KNOWN, SPEAKS, LAST_SPEAKER, QUOTED, PLACED = 1.0, 1.5, 1.0, 1.5, -1.5, -0.7
FORGOTTEN = -6.0  # of who spoke so long ago that no mention is near
SAME_PARAGRAPH, UNSURE, FREQUENT = 2.0, -1.0, 0.5
# Of whose turn it is, and of the speaker of the paragraph before, where two people talk in turns
ANSWERS, OTHER_TURN = 2.0, -3.0


class People(Cast):
    """The cast, and whom the words of a text mean by a name, a pronoun or a role."""

    @cached_property
    def roles(self) -> Roles:
        """Who has which role on the page."""
        return Roles("\n".join(passage.text for passage in self.passages), self.words)

    def canonical(
        self,
        written: str | None,
        place: int,
        last_speaker: str | None,
        others: Sequence[str] = (),
        *,
        turn: bool = False,
        since: int = 0,
        but: Collection[str] = (),
    ) -> str | None:
        """The full name behind what is written at `place`; None for pronouns and roles that lead nowhere.

        `others` are the ones who spoke last; `turn` says that the quote answers the one before, which ended at `since`;
        a pronoun means nobody of `but`.
        """
        if not written:
            return None
        if written.lower() in PRONOUNS:
            wanted = GENDER_OF.get(written.lower())
            reported = self.reporter(since, place, wanted) if wanted and not turn else None
            last = reported if reported not in but else None
            return self._antecedent(written.lower(), place, last or last_speaker, others, turn=turn, but=but)
        first = written.split()[0].lower().replace("’", "'")
        if self._is_word(written):
            return None
        if first in self.words.classes or written[0].islower() or self._is_role(written):
            return self._unnamed(written, place, last_speaker, others, turn=turn)
        return self.named(written)

    def _is_word(self, written: str) -> bool:
        """Is it one capitalised word ("However", "Step") and no name: does the text write it small more often?"""
        lower = written.lower()
        if (
            " " in written
            or not written[0].isupper()
            or written.isupper()
            or lower in first_names()
            or self.named(written) != written
        ):
            return False
        return lower in self.words.classes or (
            not self._is_role(written) and self.ordinary[lower] > self.counts[written]
        )

    def is_heard(self, who: str, written: str) -> bool:
        """Is it a man or a woman, somebody with a role ("our reviewer Lee"), or who says something elsewhere?"""
        if not self.words.roles.isdisjoint(written.split()[:-1]):
            return True
        named = " " in who and who.partition(" ")[0].lower() in first_names()
        return named or who in self.gender or who in self.speaking

    def is_label(self, name: str) -> bool:
        """Does a single word stand only where sentences begin, so that it can be any word ("Myth: …")?"""
        if " " in name or name.lower() in first_names():
            return False
        return all(mention.starts for mention, who in self.mentions if who == name)

    def _is_role(self, written: str) -> bool:
        last = written.rsplit(maxsplit=1)[-1].lower()
        return (last in self.words.roles or last in self.words.documents) and written not in self.counts

    def _unnamed(
        self, written: str, place: int, last_speaker: str | None, others: Sequence[str], *, turn: bool
    ) -> str | None:
        """A role, a document, "the Hatter", "his wife Ann Lee"."""
        words = written.split()
        if self._is_role(written) or words[-1].islower():
            capitals = re.search(rf"{names.CAP}(?: (?:of (?:the )?)?{names.CAP})*", written.partition(" ")[2])
            if capitals and words[-1].lower() in self.words.documents:  # "the Justice Department report"
                return self.named(re.sub(r"[’']s?$", "", capitals[0]))
            if self._is_plural(words[-1].lower()):
                return None
            spouse = self._spouse(written.lower(), place)
            if spouse:
                return spouse
            role = self.roles.person(written, place)
            who = self.named(role) if role else None
            owner = re.match(r"(.+?)[’']s? ", written) if words[-1].lower() not in self.words.documents else None
            if who and owner and self.named(owner[1]) == who and not self.is_body(who):  # not Jane Roe but her lawyer
                return None
            if who in self.gender and words[-1].lower() in words_of_file("en_bodies.txt"):
                who = None
            return who or self._salient(written, place, last_speaker, others, turn=turn)
        tail = len(words)
        while tail and (words[tail - 1][0].isupper() or words[tail - 1] in ("of", "de", "von", "van", "the")):
            tail -= 1
        return self.named(" ".join(words[tail:]).removeprefix("of ").removeprefix("the "))

    def _spouse(self, written: str, place: int) -> str | None:
        """Mrs. Hill for "his wife" where he is Mr. Hill."""
        title = SPOUSES.get(written)
        owner = self._nearest(place, None, "f" if title == "Mr" else "m") if title else None
        return self.titled.get((title, owner.split()[-1])) if title and owner else None

    def _is_plural(self, noun: str) -> bool:
        """Are there several of the role, so that it is nobody by name?"""
        return noun.endswith("s") and noun[:-1] in self.words.roles

    def _salient(
        self, written: str, place: int, last_speaker: str | None, others: Sequence[str], *, turn: bool
    ) -> str | None:
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
        who = self._nearest(place, last_speaker, gender_of_noun(noun), others, turn=turn, body=body)
        return who if body or who in self.gender or who in self.speaking else None

    def reporter(self, since: int, place: int, wanted: Gender | None = None) -> str | None:
        """Who was last said to say something between two places: a person of the wanted gender, or anybody."""
        since = max(since, place - BACK)
        if "mentions" not in vars(self) and not self._is_reported(since, place):
            return None
        between = self.mentions[bisect_left(self.places, since) : bisect_left(self.places, place)]
        for mention, who in reversed(between):
            if mention.speaks and not mention.quoted and (not wanted or self.gender.get(who) == wanted):
                return who
        return None

    def _is_reported(self, since: int, place: int) -> bool:
        """Is anybody said to say something between two places? Mostly nobody is, and then nobody need be found: to look
        for everybody whom the article names takes much longer.
        """
        first, last = max(0, bisect_right(self.starts, since) - 1), bisect_left(self.starts, place)
        return any(
            mention.speaks and not mention.quoted and since <= mention.at < place
            for passage, mask in zip(self.passages[first:last], self.masks[first:last], strict=True)
            for mention in mentions_in(passage.text, mask, passage.start, self.words)
        )

    def bystander(self, place: int, last: str) -> str | None:
        """The person last told about before a place, other than the one who spoke ("?f" for a woman without a name)."""
        for at in range(bisect_left(self.places, place) - 1, bisect_left(self.places, place - BACK) - 1, -1):
            mention, who = self.mentions[at]
            if who != last and f"?{self.gender.get(who)}" != last and not mention.quoted and self.is_person(who):
                return who
        return None

    def _antecedent(
        self, pronoun: str, place: int, last_speaker: str | None, others: Sequence[str], *,
        turn: bool, but: Collection[str],
    ) -> str | None:  # fmt: skip
        if pronoun in ("it", "es"):
            return self._nearest(place, None, None, body=True)
        if pronoun not in GENDER_OF:
            return last_speaker if pronoun in ("they", "we", "wir", "nous") else None
        return self._nearest(place, last_speaker, GENDER_OF[pronoun], others, turn=turn, but=but)

    def told_between(self, start: int, stop: int) -> frozenset[str]:
        """Who is named between two places of the text, outside of quotes."""
        between = self.mentions[bisect_left(self.places, start) : bisect_left(self.places, stop)]
        return frozenset(who for mention, who in between if not mention.quoted)

    def _nearest(
        self, place: int, last_speaker: str | None, wanted: Gender | None, others: Sequence[str] = (), *,
        turn: bool = False, body: bool = False, but: Collection[str] = (),
    ) -> str | None:  # fmt: skip
        """The person (or body) of the wanted gender whose mentions before the place weigh most; nobody of `but`."""
        first, last = bisect_left(self.places, place - BACK), bisect_left(self.places, place)
        paragraph = self.starts[max(0, bisect_right(self.starts, place) - 1)] if self.starts else 0
        weights: dict[str, float] = {}
        for mention, who in self.mentions[first:last]:
            fits = self.is_body(who) if body else self.is_person(who)
            spoken_of = mention.quoted and who not in self.gender and who not in self.speaking
            if (
                fits
                and who not in but
                and not spoken_of
                and not mention.performer
                and (not wanted or self.gender.get(who, wanted) == wanted)
            ):
                weight = self._weight(mention, who, place, wanted) + SAME_PARAGRAPH * (mention.at >= paragraph)
                weights[who] = max(weights.get(who, -99.0), weight)
        if wanted and not body:
            self._weigh_strangers(weights, place, wanted, paragraph)
        for spoke in (last_speaker, *others):
            if spoke and spoke not in but and not body and (not wanted or self.gender.get(spoke, wanted) == wanted):
                weights.setdefault(spoke, FORGOTTEN)
        answers = next((who for who in reversed(others) if who != last_speaker), None) if turn else None
        if answers in weights:
            weights[answers] += ANSWERS
        if last_speaker and last_speaker in weights:
            weights[last_speaker] += OTHER_TURN if turn and len(weights) > 1 else LAST_SPEAKER
        return max(weights, key=lambda who: weights[who]) if weights else None

    def _weigh_strangers(self, weights: dict[str, float], place: int, wanted: Gender, paragraph: int) -> None:
        """Those without a name count like the others."""
        first, last = (bisect_left(self.strangers, at, key=lambda known: known.at) for at in (place - BACK, place))
        for known in self.strangers[first:last]:
            if known.gender in (None, wanted):
                weight = (
                    -(place - known.at) / FADE
                    + SUBJECT
                    + SPEAKS * known.speaks
                    + KNOWN * (known.gender == wanted)
                    + SAME_PARAGRAPH * (known.at >= paragraph)
                )
                weights[known.who] = max(weights.get(known.who, -99.0), weight)

    @cached_property
    def strangers(self) -> list[Stranger]:
        """Roles that act in the text and are nobody whom the page names."""
        found = [
            known
            for passage, mask in zip(self.passages, self.masks, strict=True)
            for known in strangers_in(mask, passage.start, self.words)
        ]
        return [known for known in found if not self.roles.person(known.written, known.at)]

    def _weight(self, mention: Mention, who: str, place: int, wanted: Gender | None) -> float:
        """How well a mention fits a pronoun: near, a subject, of a known gender, somebody who speaks."""
        return (
            -(place - mention.at) / FADE
            + SUBJECT * mention.subject
            + KNOWN * (wanted is not None and self.gender.get(who) == wanted)
            + SPEAKS * (who in self.speaking)
            + FREQUENT * log(self.often[who])
            + UNSURE * (who not in self.gender and who not in self.speaking and not mention.title)
            + QUOTED * mention.quoted
            + PLACED * (mention.placed or mention.oblique)
        )
