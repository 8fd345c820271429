"""`pullquote ingest`: pages into the warehouse."""

import gc
from dataclasses import replace
from pathlib import Path

import click

from flows.settings import BATCH_GC, Runner, prepare_prefect, settings_of
from flows.sources import names_anything
from flows.verbs.options import (
    DEBUG,
    LogFormat,
    columns_option,
    debug,
    log_format_option,
    log_refusal,
    reports_option,
    sources_argument,
    warehouse_option,
    workers_option,
)
from warehouse.store import Store


def _rules_named(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    if names:
        from warehouse.rules import rules

        known = [rule.name for rule in rules()]
        for name in names:
            if name not in known:
                raise click.BadParameter(f"there is no rule {name}; there are {', '.join(known)}")
    return names


@click.command()
@sources_argument
@warehouse_option
@reports_option
@workers_option
@columns_option
@click.option(
    "--runner",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Who extracts: this machine, or a Dask cluster (docs/cluster.md).",
)
@click.option("--direct", is_flag=True, help="The same functions without Prefect: no server, no artifacts.")
@click.option(
    "--accept",
    multiple=True,
    metavar="RULE",
    callback=_rules_named,
    help="Load although this batch rule says no; it learns anew what is usual.",
)
@click.option("--dry-run", is_flag=True, help="Extract and check, print the funnel, write nothing.")
@log_format_option
@debug
@click.pass_context
def ingest(
    ctx: click.Context,
    sources: tuple[str, ...],
    warehouse: Store | None,
    reports: Path | None,
    workers: int | None,
    columns: str | None,
    runner: Runner,
    direct: bool,
    accept: tuple[str, ...],
    dry_run: bool,
    log_format: LogFormat,
) -> None:
    """Bring pages into the warehouse.

    Reads them, extracts articles and quotes, checks them, loads what passed, reports. A SOURCE is a file, a folder,
    a glob, the address of a page, feed or sitemap, or - for standard input. A file is a page or an archive of pages:
    WARC, WET, WACZ, zip, tar, JSON Lines, Parquet, packed by gzip or zstd or not. What is in the warehouse already is
    left alone.
    """
    from flows.logs import telling
    from flows.summary import text_of

    gc.set_threshold(*BATCH_GC)
    settings = settings_of()
    settings = replace(settings, columns=columns or settings.columns)
    warehouse, reports = warehouse or settings.warehouse, reports or settings.reports
    with telling(log_format, title="ingest"):
        if direct or dry_run or not names_anything(sources):  # a typo is said at once, not after a server has started
            from flows.order import Order
            from flows.run import ingested
            from flows.runners import harvesting
            from warehouse.validate import prepare

            order = Order(
                sources=sources,
                warehouse=warehouse,
                reports=reports,
                rehearsal=dry_run,
                settings=settings,
                accept=accept,
            )
            with harvesting(settings, workers=workers, runner=runner, meanwhile=prepare) as harvester:
                outcome = ingested(order, harvester=harvester)
        else:
            prepare_prefect(debug=bool(ctx.meta.get(DEBUG)))
            from flows.command import outcome_of_flow

            outcome = outcome_of_flow(
                sources,
                warehouse=warehouse,
                reports=reports,
                accept=accept,
                workers=workers,
                columns=columns,
                runner=runner,
            )
        for refusal in outcome.refused:
            log_refusal(refusal)
    click.echo(text_of(outcome))
    ctx.exit(1 if outcome.failed else 0)
