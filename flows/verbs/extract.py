"""`pullquote extract`: pages as JSON Lines."""

import click

from extractors.records import Rejected
from flows.settings import settings_of
from flows.verbs.options import debug, sources_argument, tell_refusal, today


@click.command()
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
    for item in extractions_of(sources, today=today(), settings=settings_of()):
        if isinstance(item, Rejected):
            complete = False
            tell_refusal(item)
        else:
            click.echo(line_of(item, blocks=blocks).encode())
    ctx.exit(0 if complete else 1)
