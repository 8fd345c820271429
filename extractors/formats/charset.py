"""Which encoding bytes are really in: labels are a hint, the bytes decide."""

import codecs
import re

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
HEAD_BYTES = 4096  # browsers look for a label in the first kilobyte; pages in the wild put it later
SAMPLE_BYTES = 65_536
MAX_BROKEN = 0.2  # broken per sound multi-byte character; Latin-1 text has hardly any sound ones
MAX_CONTROL = 0.02  # share of control characters from which bytes are not text
# UTF-8 that was read as Latin-1 and encoded again shows by control characters that no text has ("â\x80\x9c" for “).
C1 = re.compile(rb"\xc2[\x80-\x9f]")  # in UTF-8; SHOWS_TWICE needs one, and looking for it is ten times as fast
SHOWS_TWICE = re.compile(  # the class of its first character in front lets the engine skip to one
    "[\xc2-\xef](?:(?<![\xe0-\xef])[\x80-\x9f]|(?<=[\xe0-\xef])(?:[\x80-\x9f][\x80-\xbf]|[\xa0-\xbf][\x80-\x9f]))"
)
TWICE = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


def charset_of(data: bytes, said: str | None = None) -> str:
    """The Python codec name to decode `data` with (errors="replace"): byte order mark, UTF-8 that decodes, UTF-16
    without a mark, the label that was `said` with it or that it declares where it decodes, a statistical guess, in this
    order.
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    wide = _utf16_of(data)
    if wide:
        return wide
    if _is_utf8(data):
        return "utf-8"
    match = DECLARED.search(data[:HEAD_BYTES])
    declared = match[1].decode("ascii", "replace") if match else None
    for label in (_codec(said), _codec(declared)):
        if label and label != "utf-8" and _decodes(data, label):
            return label
    return _codec(detect_encoding(data[:SAMPLE_BYTES])) or "utf-8"


def text_of(data: bytes, charset: str) -> str:
    """The text of a page: undecodable bytes and NULs become U+FFFD, every line end a newline, and what was encoded
    twice is decoded twice.
    """
    text = data.decode(charset, "replace")
    if (_may_be_twice(data) or not charset.startswith("utf")) and SHOWS_TWICE.search(text):
        text = TWICE.sub(_decoded_again, text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd") if b"\0" in data else text


def utf8_of(data: bytes, charset: str) -> bytes:
    """The text of a page in UTF-8: most pages are that already, and need not be decoded to be parsed."""
    if charset != "utf-8" or _may_be_twice(data) or not _decodes(data, charset):
        return text_of(data, charset).encode("utf-8", "replace")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.replace(b"\0", "\ufffd".encode()) if b"\0" in data else data


def _may_be_twice(data: bytes) -> bool:
    return b"\xc2" in data and C1.search(data) is not None


def _decoded_again(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeError:
        return match[0]


def has_text(data: bytes) -> bool:
    """Is this text in some encoding, rather than an image, a program or noise?"""
    sample = data[:SAMPLE_BYTES]
    if any(sample.startswith(mark) for mark, _ in BOMS) or _utf16_of(sample):
        return True
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control / len(sample) <= MAX_CONTROL


def _utf16_of(data: bytes) -> str | None:
    """UTF-16 without a mark: in western text every other byte is NUL."""
    sample = data[:1024]
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > pairs * 0.6 and even < pairs * 0.1:
        return "utf-16-le"
    if even > pairs * 0.6 and odd < pairs * 0.1:
        return "utf-16-be"
    return None


def _is_utf8(data: bytes) -> bool:
    """Valid, cut off in the middle of a character, or damaged in a few places only."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        sound = len(text) - len(text.encode("ascii", "ignore")) - broken
        return broken <= sound * MAX_BROKEN or (broken == 1 and error.start >= len(data) - 3)
    return True


def _decodes(data: bytes, charset: str) -> bool:
    try:
        data.decode(charset)
    except (UnicodeError, LookupError):
        return False
    return True


def _codec(label: str | None) -> str | None:
    """The Python codec for a web label; only labels that browsers know, which map to supersets (latin-1 means
    windows-1252) and name no UTF-16: markup that can be read as ASCII is none.
    """
    known = map_encoding_to_html5(label, fallback_utf8=False) if label else None
    if not known or known.lower().startswith("utf-16"):
        return None
    try:
        return codecs.lookup(known).name
    except LookupError:
        return None
