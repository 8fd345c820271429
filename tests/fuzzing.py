"""Looks for bytes that break a reader or the extraction, led by what code they reach: `python -m tests.fuzzing TARGET SECONDS`.

TARGET is `archives` or `pages`. A failure is printed with its traceback, its bytes are left in the working directory,
and the exit status is not 0.
"""

import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["extractors"]):
    from extractors.extract import extraction_of
    from extractors.formats import pages_in
    from extractors.formats.archives import found_in
    from extractors.records import Page

from tests.archives import MAKERS, documents, mhtml

NAMES = sorted(MAKERS)
LONGEST = 8_192  # bytes of an input
MEMORY = 2_000  # MB, more than any of them may take
PATIENCE = 30  # seconds for one input


def archives(data: bytes) -> None:
    """The first byte says what the rest is called."""
    for found in found_in(io.BytesIO(data[1:]), uri=NAMES[data[0] % len(NAMES)] if data else "a"):
        if not found.items:
            raise AssertionError("a member gave neither page nor reason")


def pages(data: bytes) -> None:
    """A page, or whatever it is."""
    for item in pages_in(data, uri="page"):
        if isinstance(item, Page):
            extraction_of(item, today=date(2025, 6, 1))


TARGETS: dict[str, Callable[[bytes], None]] = {"archives": archives, "pages": pages}


def examples(target: str) -> list[bytes]:
    """What to begin with."""
    if target == "archives":
        return [bytes([number]) + MAKERS[name](documents(2)) for number, name in enumerate(NAMES)]
    html = documents(1)[0].html
    return [html.encode(), mhtml(html, url="https://example.org/"), b"HTTP/1.1 200 OK\r\n\r\n" + html.encode("utf-16")]


def main(target: str, seconds: int, *more: str) -> None:
    with TemporaryDirectory() as corpus:
        for number, data in enumerate(examples(target)):
            Path(corpus, str(number)).write_bytes(data)
        limits = {"max_total_time": seconds, "max_len": LONGEST, "rss_limit_mb": MEMORY, "timeout": PATIENCE}
        options = [f"-{name}={value}" for name, value in limits.items()]
        atheris.Setup([sys.argv[0], corpus, *options, *more], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
