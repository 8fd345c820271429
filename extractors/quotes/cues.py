"""Rules of attribution that read a cue: a verb of speech, "according to", a colon, a dash before a name."""

import re

from extractors.quotes import clauses
from extractors.quotes.chunks import Chunks
from extractors.quotes.context import Context
from extractors.quotes.vocabulary import Vocabulary, first_names, words_of_file

MAX_SIGNATURE = 160  # characters of a dash, a name and what the name is
INCISE_REACH = 300  # characters of a quote among which its attribution stands
MAX_CLOSING = 9  # chunks behind the verb of a sentence that only attributes
SOURCE_WORDS = frozenset(("according", "selon", "laut", "según"))
DASH_NAME = re.compile(
    r"^[.,]?\s*[-–—―~]+\s*(?:(?:[Ss]ource|[Vv]ia|[Cc]redit): ?)?(?P<np>[^\W\d_a-z][\w.’'-]*(?: [\w.’'&“”\"-]+){0,5}?)(?P<rest>\s*(?:[,(|–—].{0,80})?)$"
)
LINE_NAME = re.compile(
    r"^(?:[-–—―~]+\s*|[Bb]y )(?P<np>[^\W\d_a-z][\w.’'-]*(?: [\w.’'&-]+){0,4})(?:,.{0,60}|\s*\(.{0,40}\))?$"
)
SIGNATURE = re.compile(r"(?P<np>[A-Z][\w’'-]+(?: [A-Z][\w.’'-]*){1,3})(?:, [A-Z].{0,60})?(?<!:)")
OWN_WORDS = re.compile(
    r"(?:(?:And|But|So) )?(?P<whose>[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[Oo]ur) (?P<what>[^.,;:]{1,80})[:：]$"
)
OWNERS = {"his": "he", "her": "she", "their": "they", "my": "I", "our": "we"}
IN_WORDS = re.compile(
    r"\b(?:in|to use|to borrow|to quote)\s+(?:the\s+)?(?P<a>(?:[\w.’'-]+ ){1,4}?)(?:own )?(?:words|phrase)\b(?: of (?P<b>[^,.;:]{2,60}))?[^.;]{0,20}$|"
    r"\bto (?:quote|paraphrase) (?P<c>[^,.;:]{2,50})[,:]\s*$",
)
LABEL = re.compile(r"N(?:[,(I-][^CGFVKhb]*|JN[^CGFVKhb]*):\.?")
COPULA = re.compile(r"^,?[bh]?T(?=[NRPO])")
CUED_CLAUSE = "TJSxP"  # what is told follows the verb: the sentence is about something else


def inverted_cue(context: Context) -> str | None:
    """`"…," said Ann Lee.`"""
    found = clauses.inverted(context.tail)
    return context.tail.written(found) if found is not None else None


def cue_after(context: Context) -> str | None:
    """`"…," Ann Lee told reporters.`, not a new sentence about her, nor one that introduces the next quote."""
    found = clauses.cue_after(context.tail)
    if not found or _introduces_next(context):
        return None
    speaker, verb = found
    if (
        context.ended
        and context.tail.items[verb].head in words_of_file("en_beats.txt")
        and context.tail.codes[speaker] != "P"
    ):
        return None
    rest = context.tail.codes[verb + 1 :]
    if context.ended and context.tail.codes[0] != "," and (rest[:1] in tuple(CUED_CLAUSE) or len(rest) > MAX_CLOSING):
        return None
    return context.tail.written(speaker)


def _introduces_next(context: Context) -> bool:
    """Does the text behind the quote end in a colon or comma before another quote, after a sentence of its own?"""
    codes = context.tail.codes
    at = codes.find("q")
    return at > 0 and (codes[at - 1] == ":" or (context.ended and codes[at - 1] in ",T"))


def how_said(context: Context) -> str | None:
    """`"…" is how Ann Lee described it.`"""
    tail = context.tail
    match = COPULA.match(tail.codes)
    verb = next((i for i, code in enumerate(tail.codes) if code in "CF"), None)
    if not match or verb is None:
        return None
    found = clauses.speaker_of(tail.cut(match.end()), verb - match.end())
    return tail.written(match.end() + found) if found is not None else None


def unlisted_cue(context: Context) -> str | None:
    """`"…!" harrumphed Ann Lee.`: no known verb of speech, but in its place."""
    tail = context.tail
    if re.match(r"^,xN(?:[,I]|$)", tail.codes) and not tail.items[1].head.endswith("ing"):
        return tail.written(2)  # "…”, sade Ann Lee.": a comma behind the closing mark, as in most of Europe
    if not re.match(r"^,?x(?:N|P(?!A*C))(?:[,A]|$|I)", tail.codes) or context.text.rstrip()[-1:] not in ",!?—–":
        return None
    verb = tail.items[tail.codes.index("x")]
    return tail.written(tail.codes.index("x") + 1) if verb.head.endswith("ed") else None


def _said_before(context: Context, kinds: str) -> str | None:
    lead = context.lead
    verb = clauses.last_verb(lead, "CGVFHK")
    if verb is None or lead.codes[verb] not in kinds or (lead.codes.endswith(":") and "q" in lead.codes[verb:]):
        return None
    if lead.codes[:verb].rstrip(",").endswith("q"):  # the cue of the quote before: `"…," said Ann, "…"`
        found = clauses.inverted(lead.cut(verb))
        if found is not None:
            return lead.written(verb + found)
    found = clauses.inserted_at(lead, verb)
    found = clauses.speaker_of(lead, verb) if found is None else found
    if found is not None and lead.codes[found] == "O":  # things tell what somebody says that they tell
        outer = clauses.outer_speaker(lead, verb)
        if outer is None and (later := same_sentence(context)):
            return later
        found = found if outer is None else outer
    return lead.written(found) if found is not None else None


def cue_before(context: Context) -> str | None:
    """`Ann Lee said: "…"`, `Ann Lee told her brother that "…"`, `Ann Lee, who said "…"`"""
    return _said_before(context, "C")


def participle(context: Context) -> str | None:
    """`Ann Lee blew him off, telling him "…"`, `Ann Lee went on to say "…"`: the subject of the clause it hangs on."""
    return _said_before(context, "GV")


def passive(context: Context) -> str | None:
    """`Bo was told by Ann Lee that "…"`, `Ann Lee was quoted: "…"`"""
    return _said_before(context, "K")


def frame(context: Context) -> str | None:
    """`Ann Lee called the plan "…"`: a verb that names something by the quoted words."""
    return _said_before(context, "FH")


def according_to(context: Context) -> str | None:
    """`According to Ann Lee, "…"`, `"…", according to the ministry.`"""
    for chunks in (context.lead, context.tail):
        for index, item in enumerate(chunks.items):
            if item.head in SOURCE_WORDS:
                found = next((at for at in range(index + 1, len(chunks.codes)) if chunks.codes[at] in "NRPO"), None)
                if found is not None and found - index <= 4:
                    return chunks.written(clauses.named_in(chunks, found, len(chunks.codes)))
    return None


def dash_name(context: Context) -> str | None:
    """`"…" – Ann Lee`, or the name on a line of its own below."""
    alone = len(context.right) <= MAX_SIGNATURE and "\0" not in context.right
    match = DASH_NAME.match(context.right.rstrip()) if alone else None
    if match is None and context.whole and len(context.after) <= 120:
        match = LINE_NAME.match(context.after.strip())
        if match is None and not context.named_above:
            match = signature(context.after)
    return match["np"] if match else None


def signature(line: str) -> re.Match[str] | None:
    """The line below a quote if it is nothing but a person's name, and perhaps what that person is."""
    match = SIGNATURE.fullmatch(line.strip()) if len(line) <= MAX_SIGNATURE else None
    return match if match and match["np"].split()[0].lower() in first_names() else None


def words_of(context: Context) -> str | None:
    """`in Ann Lee's words, a "…"`, `to quote Ann Lee: "…"`"""
    match = IN_WORDS.search(context.left[-160:])
    if not match:
        return None
    return re.sub(r"[’']s?\s*$", "", match["b"] or match["c"] or match["a"]).strip() or None


def cue_noun(context: Context) -> str | None:
    """`Ann Lee's claim that "…"`, `a statement from the ministry: "…"`"""
    lead, nouns = context.lead, context.words.nouns
    for index in range(len(lead.codes) - 1, -1, -1):
        head = lead.items[index].head
        if head not in nouns or len(lead.codes) - index > 14:
            continue
        written = lead.written(index)
        owner = re.match(r"(.+?)[’'](?:s\b|(?=\s))", written)
        if owner:
            return owner[1]
        if index >= 2 and lead.codes[index - 1] in "sxG" and "s" in lead.codes[max(0, index - 3) : index]:
            return lead.written(lead.codes.rindex("s", 0, index) - 1)
        if lead.codes[index + 1 : index + 3] in ("IN", "IR") and lead.items[index + 1].head in ("from", "by", "of"):
            return lead.written(index + 2)
        if written.lower().startswith(("his ", "her ")):
            return "he" if written.lower().startswith("his") else "she"
    return None


def colon(context: Context) -> str | None:
    """`He begins the letter with an apology: "…"`, `And from the chair, Ann Lee: "…"`"""
    lead = context.lead
    if not lead.codes.endswith(":"):
        return None
    return _before_colon(lead.cut(lead.codes.rfind("q") + 1)) or _before_colon(lead)


def _before_colon(lead: Chunks) -> str | None:
    codes = lead.codes.rstrip(":")
    if codes.endswith("N") and not set(codes) & set("CGF") and (len(codes) < 2 or codes[-2] in ",;IJxt"):
        return lead.written(len(codes) - 1)
    verb = clauses.last_verb(lead, "CGVFHK")
    found = clauses.speaker_of(lead, verb) if verb is not None else None
    if found is None:
        found = clauses.subject_of(lead)
    return lead.written(found) if found is not None else None


def colon_paragraph(context: Context) -> str | None:
    """A paragraph that ends in a colon introduces the quote that is the next paragraph."""
    if not context.whole or not context.before.rstrip().endswith((":", "：")):
        return None
    chunks = context.chunks(context.before[-480:])
    if len(context.before) <= MAX_SIGNATURE and LABEL.fullmatch(chunks.codes):
        return chunks.written(0)  # "Ann Lee, director of the ferry:"
    sentence = chunks.cut(chunks.codes.rfind(".") + 1)
    if written := _whose_words(context.before, sentence, context.words):
        return written
    answer = re.search(r"C(?P<other>N)[^.]*,IW[^.]*:$", sentence.codes)
    if answer:  # "Ann tells Bob that …, to which he replies:": the one spoken to replies
        return sentence.written(answer.start("other"))
    return _before_colon(sentence)


def _whose_words(text: str, sentence: Chunks, words: Vocabulary) -> str | None:
    """`Her caption:`, `His answer to the mayor:`"""
    match = OWN_WORDS.match(text[-480:].rstrip()[sentence.items[0].start :]) if sentence.items else None
    if match is None or words.nouns.isdisjoint(match["what"].split()[:2]):  # "short answer to all of them"
        return None
    return OWNERS[match["whose"].lower()]


def closing_cue(context: Context) -> str | None:
    """`It led to "…" in both sexes, says Ann Lee.`: the attribution closes the sentence that the quote is a part of."""
    if context.ended:
        return None
    found = clauses.closing_cue(context.tail)
    return context.tail.written(found) if found is not None else None


def same_sentence(context: Context) -> str | None:
    """A verb of speech later in the sentence: `The idea of "…" was a joke, Ann Lee said in a letter.`"""
    if context.ended:
        return None
    tail = context.tail
    for verb, code in enumerate(tail.codes):
        if code == "C" and verb:
            match = clauses.SUBJECT_END.search(tail.codes[:verb])
            if match:
                return tail.written(match.start("np"))
    return None


def incise(context: Context) -> str | None:
    """`« Je suis content, a ajouté le maire, mais fatigué. »`: French leaves the attribution inside the marks."""
    if context.words.language != "fr":
        return None
    chunks = context.chunks(context.text[:INCISE_REACH])
    match = re.search(r",[Ah]*C([NRP])(?=,|\.|$)", chunks.codes)
    return chunks.written(match.start(1)) if match else None
