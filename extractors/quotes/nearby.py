"""Rules of attribution without a cue: who acts beside the quote, who spoke last, whose name stands above."""

import re

from extractors.quotes import clauses
from extractors.quotes.chunks import Chunks
from extractors.quotes.context import Context
from extractors.quotes.cues import signature
from extractors.quotes.vocabulary import first_names

NAME_HEADING = re.compile(
    r"^(?:\d+[.)]\s+)?(?P<np>(?:[^\W\d_a-z][\w.’'-]*|de|van|von|of|the)(?: (?:[^\W\d_a-z][\w.’'-]*|de|van|von|la|le|der)){1,4})\s*(?:[:,(–—-].*)?$"
)
TOLD = re.compile(r",(?:[NPR]A*C|A*C[NPR])[^,;]{0,6}$")  # "The bridge is old, Ann Lee added"


def _actor(sentence: Chunks, *, strict: bool = False) -> str | None:
    """Who says what the sentence tells, or whom it begins with, else who says something in it or does something."""
    first = None if TOLD.search(sentence.codes) else clauses.subject_of(sentence, strict=True)
    verb = clauses.last_verb(sentence, "C") if first is None or sentence.codes[first] not in "NP" else None
    found = clauses.speaker_of(sentence, verb) if verb is not None else None
    if found is None and verb is not None:
        after = clauses.inverted(sentence.cut(verb))
        found = verb + after if after is not None else None
    if found is None:
        found = clauses.subject_of(sentence, strict=strict)
    if found is not None and sentence.codes[found] == "O" and not strict:  # "This scares Ann"
        person = re.search(r"(?<!I)[NRP]", sentence.codes)
        found = person.start() if person else None
    if found is None or sentence.codes[found] == "O" or sentence.items[found].head in ("it", "you"):
        return None
    return sentence.written(found)


def midway(context: Context) -> str | None:
    """The quote is a part of a sentence about somebody, without any cue: `Ann Lee's hope is that it "lasts for years".`"""
    lead = context.lead.codes.strip(",-Jq")
    return _actor(context.lead, strict=True) if lead and (context.lead.codes[0] != "q" or len(lead) > 2) else None


def beat(context: Context) -> str | None:
    """The sentence before, in the same paragraph, is about somebody: `Ann Lee put down the cup. "…"`."""
    if context.lead.codes.strip(",-Jq"):
        return None
    sentence = context.sentence_before
    if not sentence.codes or sentence.codes.strip("q") == "":
        return None
    if context.same_paragraph and context.last_speaker and "q" in sentence.codes and "C" in sentence.codes:
        return None  # it tells who said the quote in it: see `carried_on`
    return _actor(sentence)


def dash_beat(context: Context) -> str | None:
    """A sentence broken off for what its speaker does: `"It will be our"—she leaned over—"secret."`"""
    tail = context.tail
    if not re.match(r"^-[NPR][^q.]*-q", tail.codes):
        return None
    return tail.written(1)


def beat_after(context: Context) -> str | None:
    """In dialogue, the sentence behind is about somebody: `"…" Ann Lee put down the cup.`"""
    if not (context.dialogue and context.ended) or context.tail.codes[:1] not in ("N", "P", "R"):
        return None
    if clauses.subject_of(context.tail) != 0 or ":" in context.tail.codes:
        return None
    return context.tail.written(0)


def heading_above(context: Context) -> str | None:
    """The line or the heading above is a name, and the quote a paragraph or an item of its own."""
    match = signature(context.before) if context.whole and context.named_above else None
    if match is None and context.whole:
        match = NAME_HEADING.match(context.heading.strip())
        if match and not _is_name(match["np"], context):
            return None
    return match["np"] if match else None


def _is_name(heading: str, context: Context) -> bool:
    """Is a heading somebody's name, by its first word or because the text names somebody so? "Why This Matters" is none."""
    first, last = heading.lower().split(maxsplit=1)[0], heading.lower().rsplit(maxsplit=1)[-1]
    return first in first_names() or (context.chunks.named(last) and last not in context.chunks.ordinary)


def carried_on(context: Context) -> str | None:
    """The quote follows another one in its paragraph, or is a whole paragraph after one: the same person goes on."""
    if context.same_paragraph or (context.whole and not context.dialogue and (context.adjacent or not _tells(context))):
        return context.last_speaker
    return None


def _tells(context: Context) -> bool:
    """Does the paragraph before report what somebody says?"""
    return clauses.last_verb(context.chunks(context.before[-480:]), "C") is not None


def turn(context: Context) -> str | None:
    """Two people talk in turns, a paragraph each: the one who did not speak last answers."""
    return context.answerer if context.dialogue else None


def subject_before(context: Context) -> str | None:
    """A paragraph that is only a quote, after one about somebody: `Ann Lee has run the shop since May.` / `"…"`"""
    if not context.whole or not context.before:
        return None
    chunks = context.chunks(context.before[-480:])
    verb = clauses.last_verb(chunks, "CG")
    found = clauses.speaker_of(chunks, verb) if verb is not None else None
    if found is None:
        if context.before.strip() == context.heading.strip():  # of a heading only a verb tells who speaks
            return None
        sentence = chunks.cut(chunks.codes.rstrip(".").rfind(".") + 1)
        return _actor(sentence) or _actor(chunks)
    return chunks.written(found)


def whoever_spoke(context: Context) -> str | None:
    """A sentence in marks without any hint: whoever spoke last nearby."""
    speech = context.text.rstrip()[-1:] in ".!?,…" and not context.lead.codes.strip(",-:q")
    return context.last_speaker if speech and context.adjacent and not context.dialogue else None


def whoever_reported(context: Context) -> str | None:
    """A part of a sentence without a cue, in a report: `The plan, Ann Lee said, is new. It “will open in May.”`"""
    inside = context.lead.codes.strip(",-:q") or (context.tail.codes.strip(",-:q") and not context.ended)
    if context.dialogue or not inside:
        return None
    return context.reporter() or (context.last_speaker if context.adjacent else None)
