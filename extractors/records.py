"""The whole model, in flow order: Page → Block → Article → Quote, Rejected beside them, Extraction around them.

Every record is frozen. A missing value is None, never "" or "Unknown". A field marked `UNSTORED` exists only while a
page is worked on; every other field of a record is a column of its table.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from extractors.swift import swift

Format = Literal["html", "text"]
Role = Literal["content", "title", "byline", "date", "caption", "quote", "boilerplate"]
ArticleKind = Literal["article", "review", "interview", "quote_page", "list", "other"]
QuoteKind = Literal[
    "dialogue_line", "list_item", "inline_direct", "block", "epigraph", "interview_answer", "interview_question"
]
WorkType = Literal["film", "series", "book", "play", "album", "game", "other"]

Variant = Literal["exact", "truncated", "reworded"]

Raw = bytes  # a name for the type where a field is called "bytes"
UNSTORED: dict[str, Any] = {"stored": False}


def uuid_of(*parts: str | bytes) -> UUID:
    """The first 128 bits of the SHA-256 over the parts, each preceded by its length so that no two lists collide."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return UUID(bytes=digest.digest()[:16])


def text_hash_of(text: str) -> UUID:
    """What two blocks have in common that say the same: their text without differences in white space."""
    return uuid_of(" ".join(text.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes of one document as it was obtained: page_id == uuid_of(data, url or ""), always.

    `capture` points to where the bytes are kept (FILE:START:LENGTH of a WARC record); None: nowhere yet.
    """

    page_id: UUID
    uri: str
    url: str | None
    host: str | None
    format: Format
    charset: str
    language: str | None = None
    bytes: int
    sha256: str
    fetched_at: datetime | None
    capture: str | None = None
    data: Raw = field(repr=False, metadata=UNSTORED)


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text with its place; HTML and plain text become the same list of these.

    `start`/`stop` index the page's text: the decoded text of a text page, the blocks joined by newlines in HTML.
    `line` is the 1-based first line in a text page, None in HTML. `gap` counts the blank lines before it.
    `tag` is the HTML element ("p", "li", "h2", …); text lines that look like list items are "li", all others "".
    `marker` is the list marker as written ("•", "1."), `level` the list depth (0 outside lists).
    `path` is the chain of ancestors, outermost first, each "tag" or "tag.class.class#id".
    `link_share` is the share of its characters inside links.
    """

    position: int
    line: int | None
    start: int
    stop: int
    text: str
    tag: str = ""
    marker: str = ""
    level: int = 0
    gap: int = 0
    path: tuple[str, ...] = ()
    link_share: float = 0.0


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a block is and why; `score` is the probability that it belongs to an article, 0 to 1."""

    role: Role
    reason: str
    score: float


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBlock:
    """A judged block and the position of the article that it went into (None: in no article)."""

    block: Block
    verdict: Verdict
    article: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The film, book or other work that an article is about: work_id == uuid_of(type, folded title, year)."""

    work_id: UUID
    title: str
    year: int | None
    type: WorkType


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A run of blocks: body is the text of its content blocks in page order, separated by blank lines."""

    article_id: UUID
    page_id: UUID
    position: int
    kind: ArticleKind
    title: str | None
    authors: tuple[str, ...] = field(default=(), metadata=UNSTORED)
    site: str | None
    published: date | None
    published_source: str | None
    modified: date | None
    language: str | None
    work: Work | None = field(default=None, metadata=UNSTORED)
    body: str
    word_count: int
    quote_count: int
    confidence: float
    flags: tuple[str, ...]
    boilerplate_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words somebody said or wrote: `text` is article.body[a:b] over its `parts`, joined by a space, or by a newline
    where a paragraph ends between two parts; always.

    Quotes of one `conversation` answer each other; `conversation_guessed` where nothing but their order tells it.
    """

    quote_id: UUID
    article_id: UUID
    position: int
    text: str
    speaker: str | None
    speaker_as_written: str | None
    kind: QuoteKind
    stage_directions: tuple[str, ...]
    conversation: int | None
    conversation_guessed: bool = False
    parts: tuple[tuple[int, int], ...]
    start: int
    stop: int
    rule: str
    confidence: float
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of quotes, whatever their case and punctuation, as one speaker said them of one work.

    `words` and `speaker` are folded, for comparison and not for people. Two wordings that may be the same quotation
    share one of the `keys`: unsigned 64-bit hashes, with the top bit set if they stand for all the words.
    """

    wording_id: UUID
    words: str
    speaker: str | None
    work_id: UUID | None
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody named on a page as the speaker of quotes: in dialogue lines, or about a work, or neither."""

    page_id: UUID
    work_id: UUID | None
    name: str
    in_dialogue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A failure as a value: what was refused (`payload`: its bytes or text), at which stage, with a stable code.

    `page_id` is None where not even a page came of it; `article` is the article's position on the page, if any.
    """

    stage: str
    code: str
    detail: str
    uri: str
    page_id: UUID | None = None
    article: int | None = None
    payload: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that came of one page: its articles and quotes in page order, every block judged, every refusal with its
    reason. A page with no article has exactly one Rejected with stage "extract" that says why.
    """

    page: Page
    articles: tuple[Article, ...]
    quotes: tuple[Quote, ...]
    blocks: tuple[PlacedBlock, ...]
    rejected: tuple[Rejected, ...]
