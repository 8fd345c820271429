"""Blocks → a verdict for each: how likely it is article text, and why."""

from collections import Counter
from collections.abc import Sequence

from extractors.blocks.shapes import STAGE_ONLY, Shape, shape_of
from extractors.quotes.script import script_lines
from extractors.records import Block, Verdict

MIN_REPEATS = 3  # the same line three times on a page is furniture; a refrain seldom gets there
PROSE = 0.9
CORE = 0.5  # from here a block is article text
NEAR = 3  # neighbours on each side that vouch for a short line
BOILERPLATE_ANCESTORS = ("nav", "footer", "aside", "form", "button", "header.site", "label", "legend", "option")


def verdicts_of(blocks: Sequence[Block]) -> list[Verdict]:
    """One verdict per block, in order; roles are "content" or "boilerplate" until the articles are known."""
    shapes = [shape_of(block) for block in blocks]
    script = script_lines([block.text for block in blocks])
    repeats = Counter(block.text.casefold() for block in blocks)
    first = [
        Verdict(role="content", reason="script line", score=0.97)
        if index in script
        else _alone(block, shape, repeats, in_script=bool(script))
        for index, (block, shape) in enumerate(zip(blocks, shapes, strict=True))
    ]
    return [_among(index, blocks, first) for index in range(len(blocks))]


def _alone(block: Block, shape: Shape, repeats: Counter[str], *, in_script: bool) -> Verdict:
    if in_script and STAGE_ONLY.fullmatch(block.text):
        return Verdict(role="content", reason="stage direction", score=0.9)
    if shape.furniture:
        return Verdict(role="boilerplate", reason="page furniture", score=0.03)
    if repeats[block.text.casefold()] >= MIN_REPEATS and shape.words <= 12:
        return Verdict(role="boilerplate", reason="repeated on the page", score=0.04)
    ancestor = next((label for label in reversed(block.path) if label.startswith(BOILERPLATE_ANCESTORS)), None)
    if ancestor:
        return Verdict(role="boilerplate", reason=f"inside {ancestor.partition('.')[0]}", score=0.08)
    if block.link_share > 0.6:
        return Verdict(role="boilerplate", reason="mostly links", score=0.1)
    if shape.cut:
        return Verdict(role="boilerplate", reason="cut-off teaser", score=0.15)
    if shape.headlines:
        return Verdict(role="boilerplate", reason="row of headlines", score=0.2)
    if shape.words >= 25 and shape.sentence_end:
        return Verdict(role="content", reason="prose", score=0.95)
    if shape.words >= 10 and shape.sentence_end:
        return Verdict(role="content", reason="sentence", score=0.75)
    return Verdict(role="boilerplate", reason="short line", score=0.3)


def _among(index: int, blocks: Sequence[Block], first: Sequence[Verdict]) -> Verdict:
    """The verdict in the light of the neighbours: short lines live and die with them."""
    verdict = first[index]
    if verdict.reason in ("short line", "sentence", "row of headlines"):
        before = max((first[i].score for i in range(max(0, index - NEAR), index)), default=0.0)
        after = max((first[i].score for i in range(index + 1, min(len(first), index + 1 + NEAR))), default=0.0)
        if verdict.reason == "row of headlines" and before >= PROSE and after >= PROSE:
            return Verdict(role="content", reason="between paragraphs", score=0.55)
        if verdict.reason == "sentence" and max(before, after) < CORE:
            return Verdict(role="boilerplate", reason="sentence among furniture", score=0.3)
        if verdict.reason == "short line" and before >= CORE and after >= CORE:
            reason = "list item" if blocks[index].marker else "between paragraphs"
            return Verdict(role="content", reason=reason, score=0.55)
    return verdict
