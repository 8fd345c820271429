"""Dates as pages write them, read without guessing."""

import re
from collections.abc import Iterator
from datetime import date

# English, German, French, Spanish, Portuguese, Italian, Dutch, the Scandinavian languages, Polish, Czech, Turkish,
# Finnish and Russian, in the form that stands beside a day, with the usual short forms.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari stycznia ledna ocak tammikuuta января",
            "february feb februar février fevrier févr fevr fév febrero fevereiro fev febbraio febr februari lutego února şubat helmikuuta февраля",
            "march mar märz maerz mrz mars marzo março marco maart mrt marts marca března mart maaliskuuta марта",
            "april apr avril avr abril abr aprile kwietnia dubna nisan huhtikuuta апреля",
            "may mai mayo maio mag maggio mei maj maja května mayıs toukokuuta мая",
            "june jun juni juin junio junho giugno giu czerwca června haziran kesäkuuta июня",
            "july jul juli juillet juil julio julho luglio lug lipca července temmuz heinäkuuta июля",
            "august aug août aout agosto ago augustus augusti sierpnia srpna ağustos elokuuta августа",
            "september sep sept septembre septiembre setiembre setembro set settembre września září eylül syyskuuta сентября",
            "october oct oktober okt octobre octubre outubro out ottobre ott października října ekim lokakuuta октября",
            "november nov novembre noviembre novembro listopada listopadu kasım marraskuuta ноября",
            "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre desember des grudnia prosince aralık joulukuuta декабря",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WORD = r"(?P<month>[^\W\d_]{3,12})\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_ORDINAL = r"(?:st|nd|rd|th|er|\.|º|°)?"
PATTERNS = (
    re.compile(rf"(?<!\d){_YEAR}[-/.](?P<number>\d\d?)[-/.](?P<day>\d\d?)(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<number>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
    re.compile(rf"{_YEAR}\s?年\s?(?P<number>\d\d?)\s?月\s?(?P<day>\d\d?)\s?日"),
    re.compile(rf"\b{_WORD}[\s-]+(?P<day>\d{{1,2}}){_ORDINAL},?[\s-]+{_YEAR}", re.IGNORECASE),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}[\s/-]*(?:of\s+|de\s+)?{_WORD},?[\s/-]*(?:del?\s+)?{_YEAR}", re.IGNORECASE
    ),
    # Day and month are both possible readings here, except between dots, where the day comes first.
    re.compile(rf"(?<![\d.])(?P<a>\d\d?)(?P<mark>[/.-])(?P<b>\d\d?)(?P=mark){_YEAR}"),
)
DIGITS = re.compile(r"\d{4}")


def date_in(text: str, *, day_first: bool | None = None) -> date | None:
    """The first full calendar date in the text, None where there is none or it cannot be read without guessing.

    `day_first` says how the page's country reads 3/4/2021; None where that is not known.
    """
    return next(dates_in(text, day_first=day_first), None)


def dates_in(text: str, *, day_first: bool | None = None) -> Iterator[date]:
    """All full calendar dates in the text, in its order."""
    if not DIGITS.search(text):
        return
    found = [
        (match.start(), -match.end(), day)
        for pattern in PATTERNS
        for match in pattern.finditer(text)
        if (day := _date_of(match.groupdict(), day_first=day_first))
    ]
    reached = 0
    for start, stop, day in sorted(found):
        if start >= reached:  # of two readings of the same characters the longer one
            yield day
            reached = -stop


def _date_of(groups: dict[str, str | None], *, day_first: bool | None) -> date | None:
    year = int(groups["year"] or 0)
    if groups.get("a"):
        a, b = int(groups["a"] or 0), int(groups["b"] or 0)
        if groups["mark"] == ".":
            day_first = True
        if day_first is None and a <= 12 and b <= 12 and a != b:
            return None
        month, day = (a, b) if b > 12 or (day_first is False and a <= 12) else (b, a)
    else:
        name = groups.get("month")
        month = MONTHS.get(name.lower(), 0) if name else int(groups["number"] or 0)
        day = int(groups["day"] or 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None
