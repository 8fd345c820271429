"""Pages and runs for the tests of the report and of the explain page, among them hostile ones."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import duckdb

from extractors.records import Article, Block, Extraction, Page, PlacedBlock, Quote, Rejected, Role, Verdict, uuid_of
from warehouse.load import RUN_SCHEMAS
from warehouse.migrate import migrate
from warehouse.records import Check, Funnel, Quarantined, Run, Written
from warehouse.report.index import index_of
from warehouse.report.records import (
    Compared,
    FailingRow,
    HostLine,
    PageCost,
    Point,
    RunReport,
    Tally,
    Timing,
    article_lines,
    refusals_of,
)
from warehouse.report.report import name_of
from warehouse.tables import arrow_of, storable

RUN_ID = uuid_of("a run")
STARTED = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)

HOSTILE = (
    "<script>document.title = 'ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    '"><svg onload="document.title=\'ran\'">',
    "'\" onmouseover='document.title=1' x='",
    "{{ 7 * 7 }}{% raw %}",
    "</title></style></details><style>*{display:none}</style>",
    "abc \u202egnp.exe\u202c \u2066x\u2069 \u200f",
    "nul \x00 escape \x1b[31m red \x9b2J bell \x07",
    "half \ud800 of a pair",
    "W" * 1_000_000,
)
HOSTILE_URLS = (
    "javascript:document.title='ran'",
    "data:text/html,<script>1</script>",
    "http://h.test/\"onclick='x'",
    "//x",
)


def quote_at(
    article_id: UUID, body: str, text: str, speaker: str | None, position: int, *, parts: tuple[str, ...] = ()
) -> Quote:
    """The quote of `text` (or of its `parts`) in the body."""
    pieces = parts or (text,)
    spans, cursor = [], 0
    for piece in pieces:
        start = body.index(piece, cursor)
        cursor = start + len(piece)
        spans.append((start, cursor))
    return Quote(
        quote_id=uuid_of(str(article_id), str(position)),
        article_id=article_id,
        position=position,
        text=text,
        speaker=speaker,
        speaker_as_written=speaker,
        kind="inline_direct",
        stage_directions=(),
        conversation=None,
        parts=tuple(spans),
        start=spans[0][0],
        stop=spans[-1][1],
        rule="inverted_cue",
        confidence=0.91,
        before=body[max(spans[0][0] - 40, 0) : spans[0][0]],
        after=body[spans[-1][1] : spans[-1][1] + 40],
    )


def page_of(text: str, uri: str = "pages/bridge.txt", url: str | None = None) -> Page:
    """A text page of these words."""
    data = text.encode("utf-8", "surrogatepass")
    return Page(
        page_id=uuid_of(data, url or ""),
        uri=uri,
        url=url,
        host=None,
        format="text",
        charset="utf-8",
        language="en",
        bytes=len(data),
        sha256=sha256(data).hexdigest(),
        fetched_at=None,
        data=data,
    )


def extraction_of_lines(
    lines: list[tuple[str, Role, int | None]],
    said: list[tuple[int, str, str | None]],
    *,
    uri: str = "pages/bridge.txt",
    url: str | None = None,
    site: str | None = "The Daily Example",
    rejected: tuple[Rejected, ...] = (),
) -> Extraction:
    """A page of (text, role, article) lines, and its quotes as (article, text, speaker)."""
    page = page_of("\n".join(text for text, _, _ in lines), uri, url)
    blocks, offset = [], 0
    for number, (text, role, article) in enumerate(lines):
        verdict = Verdict(role=role, reason=f"looks like {role}", score=0.1 if role == "boilerplate" else 0.97)
        block = Block(position=number, line=number + 1, start=offset, stop=offset + len(text), text=text)
        blocks.append(PlacedBlock(block=block, verdict=verdict, article=article))
        offset += len(text) + 1
    articles, quotes = [], []
    for position in sorted({article for _, _, article in lines if article is not None}):
        own = [text for text, role, article in lines if article == position and role in {"content", "quote"}]
        title = next((text for text, role, article in lines if article == position and role == "title"), None)
        body = "\n\n".join(own)
        article_id = uuid_of(str(page.page_id), str(position))
        found = [(text, speaker) for article, text, speaker in said if article == position]
        quotes += [quote_at(article_id, body, text, speaker, n) for n, (text, speaker) in enumerate(found)]
        articles.append(
            Article(
                article_id=article_id,
                page_id=page.page_id,
                position=position,
                kind="article",
                title=title,
                authors=("Ada Byline",),
                site=site,
                published=date(2025, 12, 31),
                published_source="text",
                modified=None,
                language="en",
                body=body,
                word_count=len(body.split()),
                quote_count=len(found),
                confidence=0.93,
                flags=(),
                boilerplate_share=0.2,
            )
        )
    return Extraction(
        page=page, articles=tuple(articles), quotes=tuple(quotes), blocks=tuple(blocks), rejected=rejected
    )


def bridge_page() -> Extraction:
    """A page with two articles, boilerplate around and within them, three speakers and a refusal."""
    lines: list[tuple[str, Role, int | None]] = [
        ("Menu · Home · Subscribe", "boilerplate", None),
        ("The bridge that moved", "title", 0),
        ("By Ada Byline", "byline", 0),
        ("“We measured it twice,” said the surveyor. “It had moved,” said the mayor.", "content", 0),
        ("Read also: ten bridges you must see", "boilerplate", None),
        ("Nobody spoke for a while. “It had moved,” said the mayor again.", "content", 0),
        ("Share this page", "boilerplate", None),
        ("A short history of tolls", "title", 1),
        ("Dec 31, 2025", "date", 1),
        ("“Nothing is as dear as a free road.”", "quote", 1),
        ("All rights reserved", "boilerplate", None),
    ]
    said: list[tuple[int, str, str | None]] = [
        (0, "We measured it twice,", "the surveyor"),
        (0, "It had moved,", "the mayor"),
        (1, "Nothing is as dear as a free road.", None),
    ]
    refusal = Rejected(
        stage="quotes",
        code="quotes.scare",
        detail="two words in marks",
        uri="pages/bridge.txt",
        article=0,
        payload=b"so called",
    )
    return extraction_of_lines(lines, said, rejected=(refusal,))


def hostile_page() -> Extraction:
    """A page whose every text tries to be more than text."""
    lines: list[tuple[str, Role, int | None]] = []
    said: list[tuple[int, str, str | None]] = []
    for number, text in enumerate(HOSTILE):
        lines += [(text, "title", number), (f"“{text}” they wrote.", "content", number)]
        said.append((number, text, text))
    refusals = tuple(
        Rejected(
            stage=text[:80], code=text, detail=text, uri=text, payload=text.encode("utf-8", "surrogatepass"), article=0
        )
        for text in HOSTILE
    )
    whole = "".join(HOSTILE)
    return extraction_of_lines(lines, said, uri=whole, url=HOSTILE_URLS[0], site=whole, rejected=refusals)


def run_of(funnel: Funnel, **changes: object) -> Run:
    """A run of three seconds with this funnel."""
    run = Run(
        run_id=RUN_ID,
        trigger="command line",
        started=STARTED,
        finished=STARTED + timedelta(seconds=3.2),
        state="passed",
        funnel=funnel,
        extractor_version="2026.1",
        config_hash="9f86d081884c7d65",
    )
    return replace(run, **changes)  # type: ignore[arg-type]


def check_of(name: str, *, success: bool = True, **changes: object) -> Check:
    """A check of the articles, passed or failed by two rows."""
    check = Check(
        table_name="articles",
        expectation="expect_column_values_to_not_be_null",
        name=name,
        column_name="title",
        severity="warning",
        description="Every article has a title.",
        success=success,
        unexpected_count=0 if success else 2,
        observed=None if success else "2 of 7 rows",
        failing=() if success else (str(uuid_of("one")), str(uuid_of("two"))),
    )
    return replace(check, **changes)  # type: ignore[arg-type]


def quarantined(code: str, number: int, payload: bytes = b"\x00\x01\xfe") -> Quarantined:
    """A refused source."""
    return Quarantined(
        item_id=uuid_of(code, str(number)),
        stage="format",
        code=code,
        detail="the bytes are no text",
        uri=f"inbox/{number}.bin",
        page_id=None,
        payload=payload,
        run_id=RUN_ID,
    )


def funnel_of(extractions: list[Extraction], **changes: int) -> Funnel:
    """The funnel of a run that loaded all of these pages."""
    articles = sum(len(extraction.articles) for extraction in extractions)
    quotes = sum(len(extraction.quotes) for extraction in extractions)
    funnel = Funnel(
        sources=len(extractions),
        pages=len(extractions),
        pages_with_articles=len(extractions),
        articles=articles,
        articles_loaded=articles,
        quotes=quotes,
        quotes_loaded=quotes,
    )
    return replace(funnel, **changes)


def warned_report() -> RunReport:
    """A run with something of everything: refused sources, a failed check, articles, timings."""
    page = bridge_page()
    return RunReport(
        run=run_of(funnel_of([page], sources=6, unchanged=2, refused=3), state="warned"),
        checks=(check_of("titles"), check_of("dates", success=False, failing=(str(page.articles[1].article_id),))),
        refusals=refusals_of(
            [*(quarantined("format.binary", n) for n in range(2)), quarantined("format.empty", 9, b"")]
        ),
        articles=article_lines(page),
        written=(Written(table_name="articles", inserted=2, updated=0, deleted=0),),
        timings=(Timing(step="extract", seconds=2.5), Timing(step="load", seconds=0.7)),
        versions=(("pullquote", "0.1.0"), ("duckdb", "1.5.5")),
        inputs=("inbox/",),
        failing=(
            FailingRow(
                table_name="articles",
                name="dates",
                row_id=str(page.articles[1].article_id),
                says="A short history of tolls",
                uri=page.page.uri,
                page_id=page.page.page_id,
                place="article-1",
            ),
        ),
        explained=(page.page.page_id,),
        hosts=(
            HostLine(
                host="daily.test",
                pages=1,
                with_articles=1,
                articles=2,
                words=40,
                quotes=3,
                unattributed=1,
                trend=(4, 2, 1),
            ),
        ),
        host_count=1,
        points=(*(point_of(n) for n in range(4)), replace(point_of(5), extractor_version="2026.1")),
        compared=(Compared(name="extraction_rate", value=0.97, last=0.99, other=None),),
        last_run=replace(point_of(5), extractor_version="2026.1"),
        other_run=point_of(3),
        tallies=(
            Tally(aspect="What told the date", value="text", count=2),
            Tally(aspect="Kind of quote", value="inline direct", count=3),
        ),
        costs=(PageCost(page_id=page.page.page_id, uri=page.page.uri, bytes=400, seconds=0.02),),
    )


def point_of(number: int) -> Point:
    """An earlier run."""
    return Point(
        run_id=uuid_of("run", str(number)),
        started=STARTED - timedelta(days=9 - number),
        state="passed",
        pages=40 + number,
        articles=50 + number,
        quotes=300 - 10 * number,
        extractor_version="2025.9",
    )


def hostile_report() -> RunReport:
    """A run in which every text tries to be more than text."""
    page = hostile_page()
    whole = "".join(HOSTILE)
    lines = tuple(
        replace(line, url=HOSTILE_URLS[n % len(HOSTILE_URLS)], flags=(HOSTILE[0],))
        for n, line in enumerate(article_lines(page))
    )
    refused = [
        replace(quarantined(text, n), uri=text, detail=text, stage=text, payload=text.encode("utf-8", "surrogatepass"))
        for n, text in enumerate(HOSTILE)
    ]
    return RunReport(
        run=run_of(funnel_of([page], sources=11, refused=10), state="warned", trigger=whole, config_hash=whole),
        checks=tuple(
            check_of(text, success=False, description=text, observed=text, failing=(text,), column_name=text)
            for text in HOSTILE
        ),
        refusals=refusals_of(refused),
        articles=lines,
        timings=(Timing(step=whole, seconds=1.0),),
        versions=((whole, whole),),
        inputs=HOSTILE,
        hosts=tuple(
            HostLine(
                host=text, pages=1, with_articles=1, articles=1, words=1, quotes=1, unattributed=0, trend=(1, 2, 3)
            )
            for text in HOSTILE
        ),
        host_count=len(HOSTILE),
        points=tuple(replace(point_of(n), extractor_version=text) for n, text in enumerate(HOSTILE)),
        compared=tuple(Compared(name=text, value=0.5, last=0.1, other=None) for text in HOSTILE),
        other_run=replace(point_of(1), extractor_version=whole),
        tallies=tuple(Tally(aspect=text, value=text, count=1) for text in HOSTILE),
        failing=tuple(
            FailingRow(
                table_name="articles",
                name=text,
                row_id=text,
                says=text,
                uri=text,
                page_id=page.page.page_id,
                place="article-1",
            )
            for text in HOSTILE
        ),
        explained=(page.page.page_id,),
        costs=tuple(PageCost(page_id=page.page.page_id, uri=text, bytes=1, seconds=1.0) for text in HOSTILE),
    )


def large_report(pages: int = 10_000) -> RunReport:
    """A run of many pages with long texts in a script of three bytes a character."""
    page = extraction_of_lines(
        [("標題" * 60, "title", 0), *((f"「{n}" + "引文很長" * 80 + "」", "content", 0) for n in range(8))],
        [(0, f"{n}" + "引文很長" * 80, "某人" * 20) for n in range(8)],
    )
    line = article_lines(page)[0]
    articles = tuple(
        replace(
            line,
            article_id=uuid_of(str(n)),
            page_id=uuid_of("page", str(n)),
            uri=f"pages/{n}.html",
            site=f"site{n % 700}.test",
            confidence=n % 100 / 100,
        )
        for n in range(pages)
    )
    many = {"sources": pages, "pages": pages, "pages_with_articles": pages}
    funnel = replace(funnel_of([page]), **many, articles=pages, articles_loaded=pages, quotes=8 * pages)
    refused = [quarantined(f"format.code{n % 60}", n, b"x" * 5000) for n in range(5000)]
    failing = tuple(str(uuid_of(str(n))) for n in range(100))
    return RunReport(
        run=run_of(replace(funnel, quotes_loaded=8 * pages)),
        checks=tuple(check_of(f"c{n}", success=False, unexpected_count=9000, failing=failing) for n in range(60)),
        refusals=refusals_of(refused),
        articles=articles,
        inputs=tuple(f"pages/{n}.html" for n in range(pages)),
        hosts=tuple(
            HostLine(
                host=f"host{n}.test",
                pages=20,
                with_articles=19,
                articles=20,
                words=20_000,
                quotes=160,
                unattributed=3,
                trend=tuple(range(21)),
            )
            for n in range(40)
        ),
        host_count=700,
        points=tuple(point_of(n % 9) for n in range(30)),
        tallies=tuple(Tally(aspect=f"aspect {n // 12}", value=f"{n}", count=n) for n in range(96)),
    )


def index_page(triggers: Sequence[str], *, runs: int | None = None) -> str:
    """The index over a warehouse with a run for each of these triggers, in turn."""
    count = runs or len(triggers)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        migrate(connection, path=Path("index.duckdb"))
        made = [
            run_of(
                Funnel(pages=10 + n % 7, pages_with_articles=9, articles_loaded=12, quotes_loaded=90 + n % 5),
                run_id=uuid_of("index", str(n)),
                trigger=storable(triggers[n % len(triggers)]),
                started=STARTED + timedelta(hours=n),
                finished=STARTED + timedelta(hours=n, seconds=5),
                state=("passed", "warned", "refused")[n % 3],
            )
            for n in range(count)
        ]
        rows = arrow_of([asdict(run) | asdict(run.funnel) for run in made], RUN_SCHEMAS["runs"])
        connection.register("rows", rows)
        connection.execute("INSERT INTO runs BY NAME SELECT * FROM rows")
        return index_of(connection, [name_of(run) for run in made])
