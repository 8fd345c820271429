"""`pullquote report`: where the report of a run is."""

from pathlib import Path

import click

from flows.settings import settings_of
from flows.verbs.options import debug, reports_option


@click.command()
@click.argument("run", default="latest")
@reports_option
@debug
def report(run: str, reports: Path | None) -> None:
    """Print the path of a run's report.

    RUN is an id, the beginning of one, or latest.
    """
    from flows.report import report_named

    click.echo(str(report_named(run, reports or settings_of().reports)))
