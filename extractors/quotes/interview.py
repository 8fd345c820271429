"""Turns that the markup of an article shows: interviews by labels, by bold or class-marked questions, by <dt> and <dd>;
and quotes under the name of the person who said them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from selectolax.lexbor import LexborNode

from extractors.articles.names import looks_like_name
from extractors.blocks.walk import BREAKING, HEADINGS, SORTS
from extractors.quotes.place import Shown, firm
from extractors.quotes.scan import spans_in
from extractors.quotes.statements import Statement, credited
from extractors.records import Block, QuoteKind

MAX_BOLD = 600  # characters of a question
OPENING = 3  # characters of a bold text by which most of what is none is told
FOLLOWING = 24  # characters behind a bold text that tell it from the same text elsewhere
MAX_LABEL_WORDS = 5
MIN_QUESTIONS = 3  # fewer are questions that a text asks itself
MIN_TURNS, MIN_OF_EACH = 4, 2  # labelled turns in all, and of each of the two who speak most
MAX_PARAGRAPHS = 12  # of one answer
ASKS = frozenset(("q", "question", "interviewer", "frage", "pregunta"))
ANSWERS = frozenset(("a", "answer", "antwort", "respuesta"))
LETTER = re.compile(r"(?P<label>Q|A|Question|Answer|Frage|Antwort)\s*(?:\d{1,2}\s*)?[:.–—-]\s+(?=\S)")
INTERVIEW = re.compile(
    r"\binterview|\bq\s?(?:&|and|\+)\s?a\b|\bin conversation\b|\b(?:spoke|speaks|talk(?:s|ed)?|chat(?:s|ted)?|sat down|sits down"
    r"|caught up|catches up|conversation) (?:to|with|about)\b|\bquestions (?:for|with|to)\b|\bask(?:s|ed) (?:him|her|them)\b",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(r"\b(?:I|I[’']\w+|my|me|we|our|ich|wir|je|nous|yo)\b")
MIN_FIRST_PERSON = 0.6  # share of the answers
MIN_QUOTED, MAX_QUOTING = 25, 0.5  # characters of a quote in an answer; share of the answers that have one
MIN_ASKED = 0.5  # share of the turns of the one who asks that are questions
QUESTION_CLASS = re.compile(r"(?:^|[.#_-])(?:question|interviewer|intrvwr|qa-q)s?(?:$|[._-])")
COMMON_QUESTIONS = re.compile(r"faq|quiz|survey|accordion")
NAME = re.compile(r"(?:[A-ZÀ-ÞŠŽ][\w.’'-]+ ){1,3}[A-ZÀ-ÞŠŽ][\w’'-]+")
WITH = re.compile(rf"\b(?:[Ww]ith|WITH|[Ii]nterview:|Q&A:)\s+(?:\w+ ){{0,3}}?(?P<name>{NAME.pattern})")
QUOTES = re.compile(r"\b(?:quotes|quotations|sayings|words of)\b", re.IGNORECASE)
LEAD = 6  # blocks before the first question that may say who is asked
MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class Bold:
    """The texts of a page's bold elements, each with the beginnings of what follows it ("" where a paragraph ends), all
    without white space and marks; `openings` are their first characters, OPENING at most.
    """

    texts: Mapping[str, tuple[str, ...]]
    openings: frozenset[str]

    def begins(self, text: str) -> bool:
        """Can the text begin with one of them? Most paragraphs cannot, and looking closer costs much more."""
        first = firm(text[: 4 * OPENING])[:OPENING]
        return len(first) < OPENING or not self.openings.isdisjoint((first[:1], first[:2], first))

    def holds(self, text: str) -> bool:
        """Is the whole text one of them?"""
        return self.begins(text) and firm(text) in self.texts


def bold_texts(bold: Iterable[LexborNode]) -> Bold:
    """The texts of the bold elements of a page."""
    found: dict[str, list[str]] = {}
    for node in bold:
        text = node.text()
        if len(text) <= MAX_BOLD:
            beside = node.next
            after = beside.text() if beside is not None and SORTS.get(beside.tag or "") not in BREAKING else ""
            found.setdefault(firm(text), []).append(firm(after[:FOLLOWING]))
    texts = {text: tuple(dict.fromkeys(after)) for text, after in found.items() if text}
    return Bold(texts, frozenset(text[:OPENING] for text in texts))


def turns_in(blocks: Sequence[Block], bold: Bold, title: str | None) -> list[Shown]:
    """The turns of an article's blocks: of labels if it has them, else of questions; and what stands under names."""
    found = _labelled(blocks, bold, title) or _asked(blocks, bold, title)
    return found + _under_names(blocks, bold, title or "")


def _labelled(blocks: Sequence[Block], bold: Bold, title: str | None) -> list[Shown]:
    """The turns of an interview by the labels they begin with; values behind labels (`Light: indirect`) are none."""
    labels = [_label(block, bold, blocks[n - 1] if n else None) for n, block in enumerate(blocks)]
    counts = Counter(label for label, _ in filter(None, labels))
    common = counts.most_common()
    if len(common) < 2 or counts.total() < MIN_TURNS or common[1][1] < MIN_OF_EACH:
        return []
    turns = [(n, *label) for n, label in enumerate(labels) if label and counts[label[0]] >= MIN_OF_EACH]
    first, asks = turns[0][0], _asker(turns, blocks)
    told = [blocks[n].text for n, label, _ in turns if label != asks]
    if asks is None or not _about_interview(blocks[:first], title) or not _personal(told):
        return []
    person = _interviewee(blocks[:first], title)
    stretches = _stretches([(n, start) for n, _, start in turns], blocks, bold)
    return [
        Shown(statement=_said(label, person, asks=label == asks), pieces=pieces)
        for (_, label, _), pieces in zip(turns, stretches, strict=True)
    ]


def _said(label: str, person: str | None, *, asks: bool) -> Statement:
    speaker = person if label.lower() in ANSWERS else None if label.lower() in ASKS else label
    kind: QuoteKind = "interview_question" if asks else "interview_answer"
    return Statement(
        paragraphs=(), speaker=speaker, written=label, kind=kind, rule="turn_label", confidence=0.93, exchange=0
    )  # fmt: skip


def _personal(texts: Sequence[str]) -> bool:
    """Do they speak of themselves? People who are asked do; a list of common questions does not, nor does a report that
    quotes them.
    """
    spoken = sum(FIRST_PERSON.search(text) is not None for text in texts)
    quoting = sum(any(span.stop - span.start >= MIN_QUOTED for span in spans_in(text)) for text in texts)
    return spoken >= MIN_FIRST_PERSON * len(texts) and quoting <= MAX_QUOTING * len(texts)


def _label(block: Block, bold: Bold, before: Block | None) -> tuple[str, int] | None:
    """(who speaks, where the words begin) of a block that begins with a label."""
    if block.tag in HEADINGS or block.tag == "dt":
        return None
    if block.tag == "dd" and before is not None and before.tag == "dt":
        name = credited(before.text)
        return (name, 0) if name and not before.text.endswith("?") else None
    letter = LETTER.match(block.text)
    if letter:
        return letter["label"], letter.end()
    if not bold.begins(block.text):
        return None
    place, words = 0, 0
    for match in re.finditer(r"\S+", block.text[: MAX_NAME + 2]):
        place, words = match.end(), words + 1
        if words > MAX_LABEL_WORDS or place >= len(block.text):
            return None
        rest = block.text[place:]
        if _followed(bold.texts.get(firm(block.text[:place]), ()), rest):
            label = block.text[:place].rstrip(" :")
            start = len(block.text) - len(rest.lstrip(" :–—\n"))
            return (label, start) if credited(label) == label and not label.endswith((".", "!", "?")) else None
    return None


def _followed(beginnings: Sequence[str], rest: str) -> bool:
    """Does one of them begin the rest of the block?"""
    if not beginnings:
        return False
    text = firm(rest[: 2 * FOLLOWING])
    return any(text.startswith(after) for after in beginnings if after)


def _asker(turns: Sequence[tuple[int, str, int]], blocks: Sequence[Block]) -> str | None:
    """The label whose turns end in a question mark, if there is one."""
    asked = Counter(label for n, label, _ in turns if blocks[n].text.rstrip(' ”"').endswith("?"))
    told = Counter(label for _, label, _ in turns)
    most = max(told, key=lambda label: (label.lower() in ASKS, asked[label] / told[label], told[label]))
    return most if most.lower() in ASKS or asked[most] >= MIN_ASKED * told[most] else None


def _asked(blocks: Sequence[Block], bold: Bold, title: str | None) -> list[Shown]:
    """Questions that stand out, and what follows each."""
    questions = [n for n, block in enumerate(blocks) if _is_question(block, bold)]
    if len(questions) < MIN_QUESTIONS or not _about_interview(blocks[: questions[0]], title):
        return []
    marks = [n + 1 for n in questions if n + 1 < len(blocks) and not _stands_out(blocks[n + 1], bold)]
    answers = _stretches([(n, 0) for n in marks], blocks, bold, ends=frozenset(questions))
    texts = {block.position: block.text for block in blocks}
    if not answers or not _personal([" ".join(texts[at] for at, _, _ in pieces) for pieces in answers]):
        return []
    person = _interviewee(blocks[: questions[0]], title)
    found = [_turn((_whole(blocks[n]),), None, "interview_question") for n in questions]
    return found + [_turn(pieces, person, "interview_answer") for pieces in answers]


def _turn(pieces: tuple[tuple[int, int, int], ...], person: str | None, kind: QuoteKind) -> Shown:
    statement = Statement(
        paragraphs=(), speaker=person, written=person, kind=kind, rule="turn_question", confidence=0.85, exchange=0
    )  # fmt: skip
    return Shown(statement=statement, pieces=pieces)


def _is_question(block: Block, bold: Bold) -> bool:
    if not block.text.rstrip(' ”"*').endswith("?") or any(COMMON_QUESTIONS.search(label) for label in block.path):
        return False
    return _stands_out(block, bold) or any(QUESTION_CLASS.search(label) for label in block.path[-2:])


def _stands_out(block: Block, bold: Bold) -> bool:
    return block.tag in HEADINGS or block.tag == "dt" or bold.holds(block.text)


def _stretches(
    starts: Sequence[tuple[int, int]], blocks: Sequence[Block], bold: Bold, ends: frozenset[int] = frozenset()
) -> list[tuple[tuple[int, int, int], ...]]:
    """For each turn that begins at (block, character) its pieces, up to the next turn, end or heading. Of the last one
    only its first block: nothing tells where it ends.
    """
    found = []
    for (n, start), (after, _) in pairwise([*starts, (starts[-1][0] + 1, 0)] if starts else []):
        pieces = [(blocks[n].position, start, len(blocks[n].text))]
        for block, number in zip(blocks[n + 1 : after], range(n + 1, after), strict=True):
            if number in ends or _stands_out(block, bold) or len(pieces) == MAX_PARAGRAPHS:
                break
            pieces.append(_whole(block))
        found.append(tuple(pieces))
    return found


def _whole(block: Block) -> tuple[int, int, int]:
    return block.position, 0, len(block.text)


def _about_interview(lead: Sequence[Block], title: str | None) -> bool:
    return any(INTERVIEW.search(text) for text in (title or "", *(block.text for block in lead[-LEAD:])))


def _interviewee(lead: Sequence[Block], title: str | None) -> str | None:
    """Who is asked: the person the title names, or the one whom the text before the first question names most."""
    told = " ".join(block.text for block in lead[-LEAD:])
    named = WITH.search(title or "")
    if named and looks_like_name(named["name"]):
        return str(named["name"])
    counts = Counter(match[0] for match in NAME.finditer(told) if looks_like_name(match[0]))
    in_title = [name for name in counts if title and name.rsplit(" ", 1)[-1] in title]
    if in_title:
        return max(in_title, key=lambda name: counts[name])
    top = counts.most_common(2)
    return top[0][0] if top and (len(top) == 1 or top[0][1] > top[1][1]) else None


def _under_names(blocks: Sequence[Block], bold: Bold, title: str) -> list[Shown]:
    """Blocks that are one quote each, under a heading that is no more than a name. Without marks around them only in
    lists of quotes.
    """
    names = [
        n
        for n, block in enumerate(blocks)
        if len(block.text) <= MAX_NAME and _stands_out(block, bold) and _is_name(block.text)
    ]
    list_of_quotes = len(names) >= MIN_QUESTIONS and QUOTES.search(title) is not None
    return [
        Shown(
            statement=Statement(
                paragraphs=(), speaker=blocks[n].text, written=blocks[n].text, kind="list_item", rule="name_heading", confidence=0.85
            ),
            pieces=(piece,),
        )
        for n, after in pairwise([*names, len(blocks)])
        for piece in _listed(blocks[n + 1 : after], bold, unmarked=list_of_quotes)
    ]  # fmt: skip


def _is_name(text: str) -> bool:
    return credited(text) == text and looks_like_name(text)


def _listed(blocks: Sequence[Block], bold: Bold, *, unmarked: bool) -> Iterator[tuple[int, int, int]]:
    for block in blocks:
        if _stands_out(block, bold):
            return
        spans = spans_in(block.text)
        if len(spans) == 1 and spans[0].start == 1 and len(block.text) - spans[0].stop <= 2:
            yield block.position, spans[0].start, spans[0].stop
        elif (unmarked and block.tag == "li" and not spans) or any(
            label.startswith("blockquote") for label in block.path
        ):
            yield _whole(block)
        else:
            return
