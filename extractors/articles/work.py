"""The film, book or other work an article is about."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from extractors.records import Work, WorkType, uuid_of

TITLED = re.compile(
    r"[\"“‘'*_]?(?P<title>[A-Z0-9][^()\n\"”]{0,80}?)[\"”’'*_]? \((?:film |movie |series |book )?(?P<year>(?:18|19|20)\d\d)\)"
)
BRACKETED_YEAR = re.compile(r"\([a-z ]{0,7}(?:18|19|20)\d\d\)")  # which TITLED needs, and finds much more slowly
POSSESSIVE = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)[’']s (?P<title>[A-Z][\w:’' -]{0,60}?) (?P<type>movie|film|novel|book|series|album)\b"
)
YEAR_LINE = re.compile(
    r"(?:production year|release (?:year|date)|released|year)\s*:?\s*.{0,20}?\b(?P<year>(?:18|19|20)\d\d)\b",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:.{0,60}?\b(?:quotes?|lines?|moments|scenes|review|analysis|ending|story|summary|cast|reviews?)\b (?:from|of|in|for):? )",
    re.IGNORECASE,
)
TYPE_WORDS: dict[WorkType, re.Pattern[str]] = {
    "film": re.compile(r"\b(?:films?|movies?|cinema|screenplay|filmmakers?|box office|director)\b", re.IGNORECASE),
    "series": re.compile(r"\b(?:tv series|season \w+|episodes?|showrunners?|sitcom|miniseries)\b", re.IGNORECASE),
    "book": re.compile(r"\b(?:novels?|books?|chapters?|memoir|paperback|hardcover|novelist)\b", re.IGNORECASE),
    "album": re.compile(r"\b(?:albums?|tracks?|songs?|singles?|record label|debut ep)\b", re.IGNORECASE),
    "game": re.compile(r"\b(?:video ?games?|gameplay|playstation|xbox|nintendo|players?)\b", re.IGNORECASE),
    "play": re.compile(r"\b(?:broadway|playwright|stage play|theatre production)\b", re.IGNORECASE),
}
MIN_TYPE_WORDS = 4  # fewer may be chance: characters of a film talk of books, too
MAX_LINE = 120  # characters; a line that names the page's work is a heading or caption
MAX_TYPED = 20_000  # characters read for the type


class Works:
    """The works that the lines of a page name, and what sort of work the page speaks of."""

    def __init__(self, lines: Sequence[str] = ()) -> None:
        self.lines = lines

    @cached_property
    def candidates(self) -> Counter[tuple[str, int]]:
        """What its headings and captions name."""
        return work_candidates(line for line in self.lines if len(line) <= MAX_LINE)

    @cached_property
    def type(self) -> WorkType | None:
        """What sort of work it is by the words of the page, if it names any."""
        return type_of("\n".join(self.lines)) if self.candidates else None


def work_candidates(lines: Iterable[str]) -> Counter[tuple[str, int]]:
    """(title, year) of every short line that names a work with its year, and how often the page does so."""
    found: Counter[tuple[str, int]] = Counter()
    for line in lines:
        for match in TITLED.finditer(line[:300]) if "(" in line and BRACKETED_YEAR.search(line) else ():
            title = LEAD.sub("", match["title"]).strip(" :,–-")
            # "Some Actor in Her (2013)" and "Quotes from Her (2013)" name the work last.
            shorter = re.split(r" (?:in|from|of) (?=[A-Z])", title)[-1]
            for name in {title, shorter}:
                if name and len(name.split()) <= 8:
                    found[name, int(match["year"])] += 1
        for match in POSSESSIVE.finditer(line) if "’s " in line or "'s " in line else ():
            found[match["title"].strip(), int(match["year"])] += 1
    return found


def work_of(
    title: str | None,
    head: Sequence[str],
    body: str,
    works: Works,
    claimed: tuple[str, int | None, str] | None,
) -> Work | None:
    """The work of one article: what structured data claim, else a candidate that title and body both name."""
    if claimed:
        kind: WorkType = claimed[2] if claimed[2] in TYPE_WORDS else "other"
        return _work(claimed[0], claimed[1], kind)
    own = work_candidates([title or "", *head])
    year_line = next((match for line in head if (match := YEAR_LINE.search(line))), None)
    for (name, year), _ in [*_ranked(own), *_ranked(works.candidates)]:
        pattern = re.compile(rf"\b{re.escape(name)}\b")
        if title and pattern.search(title) and (own or pattern.search(body)):
            type_ = works.type or type_of(" ".join([*head, body]))
            return _work(name, int(year_line["year"]) if year_line else year, type_ or "other")
    return None


def _ranked(found: Counter[tuple[str, int]]) -> list[tuple[tuple[str, int], int]]:
    """Most often named first; of equals the shorter name, which the longer ones contain."""
    return sorted(found.items(), key=lambda item: (-item[1], len(item[0][0]), item[0]))


def type_of(text: str) -> WorkType | None:
    """What sort of work a text speaks of, None where its words do not tell."""
    counts = {type_: len(pattern.findall(text[:MAX_TYPED])) for type_, pattern in TYPE_WORDS.items()}
    best = max(counts, key=lambda type_: counts[type_])
    return best if counts[best] >= MIN_TYPE_WORDS else None


def _work(title: str, year: int | None, type_: WorkType) -> Work:
    return Work(
        work_id=uuid_of(type_, " ".join(title.lower().split()), str(year or "")), title=title, year=year, type=type_
    )
