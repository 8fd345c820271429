"""What verbs share: options, and how they talk on stderr."""

import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import click

from extractors.errors import PullquoteError
from extractors.records import Rejected
from flows.settings import warehouse_of
from warehouse.store import Store

DEBUG = "pullquote.debug"  # keys in the context's meta: show tracebacks,
LOG_FORMAT = "pullquote.log_format"  # and how to tell what happens

LogFormat = Literal["text", "json"]

logger = logging.getLogger(__name__)


def _debugging(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True


def _remembered(ctx: click.Context, _: click.Parameter, value: LogFormat) -> LogFormat:
    ctx.meta[LOG_FORMAT] = value
    return value


debug = click.option(
    "--debug", is_flag=True, expose_value=False, is_eager=True, callback=_debugging, help="Show tracebacks and logs."
)


class StoreType(click.ParamType[Store]):
    """A warehouse on the command line."""

    name = "warehouse"

    def convert(self, value: str | Store, param: click.Parameter | None, ctx: click.Context | None) -> Store:
        try:
            return warehouse_of(value) if isinstance(value, str) else value
        except PullquoteError as error:
            self.fail(error.detail, param, ctx)


warehouse_option = click.option(
    "--warehouse",
    type=StoreType(),
    metavar="FILE",
    help="The warehouse: a file, or ducklake:… (docs/cluster.md) [default: pullquote.duckdb].",
)
reports_option = click.option(
    "--reports", type=click.Path(path_type=Path), metavar="DIR", help="Where the reports are [default: reports]."
)
sources_argument = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")


workers_option = click.option(
    "--workers",
    type=click.IntRange(0),
    metavar="N",
    help="Worker processes that extract [default: one for each core; 0: none, and a page that hangs hangs all].",
)


def _columns_named(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    if text:
        from extractors.formats.rows import columns_of

        try:
            columns_of(text)
        except PullquoteError as error:
            raise click.BadParameter(error.detail) from error
    return text


columns_option = click.option(
    "--columns",
    metavar="ROLE=NAME...",
    callback=_columns_named,
    help="Which columns of JSON Lines and Parquet hold a page, as in 'content=raw url=link fetched_at=seen'.",
)
done_option = click.option(
    "--done", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Move what is dealt with there."
)
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Where the HTTP inbox listens.")
port_option = click.option("--port", type=click.IntRange(1, 65_535), default=8470, show_default=True, help="Its port.")
log_format_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    callback=_remembered,
    help="How to tell on stderr what happens.",
)


def tell_refusal(refusal: Rejected) -> None:
    """One line on stderr about an input that could not be taken."""
    click.echo(f"pullquote: {one_line(refusal.uri)}: {one_line(refusal.detail)}", err=True)


def log_refusal(refusal: Rejected) -> None:
    """The same, in whatever form the command tells things."""
    data = {"uri": refusal.uri, "stage": refusal.stage, "code": refusal.code}
    logger.warning("%s: %s", refusal.uri, refusal.detail, extra={"data": data})


def one_line(text: str) -> str:
    """The text in one line that cannot steer the terminal."""
    from warehouse.report.text import visible

    return visible(" ".join(text.split()))


def folder_of(inbox: Path) -> Path:
    """The inbox, which is a folder; PullquoteError "inbox.no_folder" if it is none."""
    if not inbox.is_dir():
        what = "is not a folder" if inbox.exists() else "does not exist"
        raise PullquoteError("inbox.no_folder", f"{inbox} {what}")
    return inbox


def on_stop(stop: Callable[[], object]) -> None:
    """Call `stop` at SIGTERM and Ctrl-C; a second one does not wait."""

    def stopping(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopping)


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def terminal_width() -> int | None:
    """Columns of the terminal on stdout; None in a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def end_late_query() -> None:
    """Ends the process: for a question that does not stop when told to."""
    click.echo("pullquote: stopped: it took too long (PULLQUOTE_QUERY_SECONDS)", err=True)
    os._exit(1)
