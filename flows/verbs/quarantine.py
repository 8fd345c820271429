"""`pullquote quarantine`: what was refused, why, with the bytes; and trying again."""

import sys
from pathlib import Path

import click

from flows.settings import settings_of
from flows.verbs.options import (
    debug,
    one_line,
    reports_option,
    terminal_width,
    warehouse_option,
)
from warehouse.store import Store

OPEN = "SELECT item_id, code, uri, detail, refused FROM quarantine_open"
ALL = "SELECT item_id, status, code, uri, detail FROM quarantine ORDER BY status, code, uri, item_id"


@click.group()
def quarantine() -> None:
    """What was refused: why, the bytes, try again."""


@quarantine.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was mended since.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
@warehouse_option
@debug
def list_items(everything: bool, form: str, warehouse: Store | None) -> None:
    """List what waits."""
    from flows import answer as show
    from warehouse.query import answer
    from warehouse.sandbox import Limits

    settings = settings_of()
    found = answer(
        warehouse or settings.warehouse, ALL if everything else OPEN, limits=Limits(rows=settings.query_rows)
    )
    if form == "table":
        click.echo(show.table_of(found.table, width=terminal_width()))
    else:
        click.echo(show.json_of(found.table) if form == "json" else show.csv_of(found.table))


@quarantine.command("show")
@click.argument("item", metavar="ID")
@click.option("--raw", is_flag=True, help="Only the bytes, all of them, as they are.")
@warehouse_option
@debug
def show_item(item: str, raw: bool, warehouse: Store | None) -> None:
    """Show one item with its bytes.

    ID is an id or the beginning of one. On a terminal nothing in the bytes can steer it.
    """
    from flows.bytestext import text_of_bytes
    from flows.ledger import captures_at
    from flows.quarantine import item_named

    settings = settings_of()
    warehouse = warehouse or settings.warehouse
    found = item_named(item, warehouse)
    data = found.data(captures_at(warehouse, settings))
    if raw:
        click.echo(data, nl=False)
        return
    for name in ("item_id", "status", "stage", "code", "detail", "uri", "page_id", "run_id"):
        click.echo(f"{name:<8} {one_line(str(getattr(found, name) or '-'))}")
    click.echo(f"bytes    {len(data):,}\n")
    click.echo(text_of_bytes(data, limit=4000 if sys.stdout.isatty() else None))


@quarantine.command()
@click.argument("items", nargs=-1, metavar="[ID...]")
@click.option("--code", metavar="CODE", help="Only items with this code.")
@warehouse_option
@reports_option
@debug
@click.pass_context
def replay(
    ctx: click.Context, items: tuple[str, ...], code: str | None, warehouse: Store | None, reports: Path | None
) -> None:
    """Try again what was refused.

    All open items, or those with the given ids (or beginnings of ids) or code. What passes now is loaded and resolved,
    the rest waits on. The exit status is 1 if anything that was tried still waits.
    """
    from flows.logs import telling
    from flows.order import Order
    from flows.quarantine import retried
    from flows.runners import harvesting

    settings = settings_of()
    order = Order(
        sources=(),
        warehouse=warehouse or settings.warehouse,
        reports=reports or settings.reports,
        trigger="replay",
        settings=settings,
    )
    with telling("text", title="replay"), harvesting(settings) as harvester:
        found = retried(order, names=items, code=code, harvester=harvester)
    click.echo(f"{len(found.mended):,} of {len(found.tried):,} mended")
    if found.outcome and found.outcome.path:
        click.echo(f"report: {found.outcome.path}")
    ctx.exit(0 if len(found.mended) == len(found.tried) else 1)
