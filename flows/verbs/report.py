"""`pullquote report`: where the report of a run is."""

from pathlib import Path

import click

from flows.settings import settings_of
from flows.verbs.options import debug, reports_option, today, warehouse_option


@click.command()
@click.argument("run", default="latest")
@reports_option
@warehouse_option
@debug
def report(run: str, reports: Path | None, warehouse: Path | None) -> None:
    """Print the path of a run's report.

    RUN is an id, the beginning of one, or latest. A page that is gone is made again from the warehouse.
    """
    from flows.report import report_again
    from warehouse.files import Files

    settings = settings_of()
    path = warehouse or settings.warehouse
    captures = Path(settings.captures) if settings.captures else Files(path.resolve()).captures
    click.echo(str(report_again(run, reports or settings.reports, warehouse=path, captures=captures, today=today())))
