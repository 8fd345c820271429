"""Runs with the quotes that stand in them: cards, tweets and blockquotes that were judged boilerplate, and quotes that
a page claims without showing them.
"""

from collections.abc import Sequence
from dataclasses import replace

from extractors.articles.split import Run
from extractors.blocks.document import Document
from extractors.quotes.page import PageQuotes
from extractors.quotes.place import Shown, firm
from extractors.quotes.statements import SITE_RULES
from extractors.records import Block

EDGE = 3  # blocks between a text and a quote that still stands at its edge


def joined_runs(runs: Sequence[Run], quotes: PageQuotes, documents: Sequence[Document]) -> tuple[Run, ...]:
    """The runs, each with the quotes inside it; a run of nothing but its quotes where a page has no other text."""
    if not quotes.shown:
        return tuple(runs)
    if not runs:
        body = tuple(sorted({at for item in quotes.shown if not item.statement.repeat for at, _, _ in item.pieces}))
        return (_only_quotes(body, documents),) if body else ()
    main = max(
        range(len(runs)), key=lambda number: sum(stop - start for start, stop in _lengths(runs[number], documents))
    )
    return tuple(_joined(run, quotes, takes_unseen=number == main) for number, run in enumerate(runs))


def _told(run: Run, quotes: PageQuotes) -> str:
    """All that the run says, without white space and marks: what quotes it adds nothing (forums quote earlier posts)."""
    return firm("".join(quotes.blocks[at].text for at in run.body))


def _lengths(run: Run, documents: Sequence[Document]) -> list[tuple[int, int]]:
    blocks = documents[run.document].blocks
    first = blocks[0].position
    return [(0, len(blocks[at - first].text)) for at in run.body]


def _only_quotes(body: tuple[int, ...], documents: Sequence[Document]) -> Run:
    number = next(
        (n for n, document in enumerate(documents) if document.blocks and document.blocks[-1].position >= body[0]), 0
    )
    first = documents[number].blocks[0].position if documents[number].blocks else 0
    return Run(document=number, head=tuple(range(first, body[0])), body=body, foot=(), entry=None, probability=0.0)


def _joined(run: Run, quotes: PageQuotes, *, takes_unseen: bool) -> Run:
    low, high = run.body[0] - EDGE, run.body[-1] + EDGE
    body = set(run.body)
    near = [
        item
        for item in quotes.shown
        if item.statement.joins
        and _belongs(item, low, high, quotes.visible, takes_unseen=takes_unseen)
        and not body.issuperset(at for at, _, _ in item.pieces)
    ]
    told = _told(run, quotes) if near else ""
    added = {
        at
        for item in near
        if item.statement.rule.startswith(SITE_RULES) or firm(item.statement.paragraphs[0]) not in told
        for at, _, _ in item.pieces
    } - body
    if not added:
        return run
    return replace(
        run,
        body=tuple(sorted(body | added)),
        head=tuple(at for at in run.head if at not in added),
        foot=tuple(at for at in run.foot if at not in added),
    )


def _belongs(item: Shown, low: int, high: int, visible: int, *, takes_unseen: bool) -> bool:
    first, last = item.pieces[0][0], item.pieces[-1][0]
    if first >= visible:
        return takes_unseen
    return (low <= first and last <= high) or (takes_unseen and item.statement.rule.startswith(SITE_RULES))


def snippet_of(blocks: Sequence[Block], visible: int) -> Run:
    """A page of a few words as one text: too little for a model to tell text from furniture."""
    start = next((i for i in range(visible) if blocks[i].tag not in ("h1", "h2")), 0)
    return Run(
        document=0,
        head=tuple(range(start)),
        body=tuple(range(start, len(blocks))),
        foot=(),
        entry=None,
        probability=0.0,
    )
