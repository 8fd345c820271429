"""`pullquote extract`: pages as JSON Lines."""

from collections import Counter
from dataclasses import replace

import click

from extractors.records import Rejected
from flows.settings import settings_of
from flows.verbs.options import columns_option, debug, one_line, sources_argument, tell_refusal, today


@click.command()
@sources_argument
@click.option("--blocks", is_flag=True, help="Also every block with its role, reason and score.")
@columns_option
@debug
@click.pass_context
def extract(ctx: click.Context, sources: tuple[str, ...], blocks: bool, columns: str | None) -> None:
    """Print what pages hold as JSON Lines.

    A SOURCE is a page or an archive of pages, see `ingest`. One line per page: its articles, its quotes, what was refused. No warehouse, no Prefect. What gave no page is
    named on stderr, and the exit status is 1 then.
    """
    from extractors.formats.members import SKIP
    from flows.extract import extractions_of, line_of

    complete = True
    settings = settings_of()
    settings = replace(settings, columns=columns or settings.columns)
    skipped: Counter[str] = Counter()
    for item in extractions_of(sources, today=today(), settings=settings):
        if isinstance(item, Rejected) and item.stage == SKIP:
            skipped[item.detail] += 1
        elif isinstance(item, Rejected):
            complete = False
            tell_refusal(item)
        else:
            click.echo(line_of(item, blocks=blocks).encode())
    for detail, count in skipped.most_common():
        click.echo(f"pullquote: passed over {count:,}: {one_line(detail)}", err=True)
    ctx.exit(0 if complete else 1)
