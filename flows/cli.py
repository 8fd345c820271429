"""`pullquote`: one verb per command. Everything heavy is imported by the verb that needs it."""

import gc
import logging
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import click

from extractors.errors import PullquoteError
from extractors.records import Rejected
from flows.settings import prepare_prefect, settings_of

DEBUG = "pullquote.debug"
BATCH_GC = (100_000, 20, 20)  # an ingest makes much and drops little: a fifth of its time went into looking for garbage


class PlainError(click.ClickException):
    """A failure as one line on stderr, exit status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"pullquote: {_one_line(self.message)}", file=file or sys.stderr)


class Verbs(click.Group):
    """Lists the verbs in the order of the day's work, and says what went wrong in one line unless asked for more."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except PullquoteError as error:
            if ctx.meta.get(DEBUG):
                raise
            raise PlainError(error.detail) from error
        except Exception as error:
            if ctx.meta.get(DEBUG):
                raise
            raise PlainError(f"{type(error).__name__}: {error} (a bug: --debug shows where)") from error


def _debugging(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True


debug = click.option(
    "--debug", is_flag=True, expose_value=False, is_eager=True, callback=_debugging, help="Show tracebacks and logs."
)
warehouse_option = click.option(
    "--warehouse", type=click.Path(path_type=Path), metavar="FILE", help="The warehouse [default: pullquote.duckdb]."
)
reports_option = click.option(
    "--reports", type=click.Path(path_type=Path), metavar="DIR", help="Where the reports are [default: reports]."
)
sources_argument = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pullquote")
@debug
def main() -> None:
    """Pages in, a warehouse of checked articles and attributed quotes out."""


@main.command()
@sources_argument
@warehouse_option
@reports_option
@click.option("--direct", is_flag=True, help="The same functions without Prefect: no server, no artifacts.")
@click.option("--dry-run", is_flag=True, help="Extract and check, print the funnel, write nothing.")
@debug
@click.pass_context
def ingest(
    ctx: click.Context,
    sources: tuple[str, ...],
    warehouse: Path | None,
    reports: Path | None,
    direct: bool,
    dry_run: bool,
) -> None:
    """Bring pages into the warehouse.

    Reads them, extracts articles and quotes, checks them, loads what passed, reports. A SOURCE is a file, a folder,
    a glob or - for standard input. What is in the warehouse already is left alone.
    """
    from flows.sources import names_anything

    _log_warnings()
    gc.set_threshold(*BATCH_GC)
    settings = settings_of()
    warehouse, reports = warehouse or settings.warehouse, reports or settings.reports
    if direct or dry_run or not names_anything(sources):  # a typo is said at once, not after a server has started
        from flows.run import Order, ingested

        outcome = ingested(
            Order(
                sources=sources,
                warehouse=warehouse,
                reports=reports,
                rehearsal=dry_run,
                busy_seconds=settings.busy_seconds,
            )
        )
    else:
        prepare_prefect(debug=bool(ctx.meta.get(DEBUG)))
        from flows.command import outcome_of_flow

        outcome = outcome_of_flow(sources, warehouse=warehouse, reports=reports)
    from flows.summary import text_of

    for refusal in outcome.refused:
        _tell_refusal(refusal)
    click.echo(text_of(outcome))
    ctx.exit(1 if outcome.failed else 0)


@main.command()
@sources_argument
@click.option("--blocks", is_flag=True, help="Also every block with its role, reason and score.")
@debug
@click.pass_context
def extract(ctx: click.Context, sources: tuple[str, ...], blocks: bool) -> None:
    """Print what pages hold as JSON Lines.

    One line per page: its articles, its quotes, what was refused. No warehouse, no Prefect. What gave no page is
    named on stderr, and the exit status is 1 then.
    """
    from flows.extract import extractions_of, line_of

    complete = True
    for item in extractions_of(sources, today=_today()):
        if isinstance(item, Rejected):
            complete = False
            _tell_refusal(item)
        else:
            click.echo(line_of(item, blocks=blocks).encode())
    ctx.exit(0 if complete else 1)


@main.command()
@click.argument("source")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a page to look at."
)
@debug
@click.pass_context
def explain(ctx: click.Context, source: str, html: Path | None) -> None:
    """Show why each block of a page was kept or not.

    With its articles and quotes. In colour on a terminal, plain in a pipe, or with --html as one self-contained file.
    """
    from flows.extract import extractions_of

    items = tuple(extractions_of([source], today=_today()))
    pages = [item for item in items if not isinstance(item, Rejected)]
    for item in items:
        if isinstance(item, Rejected):
            _tell_refusal(item)
    if html and len(pages) > 1:
        raise click.UsageError(f"--html shows one page, {source} holds {len(pages)}")
    for page in pages:
        if html:
            from warehouse.report.explain import explain_html

            _written(html, explain_html(page))
            click.echo(str(html))
        else:
            from rich.console import Console

            from flows.explain import explain_text

            explain_text(page, Console())
    ctx.exit(0 if len(pages) == len(items) else 1)


@main.command()
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
        click.echo(show.table_of(found.table, width=_terminal_width()))
    elif form == "parquet":
        click.echo(show.parquet_of(found.table), nl=False)
    else:
        click.echo(show.json_of(found.table) if form == "json" else show.csv_of(found.table))
    if found.cut:
        click.echo(f"pullquote: only the first {settings.query_rows:,} rows (PULLQUOTE_QUERY_ROWS)", err=True)


@main.command()
@click.argument("run", default="latest")
@reports_option
@debug
def report(run: str, reports: Path | None) -> None:
    """Print the path of a run's report.

    RUN is an id, the beginning of one, or latest.
    """
    from flows.report import report_named

    click.echo(str(report_named(run, reports or settings_of().reports)))


def _tell_refusal(refusal: Rejected) -> None:
    click.echo(f"pullquote: {_one_line(refusal.uri)}: {_one_line(refusal.detail)}", err=True)


def _one_line(text: str) -> str:
    from warehouse.report.text import visible

    return visible(" ".join(text.split()))


def _today() -> date:
    return datetime.now(UTC).date()


def _terminal_width() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _log_warnings() -> None:
    """What the warehouse has to say while it waits or finds something odd goes to stderr, a line each."""
    shown = logging.StreamHandler()
    shown.setFormatter(logging.Formatter("pullquote: %(message)s"))
    logging.getLogger("warehouse").addHandler(shown)


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PullquoteError("explain.unwritable", f"cannot write {path}: {error.strerror or error}") from error
