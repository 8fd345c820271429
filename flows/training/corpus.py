"""Labelled pages: a parquet file with the columns page_id, url, page_type, html (bytes), text_full, text_main, body."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.parquet as pq

COLUMNS = ("page_id", "url", "page_type", "html", "text_full", "text_main", "body")
SHORT_SUFFIX = 3  # "co" in co.uk: a second label this short belongs to the public suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPage:
    """A page with its gold text; `fold` keeps all pages of a registered domain together."""

    page_id: str
    url: str | None
    page_type: str
    html: bytes
    text_full: str
    text_main: str
    body: str
    fold: int

    @property
    def is_article(self) -> bool:
        return self.page_type == "article"


def labelled_pages(path: Path, folds: int) -> list[LabelledPage]:
    """All pages of the file, ordered by page_id."""
    return sorted(_pages(path, folds), key=lambda page: page.page_id)


def _pages(path: Path, folds: int) -> Iterator[LabelledPage]:
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64, columns=list(COLUMNS)):
        for row in batch.to_pylist():
            yield LabelledPage(**row, fold=fold_of(row["url"], folds))


def fold_of(url: str | None, folds: int) -> int:
    """The fold of a page: SHA-256 of its registered domain (the last two labels of the host, three where the second
    is a short public suffix), modulo the number of folds.
    """
    host = urlsplit(url or "").hostname or ""
    labels = host.split(".")
    kept = 3 if len(labels) > 2 and len(labels[-2]) <= SHORT_SUFFIX else 2
    return int(hashlib.sha256(".".join(labels[-kept:]).encode()).hexdigest(), 16) % folds
