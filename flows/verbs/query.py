"""`pullquote query`: questions to the published warehouse."""

from pathlib import Path
from typing import IO

import click

from flows.settings import settings_of
from flows.verbs.options import debug, terminal_width, warehouse_option


@click.command()
@click.argument("sql", required=False)
@click.option("--saved", metavar="NAME", help="Ask a saved question.")
@click.option(
    "--file", "file", type=click.File(encoding="utf-8"), metavar="F", help="Ask what the file says; - is stdin."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "parquet"]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
@warehouse_option
@debug
def query(sql: str | None, saved: str | None, file: IO[str] | None, form: str, warehouse: Path | None) -> None:
    """Ask the warehouse in SQL.

    Read-only, in a sandbox, with limits on time, memory and rows. Without a question it lists the saved ones.
    """
    from flows import answer as show
    from warehouse.query import answer, question, saved_questions

    if sum(given is not None for given in (sql, saved, file)) > 1:
        raise click.UsageError("one question at a time: SQL, --saved or --file")
    if saved is not None:
        sql = question(saved).sql
    elif file is not None:
        sql = file.read()
    if sql is None:
        click.echo(show.questions_of(saved_questions()))
        return
    settings = settings_of()
    found = answer(
        warehouse or settings.warehouse,
        sql,
        timeout=settings.query_seconds,
        memory=settings.query_memory,
        limit=settings.query_rows,
    )
    if form == "table":
        click.echo(show.table_of(found.table, width=terminal_width()))
    elif form == "parquet":
        click.echo(show.parquet_of(found.table), nl=False)
    else:
        click.echo(show.json_of(found.table) if form == "json" else show.csv_of(found.table))
    if found.cut:
        click.echo(f"pullquote: only the first {settings.query_rows:,} rows (PULLQUOTE_QUERY_ROWS)", err=True)
