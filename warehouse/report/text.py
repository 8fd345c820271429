"""Text of strange pages made fit to look at: what hides is shown as a code point, what is endless is cut.

Escaping is not done here: the template engine escapes for HTML, and a terminal needs no more than `visible`.
"""

import re
from urllib.parse import urlsplit

MINUTE = 60  # seconds; an hour has as many minutes
LONGEST_WORD = 400  # characters; the longest URLs of the seeds stay whole, a base64 blob does not
MARKER = 40  # characters; no marker of a cut is longer
KEPT_OF_A_WORD = 160  # characters; enough to recognise what it was

# Controls (C0 without tab and newline, DEL, C1: a terminal obeys them), bidirectional marks, embeddings, overrides and
# isolates (they reorder the text around them), zero-width spaces, line and paragraph separators, interlinear marks, tag
# characters, noncharacters and lone surrogates (they cannot be written as UTF-8). Joiners (U+200C, U+200D) stay: Persian,
# Hindi and emoji need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKER = re.compile(r" ?⟦… ([\d,]{1,20} (?:characters|bytes))⟧\Z")
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def visible(text: str) -> str:
    """The text with every hidden or reordering character as ⟦U+202E⟧ and endless words cut; tabs and newlines stay."""
    return _HIDDEN.sub(_code_point, _LONG_WORD.sub(_cut_word, text))


def escaped(json_text: str) -> str:
    """JSON that means the same, with every hidden or reordering character in a string as its escape."""
    return _HIDDEN.sub(_json_escape, json_text)


def cut(text: str, most: int) -> str:
    """The text's first `most` characters, to the last word end among them, and how long it was; shorter text as is.

    Text that was cut before keeps its first length.
    """
    if len(text) <= most:
        return text
    before = _MARKER.search(text[-MARKER:])
    length = before.group(1) if before else f"{len(text):,} characters"
    head = text[:most]
    space = head.rfind(" ", most * 3 // 4)
    return f"{head[: space if space > 0 else most].rstrip()} ⟦… {length}⟧"


def shown(text: str, most: int) -> str:
    """`visible` and `cut` in one: at most about twice `most` characters, however many hidden ones become code points."""
    whole = visible(cut(text, most))
    return whole if len(whole) <= 2 * most + MARKER else visible(cut(text, most // 4))


def linkable(url: str | None) -> bool:
    """True for a web address that is safe as the target of a link: absolute http(s), nothing hidden in it."""
    if not url or len(url) > LONGEST_WORD or _HIDDEN.search(url) or re.search(r"\s", url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # e.g. "http://[" is no address
        return False


def quantity(count: int, one: str, many: str | None = None) -> str:
    """The count with its noun: "1 page", "2 pages", "1,204 quotes"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def lasting(seconds: float) -> str:
    """A duration in the unit a reader would choose: "40 ms", "3.2 s", "4 min 05 s", "2 h 03 min"."""
    minutes, rest = divmod(round(seconds), 60)
    if round(seconds, 3) < 1:
        return f"{seconds * 1000:.0f} ms"
    if round(seconds, 1) < MINUTE:
        return f"{seconds:.1f} s"
    return f"{minutes} min {rest:02d} s" if minutes < MINUTE else f"{minutes // 60} h {minutes % 60:02d} min"


def excerpt(payload: bytes, most: int = 300) -> str:
    """The beginning of refused bytes: as text where they are UTF-8, else as hexadecimal."""
    head = payload[: most * 4]
    try:
        text = head.decode("utf-8", "strict") if len(head) == len(payload) else _without_half(head).decode("utf-8")
    except UnicodeDecodeError:
        return cut(head.hex(" "), 96)
    more = "" if len(head) == len(payload) else f" ⟦… {len(payload):,} bytes⟧"
    return text[:most].rstrip() + (more or f" ⟦… {len(text):,} characters⟧") if more or len(text) > most else text


def _without_half(head: bytes) -> bytes:
    """The bytes without a UTF-8 character that was cut in its midst at the end."""
    for back in range(1, 4):
        lead = head[-back]
        if lead >= 0xC0:
            return head[:-back]
        if lead < 0x80:
            return head
    return head


def _code_point(found: re.Match[str]) -> str:
    return f"⟦U+{ord(found.group()):04X}⟧"


def _json_escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _cut_word(found: re.Match[str]) -> str:
    word = found.group()
    return f"{word[:KEPT_OF_A_WORD]}⟦… {len(word):,} characters⟧"
