"""`pullquote replay`: stored captures through today's extractor."""

from datetime import UTC, datetime
from pathlib import Path

import click

from flows.settings import settings_of
from flows.verbs.options import debug, reports_option, tell_refusal, terminal_width, warehouse_option
from warehouse.store import Store


@click.command()
@click.option(
    "--since", type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")), help="Only pages that came in since, in UTC."
)
@click.option("--promote", is_flag=True, help="Load the result as a run.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to show it."
)
@warehouse_option
@reports_option
@debug
@click.pass_context
def replay(
    ctx: click.Context,
    since: datetime | None,
    promote: bool,
    form: str,
    warehouse: Store | None,
    reports: Path | None,
) -> None:
    """Extract stored pages again and show what differs.

    Articles and quotes that today's extractor gains, loses and changes: counts, then samples side by side. Without
    --promote the warehouse stays as it is.
    """
    from flows.differences import json_of, text_of
    from flows.logs import telling
    from flows.order import Order
    from flows.replay import replayed
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
        found = replayed(order, since=since and since.replace(tzinfo=UTC), promote=promote, harvester=harvester)
    for refusal in found.unreadable:
        tell_refusal(refusal)
    click.echo(json_of(found) if form == "json" else text_of(found, width=terminal_width()))
    failed = found.unreadable or found.refused or (found.outcome and found.outcome.failed)
    ctx.exit(1 if failed else 0)
