"""Are words in quotation marks a quote at all? Titles, names, terms, scare quotes and model sentences are none."""

import re
from collections.abc import Sequence
from functools import cache

from extractors.quotes.attribute import Attribution
from extractors.quotes.context import Context
from extractors.quotes.passages import Passage
from extractors.quotes.scan import Span, words_of
from extractors.quotes.vocabulary import lines_of

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+|\S+@\S+\.\w+")
MIN_WORDS = 4  # shorter ones without a speaker are scare quotes, names and terms
MAX_TERM_WORDS = 5
MAX_TITLE_WORDS = 12
SPEECH_END = re.compile(r"[.!?,…—–-]$")
EXAMPLE = re.compile(
    r"\b(?:phrases|questions|things|words|sentences|statements|something|lines|prompts|queries|terms|searches|commands|messages|answers|examples) "
    r"(?:like|such as|including):?,?$|\b(?:for example|e\.g\.|for instance)[,:]$|(?:^|[.!?:] )(?:try |simply |just )?(?:ask|say|saying|asking|type)(?: yourself)?[,:]?$"
)
CONNECTED = re.compile(r"(?:.*[”\"’])?\s*(?:,|and|or|, and|, or)?")
FIRM = frozenset(
    ["inverted_cue", "cue_after", "dash_name", "colon_paragraph", "how_said", "unlisted_cue", "eastern_cue", "words_of"]
)  # rules whose cue stands right beside the marks
SAID_BEFORE = re.compile(r"(?:[CGVT]|b|q,?J|S)[Am]?D?A?$")  # "said it was a", "called it", behind another fragment
SMALL = frozenset(["of", "the", "and", "a", "an", "in", "on", "to", "for", "at", "by", "with", "from"])
SUBJECT_OF_SENTENCE = re.compile(r"^,?[^,]*C,[bh]")  # "“The Long Road,” Ann says, had been"
MAX_ADJECTIVE = 6  # words in marks before a noun: "the “wait and see what comes” plan"
NOUN_AROUND = re.compile(r"[DsxI]$"), re.compile(r"[xR]")  # "the “active control” group"
PART_OF_SENTENCE = re.compile(r"[^CGVFT,:q-]$")  # "In “The Long Road,” he said"
ABOUT = re.compile(r"I(?:q,?Jq?)*$")  # "went from “…” to “…”"
LIKE = re.compile(r"\b(?:like|than)$")  # "feels more like “…” than “…”"
NAMED_AS = re.compile(r"T[NRPO][Ahbx]*F$")  # "what neuroscientists call"
CAPITALISED = 0.8  # share of the longer words of a title that are capitalised


def no_quote(
    text: str, spans: Sequence[Span], context: Context, attribution: Attribution | None, passage: Passage, *,
    after_example: bool, dialogue: bool,
) -> tuple[str, str] | None:  # fmt: skip
    """(code, detail) when the words in marks are a title, term, name or scare quote rather than speech."""
    words = words_of([text])
    other = _introduced_as_other(text, words, context, after_example=after_example)
    if other or len(spans) > 1:
        return other
    if not spans[0].closed and (spans[0].mark in "«»‹›" or not (context.introduced or not context.left.strip())):
        return "quote.unclosed", "opened inside a sentence and never closed"
    if attribution and attribution.written.lower() == "you" and "Ph" in context.lead.codes:
        return "quote.model", "an example of what one could say"
    titled = words <= MAX_TITLE_WORDS and _title_case(text)
    if titled and (PART_OF_SENTENCE.search(context.lead.codes) or SUBJECT_OF_SENTENCE.match(context.tail.codes)):
        return "quote.title", "capitalised like a title"
    if attribution and attribution.rule in FIRM:
        return None
    if titled and not context.introduced and text.strip()[-1:] not in "!?":
        return "quote.title", "capitalised like a title"
    if dialogue and passage.begins_at(spans[0].opens):
        return None
    if attribution and attribution.cued and (context.introduced or _fragment_fits(words, attribution, context)):
        return None
    return _without_cue(text, words, context, attribution, passage)


def _fragment_fits(words: int, attribution: Attribution, context: Context) -> bool:
    """Is a fragment inside somebody's sentence long enough to be their words rather than a term?"""
    if _before_noun(words, context):
        return False
    if words >= MIN_WORDS:
        return True
    if words < 2 or attribution.written.lower() == "you":
        return False
    return attribution.rule in ("frame", "cue_before") or bool(SAID_BEFORE.search(context.lead.codes))


def _before_noun(words: int, context: Context) -> bool:
    before, behind = NOUN_AROUND
    return bool(words <= MAX_ADJECTIVE and before.search(context.lead.codes) and behind.match(context.tail.codes))


def _without_cue(
    text: str, words: int, context: Context, attribution: Attribution | None, passage: Passage
) -> tuple[str, str] | None:
    speech = bool(SPEECH_END.search(text.strip()))
    if attribution is None and passage.tag == "li" and context.whole:
        return "quote.model", "a sentence in a list, said by nobody"
    alone = context.ended and not context.lead.codes  # a sentence of its own beside sentences about somebody
    if words < MIN_WORDS and not (alone and attribution and speech):
        return "quote.short", f"only {words} of {MIN_WORDS} words, and nobody is said to have said them"
    if attribution is None and (ABOUT.search(context.lead.codes) or LIKE.search(context.left[-80:].rstrip().lower())):
        return "quote.mention", "what something is about or like, said by nobody"
    if _before_noun(words, context) and not SAID_BEFORE.search(context.lead.codes):
        return "quote.term", "stands before a noun, like an adjective"
    cued = attribution is not None and attribution.cued
    inside = bool(context.lead.codes.strip(",-:q"))
    if not cued and words <= MAX_TERM_WORDS and (not speech or inside):
        return "quote.term", "a phrase without a speaker"
    return None


@cache
def _terms() -> tuple[str, ...]:
    """The words that introduce a name, a title or a term, each behind a space."""
    return tuple(f" {word}" for word in lines_of("en_terms.txt"))


def _introduced_as_other(text: str, words: int, context: Context, *, after_example: bool) -> tuple[str, str] | None:
    """What the text around the marks calls a term, a name or an example."""
    left = context.left[-80:].rstrip().lower()
    if left.endswith('":') or ADDRESS.fullmatch(text.strip()):
        return "quote.code", "a value in data, or an address"
    if context.right[:1] == "-" and context.right[1:2].isalpha():
        return "quote.term", "joined to a word by a hyphen"
    if words <= MAX_TERM_WORDS and f" {left}".endswith(_terms()):
        return "quote.term", "introduced as a name, title or term"
    if (
        words <= MAX_TERM_WORDS
        and NAMED_AS.search(context.lead.codes)
        and context.lead.items[-1].head.startswith("call")
    ):
        return "quote.term", "what somebody calls something"
    if EXAMPLE.search(left) or (after_example and CONNECTED.fullmatch(context.left[-24:].strip().replace("\0", ""))):
        return "quote.model", "an example of what one could say"
    return None


def _title_case(text: str) -> bool:
    words = re.findall(r"[^\W\d_][\w’']*", text)
    long = [word for word in words if len(word) > 3]
    if len(words) > 1 and all(word[0].isupper() or word in SMALL for word in words) and words[-1][0].isupper():
        return True
    return len(long) > 1 and sum(word[0].isupper() for word in long) / len(long) > CAPITALISED
