"""`pullquote explain`: why each block of a page was kept or not."""

from pathlib import Path

import click

from extractors.errors import PullquoteError
from extractors.records import Rejected
from flows.settings import settings_of
from flows.verbs.options import debug, tell_refusal, today


@click.command()
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

    items = tuple(extractions_of([source], today=today(), settings=settings_of()))
    pages = [item for item in items if not isinstance(item, Rejected)]
    for item in items:
        if isinstance(item, Rejected):
            tell_refusal(item)
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


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PullquoteError("explain.unwritable", f"cannot write {path}: {error.strerror or error}") from error
