"""`pullquote report`: where the report of a run is."""

from pathlib import Path

import click

from flows.settings import settings_of
from flows.verbs.options import debug, reports_option, today, warehouse_option
from warehouse.store import Store


@click.command()
@click.argument("run", default="latest")
@reports_option
@warehouse_option
@debug
def report(run: str, reports: Path | None, warehouse: Store | None) -> None:
    """Print the path of a run's report.

    RUN is an id, the beginning of one, or latest. A page that is gone is made again from the warehouse.
    """
    from flows.ledger import captures_at
    from flows.report import report_again

    settings = settings_of()
    store = warehouse or settings.warehouse
    captures = captures_at(store, settings)
    click.echo(str(report_again(run, reports or settings.reports, warehouse=store, captures=captures, today=today())))
