"""A page explained in a terminal: the same outline as the explain page, in colour; plain text, a block a line, in a pipe."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractors.records import Article, Extraction, Quote, Rejected
from warehouse.report.outline import Line, Outline, Section, outline_of, shortened
from warehouse.report.text import excerpt, quantity, shown, visible

ROLE_STYLES = {
    "content": "default",
    "title": "bold blue",
    "byline": "magenta",
    "date": "cyan",
    "caption": "yellow",
    "quote": "bright_red",
    "boilerplate": "bright_black",
}
VOICE_STYLES = ("blue", "dark_orange", "green", "magenta", "yellow", "cyan", "red", "medium_purple")  # in turn
NOBODY = "no speaker"
INDENT = 24  # characters before a block's text: line, role and score
MAX_VOICES = 20
LONGEST_NAME = 80  # characters


def explain_text(extraction: Extraction, console: Console) -> None:
    """Print what became of every block of the page, and why, with its quotes, articles and refusals.

    No character of the page reaches the terminal as a control: they are all written as code points.
    """
    outline = outline_of(extraction)
    styles = _voice_styles(outline)
    _say(console, *_head(extraction, outline, styles))
    _say(console, *_refusals(outline.rejected))
    for section in outline.sections:
        _say(console, Text(), *_heading(section), *_refusals(section.rejected))
        _say(console, *(_note(quote, styles, "on no block: ") for quote in section.unplaced))
        _print_lines(console, section.lines, styles)


def _voice_styles(outline: Outline) -> dict[str | None, str]:
    return {
        voice.speaker: VOICE_STYLES[(voice.number - 1) % len(VOICE_STYLES)] if voice.number else "bright_black"
        for voice in outline.voices
    }


def _say(console: Console, *texts: Text) -> None:
    for text in texts:
        console.print(text, soft_wrap=not console.is_terminal, highlight=False)


def _head(extraction: Extraction, outline: Outline, styles: dict[str | None, str]) -> Iterable[Text]:
    page = extraction.page
    yield Text(shown(page.url or page.uri, 300), style="bold")
    yield Text(
        f"{page.format}, {shown(page.charset, 40)}, {quantity(page.bytes, 'byte')}: "
        f"{quantity(len(extraction.articles), 'article')}, {quantity(len(extraction.quotes), 'quote')}, "
        f"{quantity(len(extraction.blocks), 'block')}, {quantity(len(extraction.rejected), 'refusal')}"
    )
    voices = [
        Text.assemble(
            (shown(voice.speaker or NOBODY, LONGEST_NAME), f"underline {styles[voice.speaker]}"), f" {voice.quotes}"
        )
        for voice in outline.voices[:MAX_VOICES]
    ]
    if voices:
        more = len(outline.voices) - len(voices)
        yield Text.assemble("speakers: ", Text(", ").join(voices), f" and {more} more" if more else "")


def _refusals(rejected: Iterable[Rejected]) -> Iterable[Text]:
    for refusal in rejected:
        payload = f": {visible(excerpt(refusal.payload, 120))}" if refusal.payload else ""
        code = shown(refusal.code, LONGEST_NAME)
        yield Text.assemble(
            ("refused ", "red"), (code, "bold red"), f" {shown(refusal.detail, 300)}{payload}".replace("\n", " ")
        )


def _heading(section: Section) -> Iterable[Text]:
    article = section.article
    if article is None:
        yield Text(f"── in no article, {quantity(len(section.lines), 'block')}", style="bright_black")
    elif section.first:
        yield Text(f"── article {article.position + 1}: {shown(article.title or 'untitled', 300)}", style="bold")
        yield Text(f"   {' · '.join(_facts(article))}", style="bright_black")
    else:
        yield Text(f"── article {article.position + 1}, continued", style="bold")


def _facts(article: Article) -> Iterable[str]:
    yield article.kind.replace("_", " ")
    if article.site:
        yield shown(article.site, LONGEST_NAME)
    if article.authors:
        yield "by " + ", ".join(shown(author, LONGEST_NAME) for author in article.authors[:8])
    if article.published:
        yield f"published {article.published}"
    if article.work:
        yield f"about {shown(article.work.title, LONGEST_NAME)}"
    yield quantity(article.word_count, "word")
    yield quantity(article.quote_count, "quote")
    yield f"confidence {article.confidence:.2f}"


def _print_lines(console: Console, lines: Iterable[Line], styles: dict[str | None, str]) -> None:
    """In a terminal the text wraps in its own column, in a pipe every block and every quote is one line."""
    for line in lines:
        margin, body = _margin(line), _body(line, styles)
        notes = [_note(quote, styles) for quote in line.begins]
        if console.is_terminal:
            grid = Table.grid(padding=(0, 1, 0, 0))
            grid.add_column(width=INDENT - 1, no_wrap=True)
            grid.add_column()
            grid.add_row(margin, Text.assemble(body, (f"  {_reason(line)}", "bright_black")))
            console.print(grid, highlight=False)
            for note in notes:
                console.print(Padding(note, (0, 0, 0, INDENT)), highlight=False)
        else:
            flat = Text(body.plain.replace("\n", " "))
            _say(
                console,
                Text.assemble(margin, " ", flat, f"  # {_reason(line)}"),
                *(Text(" " * INDENT) + note for note in notes),
            )


def _margin(line: Line) -> Text:
    block, verdict = line.placed.block, line.placed.verdict
    number = block.line if block.line is not None else block.position + 1
    role = (f"{verdict.role:<11}", ROLE_STYLES[verdict.role])
    return Text.assemble((f"{number:>5} ", "bright_black"), role, (f" {verdict.score:.2f}", "bright_black"))


def _reason(line: Line) -> str:
    return shown(line.placed.verdict.reason, 160).replace("\n", " ")


def _body(line: Line, styles: dict[str | None, str]) -> Text:
    body = Text(style=ROLE_STYLES[line.placed.verdict.role])
    if line.placed.block.marker:
        body.append(f"{shown(line.placed.block.marker, 20)} ")
    for stretch in shortened(line.stretches):
        body.append(
            visible(stretch.text), style=f"underline {styles[stretch.quote.speaker]}" if stretch.quote else None
        )
    return body


def _note(quote: Quote, styles: dict[str | None, str], where: str = "") -> Text:
    said = shown(quote.text, 200).replace("\n", " ")
    facts = f" ({quote.kind.replace('_', ' ')}, {shown(quote.rule, 60)}, {quote.confidence:.2f})"
    speaker = shown(quote.speaker or NOBODY, LONGEST_NAME)
    return Text.assemble(f"❝ {where}", (speaker, f"bold {styles[quote.speaker]}"), f": {said}", (facts, "bright_black"))
