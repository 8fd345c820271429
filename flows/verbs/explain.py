"""`pullquote explain`: why each block of a page was kept or not."""

from dataclasses import replace
from pathlib import Path

import click

from extractors.errors import PullquoteError
from extractors.records import Extraction, Rejected
from flows.settings import settings_of
from flows.verbs.options import columns_option, debug, tell_refusal, today

MAX_SHOWN = 100  # pages; whoever names an archive of more wants one of them


@click.command()
@click.argument("source")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a page to look at."
)
@columns_option
@debug
@click.pass_context
def explain(ctx: click.Context, source: str, html: Path | None, columns: str | None) -> None:
    """Show why each block of a page was kept or not.

    With its articles and quotes. In colour on a terminal, plain in a pipe, or with --html as one self-contained file.
    ARCHIVE#MEMBER names a page in an archive, by its place there as `extract` shows it behind the # or by its address.
    """
    from extractors.formats.members import SKIP
    from flows.extract import member_extractions

    settings = settings_of()
    settings = replace(settings, columns=columns or settings.columns)
    complete, shown = True, 0
    last: Extraction | None = None  # with --html nothing is written before it is known to be the only one
    for item in member_extractions(source, today=today(), settings=settings):
        if isinstance(item, Rejected):
            complete = complete and item.stage == SKIP
            if item.stage != SKIP:
                tell_refusal(item)
        elif shown >= (1 if html else MAX_SHOWN):
            raise click.UsageError(f"{source} holds more pages: name one as {item.page.uri}")
        else:
            shown, last = shown + 1, item
            if not html:
                _show(item)
    if html and last:
        from warehouse.report.explain import explain_html

        _written(html, explain_html(last))
        click.echo(str(html))
    ctx.exit(0 if complete else 1)


def _show(page: Extraction) -> None:
    from rich.console import Console

    from flows.explain import explain_text

    explain_text(page, Console())


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PullquoteError("explain.unwritable", f"cannot write {path}: {error.strerror or error}") from error
