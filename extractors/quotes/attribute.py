"""Who said it: an ordered list of small rules; the first that answers wins, and names itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.quotes.grammar import patterns

SENTENCE_ENDS = ".!?…"
CLAUSE = re.compile(r"\s+(?:that|how|what|whether|if|to|about|she|he|they)\b")  # what is told follows: no attribution
MAX_CLOSING_WORDS = 8  # words after the verb in a clause that only attributes
MAX_CONTEXT = 400  # characters looked at on each side


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A quote and the text around it: `left` and `right` within its paragraph up to the neighbouring quotes,
    `paragraph_before` the paragraph before it, `last_speaker` who spoke the quote before (in a recent paragraph),
    `whole` whether nothing but the quote stands in its paragraph, `same_paragraph` whether the quote before is in it.
    """

    left: str
    right: str
    text: str
    paragraph_before: str
    last_speaker: str | None
    whole: bool
    same_paragraph: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The speaker as written; `cued` says that a verb of speech or a colon vouches for it."""

    written: str
    rule: str
    confidence: float
    cued: bool = True


def attribution_of(context: Context) -> Attribution | None:
    """The first rule's answer, None where no rule has one."""
    for rule, confidence, cued, reader in RULES:
        written = reader(context)
        if written:
            return Attribution(written=_tidy(written), rule=rule, confidence=confidence, cued=cued)
    return None


def _tidy(written: str) -> str:
    return re.sub(r"[’']s$", "", " ".join(written.split()).strip(" ,.;:"))


def inverted_cue(context: Context) -> str | None:
    """`"…," said Ann Lee.`"""
    match = patterns()["after_inverted"].match(context.right[:MAX_CONTEXT])
    return match["np"] if match else None


def cue_after(context: Context) -> str | None:
    """`"…," Ann Lee told reporters.`, not a new sentence about her, nor one that introduces the next quote."""
    match = patterns()["after_subject_cue"].match(context.right[:MAX_CONTEXT])
    if not match:
        return None
    clause = context.right[match.end() :]
    if context.right.rstrip().endswith(":"):
        return None
    ended = context.text.rstrip()[-1:] in SENTENCE_ENDS and not context.right.lstrip().startswith(",")
    if (
        ended
        and match["np"][0].isupper()
        and (CLAUSE.match(clause) or len(_first_sentence(clause).split()) > MAX_CLOSING_WORDS)
    ):
        return None
    return match["np"]


def cue_before(context: Context) -> str | None:
    """`Ann Lee said: "…"`, `Ann Lee told her brother that "…"`"""
    sentence = _last_sentence(context.left)
    best = None
    for match in patterns()["subject_cue"].finditer(sentence):
        best = match
    if best is None or re.search(r"[.!?]\s", sentence[best.end() :]):
        return None
    return _head_of_chain(sentence, best)


def participle(context: Context) -> str | None:
    """`Ann Lee blew him off, telling him "…"`: the subject of the clause that the participle hangs on."""
    clause = re.split(r",? (?:but|and|while|so) |; ", _last_sentence(context.left))[-1]
    match = patterns()["participle"].search(clause)
    return match["np"] if match else None


def _head_of_chain(text: str, match: re.Match[str]) -> str:
    """`Ann Lee, R.D.N., author of Small Change, says`: the person at the head, not the last name of the apposition."""
    before = text[: match.start("np")]
    if not before.rstrip().endswith(("of", ",", "the", "at", "for", "from", "in", "The")):
        return match["np"]
    clause = re.split(r"(?<=[.!?])\s+(?=[A-Z])", before)[-1]
    head = patterns()["chain_head"].match(clause.lstrip(' ,“"”'))
    return head["np"] if head else match["np"]


def according_to(context: Context) -> str | None:
    """`According to Ann Lee, "…"`, `"…", according to the ministry.`"""
    match = patterns()["according"].search(_last_sentence(context.left)) or patterns()["according"].match(
        context.right[:MAX_CONTEXT].lstrip(" ,")
    )
    return match["np"] if match else None


def dash_name(context: Context) -> str | None:
    """`"…" – Ann Lee`"""
    match = patterns()["dash_name"].match(context.right[:160])
    return match["np"] if match else None


def colon(context: Context) -> str | None:
    """`He begins the letter with an apology: "…"`: the first who stands in the sentence before the colon."""
    sentence = _last_sentence(context.left)
    if not sentence.rstrip().endswith(":"):
        return None
    match = patterns()["np"].search(sentence)
    return match["np"] if match else None


def colon_paragraph(context: Context) -> str | None:
    """A paragraph that ends in a colon introduces the quote that is the next paragraph."""
    if not context.whole or not context.paragraph_before.rstrip().endswith(":"):
        return None
    sentence = _last_sentence(context.paragraph_before.rstrip())
    answer = patterns()["answers"].search(sentence)
    if answer:  # "Ann tells Bob that …, to which he replies:": the one spoken to replies
        return answer["other"]
    for name in ("subject_cue", "np"):
        match = patterns()[name].search(sentence)
        if match:
            return match["np"]
    return None


def same_sentence(context: Context) -> str | None:
    """A verb of speech elsewhere in the sentence: `The idea, Ann Lee explained in a letter, was "…"`."""
    if context.text.rstrip()[-1:] in SENTENCE_ENDS:
        return None
    match = patterns()["subject_cue"].search(_first_sentence(context.right)[:200])
    return match["np"] if match else None


def sentence_cue(context: Context) -> str | None:
    """`It led to "…" in both sexes, says Ann Lee.`: the attribution closes the sentence that the quote is a part of."""
    if context.text.rstrip()[-1:] in SENTENCE_ENDS:
        return None
    match = patterns()["sentence_cue"].search(_first_sentence(context.right)[:200])
    return match["np"] if match else None


def words_of(context: Context) -> str | None:
    """`in Ann Lee's words, a "…"`"""
    match = patterns()["words_of"].search(_last_sentence(context.left))
    return match["np"] if match else None


def beat(context: Context) -> str | None:
    """The sentence before, in the same paragraph, is about somebody: `Ann Lee put down the cup. "…"`."""
    sentence = _last_sentence(context.left)
    if not sentence.strip() or (context.same_paragraph and len(sentence) == len(context.left[-MAX_CONTEXT:])):
        return None  # nothing, or only the attribution of the quote before
    match = patterns()["np"].search(sentence)
    return match["np"] if match and match["np"] not in ("it", "It") else None


def carried_on(context: Context) -> str | None:
    """The quote follows another one in its paragraph, or is a whole paragraph after one: the same person goes on."""
    if context.last_speaker and (context.same_paragraph or context.whole):
        return context.last_speaker
    return None


def subject_before(context: Context) -> str | None:
    """A paragraph that is only a quote, after one about somebody: `Ann Lee has run the shop since May.` / `"…"`"""
    if not context.whole:
        return None
    match = patterns()["subject_cue"].search(context.paragraph_before) or patterns()["name"].match(
        context.paragraph_before
    )
    return match["np"] if match else None


def _last_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?…])[\"”’]?\s+(?=[A-Z“\"‘(])", text[-MAX_CONTEXT:])[-1]


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text[:MAX_CONTEXT], maxsplit=1)[0]


Reader = Callable[[Context], str | None]
# (name of the rule, its accuracy on the development set where it was measured, is it a cue, the rule)
RULES: tuple[tuple[str, float, bool, Reader], ...] = (
    ("inverted_cue", 0.95, True, inverted_cue),
    ("dash_name", 0.95, True, dash_name),
    ("cue_after", 0.93, True, cue_after),
    ("cue_before", 0.9, True, cue_before),
    ("participle", 0.8, True, participle),
    ("according_to", 0.9, True, according_to),
    ("colon_paragraph", 0.75, True, colon_paragraph),
    ("colon", 0.75, True, colon),
    ("words_of", 0.9, True, words_of),
    ("sentence_cue", 0.85, True, sentence_cue),
    ("same_sentence", 0.7, True, same_sentence),
    ("beat", 0.5, False, beat),
    ("carried_on", 0.7, False, carried_on),
    ("subject_before", 0.5, False, subject_before),
)
