"""When an article was published and modified, and which source says so."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.articles.around import Surroundings
from extractors.articles.bridge import second_opinion
from extractors.articles.dates import date_in

EARLIEST = date(1990, 1, 1)  # the web is not older; an earlier date is a scanned original's or an error
MAX_DATELINE = 200  # characters
MAX_BARE_DATELINE = 90  # characters of a line whose date has no label
URL_DATE = re.compile(r"[/_-]((?:19|20)\d\d)[/_-](\d\d?)[/_-](\d\d?)(?:\D|$)|/((?:19|20)\d\d)(\d\d)(\d\d)(?:\D|$)")
LABEL = re.compile(
    r"(?P<modified>(?:last )?(?:updated?|modified|edited|revised|aktualisiert|mis à jour|actualizado)(?: on| at)?)|"
    r"(?P<published>(?:first |originally )?(?:published|posted|created|released|veröffentlicht|publié|publicado)(?: on| at)?)",
    re.IGNORECASE,
)
CHANGED = re.compile(r"modif|updat|edit|revis", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """`source` names where `published` comes from; `at` is the block it stands in; `problems` are claims not believed."""

    published: date | None
    source: str | None
    modified: date | None
    at: int | None
    problems: tuple[tuple[str, str], ...]


def dates_of(around: Surroundings) -> Dates:
    """The dates from the most reliable source that has a possible one; `published` is never a date of modification."""
    at, written, updated = _dateline(around)
    timed, changed = _marked(around)
    in_url = _url_date(around.page.url) if around.alone else None
    listed = around.run.entry.published if around.run.entry else None
    latest = around.today + timedelta(days=1)
    problems: list[tuple[str, str]] = []
    published = source = None
    candidates = ((around.json_ld.published, "json-ld"), (around.metas.published, "meta"), (timed, "time"), (written, "byline"),
                  (in_url, "url"), (listed, "text"))  # fmt: skip
    for value, name in candidates:
        if value is not None and EARLIEST <= value <= latest:
            published, source = value, name
            break
        if value is not None:
            problems.append(("metadata.impossible_date", f"{name} says {value.isoformat()}"))
    if published and in_url and abs(published - in_url) == timedelta(days=1):
        published, source = in_url, "url"  # the address has the local day, the metadata the same moment in UTC
    if published is None and around.page.format == "html" and around.alone:
        published = second_opinion(around.page, around.today).published
        source = "htmldate" if published else None
    modified = around.json_ld.modified or around.metas.modified or changed or updated
    if modified and not (published or EARLIEST) <= modified <= latest:
        problems.append(("metadata.impossible_date", f"modified {modified.isoformat()}, published {published}"))
        modified = None
    return Dates(published=published, source=source, modified=modified, at=at, problems=tuple(problems))


def _url_date(url: str | None) -> date | None:
    match = URL_DATE.search(url or "")
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _marked(around: Surroundings) -> tuple[date | None, date | None]:
    """(published, modified) by <time> and the like; an unlabelled one is the date of publication."""
    published = modified = None
    for mark in around.marks("time"):
        found = date_in(mark.value)
        if CHANGED.search(mark.hint):
            modified = modified or found
        else:
            published = published or found
    return published, modified


def _dateline(around: Surroundings) -> tuple[int | None, date | None, date | None]:
    """(position, published, modified) of the nearest short line with a date, read by its labels."""
    for block in around.near:
        if len(block.text) > MAX_DATELINE or not re.search(r"\d{4}", block.text):
            continue
        published, modified = _labelled(block.text)
        if published or modified:
            return block.position, published, modified
    return None, None, None


def _labelled(text: str) -> tuple[date | None, date | None]:
    published = modified = None
    labels = list(LABEL.finditer(text))
    for number, label in enumerate(labels):
        stop = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        found = date_in(text[label.end() : stop])
        if label["modified"]:
            modified = modified or found
        else:
            published = published or found
    if not labels and len(text) < MAX_BARE_DATELINE:
        published = date_in(text)
    elif published is None and labels and labels[0].start() > 0:
        published = date_in(text[: labels[0].start()])
    return published, modified
