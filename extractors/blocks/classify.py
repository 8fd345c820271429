"""Blocks → a verdict for each: how likely it is article text, and why."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from extractors.blocks.document import Document
from extractors.blocks.features import features_of
from extractors.blocks.model import Judge, scores_from
from extractors.blocks.opinion import expected_f, opinion_features
from extractors.blocks.shapes import SENTENCE_END, STAGE_ONLY, shape_of
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import STATS, Floats
from extractors.blocks.walk import HEADINGS
from extractors.memory import REMEMBERED
from extractors.records import Block, Verdict

CORE = 0.4  # from here a block is article text; the F of held-out pages is flat between .35 and .5
# In HTML so much is asked of the blocks of an article. What leaks into texts are short lines without a quotation mark:
# "Sign up", "Buy now".
LONG_CORE, SHORT_CORE, HEADING_CORE, FURNITURE_CORE = 0.45, 0.7, 0.6, 0.9
MAX_SHORT = 12  # words
POINTER = re.compile(
    r"(?:related|recommended|read (?:more|next)|more (?:from|stories)|you may)\b[^:|]{0,40}$", re.IGNORECASE
)
MIN_REPEATS = 3  # the same line three times on a page is furniture; a refrain seldom gets there
MAX_REPEATED_WORDS = 12
MOSTLY = 0.6  # share of a block's characters inside links
SHORT_WORDS, PROSE_WORDS = 8, 12
SCRIPT_PAGE = 8  # script lines from which a page is a script, whatever the model thinks of short lines
ASK = 0.7  # expected F below which another extractor is asked of an article; see docs/benchmarks.md
LIKELY = 0.5  # probability from which a page is taken for an article
SPOKEN, FURNITURE = 0.97, 0.2  # scores where a rule knows better than the model
BOILERPLATE_ANCESTORS = ("nav", "footer", "aside", "form", "button", "label", "legend", "option")


def scores_of(
    documents: Sequence[Document], judge: Judge, *, hosts: Sequence[Floats | None], blind: bool = False
) -> list[tuple[Floats, float]]:
    """For each document (the probability of each block to be article text: the model's, corrected where a rule is
    certain; that of the document to be an article). None of them is empty.

    `hosts` are the shares of the host's other pages that hold each block, where they are known; `blind` is for pieces cut
    out of a page, which the head does not describe.
    """
    if not documents:
        return []
    stack = Stack(documents)
    known = [np.zeros(size) if shares is None else shares for size, shares in zip(stack.sizes, hosts, strict=True)]
    rows = features_of(stack, hosts=np.concatenate(known), blind=blind)
    scores, articles = scores_from(judge, stack, rows, blind=blind)
    return [
        (_with_script(document, own), likely)
        for document, own, likely in zip(documents, stack.split(scores), articles.tolist(), strict=True)
    ]


def reconsidered(
    document: Document, scores: Floats, article: float, judge: Judge, opinion: Callable[[], str]
) -> Floats:
    """The scores of a document; of an article for which they promise little, those of the model that also sees another
    extractor's text, which `opinion` gives. On products, threads and lists it knows less than ours.
    """
    if judge.third is None or article < LIKELY or expected_f(scores, document.lines.words) >= ASK:
        return scores
    return _with_script(document, judge.third.predict(opinion_features(document, scores, article, opinion())))


def _with_script(document: Document, scores: Floats) -> Floats:
    """The lines of a script are spoken, whatever a model thinks of short lines."""
    texts, script = document.lines.texts, document.lines.script
    if len(script) >= SCRIPT_PAGE:
        scores[list(script)] = SPOKEN
        for i in range(len(texts)):
            if STAGE_ONLY.fullmatch(texts[i]) and {i - 1, i + 1} & script.keys():
                scores[i] = SPOKEN
    return scores


def cores_of(document: Document) -> Floats:
    """The scores from which the blocks of an article count as its text."""
    lines = document.lines
    if not document.tree.labels:
        return np.full(len(document.blocks), CORE)
    heading = np.fromiter((block.tag in HEADINGS for block in document.blocks), bool, len(document.blocks))
    long = (lines.words > MAX_SHORT) | (lines.stats[:, STATS.index("quotes")] > 0)
    cores = np.where(long, LONG_CORE, np.where(heading, HEADING_CORE, SHORT_CORE))
    return np.where(lines.sign("furniture"), FURNITURE_CORE, cores)


def capped(scores: Floats, blocks: Sequence[Block], repeats: Counter[str]) -> Floats:
    """The scores, held down for page furniture, lines that the page repeats, teasers that a farm cut off or ran
    together, and the headlines below a pointer to other articles; `repeats` counts the folded lines of the page.

    Only for pages that an aggregator pasted together: on ordinary pages the model knows better (text recall falls by .03).
    """
    held = np.zeros(len(blocks), bool)
    pointing = False
    for i, block in enumerate(blocks):
        shape = shape_of(block)
        pointing = (shape.furniture and POINTER.match(block.text) is not None) or (pointing and not shape.sentence_end)
        repeated = repeats[block.text.casefold()] >= MIN_REPEATS and shape.words <= MAX_REPEATED_WORDS
        held[i] = shape.furniture or pointing or repeated or shape.cut or shape.headlines
    return np.where(held & (scores < SPOKEN), np.minimum(scores, FURNITURE), scores)


def verdicts_of(documents: Sequence[Document], scores: Floats, repeats: Counter[str]) -> list[Verdict]:
    """One verdict per block of the page, in order; roles are "content" or "boilerplate" until the articles are known.

    `repeats` counts the folded lines of the page.
    """
    verdicts: list[Verdict] = []
    for document in documents:
        furniture, script = document.lines.sign("furniture").tolist(), document.lines.script
        own = scores[len(verdicts) : len(verdicts) + len(furniture)].tolist()
        for index, (block, score) in enumerate(zip(document.blocks, own, strict=True)):
            content = score >= CORE
            if index in script:
                reason = "script line"
            elif content:
                reason = content_reason(block)
            elif furniture[index]:
                reason = "page furniture"
            else:
                reason = _boilerplate_reason(block, repeats)
            verdicts.append(Verdict(role="content" if content else "boilerplate", reason=reason, score=round(score, 4)))
    return verdicts


def _boilerplate_reason(block: Block, repeats: Counter[str]) -> str:
    """What a person would point at; the decision itself is the model's, over 280 numbers. Cheap signs come first."""
    if repeats[block.text.casefold()] >= MIN_REPEATS:
        return "repeated on the page"
    ancestor = _boilerplate_ancestor(block.path)
    if ancestor:
        return f"inside {ancestor}"
    if block.link_share > MOSTLY:
        return "mostly links"
    if block.text.count(" ") < SHORT_WORDS:
        return "short line among others"
    shape = shape_of(block)
    return (
        "cut-off teaser"
        if shape.cut
        else "row of headlines"
        if shape.headlines
        else "reads and stands like boilerplate"
    )


@lru_cache(maxsize=REMEMBERED)
def _boilerplate_ancestor(path: tuple[str, ...]) -> str | None:
    """The tag of the nearest element around that seldom holds text; remembered, since blocks share their paths."""
    label = next((label for label in reversed(path) if label.startswith(BOILERPLATE_ANCESTORS)), None)
    return label.partition(".")[0].partition("#")[0] if label else None


def content_reason(block: Block) -> str:
    """What speaks for a block of a body, in words."""
    if block.text[0] == "[" and STAGE_ONLY.fullmatch(block.text):
        return "stage direction"
    if block.tag in HEADINGS:
        return "heading inside the text"
    if block.marker or block.tag == "li":
        return "list item"
    if block.tag == "tr":
        return "table row"
    return (
        "prose"
        if block.text.count(" ") >= PROSE_WORDS and SENTENCE_END.search(block.text[-8:])
        else "between paragraphs"
    )
