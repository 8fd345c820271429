"""A report as a JSON document and back: what is stored in the warehouse, and what stands beside the page for programs."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

from warehouse.report import story
from warehouse.report.records import RunReport
from warehouse.report.text import cut

LONGEST_TEXT = 2_000  # characters of any one text
FORMAT = 2  # goes up when a name in it changes its meaning or disappears


def bounded(report: RunReport) -> RunReport:
    """The report with no more articles than its page lists, and no text longer than LONGEST_TEXT."""
    total = max(report.article_count, len(report.articles))
    short: RunReport = _short(replace(report, articles=story.listed(report.articles), article_count=total))
    return short


def document_of(report: RunReport) -> str:
    """The report as JSON, with its verdict in words."""
    document = {
        "format": FORMAT,
        "verdict": {"word": story.WORDS[report.run.state], "sentences": story.sentences_of(report)},
        "balances": report.run.funnel.balances,
        **{field.name: _plain(getattr(report, field.name)) for field in fields(report)},
    }
    return json.dumps(document, default=_as_text, indent=1) + "\n"


def report_from(document: str) -> RunReport:
    """The report that `document_of` wrote; a field that is not in it has its default."""
    report: RunReport = _made(RunReport, json.loads(document))
    return report


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return cut(value, LONGEST_TEXT)
    if isinstance(value, tuple):
        return tuple(_short(member) for member in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _short(getattr(value, field.name)) for field in fields(value)})
    return value


def _plain(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return [_plain(member) for member in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _as_text(value: object) -> str:
    """Times and dates in ISO 8601, ids as they are written."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _made(kind: Any, value: Any) -> Any:
    """The value as its type says."""
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        members = [kinds[0]] * len(value) if kinds[-1] is Ellipsis else kinds
        return tuple(_made(member, item) for member, item in zip(members, value, strict=True))
    if isinstance(kind, UnionType):
        return None if value is None else _made(next(k for k in get_args(kind) if k is not type(None)), value)
    if is_dataclass(kind):
        return _record(kind, value)
    if kind in {datetime, date}:
        return kind.fromisoformat(value)
    return value if get_origin(kind) is Literal or kind is not UUID else UUID(value)


def _record(kind: Any, value: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    known = [field.name for field in fields(kind) if field.name in value]
    return kind(**{name: _made(hints[name], value[name]) for name in known})
