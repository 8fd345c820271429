"""Quotes inside prose: spans in marks, joined where a speaker's words were split, judged, and given to somebody."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.quotes.attribute import Attribution, attributions_of, confidence_of
from extractors.quotes.chunks import Chunker
from extractors.quotes.context import Context
from extractors.quotes.cues import signature
from extractors.quotes.dashes import OPENING, dash_speeches
from extractors.quotes.join import Placed, joined, masked, placed_spans
from extractors.quotes.judge import no_quote
from extractors.quotes.mail import quoted_lines, writer_above
from extractors.quotes.passages import Draft, NoQuote, Passage
from extractors.quotes.people import GENDER_OF, PRONOUNS, People
from extractors.quotes.strangers import STRANGER, stranger
from extractors.quotes.turns import MAX_PAUSE, RECENT, answerer, is_dialogue
from extractors.quotes.vocabulary import Vocabulary

NEAR = 3  # passages over which the last speaker is remembered
NEIGHBOURS = 4  # other quotes on each side that are looked at for who speaks
REACH = 800  # characters of a paragraph kept on each side of a quote

BLANK = "\0 .,“”\"„«»‘’'"  # of a paragraph that is a quote, masked
NEAR_PRONOUN = 40  # characters behind a quote in which it stands who says it
CLAUSE_END = re.compile(r"[.!?,;:–—]| (?:and|but|or|as|while|when|before|after|because|until|if)\b")
# Rules that ask for the subject of a sentence: things and firms are that, too
GUESSES = frozenset(("midway", "beat", "subject_before"))
LABELS = frozenset(("colon", "colon_paragraph"))  # rules whose speaker can be the label of a list or a table
# Rules that answer with a person rather than with words
GIVEN = frozenset(("carried_on", "turn", "whoever_spoke", "whoever_reported"))
Found = tuple[Draft, str | None]


class Prose:
    """The state of one article's prose: what was spoken so far, and by whom."""

    def __init__(
        self,
        passages: Sequence[Passage],
        body: str,
        skip: frozenset[int] = frozenset(),
        narrator: str | None = None,
        *,
        asked: bool = False,
    ) -> None:
        """`skip`: where passages begin in which nothing is looked for; `narrator`: who "I" is; `asked`: people are
        asked for even where nothing stands in marks.
        """
        self.narrator = narrator
        self.passages = passages
        self.body = body
        self.mails = quoted_lines(passages)
        self.placed = placed_spans(passages, skip)
        self.texts = masked(passages, self.placed)
        known = asked or bool(self.placed or self.mails) or any(OPENING.match(passage.text) for passage in passages)
        self.people = People(passages if known else (), self.texts if known else ())
        self.chunks = Chunker(self.people.words, self.people.ordinary, self.people.is_part)
        self.speeches = dash_speeches(passages, self.chunks) if known else {}
        self.placed = [item for item in self.placed if item.passage not in self.speeches]
        self.dialogue = is_dialogue(self.placed, passages)
        self.headings = _headings(passages)
        self.spoken: list[tuple[int, str | None, str]] = []
        self.said_until = 0
        self.names_above: dict[int, bool] = {}
        self.quotes: list[Found] = []
        self.refused: list[NoQuote] = []

    def found(self) -> tuple[list[Found], list[NoQuote]]:
        """((draft, canonical speaker) in page order, the rest with reasons)."""
        index = 0
        self._take_mails()
        dashed = sorted(self.speeches)
        while index < len(self.placed):
            while dashed and dashed[0] < self.placed[index].passage:
                self._take_speech(dashed.pop(0))
            group = joined(self.placed, index, self.passages, self.chunks)
            told = _attributing(group).passage
            last = max(place for place, piece in enumerate(group, index) if piece.passage == told)
            self._take(group, self._window(index, last + 1))
            index += len(group)
        for number in dashed:
            self._take_speech(number)
        return self.quotes, self.refused

    def _take_mails(self) -> None:
        for number, parts in self.mails.items():
            written = writer_above(self.passages, number)
            draft = Draft(
                parts=parts,
                passage=number,
                kind="block",
                rule="mail",
                written=written,
                confidence=0.8 if written else 0.4,
            )
            self.quotes.append((draft, self.people.canonical(written, parts[0][0], None)))

    def _take_speech(self, number: int) -> None:
        speech, place = self.speeches[number], self.passages[number].start
        if not speech.parts:
            return
        last = self.spoken[-1][1] if self.spoken and number - self.spoken[-1][0] < NEAR else None
        others = [speaker for _, speaker, _ in self.spoken[-RECENT:] if speaker]
        speaker = self.people.canonical(speech.written, place, last, others, turn=bool(self.spoken))
        speaker = speaker if speech.written else _named(answerer(self.spoken, number))
        draft = Draft(
            parts=tuple((place + start, place + stop) for start, stop in speech.parts),
            passage=number,
            kind="inline_direct",
            rule="dash_dialogue",
            written=speech.written,
            confidence=0.85 if speech.written else 0.5,
        )
        self.quotes.append((draft, speaker))
        self.spoken.append((number, speaker, ""))

    def _window(self, first: int, behind: int) -> tuple[int, int]:
        """(start, stop): what is looked at of the paragraphs around placed[first:behind], a few other quotes at most."""
        before, after = first - NEIGHBOURS, behind + NEIGHBOURS
        start = self.placed[before].span.opens if before >= 0 and self._together(before, first) else 0
        stop = self.placed[after].span.ends if after < len(self.placed) and self._together(behind - 1, after) else None
        return start, stop if stop is not None else len(self.texts[self.placed[behind - 1].passage])

    def _together(self, one: int, other: int) -> bool:
        return self.placed[one].passage == self.placed[other].passage

    def _take(self, group: tuple[Placed, ...], window: tuple[int, int]) -> None:
        passage = self.passages[group[0].passage]
        text = self.body[group[0].start : group[-1].stop]
        context = self._context(group, window)
        attribution, speaker = self._attributed(context, group)
        who = speaker or (
            stranger(attribution.written) if attribution and (attribution.cued or self.dialogue) else None
        )
        before = self.refused[-1] if self.refused else None
        reason = no_quote(
            text,
            [piece.span for piece in group],
            context,
            attribution,
            passage,
            after_example=before is not None and before.code == "quote.model" and before.stop > passage.start,
            dialogue=self.dialogue,
        )
        if reason:
            self.refused.append(NoQuote(start=group[0].start, stop=group[-1].stop, code=reason[0], detail=reason[1]))
            return
        self.quotes.append((_draft(group, attribution, self.passages, self.people.words), _named(speaker)))
        self.spoken.append((group[-1].passage, who, text))
        self.said_until = group[-1].stop

    def introduced(self, group: tuple[Placed, ...]) -> tuple[Attribution | None, str | None]:
        """(who the text around says to have said the words, who that is), by a cue or by the heading above only."""
        context = self._context(group, (0, group[-1].span.ends + REACH))
        contexts = [context]
        if context.whole and context.before.rstrip().endswith((",", "…", "...")):  # `Ann Lee wrote,` above a blockquote
            contexts.append(replace(context, left=context.before, before="", whole=False))
        for around in contexts:
            attribution, speaker = self._attributed(around, group)
            if attribution and (attribution.cued or attribution.rule == "heading_above"):
                return attribution, speaker
        return None, None

    def _attributed(self, context: Context, group: tuple[Placed, ...]) -> tuple[Attribution | None, str | None]:
        """(who said it as written, who that is): a guess that leads to nobody stands only if no other leads further."""
        unknown: Attribution | None = None
        for attribution in attributions_of(context):
            speaker = self._speaker(attribution, context, group)
            if (attribution.cued and unknown is None) or speaker:
                return attribution, speaker
            unknown = unknown or attribution
        return unknown, None

    def _speaker(self, attribution: Attribution, context: Context, group: tuple[Placed, ...]) -> str | None:
        if attribution.rule in GIVEN:
            return attribution.written
        if attribution.written == "I" and self.narrator:
            return self.narrator
        others = [who for _, who, _ in self.spoken[-RECENT:] if who and not who.startswith(STRANGER)]
        turn = self.dialogue and not context.same_paragraph and bool(self.spoken)
        first, written = group[0], attribution.written
        place = _place_of(written, context.left, first)
        # In one sentence who is "he" is not called by his name behind it: not of "he said that Hill …" and "… he told Hill".
        within = (place, first.start) if place < first.start else self._clause_behind(written, context.right, group)
        but = self.people.told_between(*within) if written.lower() in GENDER_OF else ()
        who = self.people.canonical(
            written, place, context.last_speaker, others, turn=turn, but=but,
            since=max(self.said_until, self._above(first)),
        )  # fmt: skip
        if who and attribution.rule in GUESSES and not self.dialogue and not self.people.is_heard(who, written):
            return None
        return None if who and attribution.rule in LABELS and self.people.is_label(who) else who

    def _clause_behind(self, written: str, right: str, group: tuple[Placed, ...]) -> tuple[int, int]:
        """(start, stop) in the body: what is said of a pronoun behind the quote, as in `he told Hill`."""
        piece = _attributing(group)
        begin = self.passages[piece.passage].start + piece.span.ends
        start = f"{right} ".find(f" {written} ", 0, NEAR_PRONOUN)
        end = CLAUSE_END.search(right, start + len(written)) if start >= 0 else None
        return (begin + start, begin + (end.start() if end else len(right))) if start >= 0 else (0, 0)

    def _answerer(self, first: Placed) -> str | None:
        """Whose turn it is; where only one has spoken so far, whoever else the story was about last."""
        known = answerer(self.spoken, first.passage, self.people.gender)
        if known or not self.spoken or first.passage - self.spoken[-1][0] > MAX_PAUSE:
            return known
        last = self.spoken[-1][1]
        return self.people.bystander(first.start, last) if last else None

    def _named_above(self, number: int) -> bool:
        """Does a name stand above the quote and, where names and quotes take turns, above the first of them?"""
        known = number > 0 and signature(self.texts[number - 1]) is not None
        if known and number > 1 and not self.texts[number - 2].strip(BLANK):
            known = self.names_above.get(number - 2, known)
        self.names_above[number] = known
        return known

    def _above(self, piece: Placed) -> int:
        """Where the paragraph before that of the piece begins."""
        return self.passages[max(0, piece.passage - 1)].start

    def _context(self, group: tuple[Placed, ...], window: tuple[int, int]) -> Context:
        first, final = group[0], _attributing(group)
        before, after = self.texts[first.passage], self.texts[final.passage]
        left = before[max(window[0], first.span.opens - REACH) : first.span.opens]
        right = after[final.span.ends : min(window[1], final.span.ends + REACH)]
        last = self.spoken[-1] if self.spoken else (-NEAR, None, "")
        return Context(
            text=self.passages[first.passage].text[first.span.start : first.span.stop],
            left=left,
            right=right,
            before=self.texts[first.passage - 1] if first.passage else "",
            after=self.texts[final.passage + 1] if final.passage + 1 < len(self.texts) else "",
            heading=self.headings[first.passage],
            whole=not left.strip(" -–—") and not right.strip(" .,-–—"),
            named_above=self._named_above(first.passage),
            same_paragraph=last[0] == first.passage,
            adjacent=first.passage - last[0] <= 1,
            dialogue=self.dialogue,
            last_speaker=last[1] if first.passage - last[0] < NEAR else None,
            answerer=self._answerer(first) if self.dialogue else None,
            reporter=lambda: self.people.reporter(self._above(first), first.start),
            chunks=self.chunks,
        )


def _attributing(group: tuple[Placed, ...]) -> Placed:
    """The piece behind which it stands who speaks: what splits a quote attributes it."""
    return next((one for one, other in pairwise(group) if one.passage == other.passage), group[-1])


def _named(speaker: str | None) -> str | None:
    return None if speaker and speaker.startswith(STRANGER) else speaker


def _place_of(written: str, left: str, piece: Placed) -> int:
    """Where the body has the pronoun of the sentence before a quote; a name behind it is somebody else."""
    sentence = left[max(left.rfind(end) for end in ".!?") + 1 :]
    at = f" {sentence}".rfind(f" {written} ") if written.lower() in PRONOUNS else -1
    return piece.start - (len(sentence) - at) if at >= 0 else piece.start


def _headings(passages: Sequence[Passage]) -> list[str]:
    """The heading above each passage."""
    found: list[str] = []
    heading = ""
    for passage in passages:
        heading = passage.text if passage.heading else heading
        found.append(heading)
    return found


def _draft(
    group: tuple[Placed, ...], attribution: Attribution | None, passages: Sequence[Passage], words: Vocabulary
) -> Draft:
    whole = passages[group[0].passage]
    alone = len(whole.text) - (group[-1].stop - group[0].start) <= 4
    return Draft(
        parts=tuple((piece.start, piece.stop) for piece in group),
        passage=group[0].passage,
        kind="block"
        if whole.quoted or (alone and attribution is not None and attribution.rule == "colon_paragraph")
        else "inline_direct",
        rule=attribution.rule if attribution else "no_speaker",
        written=_named(attribution.written) if attribution else None,
        confidence=confidence_of(attribution, words) if attribution else 0.4,
    )
