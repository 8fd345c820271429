"""Sources with the addresses among them asked for: where fetching meets the ingest. Imports it only when needed."""

from collections.abc import Iterable, Iterator
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.errors import PullquoteError
from extractors.records import Rejected
from flows.intake import Known
from flows.settings import Settings
from flows.sources import Address, Met, Source

if TYPE_CHECKING:
    from flows.fetch.findings import Finding, Manners

FETCH_STAGE = "fetch"  # of what was refused on the way to its bytes


def reached(
    sources: Iterable[Source | Address | Rejected],
    *,
    settings: Settings,
    known: Known = lambda _: {},
    memory: Path | None = None,
    rehearsal: bool = False,
) -> Iterator[Source | Met | Rejected]:
    """The sources, and after them what the addresses among them, and the listings behind those, lead to. Lazy.

    `memory` is the file that knows what servers said before. A rehearsal asks, but keeps nothing.
    """
    addresses: list[str] = []
    for source in sources:
        if isinstance(source, Address):
            addresses.append(source.uri)
        else:
            yield source
    if addresses:
        from flows.fetch.memory import memory_at
        from flows.fetch.web import Web

        with memory_at(memory, rehearsal=rehearsal) as opened:
            web = Web(manners=manners_of(settings), memory=opened, known=known)
            for finding in web.fetched(addresses):
                yield _source_of(finding)


def memory_beside(captures: Path) -> Path:
    """The file that remembers, beside the folder of the captures: NAME.captures → NAME.fetched."""
    return captures.with_name(f"{captures.name.removesuffix('.captures')}.fetched")


def manners_of(settings: Settings) -> "Manners":
    """How the settings have us ask; PullquoteError "settings.malformed"."""
    from flows.fetch.address import networks_of
    from flows.fetch.exchange import Limits
    from flows.fetch.findings import Manners

    contact = settings.fetch_contact
    if contact and not (contact.isascii() and contact.isprintable()):
        raise PullquoteError("settings.malformed", "PULLQUOTE_FETCH_CONTACT: only printable ASCII goes into a header")
    return Manners(
        agent=f"pullquote/{metadata.version('pullquote')}" + (f" (+{contact})" if contact else ""),
        limits=Limits(bytes=settings.fetch_bytes, seconds=settings.fetch_seconds),
        allowed=networks_of(settings.fetch_allow),
        pause=settings.fetch_pause,
        patience=settings.fetch_patience,
        attempts=settings.fetch_attempts,
        pages=settings.fetch_pages,
        hosts=settings.fetch_hosts,
    )


def _source_of(finding: "Finding") -> Source | Met | Rejected:
    if isinstance(finding, Met | Rejected):
        return finding
    data = finding.data
    return Source(
        uri=finding.uri,
        opened=lambda: BytesIO(data),
        size=len(data),
        url=finding.url,
        fetched_at=finding.fetched_at,
        media_type=finding.media_type,
    )
