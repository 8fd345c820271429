"""How cost grows with the size of a page: HTML and text of 10 kB to 10 MB, made of different sentences."""

import random
import resource
import time
from collections.abc import Iterator
from datetime import date

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Page

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
WORDS = [
    "river",
    "house",
    "letter",
    "morning",
    "friend",
    "answer",
    "quiet",
    "window",
    "paper",
    "garden",
    "market",
    "winter",
    "stone",
    "music",
    "village",
]
TODAY = date(2026, 1, 1)


def main() -> None:
    """Print seconds and seconds per megabyte for each size, and the peak of memory after it."""
    print(f"{'kind':<6}{'bytes':>12}{'seconds':>10}{'s/MB':>8}{'peak MB':>10}")
    for kind in ("html", "text"):
        for size in SIZES:
            data = _page(kind, size)
            begin = time.process_time()
            for page in pages_in(data, uri=f"page.{kind}"):
                if isinstance(page, Page):
                    extraction_of(page, today=TODAY)
            seconds = time.process_time() - begin
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            print(f"{kind:<6}{len(data):>12,}{seconds:>10.2f}{seconds / len(data) * 1e6:>8.2f}{peak:>10.0f}")


def _page(kind: str, size: int) -> bytes:
    lines: list[str] = []
    length = 0
    for sentence in _paragraphs():
        line = f"<p>{sentence}</p>\n" if kind == "html" else f"{sentence}\n\n"
        lines.append(line)
        length += len(line)
        if length >= size:
            break
    body = "".join(lines)
    return (f"<!doctype html><html><body><h1>A page</h1>{body}</body></html>" if kind == "html" else body).encode()


def _paragraphs() -> Iterator[str]:
    rng = random.Random(1)  # noqa: S311 - words of a made-up page
    while True:
        words = [rng.choice(WORDS) for _ in range(rng.randint(20, 60))]
        yield f"{' '.join(words[:9]).capitalize()}, “{' '.join(words[9:])},” said Ann {rng.choice(WORDS).capitalize()}."


if __name__ == "__main__":
    main()
