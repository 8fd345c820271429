"""All quotes of one article: what its markup shows first, then script lines, then prose in the passages that are left."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from extractors.quotes.epigraphs import epigraphs
from extractors.quotes.exchanges import numbered, with_exchanges
from extractors.quotes.interview import ANSWERS, ASKS
from extractors.quotes.passages import Draft, NoQuote, Passage
from extractors.quotes.people import PRONOUNS
from extractors.quotes.place import Shown
from extractors.quotes.prose import Found, Prose
from extractors.quotes.script import ScriptLine, script_lines, spoken_parts, unquoted
from extractors.quotes.shown import Taken, standing, stated, told_again
from extractors.records import Quote, uuid_of

CONTEXT = 160  # characters kept on each side of a quote
FAQ = re.compile(r"\bFAQs?\b|\bfrequently asked\b|\bquestions (?:and|&) answers\b|\bcommon questions\b", re.IGNORECASE)
MAX_HEADING = 120  # characters


def quotes_of(
    article_id: UUID,
    body: str,
    passages: Sequence[Passage],
    authors: Sequence[str] = (),
    shown: Sequence[Shown] = (),
) -> tuple[tuple[Quote, ...], tuple[NoQuote, ...]]:
    """The quotes of an article in page order, and the words in marks that are none, with the reason.

    The only one of `authors` is who "I" means. `shown` are the statements of the page's markup; those whose words are in
    the body come before all other rules.
    """
    stands = standing(shown, passages)
    script = script_lines(["" if number in stands.covered else passage.text for number, passage in enumerate(passages)])
    lines, refused = _script_quotes(script, passages)
    others = [passage for number, passage in enumerate(passages) if number not in script]
    again, repeats = told_again(others)
    closed = (
        again | {passages[number].start for number in stands.covered} | {item.start for item in others if item.note}
    )
    mottoes = epigraphs([passage for passage in others if not passage.heading])
    narrator = authors[0] if len(authors) == 1 else None
    prose = Prose(others, body, skip=frozenset(mottoes) | closed, narrator=narrator, asked=bool(stands.placed))
    first = stated(stands, passages, prose)
    taken = Taken(first)
    later = [*lines, *_epigraphs(mottoes, others, prose)]
    found, more = prose.found()
    drafts = [*first, *(item for item in (*later, *found) if taken.leaves(item[0]))]
    drafts.sort(key=lambda item: item[0].parts[0])
    refused += [*stands.refused, *repeats, *(item for item in more if not taken.touches(item.start, item.stop))]
    return tuple(_quotes(article_id, body, drafts)), tuple(sorted(refused, key=lambda item: item.start))


def _script_quotes(script: Mapping[int, ScriptLine], passages: Sequence[Passage]) -> tuple[list[Found], list[NoQuote]]:
    """The script lines as quotes, with their exchanges; lines of nothing but directions are refused."""
    drafts: list[Found] = []
    refused: list[NoQuote] = []
    answered = frozenset(_frequently_asked(script, passages))
    for number, line in script.items():
        passage = passages[number]
        if number in answered:
            detail = "in a list of questions and answers, said by nobody"
            refused.append(NoQuote(start=passage.start, stop=passage.stop, code="quote.faq", detail=detail))
            continue
        parts, directions = spoken_parts(passage.text, line.start)
        if line.note:
            directions = (line.note, *directions)
        parts = unquoted(passage.text, parts)
        if not parts:
            detail = f"{line.speaker} says nothing: only a stage direction"
            refused.append(NoQuote(start=passage.start, stop=passage.stop, code="quote.no_words", detail=detail))
            continue
        unnamed = _is_unnamed(line)
        draft = Draft(
            parts=tuple((passage.start + a, passage.start + b) for a, b in parts),
            passage=number,
            kind="dialogue_line",
            rule="script_line",
            written=line.speaker,
            confidence=0.6 if unnamed else 0.97,
            directions=directions,
        )
        drafts.append((draft, None if unnamed else line.speaker))
    return with_exchanges(drafts, passages), refused


def _frequently_asked(script: Mapping[int, ScriptLine], passages: Sequence[Passage]) -> Iterator[int]:
    """The "Q:" and "A:" lines under a heading that calls them frequent questions, and no interview."""
    under = False
    for number, passage in enumerate(passages):
        if number in script:
            if under and _is_unnamed(script[number]):
                yield number
        elif len(passage.text) <= MAX_HEADING and FAQ.search(passage.text):
            under = True
        elif passage.heading:
            under = False


def _is_unnamed(line: ScriptLine) -> bool:
    return line.speaker.lower() in ASKS | ANSWERS


def _epigraphs(mottoes: Mapping[int, str], passages: Sequence[Passage], prose: Prose) -> list[Found]:
    """Whole passages that a later one calls quotations of somebody."""
    drafts: list[Found] = []
    for number, passage in enumerate(passages):
        name = mottoes.get(passage.start)
        if name:
            draft = Draft(
                parts=((passage.start, passage.stop),),
                passage=number,
                kind="epigraph",
                rule="quotations_above",
                written=name,
                confidence=0.9,
            )
            drafts.append((draft, prose.people.named(name)))
    return drafts


def _quotes(article_id: UUID, body: str, drafts: list[Found]) -> list[Quote]:
    quotes: list[Quote] = []
    seen: dict[str, int] = {}
    conversations = numbered([draft for draft, _ in drafts])
    for position, (draft, speaker) in enumerate(drafts):
        text = text_of_parts(body, draft.parts)
        occurrence = seen[text] = seen.get(text, -1) + 1
        start, stop = draft.parts[0][0], draft.parts[-1][1]
        quotes.append(
            Quote(
                quote_id=uuid_of(str(article_id), text, str(occurrence)),
                article_id=article_id,
                position=position,
                text=text,
                speaker=speaker if speaker and speaker.lower() not in PRONOUNS else None,
                speaker_as_written=draft.written,
                kind=draft.kind,
                stage_directions=draft.directions,
                conversation=conversations.get((draft.rule, draft.exchange)) if draft.exchange is not None else None,
                conversation_guessed=draft.guessed,
                parts=draft.parts,
                start=start,
                stop=stop,
                rule=draft.rule,
                confidence=draft.confidence,
                before=body[max(0, start - CONTEXT) : start],
                after=body[stop : stop + CONTEXT],
            )
        )
    return quotes


def text_of_parts(body: str, parts: Sequence[tuple[int, int]]) -> str:
    """The quote's text: its parts joined by a space, or by a newline where a paragraph ends between two of them."""
    text = body[parts[0][0] : parts[0][1]]
    for (_, stop), (start, end) in pairwise(parts):
        text += ("\n" if "\n\n" in body[stop:start] else " ") + body[start:end]
    return text
