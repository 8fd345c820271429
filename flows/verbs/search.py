"""`pullquote search`: quotes and articles by their words."""

from datetime import date, datetime
from typing import cast

import click

from flows.settings import settings_of
from flows.verbs.options import debug, end_late_query, one_line, warehouse_option
from warehouse.store import Store

DAY = click.DateTime(["%Y-%m-%d"])


def _day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value and value.date()


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--in",
    "where",
    type=click.Choice(["quotes", "articles"]),
    default="quotes",
    show_default=True,
    help="What to search: what was said, or whole articles with their titles.",
)
@click.option("--speaker", metavar="NAME", help="Only quotes of NAME, or articles that quote NAME.")
@click.option("--site", metavar="S", help="Only this publication or host.")
@click.option("--since", type=DAY, callback=_day, metavar="DAY", help="Only published on DAY (2014-08-31) or later.")
@click.option("--until", type=DAY, callback=_day, metavar="DAY", help="Only published on DAY or earlier.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, metavar="N", help="At most N.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to print what was found.",
)
@warehouse_option
@debug
def search(
    words: tuple[str, ...],
    where: str,
    speaker: str | None,
    site: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    form: str,
    warehouse: Store | None,
) -> None:
    """Find quotes or articles that have all the WORDS, the best first.

    In any form of the words, with or without accents; what stands in double quotation marks must be there exactly:
    pullquote search '"just a story" past'
    """
    from flows import search as show
    from warehouse.sandbox import Limits
    from warehouse.search import Where, Wish, found

    settings = settings_of()
    wish = Wish(
        words=" ".join(words),
        where=cast("Where", where),
        speaker=speaker,
        site=site,
        since=since,
        until=until,
        limit=limit,
    )
    limits = Limits(seconds=settings.query_seconds, memory=settings.query_memory, give_up=end_late_query)
    result = found(warehouse or settings.warehouse, wish, limits=limits)
    if form == "json":
        click.echo(show.json_of(result))
    elif form == "csv":
        from flows.answer import for_output

        click.echo(for_output(show.csv_of(result)))
    elif result.hits:
        click.echo(show.lines_of(result))
    if not result.hits:
        click.echo(f"pullquote: {one_line(show.miss_of(result, wish))}", err=True)
    elif result.more:
        click.echo(f"pullquote: only the best {limit:,} (--limit)", err=True)
