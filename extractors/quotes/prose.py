"""Quotes inside prose: spans in marks, judged (is it a quote at all?), joined where a speaker's words were split."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.quotes.attribute import Attribution, Context, attribution_of
from extractors.quotes.grammar import ABBREVIATIONS, patterns, term_words
from extractors.quotes.passages import Draft, NoQuote, Passage
from extractors.quotes.people import People
from extractors.quotes.scan import Span, continues, spans_in, words_of

EXAMPLE = re.compile(
    r"\b(?:phrases|questions|things|words|sentences|statements|something|lines|prompts|queries|terms) (?:like|such as|including):?,?$"
)
CONNECTED = re.compile(r"(?:.*[”\"’])?\s*(?:,|and|or|, and|, or)?")
MIN_WORDS = 4  # shorter ones without a speaker are scare quotes, names and terms
MAX_TERM_WORDS = 5
MAX_TITLE_WORDS = 12
SPEECH_END = re.compile(r"[.!?,…—–-]$")
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
MAX_EPIGRAPHS = 6  # passages at the beginning among which epigraphs stand
RECENT = 3  # passages over which the last speaker is remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A span with its passage: body[start:stop] are the quoted words."""

    passage: int
    span: Span
    start: int
    stop: int


def epigraphs(passages: Sequence[Passage]) -> dict[int, str]:
    """Passages that a later one calls "the two Lee quotations above": number of the passage → the name."""
    for number, passage in enumerate(passages[1:MAX_EPIGRAPHS], 1):
        match = patterns()["above"].search(passage.text)
        if match:
            count = min(number, COUNTS.get(match["count"] or "", 1))
            return dict.fromkeys(range(number - count, number), match["np"])
    return {}


def prose_quotes(
    passages: Sequence[Passage], body: str, people: People
) -> tuple[list[tuple[Draft, str | None]], list[NoQuote]]:
    """((draft, canonical speaker) in page order, the rest with reasons)."""
    placed = _placed(passages)
    quotes: list[tuple[Draft, str | None]] = []
    refused: list[NoQuote] = []
    last: tuple[int, str | None] = (-RECENT, None)
    index = 0
    spoken = 0  # where the last accepted quote ended: what stands before it introduces that one
    while index < len(placed):
        group = _joined(placed, index, passages)
        context = _context(group, placed, index, passages, last, spoken)
        attribution = attribution_of(context)
        reason = _no_quote(
            body[group[0].start : group[-1].stop],
            group,
            context,
            attribution,
            passages[group[0].passage],
            after_example=bool(refused)
            and refused[-1].code == "quote.model"
            and refused[-1].stop > passages[group[0].passage].start,
        )
        index += len(group)
        if reason:
            refused.append(NoQuote(start=group[0].start, stop=group[-1].stop, code=reason[0], detail=reason[1]))
            continue
        written = attribution.written if attribution else None
        carried = attribution is not None and attribution.rule == "carried_on"
        speaker = written if carried else people.canonical(written, group[0].start, last[1])
        quotes.append((_draft(group, attribution, passages), speaker))
        last, spoken = (group[-1].passage, speaker), group[-1].stop
    return quotes, refused


def _placed(passages: Sequence[Passage]) -> list[Placed]:
    found: list[Placed] = []
    for number, passage in enumerate(passages):
        for span in spans_in(passage.text):
            if any(map(str.isalnum, passage.text[span.start : span.stop])):
                start, stop = _trimmed(passage.text, span)
                found.append(Placed(passage=number, span=span, start=passage.start + start, stop=passage.start + stop))
    return found


def _trimmed(text: str, span: Span) -> tuple[int, int]:
    piece = text[span.start : span.stop]
    start = span.start + len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _joined(placed: Sequence[Placed], index: int, passages: Sequence[Passage]) -> tuple[Placed, ...]:
    """The pieces that are one quote with placed[index]: split by an attribution only, or left open over paragraphs."""
    group = [placed[index]]
    attributed = False
    for follower in placed[index + 1 :]:
        last = group[-1]
        passage = passages[last.passage]
        if follower.passage == last.passage:
            gap = passage.text[last.stop - passage.start : follower.start - passage.start]
            if attributed or not _attribution_only(gap) or _has_own_cue(follower, passage):
                break
            attributed = True
            group.append(follower)
        elif (
            follower.passage == last.passage + 1
            and not last.span.closed
            and continues(passages[follower.passage].text, last.span.mark)
            and follower.span.start
            <= len(passages[follower.passage].text) - len(passages[follower.passage].text.lstrip()) + 1
        ):
            group.append(follower)
        else:
            break
    return tuple(group)


def _has_own_cue(placed: Placed, passage: Passage) -> bool:
    """Does an attribution of its own follow, so that it is not the rest of the quote before?"""
    return bool(patterns()["after_inverted"].match(passage.text[placed.span.stop + 1 : placed.span.stop + 160]))


def _attribution_only(gap: str) -> bool:
    inner = ABBREVIATIONS.sub(r"\1", gap.strip(" \"“”'‘’«»„"))
    return bool(inner) and len(inner) < 160 and bool(patterns()["attribution_only"].match(inner))


def _context(
    group: tuple[Placed, ...],
    placed: Sequence[Placed],
    index: int,
    passages: Sequence[Passage],
    last: tuple[int, str | None],
    spoken: int,
) -> Context:
    first, final = group[0], group[-1]
    before, after = passages[first.passage], passages[final.passage]
    following = placed[index + len(group)] if index + len(group) < len(placed) else None
    same = before.start < spoken <= first.start
    left_from = spoken + 1 - before.start if same else 0
    left = before.text[left_from : first.span.start - 1]
    right_to = following.span.start - 1 if following and following.passage == final.passage else len(after.text)
    right = after.text[final.span.stop + 1 : right_to]
    if len(group) > 1 and group[0].passage == group[1].passage:
        passage = passages[group[0].passage]
        right = passage.text[group[0].span.stop + 1 : group[1].span.start - 1]
    return Context(
        left=left,
        right=right,
        text=before.text[first.span.start : first.span.stop],
        paragraph_before=passages[first.passage - 1].text if first.passage else "",
        last_speaker=last[1] if first.passage - last[0] < RECENT else None,
        whole=not left.strip(" -–—") and not right.strip(" .,-–—"),
        same_paragraph=same,
    )


def _no_quote(
    text: str, group: tuple[Placed, ...], context: Context, attribution: Attribution | None, passage: Passage,
    *, after_example: bool,
) -> tuple[str, str] | None:  # fmt: skip
    """(code, detail) when the words in marks are a title, term, name or scare quote rather than speech."""
    words = words_of([text])
    other = _introduced_as_other(words, context, after_example=after_example)
    if other or len(group) > 1:
        return other
    if attribution and attribution.rule in ("inverted_cue", "cue_after", "dash_name", "colon_paragraph"):
        return None
    introduced = context.left.rstrip().endswith((",", ":"))
    if words <= MAX_TITLE_WORDS and not introduced and _title_case(text) and text.strip()[-1:] not in "!?":
        return "quote.title", "capitalised like a title"
    if attribution and attribution.cued and (introduced or words >= MIN_WORDS):
        return None
    if attribution is None and passage.tag == "li" and context.whole:
        return "quote.model", "a sentence in a list, said by nobody"
    if words < MIN_WORDS:
        return "quote.short", f"only {words} of {MIN_WORDS} words, and nobody is said to have said them"
    cued = attribution is not None and attribution.cued
    if not cued and words <= MAX_TERM_WORDS and not SPEECH_END.search(text.strip()):
        return "quote.term", "a phrase without a speaker"
    return None


def _introduced_as_other(words: int, context: Context, *, after_example: bool) -> tuple[str, str] | None:
    """What the text around the marks calls a term, a name or an example."""
    left = context.left.rstrip().lower()
    if context.right[:1] == "-" and context.right[1:2].isalpha():
        return "quote.term", "joined to a word by a hyphen"
    if words <= MAX_TERM_WORDS and any(left.endswith(" " + word) or left == word for word in term_words()):
        return "quote.term", "introduced as a name, title or term"
    if EXAMPLE.search(left) or (after_example and CONNECTED.fullmatch(context.left[-24:].strip())):
        return "quote.model", "an example of what one could say"
    return None


def _title_case(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w’']*", text) if len(word) > 3]
    return bool(words) and sum(word[0].isupper() for word in words) / len(words) > 0.8 and len(words) > 1


def _draft(group: tuple[Placed, ...], attribution: Attribution | None, passages: Sequence[Passage]) -> Draft:
    whole = passages[group[0].passage]
    alone = whole.text.strip()[:1] in '“"„«' and len(whole.text) - (group[-1].stop - group[0].start) <= 4
    return Draft(
        parts=tuple((piece.start, piece.stop) for piece in group),
        passage=group[0].passage,
        kind="block"
        if whole.quoted or (alone and attribution is not None and attribution.rule == "colon_paragraph")
        else "inline_direct",
        rule=attribution.rule if attribution else "no_speaker",
        written=attribution.written if attribution else None,
        confidence=attribution.confidence if attribution else 0.4,
    )
