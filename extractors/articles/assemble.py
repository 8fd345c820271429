"""Runs of blocks → articles with body, facts and quotes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from extractors.articles.around import Surroundings
from extractors.articles.flags import flags_of
from extractors.articles.joined import joined_runs, snippet_of
from extractors.articles.metadata import Facts, facts_of, kind_of
from extractors.articles.split import Run, Split
from extractors.articles.work import Works
from extractors.blocks.classify import content_reason
from extractors.blocks.document import Document
from extractors.blocks.shapes import SENTENCE_END, WORD, is_aside
from extractors.blocks.textstats import word_count
from extractors.blocks.walk import HEADINGS
from extractors.memory import REMEMBERED
from extractors.quotes.find import quotes_of
from extractors.quotes.page import UNSEEN, PageQuotes
from extractors.quotes.passages import NoQuote, Passage
from extractors.quotes.script import script_line
from extractors.quotes.statements import SITE_RULES
from extractors.records import Article, Block, Page, PlacedBlock, Quote, Rejected, Role, Verdict, uuid_of

MAX_HEADING_WORDS = 14
MIN_CAPITALS = 0.7  # share of the longer words of a heading that are capitalised
NOTES = re.compile(r"[.#_-](?:(?:foot|end)notes?|references|reflist|bibliography|fn-?\d+)\b")  # they cite titles
MIN_PARAGRAPH, MOSTLY = 60, 0.6  # characters of a line that is a paragraph; share of such lines among all of a block
MIN_TURNS = 2  # lines of one paragraph that are turns of a script
SNIPPET_WORDS = 60  # a page of no more is all text, if somebody speaks in it
NO_ARTICLE = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article with what belongs to it; `spoken`: block → the rule that found a quote in it by its markup."""

    article: Article
    quotes: tuple[Quote, ...]
    rejected: tuple[Rejected, ...]
    run: Run
    facts: Facts
    spoken: Mapping[int, str]


def drafts_of(
    page: Page,
    documents: Sequence[Document],
    verdicts: Sequence[Verdict],
    repeats: Counter[str],
    split: Split,
    quotes: PageQuotes,
    today: date,
) -> list[Draft]:
    """The articles of a page in order; `repeats` counts its folded lines."""
    blocks = quotes.blocks
    works = Works([block.text for block in blocks])
    runs = joined_runs(split.runs, quotes, documents)
    if len(documents) == 1 and _is_short(blocks):
        runs = _snippet(runs, quotes)
    per_document = Counter(run.document for run in runs)
    drafts = []
    for position, run in enumerate(runs):
        around = Surroundings(
            page=page,
            blocks=blocks,
            run=run,
            document=documents[run.document],
            repeats=repeats,
            works=works,
            alone=per_document[run.document] == 1,
            today=today,
        )
        drafts.append(_draft(page, position, around, verdicts, quotes))
    return drafts


def _is_short(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= SNIPPET_WORDS and sum(block.text.count(" ") + 1 for block in blocks) <= SNIPPET_WORDS


def _snippet(runs: tuple[Run, ...], quotes: PageQuotes) -> tuple[Run, ...]:
    """The whole of a page of a few words, if somebody says more in it than in what the model would keep."""
    snippet = snippet_of(quotes.blocks, quotes.visible)
    found = [
        sum(len(quote.text) for run in some for quote in quotes_of(NO_ARTICLE, *body_of([quotes.blocks[i] for i in run.body]), shown=quotes.shown)[0])
        for some in ((snippet,), runs)
    ]  # fmt: skip
    return (snippet,) if found[0] > found[1] else runs


def _draft(
    page: Page, position: int, around: Surroundings, verdicts: Sequence[Verdict], page_quotes: PageQuotes
) -> Draft:
    blocks, run = around.blocks, around.run
    body, passages = body_of([blocks[i] for i in run.body], around.document)
    facts = facts_of(around, body)
    article_id = uuid_of(str(page.page_id), str(position))
    shown = page_quotes.within([blocks[i] for i in run.body], facts.title)
    quotes, no_quotes = quotes_of(article_id, body, passages, facts.authors, shown)
    span = range(run.body[0], max(i for i in run.body if i < page_quotes.visible or i == run.body[0]) + 1)
    near = [blocks[i].text for i in (*run.head[-16:], *run.foot[:6])]
    quoted = sum(len(quote.text.split()) for quote in quotes if quote.kind in ("dialogue_line", "list_item"))
    article = Article(
        article_id=article_id,
        page_id=page.page_id,
        position=position,
        kind="quote_page"
        if any(quote.rule.startswith(SITE_RULES) for quote in quotes)
        else kind_of(facts.title, near, body, quoted, around.json_ld.type, run.probability),
        title=facts.title,
        authors=facts.authors,
        site=facts.site,
        published=facts.published,
        published_source=facts.published_source,
        modified=facts.modified,
        language=facts.language,
        work=facts.work,
        body=body,
        word_count=word_count(body),
        quote_count=len(quotes),
        confidence=_expected_f(run, blocks, verdicts),
        flags=flags_of(around, body),
        boilerplate_share=round(max(0.0, 1 - len(run.body) / len(span)), 4),
    )
    return Draft(
        article=article,
        quotes=quotes,
        rejected=_rejected(page, article, facts, no_quotes),
        run=run,
        facts=facts,
        spoken={
            at: item.statement.rule
            for item in shown
            if not item.statement.cued and not item.statement.repeat
            for at, _, _ in item.pieces
        },
    )


def _expected_f(run: Run, blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> float:
    """The F that the scores themselves promise for the body: what is kept and right against what is kept or right."""
    around = (*run.head, *run.body, *run.foot)
    words = {i: len(blocks[i].text) for i in around}
    right = sum(verdicts[i].score * words[i] for i in run.body)
    kept = sum(words[i] for i in run.body)
    wanted = sum(verdicts[i].score * words[i] for i in around)
    return round(2 * right / max(1.0, kept + wanted), 4)


def _rejected(page: Page, article: Article, facts: Facts, no_quotes: Sequence[NoQuote]) -> tuple[Rejected, ...]:
    refusals = [("metadata", code, detail, b"") for code, detail in facts.problems]
    refusals += [("quote", item.code, item.detail, article.body[item.start : item.stop].encode()) for item in no_quotes]
    return tuple(
        Rejected(
            stage=stage,
            code=code,
            detail=detail,
            uri=page.uri,
            page_id=page.page_id,
            article=article.position,
            payload=payload,
        )
        for stage, code, detail, payload in refusals
    )


def body_of(blocks: Sequence[Block], document: Document | None = None) -> tuple[str, tuple[Passage, ...]]:
    """(the text of an article, its passages): paragraphs separated by a blank line, the items of a list by a newline.

    A block is one passage, or one for each line where turns of a script stand in one paragraph. `document` is the one the
    blocks are of, if it is known.
    """
    pieces: list[str] = []
    passages: list[Passage] = []
    place = 0
    before: Block | None = None
    for block in blocks:
        item = block.tag == "li"
        lead = ""
        if before is not None:
            lead = "\n" if item and before.tag == "li" and block.position - before.position == 1 else "\n\n"
        if item:
            lead += f"{block.marker} " if block.marker[:1].isdigit() else "- "
        pieces += (lead, block.text)
        start = place + len(lead)
        place = start + len(block.text)
        passages += _passages(block, start, document)
        before = block
    return "".join(pieces), tuple(passages)


def _passages(block: Block, start: int, document: Document | None) -> Iterator[Passage]:
    lines = _paragraphs(block.text)
    holder = _holder(block, document, up=len(lines) == 1)
    quoted, note = _set_apart(block.path)
    offset = 0
    for line in lines:
        yield Passage(
            start=start + offset,
            stop=start + offset + len(line),
            text=line,
            block=block.position,
            offset=offset,
            holder=holder,
            line=block.line,
            tag=block.tag,
            heading=block.tag in HEADINGS or _is_heading(block),
            quoted=quoted,
            note=note,
        )
        offset += len(line) + 1


@lru_cache(maxsize=REMEMBERED)
def _set_apart(path: tuple[str, ...]) -> tuple[bool, bool]:
    """(inside a quotation, among the notes); remembered, since the paragraphs of an article share their path."""
    quoted = any(label.startswith(("blockquote", "q.")) for label in path)
    return quoted, any(map(_is_note, path))


@lru_cache(maxsize=REMEMBERED)
def _is_note(label: str) -> bool:
    return NOTES.search(label) is not None


def _paragraphs(text: str) -> list[str]:
    """The lines of a block where a <br> ends a paragraph or a turn of a script; else the block as it is."""
    if "\n" not in text:
        return [text]
    lines = text.split("\n")
    ended = sum(len(line) >= MIN_PARAGRAPH and SENTENCE_END.search(line) is not None for line in lines)
    turns = sum(script_line(line) is not None for line in lines)
    return lines if turns >= MIN_TURNS or ended >= MOSTLY * len(lines) else [text]


def _holder(block: Block, document: Document | None, *, up: bool) -> int | None:
    """The number of the element that holds the block's element and its like, or (not `up`) of the block's own."""
    place = block.position - document.blocks[0].position if document and document.blocks else -1
    if document is None or not 0 <= place < len(document.tree.leaves):
        return None
    leaf = document.tree.leaves[place]
    return document.tree.parents[leaf] if up else leaf


def _is_heading(block: Block) -> bool:
    """Without markup a heading is a short line in title case that ends in no full stop."""
    if block.tag or block.text.endswith((".", "!", ":", "”", '"', ",")):
        return False
    words = WORD.findall(block.text)
    long = [word for word in words if len(word) > 3]
    return len(words) <= MAX_HEADING_WORDS and sum(word[0].isupper() for word in long) >= MIN_CAPITALS * len(long)


def placed_blocks(
    blocks: Sequence[Block], verdicts: Sequence[Verdict], split: Split, drafts: Sequence[Draft]
) -> tuple[PlacedBlock, ...]:
    """Every block with its final role and the article it went into."""
    final = list(verdicts)
    owner: dict[int, int] = {}
    for i in range(split.sources_start, len(split.scores)):
        final[i] = Verdict(role="boilerplate", reason="an aggregator's list of sources", score=0.02)
    for number, draft in enumerate(drafts):
        for i in draft.run.body:
            owner[i] = number
            said = verdicts[i].reason == "script line" or i in draft.spoken or "blockquote" in blocks[i].path
            role: Role = "quote" if said else "content"
            was = final[i]
            reason = was.reason
            if was.role != "content" and blocks[i].path != UNSEEN:
                reason = draft.spoken.get(i, "").replace("_", " ") or content_reason(blocks[i])
            final[i] = Verdict(role=role, reason=reason, score=was.score)
        facts = draft.facts
        for at, role in ((facts.title_at, "title"), (facts.byline_at, "byline"), (facts.date_at, "date")):
            if at is not None and at not in owner:
                owner[at] = number
                final[at] = Verdict(role=role, reason=f"the article's {role}", score=final[at].score)
    return tuple(
        PlacedBlock(
            block=block,
            verdict=final[i]
            if i in owner or final[i].role == "boilerplate"
            else Verdict(role="boilerplate", reason=_left_out(block, final[i]), score=final[i].score),
            article=owner.get(i),
        )
        for i, block in enumerate(blocks)
    )


def _left_out(block: Block, verdict: Verdict) -> str:
    """Why a block that reads like text is in no article."""
    if is_aside(block.text):
        return "the site speaks for itself"
    return f"{verdict.reason}, but not clearly part of an article"
