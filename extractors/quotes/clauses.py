"""Who says something in a clause: patterns over chunks (`chunks.py` tells what the letters mean)."""

import re

from extractors.quotes.chunks import Chunks

NP = "[NRPO]"
POST = "(?:I[NROxmtsDA]+)*"  # "for the ministry", "of North Wales Police"
APPOSITION = r"(?:,[^.;:qCP]{0,18},|,W[^.;:q]{1,18},|\([^().]{1,12}\)|-[^.;:q-]{1,14}-)"
BETWEEN = "(?:[Ahbtx]{0,3}|,[At]+,|,I[NROxmtsDA]+,)"  # what stands between a subject and its verb
SUBJECT = rf"(?<![Is])(?P<np>{NP})(?:sx{{0,2}})?{POST}(?:{APPOSITION}{POST}){{0,3}}(?:,?W)?(?:I[NROxmtDA]+)*[Ahbt]*"
SUBJECT_END = re.compile(SUBJECT + "$")
RELATIVE_END = re.compile(rf"(?P<np>[NRO]){POST}(?:{APPOSITION})?,?[WT][Ahbtm]*$")
# `said Ann Lee`, `, a déclaré Ann Lee`, `said the 34-year-old co-author Ann Lee`, `asked him Ann` is none
INVERTED = re.compile(rf"^[,-]?[Ah]*(?P<cue>C)A?(?:[xt]{{0,3}}-?)(?:[NR]x{{1,3}}(?=N))?(?P<np>{NP})(?!A*C)")
CUE_AFTER = re.compile(rf"^[,-]?[SA]*,?x{{0,3}}{SUBJECT}(?P<cue>C)")
TRANSITIVE = frozenset(("tell", "tells", "told", "inform", "informs", "informed"))  # what follows is told something
CLOSING = re.compile(rf"[,-][Ah]*(?P<cue>C)x{{0,3}}(?P<np>{NP}){POST}(?:{APPOSITION}|,[^.q]{{1,18}})*[.,;]?$")
BY = re.compile(rf"^K?I(?:[xtD]{{0,3}})(?P<np>{NP})")
INTRODUCTION = re.compile(r"^[JAx]?[ISGHTxtA][^,.;:]*,")  # "On Monday,", "When the rain came,", "Speaking to Ann,"
FIRST_NP = re.compile(rf"^[JASTt,(]*x{{0,2}}(?P<np>{NP})")
ANY_NP = re.compile(rf"(?<!I)(?<!Ix)(?P<np>{NP})")
CLAUSE_END = re.compile(r"[;]|,?J(?=[NRPO])")


def inverted(chunks: Chunks) -> int | None:
    """The chunk of the speaker where the text begins with a verb of speech: `said Ann Lee`."""
    match = INVERTED.match(chunks.codes)
    if not match or chunks.items[match.start("cue")].head in TRANSITIVE:
        return None
    return match.start("np")


def cue_after(chunks: Chunks) -> tuple[int, int] | None:
    """(speaker, verb) where the text begins with them: `Ann Lee, who had come late, told reporters`."""
    match = CUE_AFTER.match(chunks.codes)
    return (named_in(chunks, match.start("np"), match.start("cue")), match.start("cue")) if match else None


def closing_cue(chunks: Chunks) -> int | None:
    """The speaker where a sentence ends in its attribution: `…, says Ann Lee, the director.`"""
    match = CLOSING.search(chunks.codes)
    return match.start("np") if match else None


def speaker_of(chunks: Chunks, verb: int) -> int | None:
    """The subject of the verb at that index: directly before it, or of the clause it is coordinated with."""
    codes = chunks.codes[:verb]
    code = chunks.codes[verb]
    if code == "K":
        match = BY.match(chunks.codes[verb:])
        return verb + match.start("np") if match else subject_of(chunks.cut(0, verb))
    if code in "CF":
        match = SUBJECT_END.search(codes)
        if match:
            return named_in(chunks, match.start("np"), verb)
        match = RELATIVE_END.search(codes)
        if match:
            return match.start("np")
    return _clause_subject(chunks, verb)


def _clause_subject(chunks: Chunks, verb: int) -> int | None:
    """The subject of the last clause before the verb that has one: "Ann sat down and", "Ann left, telling"."""
    codes = chunks.codes[:verb]
    if re.search(r"I[NRP]A?$", codes) and chunks.codes[verb] in "GH":  # "with Ann adding that"
        return len(codes.rstrip("A")) - 1
    starts = [0, *(match.end() for match in CLAUSE_END.finditer(codes))]
    for start in reversed(starts):
        found = subject_of(chunks.cut(start, verb))
        if found is not None:
            return start + found
    return None


def subject_of(chunks: Chunks, *, strict: bool = False) -> int | None:
    """The subject of a sentence: its first noun phrase behind what introduces it; unless `strict`, any noun phrase."""
    codes = chunks.codes
    offset = 0
    while match := INTRODUCTION.match(codes[offset:]):
        offset += match.end()
    match = FIRST_NP.match(codes[offset:])
    if match:
        return named_in(chunks, offset + match.start("np"), len(codes))
    if strict:
        return None
    match = ANY_NP.search(codes[offset:]) or ANY_NP.search(codes)
    if not match:
        return None
    return (offset if match.string == codes[offset:] else 0) + match.start("np")


def named_in(chunks: Chunks, index: int, stop: int) -> int:
    """`the company's director, Ann Lee, said`: the name, where the name is the apposition of a role."""
    if chunks.codes[index] not in "RO":
        return index
    match = re.match(r"[RO](?:I[NROxmtsDA]+)*,(N)(?:,|[AhbtC]|$)", chunks.codes[index:stop] + "C")
    return index + match.start(1) if match and index + match.start(1) < stop else index


def last_verb(chunks: Chunks, kinds: str) -> int | None:
    """The index of the last verb of these letters."""
    return next((i for i in range(len(chunks.codes) - 1, -1, -1) if chunks.codes[i] in kinds), None)
