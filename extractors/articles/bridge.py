"""trafilatura's and htmldate's opinion, asked only where the page's own words and tags say nothing."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from extractors.records import Page

MAX_BYTES = 2_000_000  # lxml needs seconds for larger pages


def text_by_trafilatura(html: str) -> str:
    """The text that trafilatura takes for the article; "" where it finds none or fails."""
    from trafilatura import extract

    if len(html) > MAX_BYTES:
        return ""
    try:
        return extract(html, include_comments=False, include_tables=True) or ""
    except Exception:  # noqa: BLE001 - lxml and its users fail in many ways on broken pages; an opinion may be missing
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the last resort says; None where it has nothing to say either."""

    published: date | None = None


def second_opinion(page: Page, today: date) -> Opinion:
    """The original date that htmldate finds (its `original_date` mode is right twice as often as the default)."""
    return _opinion(page.page_id.bytes, page.data, page.charset, today) if len(page.data) <= MAX_BYTES else Opinion()


@lru_cache(maxsize=4)
def _opinion(_: bytes, data: bytes, charset: str, today: date) -> Opinion:
    from htmldate import find_date

    try:
        found = find_date(
            data.decode(charset, "replace"), original_date=True, extensive_search=False, max_date=today.isoformat()
        )
    except Exception:  # noqa: BLE001 - lxml and its users fail in many ways on broken pages; an opinion may be missing
        return Opinion()
    return Opinion(published=date.fromisoformat(found) if found else None)
