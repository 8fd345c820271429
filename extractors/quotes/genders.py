"""Who is a he and who a she: by title, by the pronouns around the name, by the first name."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence

from extractors.quotes.names import Mention, gender_of_title, is_organisation
from extractors.quotes.passages import Passage
from extractors.quotes.vocabulary import Gender, gendered_names

# The class of its first letter in front lets the engine skip to where a match can begin.
VOTES = re.compile(r"[HhSs](?<!\w[HhSs])(?:(?<=[Hh])(?:e|is|im|ers?|imself|erself)|(?<=[Ss])he)\b")
NEAR = 160  # characters after a name in which a pronoun is a vote on its gender
MIN_VOTES, CLEAR = 3, 3  # pronouns near a name that must agree on its gender, and how many for each that does not


def genders_of(mentions: Sequence[tuple[Mention, str]], passages: Sequence[Passage]) -> dict[str, Gender]:
    """Name → gender. Many pronouns know better than a first name that both may have."""
    votes = _votes(mentions, passages)
    titles = {who: gender for m, who in mentions if m.title and (gender := gender_of_title(m.title))}
    genders: dict[str, Gender] = {}
    for who in {who for _, who in mentions}:
        elected = None if is_organisation(who) else _elected(votes[who])
        known = titles.get(who) or elected or gendered_names().get(who.split()[0].lower())
        if known:
            genders[who] = known
    return genders


def _votes(mentions: Sequence[tuple[Mention, str]], passages: Sequence[Passage]) -> dict[str, Counter[Gender]]:
    """The pronouns that follow each name closely."""
    places = [mention.at for mention, _ in mentions]
    votes: dict[str, Counter[Gender]] = defaultdict(Counter)
    for passage in passages:
        for match in VOTES.finditer(passage.text):
            place = passage.start + match.start()
            last = bisect_left(places, place) - 1
            if last >= 0 and places[last] >= max(passage.start, place - NEAR):
                votes[mentions[last][1]][gender_of_pronoun(match[0])] += 1
    return votes


def gender_of_pronoun(written: str) -> Gender:
    """Of he, she and their other forms."""
    return "f" if written.lower().startswith(("she", "her")) else "m"


def _elected(votes: Counter[Gender]) -> Gender | None:
    if not votes:
        return None
    ((gender, count),) = votes.most_common(1)
    return gender if count >= max(MIN_VOTES, CLEAR * (votes.total() - count)) else None
