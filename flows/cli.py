"""`pullquote`: the group of its verbs, and how a failure is told. The verbs are in flows/verbs, a module each."""

import logging
import sys
from typing import IO, Any

import click

from extractors.errors import PullquoteError
from flows.verbs.explain import explain
from flows.verbs.extract import extract
from flows.verbs.ingest import ingest
from flows.verbs.options import DEBUG, LOG_FORMAT, debug, one_line
from flows.verbs.quarantine import quarantine
from flows.verbs.query import query
from flows.verbs.receive import receive
from flows.verbs.replay import replay
from flows.verbs.report import report
from flows.verbs.search import search
from flows.verbs.serve import serve
from flows.verbs.settings import settings
from flows.verbs.warehouse import warehouse
from flows.verbs.watch import watch

VERBS = (  # in the order of the day's work
    ingest,
    watch,
    receive,
    serve,
    extract,
    explain,
    query,
    search,
    report,
    quarantine,
    replay,
    warehouse,
    settings,
)


class PlainError(click.ClickException):
    """A failure as one line on stderr, exit status 1."""

    def __init__(self, message: str, ctx: click.Context, *, code: str) -> None:
        super().__init__(message)
        self.as_json = ctx.meta.get(LOG_FORMAT) == "json"
        self.code = code

    def show(self, file: IO[Any] | None = None) -> None:
        line = f"pullquote: {one_line(self.message)}"
        if self.as_json:
            from flows.logs import json_line

            record = logging.makeLogRecord({"msg": self.message, "levelname": "ERROR", "name": __name__})
            record.data = {"code": self.code}
            line = json_line(record)
        click.echo(line, file=file or sys.stderr)


class Verbs(click.Group):
    """Lists the verbs in their order, and says what went wrong in one line unless asked for more."""

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
            raise PlainError(error.detail, ctx, code=error.code) from error
        except Exception as error:
            if ctx.meta.get(DEBUG):
                raise
            message = f"{type(error).__name__}: {error} (a bug: --debug shows where)"
            raise PlainError(message, ctx, code="bug") from error


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pullquote")
@debug
def main() -> None:
    """Pages in, a warehouse of checked articles and attributed quotes out."""


for verb in VERBS:
    main.add_command(verb)
