"""Dates as pages write them, read without guessing."""

import re
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier janv enero ene",
            "february feb februar février févr febrero",
            "march mar märz maerz mars marzo",
            "april apr avril abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août agosto ago",
            "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre déc diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
PATTERNS = (
    re.compile(rf"(?<!\d){_YEAR}[-/.](?P<number>\d\d?)[-/.](?P<day>\d\d?)(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<number>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s*(?:of\s+|de\s+|[-/ ])?{_MONTH},?\s*(?:de\s+|[-/ ])?{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\d)(?P<day>\d\d)\.(?P<number>\d\d)\.{_YEAR}"),
    # Day and month are both possible readings here: taken only where one of them is above 12.
    re.compile(rf"(?<!\d)(?P<a>\d\d?)[/.-](?P<b>\d\d?)[/.-]{_YEAR}"),
)


def date_in(text: str) -> date | None:
    """The first full calendar date in the text, None where there is none or it cannot be read without guessing."""
    first: tuple[int, date] | None = None
    for pattern in PATTERNS:
        match = pattern.search(text)
        found = _date_of(match.groupdict()) if match else None
        if match and found and (first is None or match.start() < first[0]):
            first = (match.start(), found)
    return first[1] if first else None


def _date_of(groups: dict[str, str | None]) -> date | None:
    year = int(groups["year"] or 0)
    if groups.get("a"):
        a, b = int(groups["a"] or 0), int(groups["b"] or 0)
        if a <= 12 and b <= 12 and a != b:
            return None
        month, day = (a, b) if b > 12 or a == b else (b, a)
    else:
        name = groups.get("month")
        month = MONTHS[name.lower()] if name else int(groups["number"] or 0)
        day = int(groups["day"] or 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None
