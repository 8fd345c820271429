"""Who said it: an ordered list of small rules; the first that answers wins, and names itself.

Where no cue vouches for it, an answer that leads to nobody on the page leaves the word to the next rule.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.quotes import cues, eastern, nearby
from extractors.quotes.context import Context
from extractors.quotes.vocabulary import Vocabulary

Reader = Callable[[Context], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The speaker as written; `cued` says that a verb of speech or a colon vouches for it."""

    written: str
    rule: str
    confidence: float
    cued: bool = True


def attributions_of(context: Context) -> Iterator[Attribution]:
    """The answers of the rules in their order; nobody looks beyond the first that a cue vouches for."""
    for rule, confidence, cued, reader in RULES:
        written = reader(context)
        tidy = _tidy(written) if written else ""
        if tidy:
            yield Attribution(written=tidy, rule=rule, confidence=confidence, cued=cued)
            if cued:
                return


# How often the person behind a pronoun or a role is right, where a name would have been (docs/quotes.md).
PRONOUN, ROLE = 0.82, 0.72


def confidence_of(attribution: Attribution, words: Vocabulary) -> float:
    """How sure it is that the speaker is right: of the rule, and less for pronouns and roles."""
    first, *_, last = (attribution.written.split()[0], attribution.written.split()[-1])
    kind = words.classes.get(first.lower().replace("’", "'"))
    if kind in ("he", "she", "plural", "other"):
        return round(attribution.confidence * PRONOUN, 2)
    role = kind == "det" and not last[0].isupper()
    return round(attribution.confidence * ROLE, 2) if role else attribution.confidence


def _tidy(written: str) -> str:
    return re.sub(r"[’'](?:s|m|d|re|ve|ll)$", "", " ".join(written.replace("\0", " ").split()).strip(" ,;:"))


# (name of the rule, how often it is right about a name, is it a cue, the rule); docs/quotes.md has the figures. Rules
# with fewer than five quotes there have the figure of those like them.
RULES: tuple[tuple[str, float, bool, Reader], ...] = (
    ("eastern_cue", 0.9, True, eastern.eastern_cue),
    ("inverted_cue", 0.98, True, cues.inverted_cue),
    ("dash_name", 0.95, True, cues.dash_name),
    ("cue_after", 0.97, True, cues.cue_after),
    ("incise", 0.85, True, cues.incise),
    ("how_said", 0.9, True, cues.how_said),
    ("unlisted_cue", 0.85, True, cues.unlisted_cue),
    ("words_of", 0.9, True, cues.words_of),
    ("according_to", 0.9, True, cues.according_to),
    ("colon_paragraph", 0.6, True, cues.colon_paragraph),
    ("closing_cue", 0.95, True, cues.closing_cue),
    ("cue_before", 0.95, True, cues.cue_before),
    ("participle", 0.8, True, cues.participle),
    ("passive", 0.8, True, cues.passive),
    ("cue_noun", 0.8, True, cues.cue_noun),
    ("colon", 0.75, True, cues.colon),
    ("same_sentence", 0.7, True, cues.same_sentence),
    ("frame", 0.8, True, cues.frame),
    ("heading_above", 0.8, False, nearby.heading_above),
    ("dash_beat", 0.8, False, nearby.dash_beat),
    ("midway", 0.65, False, nearby.midway),
    ("beat", 0.65, False, nearby.beat),
    ("beat_after", 0.5, False, nearby.beat_after),
    ("carried_on", 0.6, False, nearby.carried_on),
    ("turn", 0.5, False, nearby.turn),
    ("subject_before", 0.6, False, nearby.subject_before),
    ("whoever_spoke", 0.5, False, nearby.whoever_spoke),
    ("whoever_reported", 0.5, False, nearby.whoever_reported),
)
