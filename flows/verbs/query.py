"""`pullquote query`: questions to the published warehouse."""

from collections.abc import Iterable
from typing import IO

import click

from flows.settings import settings_of
from flows.verbs.options import debug, end_late_query, terminal_width, warehouse_option
from warehouse.store import Store


@click.command()
@click.argument("sql", required=False)
@click.option("--saved", metavar="NAME", help="Ask a saved question.")
@click.option(
    "--file", "file", type=click.File(encoding="utf-8"), metavar="F", help="Ask what the file says; - is stdin."
)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A value for $NAME in the question.")
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
def query(
    sql: str | None,
    saved: str | None,
    file: IO[str] | None,
    params: tuple[str, ...],
    form: str,
    warehouse: Store | None,
) -> None:
    """Ask the warehouse in SQL.

    Read-only, in a sandbox, with limits on time, memory and rows. Without a question it lists the saved ones with
    their parameters.
    """
    from flows import answer as show
    from warehouse.query import answer, question, saved_questions
    from warehouse.sandbox import Limits

    if sum(given is not None for given in (sql, saved, file)) > 1:
        raise click.UsageError("one question at a time: SQL, --saved or --file")
    given = _values(params)
    asked = question(saved) if saved is not None else _text(file) if file is not None else sql
    if asked is None:
        click.echo(show.questions_of(saved_questions()))
        return
    settings = settings_of()
    if form == "parquet" and terminal_width() is not None:
        raise click.UsageError("parquet is not for a terminal: add > FILE")
    limits = Limits(
        seconds=settings.query_seconds,
        memory=settings.query_memory,
        rows=settings.query_rows,
        give_up=end_late_query,
    )
    found = answer(warehouse or settings.warehouse, asked, params=given, limits=limits)
    if form == "table":
        click.echo(show.table_of(found.table, width=terminal_width()))
    elif form == "parquet":
        click.echo(show.parquet_of(found.table), nl=False)
    else:
        click.echo(show.json_of(found.table) if form == "json" else show.for_output(show.csv_of(found.table)))
    if found.cut:
        rows = found.table.num_rows
        limit = "PULLQUOTE_QUERY_ROWS" if rows == settings.query_rows else f"they fill {limits.bytes // 1_000_000} MB"
        click.echo(f"pullquote: only the first {rows:,} rows ({limit})", err=True)


def _values(params: Iterable[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--param is NAME=VALUE, not {param}")
        if name in values:
            raise click.UsageError(f"--param {name} is given twice")
        values[name] = value
    return values


def _text(file: IO[str]) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"the question is not UTF-8 text: {error}") from error
