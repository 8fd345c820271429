"""When an article was published and modified, and which source says so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from extractors.articles.around import Surroundings
from extractors.articles.bridge import second_opinion
from extractors.articles.dates import DIGITS, MONTHS, date_in
from extractors.articles.names import unglued
from extractors.articles.nearby import Neighbourhood, names_elsewhere, stands_elsewhere
from extractors.blocks.document import Mark
from extractors.memory import REMEMBERED
from extractors.records import Block

EARLIEST = date(1990, 1, 1)  # the web is not older; an earlier date is a scanned original's or an error
MAX_DATELINE = 200  # characters
MAX_BARE_DATELINE = 90  # characters of a line whose date has no label
MAX_APART = 3  # blocks between the day of a change and that of publication
MAX_LABEL_LINE = 30  # characters of a line that is only the label of the date below it
URL_DATE = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)[/_-](?P<month>\d\d?|[a-z]{3,9})[/_-](?P<day>\d\d?)(?!\d)|/((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?P<modified>\b(?:last )?(?:updated?|modified|edited|revised|reviewed|verified|aktualisiert|geändert|stand:|mis à jour"
    r"|modifié|actualizado|modificado|aggiornato|bijgewerkt|gewijzigd|atualizad[oa]|uppdaterad|oppdatert|opdateret))|"
    r"(?P<published>\b(?:first |originally )?(?:published|publish(?:ing)? date|date published|posted|created|released|veröffentlicht|erschienen|publiée?|publicado"
    r"|pubblicato|gepubliceerd|geplaatst|publicerad|publisert)\b)",
    re.IGNORECASE,
)
SCRIPTED = re.compile(
    rb"""ublish(?:ed)?_?(?:[aA]t|[dD]ate|[oO]n|[tT]ime)?\\*(?:"|&quot;|&#34;)\s*:\s*\\*(?:"|&quot;|&#34;)((?:19|20)\d\d-\d\d-\d\d)"""
)
MAX_LONE_DATE = 40  # characters of a line that holds a date and little else
FIRST = re.compile(r"\b(?:first|originally) (?:published|posted|appeared)\b", re.IGNORECASE)
CHANGED = re.compile(r"modif|updat|edit|revis|review", re.IGNORECASE)
DAY_FIRST_HOSTS = re.compile(r"\.(?:uk|au|nz|ie|in|za|de|at|ch|fr|es|it|nl|be|pt|br|mx|ar|dk|no|se|fi|pl|eu|sg|my)$")
MONTH_FIRST_HOSTS = re.compile(r"\.(?:gov|edu|mil|us)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """`source` names where `published` comes from; `at` is the block it stands in; `problems` are claims not believed."""

    published: date | None
    source: str | None
    modified: date | None
    at: int | None
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A day that a source names; `close` says that readers see it next to the heading, or called the day of publication
    somewhere else.
    """

    day: date
    source: str
    close: bool = False
    at: int | None = None


def dates_of(near: Neighbourhood) -> Dates:
    """The dates from the most reliable source that has a possible one.

    `published` is a day of modification only where the page names no other day at all; its source is "modified" then.
    """
    around = near.around
    day_first = _day_first(around)
    latest = around.today + timedelta(days=1)
    shown, changed = _shown_dates(near, day_first=day_first)
    claims = [
        *_claims((around.json_ld.published, "json-ld"), (around.metas.published, "meta")),
        *shown,
        *_claims((_url_date(around.page.url) if around.alone else None, "url")),
        *_claims((around.run.entry.published if around.run.entry else None, "text")),
    ]
    problems = [
        ("metadata.impossible_date", f"{claim.source} says {claim.day.isoformat()}")
        for claim in claims
        if not EARLIEST <= claim.day <= latest
    ]
    modified = around.json_ld.modified or around.metas.modified or changed
    believed = _believed([claim for claim in claims if EARLIEST <= claim.day <= latest], modified)
    if modified and not (believed.day if believed else EARLIEST) <= modified <= latest:
        problems.append(
            ("metadata.impossible_date", f"modified {modified.isoformat()}, published {believed and believed.day}")
        )
        modified = None
    if believed is None and modified:
        believed = _Claim(day=modified, source="modified")
    if believed is None and around.page.format == "html" and around.alone:
        believed = _last_resort(around, latest, day_first=day_first)
    return Dates(
        published=believed.day if believed else None,
        source=believed.source if believed else None,
        modified=modified,
        at=next((claim.at for claim in shown if claim.at is not None), None),
        problems=tuple(problems),
    )


def _claims(*pairs: tuple[date | None, str]) -> Iterator[_Claim]:
    return (_Claim(day=day, source=source) for day, source in pairs if day is not None)


def _believed(claims: Sequence[_Claim], modified: date | None) -> _Claim | None:
    """The first claim, unless the page itself shows its readers another day.

    An earlier day next to the heading is the true one: a text that moved to a new system got a new date there; and one
    a day earlier is the local day of the same moment in UTC, as is the day in the address. A later one counts only
    where a second claim says the same and it is not the day of a change.
    """
    first = next(iter(claims), None)
    if first is None or first.source not in ("json-ld", "meta"):
        return first
    for claim in claims:
        if claim.source == "url" and abs(claim.day - first.day) == timedelta(days=1):
            return claim
    others = {claim.day for claim in claims if claim.source in ("json-ld", "meta")} - {first.day, modified}
    return next((claim for claim in claims if claim.close and (claim.day < first.day or claim.day in others)), first)


def _last_resort(around: Surroundings, latest: date, *, day_first: bool | None) -> _Claim | None:
    """The only day that the page's scripts call one of publication, the only one in a line of its own, or what htmldate
    finds; nothing where no reader can see a date: it would be that of a picture's address.
    """
    scripted = {date_in(text.decode("ascii")) for text in SCRIPTED.findall(around.page.data)}
    own = frozenset(around.blocks[around.run.body[0]].path)
    lines = [
        block.text
        for block in around.document.blocks
        if len(block.text) <= MAX_DATELINE and DIGITS.search(block.text) and not stands_elsewhere(block, own)
    ]
    days = [(day, text) for text in lines if (day := date_in(text, day_first=day_first))]
    alone = {day for day, text in days if len(text) <= MAX_LONE_DATE}
    for found, source in ((scripted - {None}, "script"), (alone, "text")):
        if len(found) == 1 and (day := found.pop()) and EARLIEST <= day <= latest:
            return _Claim(day=day, source=source)
    opinion = second_opinion(around.page, around.today).published if days else None
    return next(_claims((opinion, "htmldate")), None)


def _day_first(around: Surroundings) -> bool | None:
    """How the page's country writes 3/4/2021: by the host's ending, else by the language and region of the page."""
    host = around.page.host or ""
    if DAY_FIRST_HOSTS.search(host):
        return True
    if MONTH_FIRST_HOSTS.search(host):
        return False
    language = (around.document.head.language or around.metas.language or "").lower().replace("_", "-")
    if language in ("en-us", "en-ph"):
        return False
    return True if language and language != "en" else None


def _url_date(url: str | None) -> date | None:
    match = URL_DATE.search(url or "")
    if not match:
        return None
    year, month, day = (part for part in match.groups() if part)
    try:
        return date(int(year), int(month) if month.isdigit() else MONTHS.get(month.lower(), 0), int(day))
    except ValueError:
        return None


def _shown_dates(near: Neighbourhood, *, day_first: bool | None) -> tuple[list[_Claim], date | None]:
    """(claims of publication, the first day of a change) by <time>, microdata and the lines around the heading; an
    unlabelled one is the day of publication.
    """
    header, rest = near.marks("time")
    modified = None
    timed: list[_Claim] = []
    for mark in header + rest:
        found = date_in(mark.value, day_first=day_first)
        if found is None:
            continue
        if _of_change(near, mark, found, day_first=day_first):
            modified = modified or found
        else:
            timed.append(_Claim(day=found, source="time", close=mark.position in near.close))
    at, published, changed = _dateline(near, day_first=day_first)
    close = [claim for claim in timed if claim.close]
    lines = [_Claim(day=published, source="byline", close=at in near.close, at=at)] if published else []
    lines[:0] = _first_published(near, day_first=day_first)
    lines += _called_published(near, day_first=day_first)
    return [*close[:1], *lines, *[claim for claim in timed if not claim.close][:1]], modified or changed


def _of_change(near: Neighbourhood, mark: Mark, found: date, *, day_first: bool | None) -> bool:
    """Does the mark, or the line that shows it, call this day the day of a change?"""
    blocks = near.around.blocks
    if CHANGED.search(mark.hint):
        return "publish" not in mark.hint.lower()
    if mark.position >= len(blocks) or len(blocks[mark.position].text) > MAX_DATELINE:
        return False
    shown = _labelled(blocks, mark.position, day_first=day_first)
    return shown.modified == found != shown.published


def _dateline(near: Neighbourhood, *, day_first: bool | None) -> tuple[int | None, date | None, date | None]:
    """(position, published, modified) of the nearest short lines with a date, read by their labels.

    Behind the text a date without a label is mostly that of another article.
    """
    at = published = modified = None
    for block in near.lines():
        if len(block.text) > MAX_DATELINE or not DIGITS.search(block.text):
            continue
        if at is not None and abs(block.position - at) > MAX_APART:
            break
        shown = _labelled(near.around.blocks, block.position, day_first=day_first)
        if shown.bare and (block.position in near.foot or published):
            continue
        modified = modified or shown.modified
        if shown.published and published is None:
            at, published = block.position, shown.published
        elif shown.modified and at is None:
            at = block.position
    return at, published, modified


def _first_published(near: Neighbourhood, *, day_first: bool | None) -> list[_Claim]:
    """What a line says that speaks of the first publication, before the text or behind it."""
    for i in (*near.header, *near.foot):
        text = near.around.blocks[i].text
        label = FIRST.search(text) if len(text) <= MAX_DATELINE else None
        found = date_in(text[label.end() :], day_first=day_first) if label else None
        if found:
            return [_Claim(day=found, source="byline", close=True, at=i)]
    return []


def _called_published(near: Neighbourhood, *, day_first: bool | None) -> Iterator[_Claim]:
    """The only day that a line anywhere on a page of one article calls that of publication."""
    around, found = near.around, {}
    for block in around.blocks if around.alone else ():
        if len(block.text) <= MAX_LONE_DATE and DIGITS.search(block.text) and not _of_others(block.path):
            shown = _labelled(around.blocks, block.position, day_first=day_first)
            if shown.published and not shown.bare:
                found[shown.published] = block.position
    if len(found) == 1:
        ((day, at),) = found.items()
        yield _Claim(day=day, source="byline", close=True, at=at)


@lru_cache(maxsize=REMEMBERED)
def _of_others(path: tuple[str, ...]) -> bool:
    """Is it the path of comments or of other articles? A sidebar may well tell of the article beside it."""
    return any(names_elsewhere(label.replace("sidebar", "")) for label in path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The dates that a line shows; `bare` says that no word tells what they are."""

    published: date | None = None
    modified: date | None = None
    bare: bool = False


def _labelled(blocks: Sequence[Block], position: int, *, day_first: bool | None) -> _Shown:
    """What the line at `position` says, by its own labels or that of the short line before it."""
    text = unglued(blocks[position].text)
    labels = list(LABEL.finditer(text))
    if not labels:
        found = date_in(text, day_first=day_first) if len(text) < MAX_BARE_DATELINE else None
        above = blocks[position - 1].text if position else ""
        label = LABEL.search(above) if len(above) <= MAX_LABEL_LINE and not DIGITS.search(above) else None
        if label and label["modified"]:
            return _Shown(modified=found)
        return _Shown(published=found, bare=label is None)
    published = modified = None
    for number, label in enumerate(labels):
        stop = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        found = date_in(text[label.end() : stop], day_first=day_first)
        if label["modified"]:
            modified = modified or found
        else:
            published = published or found
    if published is None and labels[0].start() > 0:
        published = date_in(text[: labels[0].start()], day_first=day_first)
    return _Shown(published=published, modified=modified)
