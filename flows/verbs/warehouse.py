"""`pullquote warehouse`: upkeep of the files, and the bytes behind a row."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractors.errors import PullquoteError
from flows.settings import Settings, settings_of
from flows.verbs.options import debug, warehouse_option
from warehouse.store import Store

if TYPE_CHECKING:
    from warehouse.connection import Writer


@click.group()
def warehouse() -> None:
    """Keep the files in order; show what a row came from."""


@warehouse.command()
@warehouse_option
@debug
def info(warehouse: Store | None) -> None:
    """Show what is there: rows, files, versions."""
    from flows.answer import columns_of
    from flows.inventory import inventory_of

    settings = settings_of()
    store = warehouse or settings.warehouse
    click.echo(columns_of(inventory_of(store, _captures(store, settings))))


@warehouse.command()
@click.argument("row", metavar="ID")
@warehouse_option
@debug
def show(row: str, warehouse: Store | None) -> None:
    """Print the bytes that a page, article or quote came from.

    As they came in a pipe or a file; on a terminal as text that cannot steer it.
    """
    from flows.bytestext import text_of_bytes
    from warehouse.reader import reader
    from warehouse.stored import bytes_of_row

    settings = settings_of()
    store = warehouse or settings.warehouse
    with reader(store) as connection:
        data = bytes_of_row(connection, _captures(store, settings), row)
    if sys.stdout.isatty():
        click.echo(text_of_bytes(data, limit=None))
    else:
        click.echo(data, nl=False)


@warehouse.command()
@warehouse_option
@debug
def vacuum(warehouse: Store | None) -> None:
    """Write the warehouse anew without the room that deleted rows leave; a lake into files that are worth opening."""
    from warehouse.upkeep import vacuumed

    with _opened(warehouse) as (writer, _):
        saved = vacuumed(writer, now=datetime.now(UTC))
    click.echo(f"{saved.before:,} bytes before, {saved.after:,} after")


@warehouse.command("drop-captures")
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(min=0),
    required=True,
    metavar="DAYS",
    help="Of pages that came in then.",
)
@warehouse_option
@debug
def drop_captures(days: int, warehouse: Store | None) -> None:
    """Drop the bytes of old pages.

    Their rows stay, and so do the bytes that an open item of the quarantine needs.
    """
    from warehouse.upkeep import captures_dropped

    now = datetime.now(UTC)
    with _opened(warehouse) as (writer, folder):
        saved = captures_dropped(writer, folder, before=now - timedelta(days=days), now=now)
    click.echo(f"{saved.dropped:,} captures dropped: {saved.before:,} bytes before, {saved.after:,} after")


@warehouse.command("export")
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@warehouse_option
@debug
def export_to(target: Path, warehouse: Store | None) -> None:
    """Write every table as Parquet into a new folder, with the captures."""
    from warehouse.upkeep import exported

    settings = settings_of()
    store = warehouse or settings.warehouse
    counts = exported(store, _captures(store, settings), target)
    click.echo(f"{sum(counts.values()):,} rows of {len(counts)} tables in {target}")


@warehouse.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="DIR")
@warehouse_option
@debug
def import_from(source: Path, warehouse: Store | None) -> None:
    """Make a new warehouse from an export."""
    from warehouse.upkeep import imported

    with _opened(warehouse, new=True) as (writer, folder):
        counts = imported(writer, folder, source, now=datetime.now(UTC))
    click.echo(f"{sum(counts.values()):,} rows of {len(counts)} tables")


@warehouse.command()
@debug
def schema() -> None:
    """Print the schema as Markdown."""
    from warehouse.schema import schema_page

    click.echo(schema_page(), nl=False)


def _captures(store: Store, settings: Settings) -> Path:
    from flows.ledger import captures_at

    return captures_at(store, settings)


@contextmanager
def _opened(store: Store | None, *, new: bool = False) -> Iterator[tuple["Writer", Path]]:
    from flows.logs import telling
    from warehouse.connection import writer
    from warehouse.reader import is_there

    settings = settings_of()
    store = store or settings.warehouse
    if not new and not is_there(store):
        raise PullquoteError("warehouse.missing", f"there is no warehouse at {store}; an ingest makes one")
    with telling("text", title="warehouse"), writer(store, deadline=settings.busy_seconds) as opened:
        yield opened, _captures(store, settings)
