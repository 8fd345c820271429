"""What the warehouse remembers of sites: the lines that a host repeats."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import duckdb

FEW = 3  # remembered pages of a host up to which a line on only one of them says something, too


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLines:
    """The remembered pages of one host, and on how many of them each line (its hash) stands."""

    pages: int
    counts: dict[UUID, int] = field(default_factory=dict)


def host_lines(connection: duckdb.DuckDBPyConnection, hosts: Iterable[str]) -> dict[str, HostLines]:
    """What is remembered of each of the hosts; lines that a well-known host has once are left out."""
    asked = sorted(set(hosts))
    known = connection.execute("SELECT host, pages FROM hosts WHERE host IN (SELECT unnest(?))", [asked]).fetchall()
    found = {host: HostLines(pages=pages) for host, pages in known}
    lines = connection.execute(
        """
        SELECT host, text_hash, host_lines.pages
        FROM host_lines JOIN hosts USING (host)
        WHERE host IN (SELECT unnest(?)) AND (host_lines.pages > 1 OR hosts.pages <= ?)
        """,
        [list(found), FEW],
    )
    for host, text_hash, pages in lines.fetchall():
        found[host].counts[text_hash] = pages
    return found
