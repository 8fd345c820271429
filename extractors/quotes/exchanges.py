"""Which lines answer each other: shown by the elements they stand in, or guessed from who speaks after whom."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extractors.quotes.passages import Draft, Passage

MAX_BETWEEN = 2  # passages (stage directions) between two lines of one exchange
AHEAD = 4  # lines in which those who were talking must speak again for a third voice to be in their exchange

Line = tuple[Draft, str | None]


def with_exchanges(lines: Sequence[Line], passages: Sequence[Passage]) -> list[Line]:
    """The script lines of an article, each with the number of its exchange; lines that nobody answers have none.

    Where the lines stand in several elements (a list or a box for each exchange), those tell. Everywhere else it is a
    guess: an exchange goes on as long as somebody answers somebody who is in it.
    """
    holders = [passages[draft.passage].holder for draft, _ in lines]
    shown = _tells(holders)
    groups: list[list[Line]] = []
    for number, line in enumerate(lines):
        goes_on = bool(groups) and (
            holders[number] == holders[number - 1] if shown else _answers(lines, number, groups[-1])
        )
        if goes_on:
            groups[-1].append(line)
        else:
            groups.append([line])
    found: list[Line] = []
    for number, group in enumerate(groups):
        exchange = number if len({speaker for _, speaker in group}) > 1 else None
        found += [
            (replace(draft, exchange=exchange, guessed=exchange is not None and not shown), speaker)
            for draft, speaker in group
        ]
    return found


def _tells(holders: Sequence[int | None]) -> bool:
    """Do the elements group the lines: several of them, and some with several lines?"""
    counts = Counter(holder for holder in holders if holder is not None)
    return None not in holders and len(counts) > 1 and max(counts.values()) > 1


def _answers(lines: Sequence[Line], number: int, group: Sequence[Line]) -> bool:
    """Does the line belong to the exchange before it? Not if the same person begins anew, nor if a third voice comes in
    and the two before it do not both go on.
    """
    (before, last), (draft, speaker) = lines[number - 1], lines[number]
    if draft.passage - before.passage > MAX_BETWEEN or speaker == last:
        return False
    two = list(dict.fromkeys(voice for _, voice in reversed(group)))[:2]
    ahead = {voice for _, voice in lines[number + 1 : number + 1 + AHEAD]}
    return len(two) < 2 or speaker in {voice for _, voice in group} or ahead >= set(two)


def numbered(drafts: Sequence[Draft]) -> dict[tuple[str, int], int]:
    """(rule, exchange) → the number of the conversation, counted from 0 in the order given; an exchange of one quote is
    none.
    """
    sizes = Counter((draft.rule, draft.exchange) for draft in drafts if draft.exchange is not None)
    return {key: number for number, key in enumerate(key for key, size in sizes.items() if size > 1)}
