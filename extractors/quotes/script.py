"""`Speaker : text` lines of scripts, transcripts and quote pages, with a guard against metadata lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.articles.dates import MONTHS
from extractors.quotes.names import HONORIFIC, ordinary_words
from extractors.quotes.vocabulary import first_names, vocabulary

MAX_SPEAKER_WORDS = 5
MAX_LABEL = 260  # characters before which the colon of a turn stands, its direction included
SPEAKER_LINE = re.compile(
    r"(?P<speaker>[^\W\d_][^:：\[\]()\"“”]{0,48}?)(?P<note> ?(?:\([^()]{1,60}\)|\[[^\[\]]{1,200}\]))?\s?[:：](?=\s|\[|[\"“])\s*(?P<text>\S.*)",
    re.DOTALL,
)
NAME_WORD = re.compile(r"(?:[A-Z0-9][\w.'’&/#-]*|de|van|von|der|den|la|le|du|of|the|and|&|al|bin|y|\d+)$")
STAGE = re.compile(r"\[(?!\.\.\.\]|…\]|sic\])\s*([^\[\]]{1,300}?)\s*\]")
SPOKEN_END = re.compile(r"(?:[.!?…\-–—][\"'”’*]*|:\s?)\s*(?:\[[^\]]*\])?$")
MIN_SPOKEN = 0.5  # share of a label's texts that end like a sentence; values of metadata seldom do
MIN_LINES = 3  # fewer lines of this form on a page are headings with a colon rather than a script
MIN_NAMED, MIN_LIVELY = 0.5, 0.3  # shares of labels that can be names, and of texts that somebody says to somebody
LIVELY = re.compile(r"[?!]|\b(?:I|me|my|we)\b|\bI[’']")
MIN_LETTERS = 3  # of a word that shows whether a label is an ordinary phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """`speaker` says what stands in text[start:]; `note` is a direction written beside the name."""

    speaker: str
    note: str | None
    start: int


@cache
def metadata_labels() -> frozenset[str]:
    """What stands before a colon without being a speaker, lower case ("genre", "director", "related")."""
    lines = (files("extractors.quotes") / "metadata_labels.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def script_line(text: str) -> ScriptLine | None:
    """The line as a turn of a script, if it has the form of one and its label is no metadata label."""
    match = SPEAKER_LINE.match(text) if _has_colon(text[:MAX_LABEL]) else None
    if not match:
        return None
    speaker = " ".join(match["speaker"].split()).rstrip(" -–—")
    words = speaker.split()
    if not speaker or len(words) > MAX_SPEAKER_WORDS or speaker.lower() in metadata_labels():
        return None
    if not all(NAME_WORD.match(word) for word in words) or speaker[0].islower() or _is_day(words):
        return None
    note = match["note"].strip(" ()[]") if match["note"] else None
    if note and not any(map(str.isalpha, note)):  # "Price (10): …" counts something
        return None
    return ScriptLine(speaker=speaker, note=note, start=match.start("text"))


def _is_day(words: Sequence[str]) -> bool:
    """Is it the day of a list of dates ("June 15", but not "Marine 2")?"""
    return words[0].lower().rstrip(".") in MONTHS and len(words) > 1 and all(map(str.isdigit, words[1:]))


def _has_colon(text: str) -> bool:
    return ":" in text or "：" in text


def script_lines(texts: Sequence[str]) -> dict[int, ScriptLine]:
    """The script lines of a page by their index in `texts`; empty where it has too few to be a script.

    A label is a speaker when it comes again or stands beside other turns, and when what follows it reads like speech
    rather than a value: `Screen size: 15 inches` has the form of a turn, too. So has `Plan Ahead: Lists save time.`; but
    the page has words of such labels in lower case as well, nobody is called by them, and nobody is spoken to.
    """
    forms = {index: line for index, text in enumerate(texts) if _has_colon(text) and (line := script_line(text))}
    if len(forms) < MIN_LINES:
        return {}
    by_label: dict[str, list[int]] = {}
    for index, line in forms.items():
        by_label.setdefault(line.speaker, []).append(index)
    spoken = {label: _share_spoken([texts[i] for i in found]) >= MIN_SPOKEN for label, found in by_label.items()}
    again = {i for label, found in by_label.items() if len(found) > 1 and spoken[label] for i in found}
    accepted = again | {
        i for run in _runs(sorted(forms)) if len(run) >= MIN_LINES for i in run if spoken[forms[i].speaker]
    }
    accepted |= {i for i in forms if {i - 2, i - 1, i + 1, i + 2} & accepted and spoken[forms[i].speaker]}
    script = {i: forms[i] for i in sorted(accepted)}
    return script if len(script) >= MIN_LINES and _talks(script, texts) else {}


def _talks(script: Mapping[int, ScriptLine], texts: Sequence[str]) -> bool:
    """Are the labels people, rather than the headings of a list?"""
    people = sum(_called(line.speaker) for line in script.values())
    lively = sum(LIVELY.search(texts[i], line.start) is not None for i, line in script.items())
    if max(people / MIN_NAMED, lively / MIN_LIVELY) < len(script):
        return False
    ordinary = ordinary_words(texts)
    named = sum(_called(line.speaker) or not _is_phrase(line.speaker, ordinary) for line in script.values())
    return named >= MIN_NAMED * len(script)


def _called(label: str) -> bool:
    """Is somebody called so: by a first name, a title or a role ("Guard 2", no "Guard Rail")?"""
    words = re.findall(r"[^\W\d_]+", label.lower())
    return words[-1] in vocabulary("en").roles or any(word in first_names() or word in HONORIFIC for word in words)


def _is_phrase(label: str, ordinary: Mapping[str, int]) -> bool:
    """Does the page have a word of the label in lower case?"""
    return any(len(word) >= MIN_LETTERS and word in ordinary for word in re.findall(r"[^\W\d_]+", label.lower()))


def _share_spoken(texts: list[str]) -> float:
    return sum(bool(SPOKEN_END.search(text)) for text in texts) / len(texts)


def _runs(indices: list[int]) -> list[list[int]]:
    """The indices cut where two neighbours are more than a stage direction apart."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and index - runs[-1][-1] <= 2:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def spoken_parts(text: str, start: int) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...]]:
    """(the slices of text[start:] that are spoken, the stage directions between them)."""
    parts: list[tuple[int, int]] = []
    directions: list[str] = []
    place = start
    for match in STAGE.finditer(text, start):
        parts.append((place, match.start()))
        directions.append(match[1])
        place = match.end()
    parts.append((place, len(text)))
    return tuple(trimmed for part in parts if (trimmed := _trimmed(text, part))), tuple(directions)


def _trimmed(text: str, part: tuple[int, int]) -> tuple[int, int] | None:
    piece = text[part[0] : part[1]]
    start = part[0] + len(piece) - len(piece.lstrip())
    stop = start + len(piece.strip())
    return (start, stop) if any(map(str.isalnum, piece)) else None


def unquoted(text: str, parts: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The parts without the quotation marks around the whole, if it stands in marks."""
    if len(parts) == 1:
        start, stop = parts[0]
        if text[start] in '"“' and text[stop - 1] in '"”' and not set('"“”') & set(text[start + 1 : stop - 1]):
            return ((start + 1, stop - 1),)
    return tuple(parts)
