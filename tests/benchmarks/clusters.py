"""What a batch of 10,000 quotes costs a warehouse that holds 10,000, 100,000 and 1,000,000 quotes already.

The quotes are made up, but shaped like real ones: words as frequent as in English prose, turns of phrase that everybody
uses, 2 to 150 words, speakers some of whom are quoted much, and three in ten print words that were printed before:
exactly, in other case, in part, with words changed, or by another speaker.

What the warehouse holds already is put there without being compared, each wording as a quotation of its own: a million
quotes through the door would take an hour, and the batch is looked up among the same wordings.
"""

import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow as pa

from extractors.records import Article, Extraction, Page, Quote, Work, uuid_of
from flows.judge import JUDGE
from warehouse.connection import writer
from warehouse.load import load
from warehouse.records import Funnel, Run
from warehouse.tables import arrow_of, tables_of

SIZES = (10_000, 100_000, 1_000_000)
BATCH = 10_000
STEP = 50_000  # quotes stocked at a time on the way to a size
PER_ARTICLE = 8
NOW = datetime(2026, 1, 1, tzinfo=UTC)

COMMON = """
the of and to a in that is was it for on with as he be i by at you not this are but from or have they we what had
his her she there been one all no if out up so said when who will more about do my an would me them than time can
like just now know your think get go see people their because how want us really going then
"""
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo za bra cle dri flo gru sta tre pli sko"


class Printer:
    """Makes articles with quotes, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 made-up words
        syllables = SYLLABLES.split()
        rare = ("".join(self.rng.choices(syllables, k=self.rng.randint(2, 4))) for _ in range(30_000))
        words = [*COMMON.split(), *rare]
        self.words = words
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
        self.phrases = [self._said(self.rng.randint(3, 6)) for _ in range(3_000)]
        self.phrase_weights = list(accumulate(1 / (rank + 1) for rank in range(len(self.phrases))))
        self.names = [
            f"{self.rng.choice(words[200:1500]).title()} {self.rng.choice(words[1500:9000]).title()}"
            for _ in range(20_000)
        ]
        self.name_weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.names))))
        self.works = [
            Work(work_id=uuid_of(f"work {n}"), title=f"Work {n}", year=2000, type="film") for n in range(2_000)
        ]
        self.printed: list[tuple[str, str | None]] = []
        self.number = 0

    def extractions(self, quotes: int) -> Iterator[Extraction]:
        """Pages of one article with PER_ARTICLE quotes each, `quotes` in all."""
        for _ in range(quotes // PER_ARTICLE):
            self.number += 1
            yield self._extraction([self.quote() for _ in range(PER_ARTICLE)])

    def _said(self, length: int) -> list[str]:
        return self.rng.choices(self.words, cum_weights=self.weights, k=length)

    def quote(self) -> tuple[str, str | None]:
        if self.printed and self.rng.random() < 0.3:
            return self._again(*self.rng.choice(self.printed))
        words: list[str] = []
        length = min(150, max(2, round(self.rng.lognormvariate(2.7, 0.7))))
        while len(words) < length:
            if self.rng.random() < 0.15:
                words += self.rng.choices(self.phrases, cum_weights=self.phrase_weights)[0]
            else:
                words += self._said(self.rng.randint(1, 5))
        speaker = None
        if self.rng.random() < 0.85:
            speaker = self.rng.choices(self.names, cum_weights=self.name_weights)[0]
            speaker = speaker.split()[1] if self.rng.random() < 0.1 else speaker
        made = " ".join(words).capitalize() + ".", speaker
        if len(self.printed) < 200_000:
            self.printed.append(made)
        else:
            self.printed[self.rng.randrange(len(self.printed))] = made
        return made

    def _again(self, text: str, speaker: str | None) -> tuple[str, str | None]:
        words, kind = text.split(), self.rng.random()
        if kind < 0.4:
            return text, speaker
        if kind < 0.6:
            return text.upper().rstrip("."), speaker
        if kind < 0.75 and len(words) > 10:
            first = self.rng.randint(0, len(words) // 3)
            return " ".join(words[first : first + len(words) * 2 // 3]), speaker
        if kind < 0.9:
            words[self.rng.randrange(len(words))] = self._said(1)[0]
            return " ".join(words), speaker
        return text, self.rng.choice(self.names)

    def _extraction(self, said: Sequence[tuple[str, str | None]]) -> Extraction:
        body = "\n\n".join(f"“{text}” said {speaker}." for text, speaker in said)
        data = f"{self.number}\n{body}".encode()
        page_id, host = uuid_of(data, ""), f"site{self.number % 3000}.example"
        url = f"https://{host}/{self.number}"
        page = Page(
            page_id=page_id, uri=url, url=url, host=host, format="html", charset="utf-8", language="en",
            bytes=len(data), sha256=data.hex()[:64], fetched_at=None, data=data,
        )  # fmt: skip
        article = Article(
            article_id=uuid_of(str(page_id), "0"), page_id=page_id, position=0, kind="article", title=f"No {self.number}",
            site=host, published=date(2020, 1, 1) + timedelta(days=self.number % 2000), published_source="meta",
            modified=None, language="en", work=self.rng.choice(self.works) if self.rng.random() < 0.3 else None,
            body=body, word_count=len(body.split()), quote_count=len(said), confidence=0.9, flags=(),
            boilerplate_share=0.1,
        )  # fmt: skip
        quotes = tuple(_quote(article.article_id, n, *words) for n, words in enumerate(said))
        return Extraction(page=page, articles=(article,), quotes=quotes, blocks=(), rejected=())


def _quote(article_id: UUID, position: int, text: str, speaker: str | None) -> Quote:
    return Quote(
        quote_id=uuid_of(str(article_id), str(position)), article_id=article_id, position=position, text=text,
        speaker=speaker, speaker_as_written=speaker, kind="inline_direct", stage_directions=(), conversation=None,
        parts=((0, len(text)),), start=0, stop=len(text), rule="cue", confidence=0.9, before="", after="",
    )  # fmt: skip


def main() -> None:
    """Print, for each size named in the arguments (or all), how long the batch takes and how much memory."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    printer, held = Printer(1), 0
    print("| quotes held | wall s | CPU s | peak MB | quotations | file MB |\n|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.duckdb"
        for size in sizes:
            while held < size:
                step = min(STEP, size - held)
                _stock(path, printer, first=held // PER_ARTICLE, quotes=step)
                held += step
            batch = list(printer.extractions(BATCH))
            copy = Path(folder) / "copy.duckdb"
            shutil.copyfile(path.with_name(f".{path.name}.private"), copy)
            with get_context("spawn").Pool(1) as pool:
                wall, cpu, peak, quotations = pool.apply(_measured, (copy, batch))
            print(
                f"| {size:,} | {wall:.1f} | {cpu:.1f} | {peak:,.0f} | {quotations:,} | {copy.stat().st_size / 1e6:,.0f} |",
                flush=True,
            )
            for leftover in (copy, *Path(folder).glob(".copy*")):
                leftover.unlink()


def _measured(path: Path, batch: Sequence[Extraction]) -> tuple[float, float, float, int]:
    """Seconds on the wall and of the processor, the process's peak in MB, and the quotations there are then."""
    with writer(path) as opened:
        wall, cpu = time.perf_counter(), time.process_time()
        _load_into(opened.connection, batch, number=-1)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        row = opened.connection.execute("SELECT count(*) FROM quotations").fetchone()
    return wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, row[0] if row else 0


STOCK = """
INSERT INTO pages BY NAME
SELECT page_id, 'https://stock.example/' || number AS uri, uri AS url, 'site' || (number % 3000) AS host,
    'html' AS format, 'utf-8' AS charset, 1 AS bytes, '' AS sha256, TIMESTAMPTZ '2026-01-01' AS first_seen,
    page_id AS run_id
FROM (SELECT page_id, any_value(number) AS number FROM stock GROUP BY page_id);
INSERT INTO articles BY NAME
SELECT article_id, any_value(page_id) AS page_id, 0 AS position, 'article' AS kind, any_value(work_id) AS work_id,
    string_agg(text, ' ') AS body, 100 AS word_count, 8 AS quote_count, 1 AS confidence, [] AS flags,
    0 AS boilerplate_share, '1' AS extractor_version, any_value(page_id) AS run_id
FROM stock GROUP BY article_id;
INSERT INTO article_sketches SELECT DISTINCT article_id, []::UBIGINT[] FROM stock;
INSERT INTO quotes BY NAME
SELECT uuid() AS quote_id, article_id, position, text, speaker, speaker AS speaker_as_written, 'inline_direct' AS kind,
    [] AS stage_directions, [[0, length(text)]] AS parts, 0 AS start, length(text) AS stop, 'cue' AS rule,
    1 AS confidence, '' AS before, '' AS after, page_id AS run_id, wording_id, wording_id AS quotation_id, person_id
FROM stock;
INSERT INTO wordings
SELECT wording_id, wording_id, any_value(words), any_value(said_by), any_value(work_id), any_value(keys)
FROM stock WHERE wording_id NOT IN (SELECT wording_id FROM wordings) GROUP BY wording_id;
INSERT INTO quotations BY NAME
SELECT wording_id AS quotation_id, any_value(text) AS text, any_value(speaker) AS speaker,
    any_value(person_id) AS person_id, any_value(work_id) AS work_id, count(*) AS mentions, 1 AS sites
FROM stock WHERE wording_id NOT IN (SELECT quotation_id FROM quotations) GROUP BY wording_id;
INSERT INTO people SELECT person_id, any_value(speaker) FROM stock
WHERE person_id IS NOT NULL AND person_id NOT IN (SELECT person_id FROM people) GROUP BY person_id;
"""
STOCKED = pa.schema(
    [
        *((name, pa.uuid()) for name in ("page_id", "article_id", "work_id", "wording_id", "person_id")),
        *((name, pa.int64()) for name in ("number", "position")),
        *((name, pa.string()) for name in ("text", "speaker", "words", "said_by")),
        ("keys", pa.list_(pa.uint64())),
    ]
)


def _stock(path: Path, printer: Printer, *, first: int, quotes: int) -> None:
    rows = [row for number in range(first, first + quotes // PER_ARTICLE) for row in _stocked(printer, number)]
    with writer(path) as opened:
        opened.connection.register("given", arrow_of(rows, STOCKED))
        opened.connection.execute("CREATE OR REPLACE TEMP TABLE stock AS FROM given")
        opened.connection.execute(STOCK)


def _stocked(printer: Printer, number: int) -> Iterator[dict[str, object]]:
    """The quotes of one article as rows."""
    page_id, article_id = uuid_of("stock", str(number)), uuid_of("stocked", str(number))
    work_id = printer.rng.choice(printer.works).work_id if printer.rng.random() < 0.3 else None
    for position in range(PER_ARTICLE):
        text, speaker = printer.quote()
        wording = JUDGE.wording_of(text, speaker=speaker, work_id=work_id, article_id=article_id)
        yield {
            "page_id": page_id, "article_id": article_id, "work_id": work_id, "wording_id": wording.wording_id,
            "person_id": JUDGE.person_of(speaker, page_id=page_id) if speaker else None, "number": number,
            "position": position, "text": text, "speaker": speaker, "words": wording.words,
            "said_by": wording.speaker, "keys": wording.keys,
        }  # fmt: skip


def _load_into(connection: duckdb.DuckDBPyConnection, batch: Sequence[Extraction], *, number: int) -> None:
    run = Run(
        run_id=uuid_of(f"run {number}"), trigger="benchmark", started=NOW, finished=NOW, state="passed",
        funnel=Funnel(), extractor_version="1", config_hash="",
    )  # fmt: skip
    tables = tables_of(batch, run_id=run.run_id, now=NOW, extractor_version="1")
    load(connection, tables=tables, quarantined=(), checks=(), run=run, ledger=(), judge=JUDGE)


if __name__ == "__main__":
    main()
