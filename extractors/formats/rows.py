"""A row of a table as a document: which of its columns hold the page, its address and its moment."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime

from extractors.errors import PullquoteError
from extractors.formats.members import COLUMNS, Columns, Lost, Member
from extractors.formats.source import address_of, moment_of

UNITS = (1, 1_000, 1_000_000, 1_000_000_000)  # of moments as numbers: seconds, and thousandths down to nanoseconds
LATEST = 100_000_000_000  # seconds: a larger number counts a smaller unit
SHOWN = 20  # names of columns in a message


def columns_of(text: str | None) -> Columns:
    """The columns as a person names them, "content=raw url=link", the others by their usual names; PullquoteError
    "columns.malformed".
    """
    known = [entry.name for entry in fields(Columns)]
    chosen: dict[str, tuple[str, ...]] = {}
    for part in (text or "").replace(",", " ").split():
        role, _, name = part.partition("=")
        if role not in known or not name:
            detail = f"{part!r} names no column; write for example content=NAME, and so {', '.join(known[1:])}"
            raise PullquoteError("columns.malformed", detail)
        chosen[role] = (*chosen.get(role, ()), name)
    return replace(COLUMNS, **chosen)


def chosen_of(columns: Columns, names: Iterable[str]) -> list[str]:
    """Those columns of a table that are needed; none if none can hold a page."""
    there = set(names)
    roles = [[name for name in getattr(columns, entry.name) if name in there] for entry in fields(Columns)]
    return [name for role in roles for name in role] if there.intersection(columns.content) else []


def no_content(columns: Columns, names: Iterable[str]) -> str:
    """What to say of a row or table in which no column holds a page."""
    there = [str(name) for name in names]
    more = " …" if len(there) > SHOWN else ""
    return (
        f"no column of {', '.join(columns.content)} holds a page; there are {', '.join(there[:SHOWN])}{more} "
        "(--columns content=NAME says which)"
    )


def member_of(row: Mapping[str, object], *, columns: Columns, name: str, position: int, raw: bytes) -> Member | Lost:
    """The row as a document; `raw` is what it was read from."""
    content = _first(row, columns.content)
    if not isinstance(content, str | bytes):
        return Lost(name=name, position=position, code="rows.no_content", detail=no_content(columns, row), payload=raw)
    url, media_type = _first(row, columns.url), _first(row, columns.media_type)
    return Member(
        name=name,
        position=position,
        data=content if isinstance(content, bytes) else content.encode("utf-8", "replace"),
        url=address_of(url) if isinstance(url, str) else None,
        fetched_at=_moment(_first(row, columns.fetched_at)),
        media_type=media_type if isinstance(media_type, str) else None,
    )


def _first(row: Mapping[str, object], names: Iterable[str]) -> object:
    return next((row[name] for name in names if row.get(name) not in (None, "", b"")), None)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        return moment_of(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        seconds = next((value / unit for unit in UNITS if value / unit < LATEST), None)
        return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
    return None
