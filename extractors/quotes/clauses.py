"""Who says something in a clause: patterns over chunks (`chunks.py` tells what the letters mean)."""

import re

from extractors.quotes.chunks import Chunks
from extractors.quotes.vocabulary import vocabulary

NP = "[NRPO]"
POST = "(?:I[NROxmtsDA]+)*"  # "for the ministry", "of North Wales Police"
APPOSITION = r"(?:,[^.;:qCP]{0,18},|,W[^.;:q]{1,18},|\([^().]{1,12}\)|-[^.;:q-]{1,14}-|,R(?:I[NROx]+)+)"
SUBJECT = rf"(?<![Is])(?P<np>{NP})(?:sx{{0,2}})?{POST}(?:{APPOSITION}{POST}){{0,3}}(?:,?W)?(?:I[NROxmtDA]+)*[Ahbt]*"
SUBJECT_END = re.compile(SUBJECT + "$")
RELATIVE_END = re.compile(rf"(?P<np>[NRO]){POST}(?:{APPOSITION})?,?[WT][Ahbtm]*$")
# `said Ann Lee`, `, a déclaré Ann Lee`, `said the 34-year-old co-author Ann Lee`, `asked him Ann` is none
INVERTED = re.compile(rf"^[,-]?[Ah]*(?P<cue>C)A?(?:[xt]{{0,3}}-?)(?:[NR]x{{0,3}}(?=N)|N(?=RJN))?(?P<np>{NP})(?!A*C)")
CUE_AFTER = re.compile(rf"^[,-]?[SA]*,?x{{0,3}}{SUBJECT}(?P<cue>C)")
TRANSITIVE = frozenset(("tell", "tells", "told", "inform", "informs", "informed"))  # what follows is told something
CLOSING = re.compile(rf"[,-][Ah]*(?P<cue>C)x{{0,3}}(?P<np>{NP}){POST}(?:{APPOSITION}|,[^.q]{{1,18}})*[.,;]?$")
BY = re.compile(rf"^K?I(?:[xtD]{{0,3}})(?P<np>{NP})")
INTRODUCTION = re.compile(r"^[JAx]?[ISGHTxtA][^,.;:]*,")  # "On Monday,", "When the rain came,", "Speaking to Ann,"
FIRST_NP = re.compile(rf"^[JASTt,(]*x{{0,2}}(?P<np>{NP})")
ANY_NP = re.compile(rf"(?<!I)(?<!Ix)(?P<np>{NP})")
CLAUSE_END = re.compile(r"[;]|,?J(?=[NRPO][^,;]*[xhbCFVK])")  # a subject with a verb, no second name: "to Ann and Bo,"
WHO_SAYS = re.compile(r"(?P<np>N),?W[Ahbt]*$")
INSERTED = re.compile(r"[,-][Ah]*C(?P<np>[NR])(?=[,-])")  # "is not open, said Ann Lee, which"
TITLED = re.compile(r"N[,J](N)")


def inverted(chunks: Chunks) -> int | None:
    """The chunk of the speaker where the text begins with a verb of speech: `said Ann Lee`."""
    match = INVERTED.match(chunks.codes)
    if not match or chunks.items[match.start("cue")].head in TRANSITIVE:
        return None
    return named_in(chunks, match.start("np"), len(chunks.codes))


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
        match = WHO_SAYS.search(codes)
        if match:
            return match.start("np")
        match = SUBJECT_END.search(codes)
        if match:
            return named_in(chunks, match.start("np"), verb)
        match = RELATIVE_END.search(codes)
        if match:
            return match.start("np")
    return _clause_subject(chunks, verb)


def outer_speaker(chunks: Chunks, stop: int) -> int | None:
    """Who is said to say something before the verb at `stop`: `Ann says that the plan tells`, `The plan, said Ann, is`."""
    inserted = [match.start("np") for match in INSERTED.finditer(chunks.codes)]
    if inserted:
        return inserted[-1]
    for verb in range(stop - 1, 0, -1):
        found = speaker_of(chunks, verb) if chunks.codes[verb] == "C" else None
        if found is not None and chunks.codes[found] in "NRP":
            return found
    return None


def inserted_at(chunks: Chunks, verb: int) -> int | None:
    """The speaker where a clause of speech is put into a sentence: `The plan, wrote Ann, is`, not `Bob, her aide, told Ann,`."""
    match = INSERTED.search(chunks.codes, max(0, verb - 3))
    if not match or verb != match.start("np") - 1 or chunks.items[verb].head in (*TRANSITIVE, "ask", "asks", "asked"):
        return None
    return match.start("np") if chunks.codes[match.end() + 1 :].strip("q") else None


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
    titled = TITLED.match(chunks.codes, index, stop)
    if titled and chunks.items[index].head in vocabulary("en").roles:  # "Bay Events Co-Owner and Planner Ann Lee"
        return titled.start(1)
    if chunks.codes.startswith("RJN", index) and index + 2 < stop and chunks.written(index + 2)[0].islower():
        return index + 2  # "political scientist and author Ann Lee"
    if chunks.codes[index] not in "RO":
        return index
    match = re.match(r"[RO](?:I[NROxmtsDA]+)*,(N)(?:,|[AhbtC]|$)", chunks.codes[index:stop] + "C")
    return index + match.start(1) if match and index + match.start(1) < stop else index


def last_verb(chunks: Chunks, kinds: str) -> int | None:
    """The index of the last verb of these letters."""
    return next((i for i in range(len(chunks.codes) - 1, -1, -1) if chunks.codes[i] in kinds), None)
