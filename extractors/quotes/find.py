"""All quotes of one article: script lines first, then prose in the passages that are none."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from extractors.quotes.epigraphs import epigraphs
from extractors.quotes.passages import Draft, NoQuote, Passage
from extractors.quotes.people import PRONOUNS
from extractors.quotes.prose import Prose
from extractors.quotes.script import script_lines, spoken_parts, unquoted
from extractors.records import Quote, uuid_of

CONTEXT = 160  # characters kept on each side of a quote


def quotes_of(
    article_id: UUID, body: str, passages: Sequence[Passage], authors: Sequence[str] = ()
) -> tuple[tuple[Quote, ...], tuple[NoQuote, ...]]:
    """The quotes of an article in page order, and the words in marks that are none, with the reason.

    The only one of `authors` is who "I" means.
    """
    script = script_lines([passage.text for passage in passages])
    drafts: list[tuple[Draft, str | None]] = []
    refused: list[NoQuote] = []
    for number, line in script.items():
        passage = passages[number]
        parts, directions = spoken_parts(passage.text, line.start)
        if line.note:
            directions = (line.note, *directions)
        parts = unquoted(passage.text, parts)
        if not parts:
            refused.append(
                NoQuote(
                    start=passage.start,
                    stop=passage.stop,
                    code="quote.no_words",
                    detail=f"{line.speaker} says nothing: only a stage direction",
                )
            )
            continue
        draft = Draft(
            parts=tuple((passage.start + a, passage.start + b) for a, b in parts),
            passage=number,
            kind="dialogue_line",
            rule="script_line",
            written=line.speaker,
            confidence=0.97,
            directions=directions,
        )
        drafts.append((draft, line.speaker))
    others = [passage for number, passage in enumerate(passages) if number not in script]
    mottoes = epigraphs([passage for passage in others if not passage.heading])
    prose = Prose(others, body, skip=frozenset(mottoes), narrator=authors[0] if len(authors) == 1 else None)
    for start, name in mottoes.items():
        passage = next(passage for passage in others if passage.start == start)
        draft = Draft(
            parts=((passage.start, passage.stop),),
            passage=others.index(passage),
            kind="epigraph",
            rule="quotations_above",
            written=name,
            confidence=0.9,
        )
        drafts.append((draft, prose.people.named(name)))
    found, more = prose.found()
    drafts += found
    refused += more
    drafts.sort(key=lambda item: item[0].parts[0])
    return tuple(_quotes(article_id, body, drafts)), tuple(sorted(refused, key=lambda item: item.start))


def _quotes(article_id: UUID, body: str, drafts: list[tuple[Draft, str | None]]) -> list[Quote]:
    quotes: list[Quote] = []
    seen: dict[str, int] = {}
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
                conversation=None,
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
