"""`make bench-quotes PAGES=folder`: found quotes, their speakers and their confidence beside answers made by hand.

The folder holds pages.jsonl ({"page", "text"}) and quotes.jsonl ({"page", "text", "speaker", "speaker_as_written",
"speaker_aliases", "kind", "disputed"}). A found quote is right when it shares 80 % of its words with an answer, one to
one; a speaker when one name's words hold the other's, or nobody is named where nobody can be. Answers of kind
`not_a_quote` are wrong to find, `partial` ones are counted apart, disputed ones not at all. Figures stand for the pages
that were looked at while the rules were written and for those that were only scored (by parity of the SHA-256 of the
page's name), then for each rule, and for the confidence that goes with each quote.
"""

import hashlib
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Page, Quote

TODAY = date(2026, 1, 1)
MIN_OVERLAP = 0.8
WORD = re.compile(r"\w+")
TITLES = frozenset(["the", "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "a", "an"])
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


class Answer(TypedDict):
    page: str
    text: str
    speaker: str | None
    speaker_as_written: str | None
    speaker_aliases: list[str] | None
    kind: str
    disputed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An answer and the quote that was found for it."""

    answer: Answer
    found: Quote | None
    looked_at: bool

    @property
    def speaker_counts(self) -> bool:
        """Is the speaker of this answer judged?"""
        return self.answer["kind"] not in ("not_a_quote", "partial") and not self.answer.get("disputed")

    @property
    def right(self) -> bool:
        """Was it found, with the right speaker?"""
        return self.found is not None and _speaker_right(self.answer, self.found.speaker)


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.lower().replace("’", "'")))


def _overlap(a: Counter[str], b: Counter[str]) -> float:
    return (a & b).total() / max(1, (a | b).total())


def _same_name(a: str | None, b: str | None) -> bool:
    x, y = (set(WORD.findall((name or "").lower())) - TITLES for name in (a, b))
    return bool(x and y) and (x <= y or y <= x)


def _speaker_right(answer: Answer, found: str | None) -> bool:
    names = [answer["speaker"], *(answer.get("speaker_aliases") or [])]
    if any(_same_name(found, name) for name in names):
        return True
    return not answer["speaker"] and (not found or _same_name(found, answer.get("speaker_as_written")))


def pairs_of(page: str, answers: Sequence[Answer], quotes: Sequence[Quote]) -> list[Pair]:
    """Each answer with the quote that fits it best, each quote at most once."""
    fits = sorted(
        (
            (score, answer["kind"] != "not_a_quote", -abs(at - number), number, at)
            for number, answer in enumerate(answers)
            for at, quote in enumerate(quotes)
            if (score := _overlap(_words(answer["text"]), _words(quote.text))) >= MIN_OVERLAP
        ),
        reverse=True,
    )
    chosen: dict[int, int] = {}
    for *_, number, at in fits:
        if number not in chosen and at not in chosen.values():
            chosen[number] = at
    looked_at = int(hashlib.sha256(page.encode()).hexdigest(), 16) % 2 == 0
    return [
        Pair(answer=answer, found=quotes[chosen[number]] if number in chosen else None, looked_at=looked_at)
        for number, answer in enumerate(answers)
    ]


def _figures(pairs: Iterable[Pair], surplus: int) -> str:
    rows = [pair for pair in pairs if not (pair.answer.get("disputed") or "").strip() or pair.speaker_counts]
    wanted = [pair for pair in rows if pair.answer["kind"] not in ("not_a_quote", "partial")]
    partial = [pair for pair in rows if pair.answer["kind"] == "partial"]
    wrong = [pair for pair in rows if pair.answer["kind"] == "not_a_quote"]
    hit = [pair for pair in wanted if pair.found]
    precision = len(hit) / max(1, len(hit) + surplus + sum(pair.found is not None for pair in wrong))
    recall = len(hit) / max(1, len(wanted))
    f = 2 * precision * recall / max(1e-9, precision + recall)
    right = sum(pair.right for pair in hit)
    return (
        f"| {len(wanted)} | {f:.3f} | {right / max(1, len(hit)):.3f} | {right / max(1, len(wanted)):.3f} "
        f"| {sum(pair.found is not None for pair in partial)} of {len(partial)} "
        f"| {sum(pair.found is not None for pair in wrong)} of {len(wrong)} |"
    )


def _calibration(pairs: Iterable[Pair]) -> Iterable[str]:
    """Confidence against accuracy, in bins and by rule."""
    judged = [(pair, pair.found) for pair in pairs if pair.speaker_counts and pair.found]
    yield "| confidence | quotes | mean | speaker right |\n|---|---|---|---|"
    for low, high in pairwise(BINS):
        inside = [(pair, quote) for pair, quote in judged if low <= quote.confidence < high]
        if inside:
            mean = sum(quote.confidence for _, quote in inside) / len(inside)
            yield f"| {low}–{high} | {len(inside)} | {mean:.2f} | {sum(p.right for p, _ in inside) / len(inside):.2f} |"
    yield "\n| rule | quotes | confidence | speaker right |\n|---|---|---|---|"
    rules: dict[str, list[tuple[Pair, Quote]]] = defaultdict(list)
    for pair, quote in judged:
        rules[quote.rule].append((pair, quote))
    for rule, found in sorted(rules.items(), key=lambda item: -len(item[1])):
        mean = sum(quote.confidence for _, quote in found) / len(found)
        yield f"| {rule} | {len(found)} | {mean:.2f} | {sum(pair.right for pair, _ in found) / len(found):.2f} |"


def _quotes_of(text: str) -> list[Quote]:
    (page,) = pages_in(text.encode(), uri="page.txt")
    return list(extraction_of(page, today=TODAY).quotes) if isinstance(page, Page) else []


def main(folder: Path) -> None:
    """Print the tables of docs/quotes.md."""
    answers: Mapping[str, list[Answer]] = defaultdict(list)
    for line in (folder / "quotes.jsonl").read_text("utf-8").splitlines():
        row: Answer = json.loads(line)
        answers[row["page"]].append(row)
    pairs: list[Pair] = []
    surplus = {True: 0, False: 0}
    seconds = size = 0.0
    for line in (folder / "pages.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        begin = time.process_time()
        quotes = _quotes_of(page["text"])
        seconds += time.process_time() - begin
        size += len(page["text"])
        found = pairs_of(page["page"], answers[page["page"]], quotes)
        pairs += found
        known = [_words(answer["text"]) for answer in answers[page["page"]]]
        looked_at = int(hashlib.sha256(page["page"].encode()).hexdigest(), 16) % 2 == 0
        surplus[looked_at] += sum(
            all(_overlap(_words(quote.text), words) < MIN_OVERLAP for words in known) for quote in quotes
        )
    print(
        "| pages | quotes | F | speaker | end to end | partial found | no quote, found |\n|---|---|---|---|---|---|---|"
    )
    for name, half in (("looked at", True), ("only scored", False)):
        print(f"| {name} {_figures([pair for pair in pairs if pair.looked_at is half], surplus[half])}")
    print(f"| all {_figures(pairs, sum(surplus.values()))}\n")
    print("\n".join(_calibration(pairs)))
    print(f"\nWhole extraction: {size / 1000 / seconds:.0f} KB/s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
