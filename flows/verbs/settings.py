"""`pullquote settings`: what is set, and by what."""

import click

from flows.settings import origins_of
from flows.verbs.options import debug


@click.command()
@debug
def settings() -> None:
    """Print every setting, its value and where that came from.

    One line each: variable, value, environment or default, meaning. A secret is not told.
    """
    from flows.answer import columns_of

    click.echo(columns_of((o.variable, o.value, o.source, o.meaning) for o in origins_of()))
