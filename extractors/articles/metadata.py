"""Title, authors, dates, site, language, kind and work of one run of blocks."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from resiliparse.parse.lang import detect_fast

from extractors.articles.dates import date_in
from extractors.articles.names import BY, authors_in, looks_like_name, name_of
from extractors.articles.sources import folded
from extractors.articles.split import Run
from extractors.articles.structured import Claims, json_ld_claims, meta_claims
from extractors.articles.titles import cleaned_title, title_line
from extractors.articles.work import work_of
from extractors.blocks.document import Document
from extractors.records import ArticleKind, Block, Work, WorkType

HEAD_LINES = 16  # lines before the body that can belong to it
FOOT_LINES = 6
EARLIEST = date(1990, 1, 1)  # the web is not older; an earlier date is a scanned original's or an error
DATE_LABEL = re.compile(
    r"(?P<modified>(?:last )?(?:updated?|modified|edited|revised|aktualisiert|mis à jour|actualizado)(?: on| at)?)|"
    r"(?P<published>(?:first |originally )?(?:published|posted|created|released|veröffentlicht|publié|publicado)(?: on| at)?)",
    re.IGNORECASE,
)
FROM_BOTH = re.compile(r"^more (?:from|by) (?P<author>.{3,40}?) (?:and|in) (?P<site>.{3,40}?)\.?$", re.IGNORECASE)
REVIEW = re.compile(r"\breviews?\b", re.IGNORECASE)
OWN_REVIEW = re.compile(
    r"\b(?:this|my|our|the following) review\b|\buser reviews?\b|\bout of (?:five|5|ten|10) stars\b", re.IGNORECASE
)
LIST_TITLE = re.compile(
    r"^(?:the )?(?:top )?\d{1,3}\b|\b\d{1,3} (?:best|most|ways|things|reasons|quotes|tips|facts)\b", re.IGNORECASE
)
QUOTE_SHARE = 0.6  # of the body's words inside script and list quotes
LANGUAGE_SCORE = 1200  # resiliparse's distance from which a guess is no better than none


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an article besides its body. `title_at`, `byline_at`, `date_at` are the blocks they stand in;
    `problems` are (code, detail) of claims that were not believed.
    """

    title: str | None
    authors: tuple[str, ...]
    site: str | None
    published: date | None
    published_source: str | None
    modified: date | None
    language: str | None
    work: Work | None
    title_at: int | None
    byline_at: int | None
    date_at: int | None
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the facts of one run are read from; `alone` says that the document holds no other article."""

    blocks: Sequence[Block]
    document: Document
    host: str | None
    repeats: Mapping[str, int]
    works: Counter[tuple[str, int]]
    work_type: WorkType | None
    alone: bool
    today: date


def facts_of(run: Run, body: str, around: Surroundings) -> Facts:
    """The facts of one run, each from the most reliable source that has it."""
    blocks = around.blocks
    empty = Claims()
    ld = json_ld_claims(around.document.head) if around.alone else empty
    meta = meta_claims(around.document.head) if around.alone else empty
    head = run.head[-HEAD_LINES:]
    title, title_at = _title(run, head, body, around, ld, meta)
    near = [blocks[i] for i in (*head, *run.foot[:FOOT_LINES])]
    authors, byline_at = _authors(run, near, head, around, ld, meta)
    published, source, modified, date_at, problems = _dates(run, near, around, ld, meta)
    return Facts(
        title=title,
        authors=authors,
        site=_site(run, head, body, title_at, authors, around, ld, meta),
        published=published,
        published_source=source,
        modified=modified,
        language=language_of(body),
        work=work_of(
            title, [blocks[i].text for i in run.head[-HEAD_LINES:]], body, around.works, around.work_type, ld.work
        ),
        title_at=title_at,
        byline_at=byline_at,
        date_at=date_at,
        problems=problems,
    )


def language_of(text: str) -> str | None:
    """The language of a text as a two-letter code, None where it is too short to tell."""
    if len(text) < 40:
        return None
    name, distance = detect_fast(text[:20_000])
    return str(name) if distance < LANGUAGE_SCORE and name != "unknown" else None


def _title(
    run: Run, head: Sequence[int], body: str, around: Surroundings, ld: Claims, meta: Claims
) -> tuple[str | None, int | None]:
    blocks = around.blocks
    if run.entry:
        return run.entry.title, run.entry.title_at
    heading = next((i for i in reversed(head) if blocks[i].tag == "h1"), None)
    if heading is None:
        heading = next((i for i in run.body[:4] if blocks[i].tag in ("h1", "h2")), None)
    text = blocks[heading].text if heading is not None else None
    site = ld.site or meta.site
    claims = [claim for claim in (ld.title, meta.title, around.document.head.title) if claim and around.alone]
    for claim in claims:
        cleaned = cleaned_title(claim, site, around.host, text)
        if cleaned and folded(cleaned) != folded(site or ""):
            at = next((i for i in (*run.head, *run.body[:5]) if folded(blocks[i].text) == folded(cleaned)), heading)
            return cleaned, at
    if heading is not None:
        return text, heading
    line = title_line(blocks, head, body, dict(around.repeats))
    return (blocks[line].text, line) if line is not None else (None, None)


def _authors(
    run: Run, near: Sequence[Block], head: Sequence[int], around: Surroundings, ld: Claims, meta: Claims
) -> tuple[tuple[str, ...], int | None]:
    at, written = _byline(near)
    if ld.authors or meta.authors:
        return ld.authors or meta.authors, at
    marks = [m for m in around.document.marks if m.kind == "author" and (around.alone or _within(run, m.position))]
    for mark in marks:
        names = authors_in(mark.value)
        if names:
            return names, at
    if written:
        return written, at
    return _bare_name(run, head, around)


def _within(run: Run, position: int) -> bool:
    first = run.head[-HEAD_LINES:][0] if run.head else run.body[0]
    return first <= position <= (run.foot[:FOOT_LINES][-1] if run.foot else run.body[-1])


def _byline(near: Sequence[Block]) -> tuple[int | None, tuple[str, ...]]:
    """The first line that says "by somebody"."""
    for block in near:
        if len(block.text) < 200 and BY.match(block.text):
            names = authors_in(block.text)
            if names:
                return block.position, names
    return None, ()


def _bare_name(run: Run, head: Sequence[int], around: Surroundings) -> tuple[tuple[str, ...], int | None]:
    """A line that is only a person's name: twice before the body (picture and link), or right behind it."""
    blocks = around.blocks
    counts = Counter(blocks[i].text for i in head)
    for i in head:
        if counts[blocks[i].text] > 1 and looks_like_name(blocks[i].text):
            return (blocks[i].text,), i
    if run.foot and looks_like_name(blocks[run.foot[0]].text):
        name = name_of(blocks[run.foot[0]].text)
        return ((name,), run.foot[0]) if name else ((), None)
    return (), None


def _dates(
    run: Run, near: Sequence[Block], around: Surroundings, ld: Claims, meta: Claims
) -> tuple[date | None, str | None, date | None, int | None, tuple[tuple[str, str], ...]]:
    at, written, updated = _dateline(near)
    timed = next(
        (
            found
            for m in around.document.marks
            if m.kind == "time" and (around.alone or _within(run, m.position)) and (found := date_in(m.value))
        ),
        None,
    )
    listed = run.entry.published if run.entry else None
    candidates = (
        (ld.published, "json-ld"),
        (meta.published, "meta"),
        (timed, "time"),
        (written, "byline"),
        (listed, "text"),
    )
    problems: list[tuple[str, str]] = []
    published = source = None
    for value, name in candidates:
        if value is None:
            continue
        if EARLIEST <= value <= around.today + timedelta(days=1):
            published, source = value, name
            break
        problems.append(("metadata.impossible_date", f"{name} says {value.isoformat()}"))
    modified = ld.modified or meta.modified or updated
    if modified and not (published or EARLIEST) <= modified <= around.today + timedelta(days=1):
        problems.append(("metadata.impossible_date", f"modified {modified.isoformat()}"))
        modified = None
    return published, source, modified, at, tuple(problems)


def _dateline(near: Sequence[Block]) -> tuple[int | None, date | None, date | None]:
    """(position, published, modified) of the first short line with a date, read by its labels."""
    for block in near:
        if len(block.text) > 200:
            continue
        published = modified = None
        labels = list(DATE_LABEL.finditer(block.text))
        for number, label in enumerate(labels):
            stop = labels[number + 1].start() if number + 1 < len(labels) else len(block.text)
            found = date_in(block.text[label.end() : stop])
            if label["modified"]:
                modified = modified or found
            else:
                published = published or found
        if not labels:
            published = date_in(block.text)
        if published or modified:
            return block.position, published, modified
    return None, None, None


def _site(
    run: Run,
    head: Sequence[int],
    body: str,
    title_at: int | None,
    authors: tuple[str, ...],
    around: Surroundings,
    ld: Claims,
    meta: Claims,
) -> str | None:
    if run.entry and run.entry.site:
        return run.entry.site
    if ld.site or meta.site:
        return meta.site or ld.site
    blocks = around.blocks
    around_text = " ".join(blocks[i].text for i in run.foot[:FOOT_LINES]).casefold()
    for i in head:
        text = blocks[i].text
        if (
            (title_at is None or i > title_at)
            and text not in authors
            and _site_like(text)
            and (text in body or text.casefold() in around_text)
        ):
            return text
    if title_at is not None:
        # A masthead: the site's name is the line above the title where the page begins with it.
        above = [i for i in run.head if i < title_at]
        if above == [0] and _site_like(blocks[0].text):
            return blocks[0].text
    return None


def _site_like(text: str) -> bool:
    words = text.split()
    return (
        1 <= len(words) <= 5
        and text[0].isupper()
        and not text.endswith((".", ":", "?", "!"))
        and not any(map(str.isdigit, text))
    )


def kind_of(
    title: str | None, near: Sequence[str], body: str, quoted_words: int, claimed_type: str | None
) -> ArticleKind:
    """What sort of text it is, by its title, header lines and the share of it that is quotes."""
    words = max(1, len(body.split()))
    if quoted_words / words >= QUOTE_SHARE:
        return "quote_page"
    if claimed_type in ("review", "criticreview", "reviewnewsarticle"):
        return "review"
    if title and (REVIEW.search(title)):
        return "review"
    if OWN_REVIEW.search(body[:3000]) or any(OWN_REVIEW.search(line) for line in near):
        return "review"
    if title and re.search(r"\binterview(?:s|ed)?\b|\bin conversation\b|\bQ&A\b", title, re.IGNORECASE):
        return "interview"
    if title and LIST_TITLE.search(title):
        return "list"
    return "article"
