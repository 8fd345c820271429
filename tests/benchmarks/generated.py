"""Made-up batches of any size with the distributions of the seeds: the same arguments give the same rows.

Of the seeds: words per article, articles per page, characters of a quote, its kind and rule, how often it has a speaker,
blocks per article with their roles, and the most frequent words. Not of the seeds, as two pages cannot tell: quotes per
article (thinned to `QUOTES_PER_ARTICLE` on average), how many are repeated elsewhere and by whom, the tail of the
vocabulary (Zipf's law, words of made-up syllables), the number of speakers, sites and works.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page
from flows.sources import Source, data_of, sources_of
from tests.benchmarks.seeds import SEEDS, TODAY
from warehouse.tables import SCHEMAS

QUOTES_PER_ARTICLE = 10
VOCABULARY = 400_000  # different words; a corpus of 200 million words has about as many that are not misspelled
SPEAKERS, SITES, WORKS = 20_000, 2_000, 5_000
REPEATED, KNOWN = 0.1, 4  # share of quotes that are known lines of the article's work, and how many a work has
MISTAKEN = 0.05  # share of the known lines that are said to be somebody else's
DRAWN = 5_000_000  # words drawn by Zipf's law once, and from these again: as good, and twenty times as fast
ZIPF, MANDELBROT = 1.07, 2.7  # the usual fit for English text
CONTEXT = 160  # characters kept before and after a quote
PARAGRAPH = 60  # words
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUN = UUID(int=1)

Tables = dict[str, pa.Table]
Rows = dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the seeds tell: samples to draw from, and their words, the most frequent first."""

    article_words: Sequence[int]
    articles_on_page: Sequence[int]
    quotes_in_article: Sequence[int]
    quotes: Sequence[tuple[int, str, str, bool]]  # words, kind, rule, has a speaker
    blocks: Sequence[tuple[str, str, float, bool]]  # role, reason, score, in an article
    blocks_per_article: float
    words: Sequence[str]


def seen_in_seeds() -> Seen:
    """The samples that all made-up batches are drawn from."""
    extractions = tuple(_extractions())
    articles = [article for extraction in extractions for article in extraction.articles]
    quotes = [quote for extraction in extractions for quote in extraction.quotes]
    blocks = [placed for extraction in extractions for placed in extraction.blocks]
    counts = Counter(word for article in articles for word in article.body.split())
    return Seen(
        article_words=[article.word_count for article in articles],
        articles_on_page=[len(extraction.articles) for extraction in extractions],
        quotes_in_article=[article.quote_count for article in articles],
        quotes=[(len(q.text.split()), q.kind, q.rule, q.speaker is not None) for q in quotes],
        blocks=[(b.verdict.role, b.verdict.reason, b.verdict.score, b.article is not None) for b in blocks],
        blocks_per_article=len(blocks) / len(articles),
        words=[word for word, _ in counts.most_common()],
    )


def batches(articles: int, *, batch: int = 1000, seed: int = 1, seen: Seen | None = None) -> Iterator[Tables]:
    """Tables of at most `batch` articles each, `articles` in all, as extraction would give them."""
    seen = seen or seen_in_seeds()
    world = _World(seen, np.random.default_rng(0))  # names and words are the same for every seed
    rng = np.random.default_rng(seed)
    for first in range(0, articles, batch):
        yield _Batch(world, rng, first=first).tables(min(batch, articles - first))


def _extractions() -> Iterator[Extraction]:
    for source in sources_of([str(SEEDS)]):
        data = data_of(source) if isinstance(source, Source) else b""
        for page in pages_in(data if isinstance(data, bytes) else b"", uri=source.uri):
            if isinstance(page, Page):
                yield extraction_of(page, today=TODAY)


class _World:
    """The words, people, sites and works there are, and how likely each word is."""

    def __init__(self, seen: Seen, rng: np.random.Generator) -> None:
        self.seen = seen
        made_up = _made_up_words(VOCABULARY - len(seen.words), rng)
        weights = 1 / (np.arange(VOCABULARY) + MANDELBROT) ** ZIPF
        drawn = rng.choice(VOCABULARY, DRAWN, p=weights / weights.sum())
        self.drawn = np.array([*seen.words, *made_up], dtype=object)[drawn]
        names = [word.capitalize() for word in made_up]
        self.speakers = [f"{first} {last}" for first, last in zip(names[:SPEAKERS], names[SPEAKERS:], strict=False)]
        self.sites = [f"The {name}" for name in names[-SITES:]]
        self.works = [(uuid_bytes, name) for uuid_bytes, name in zip(_ids(rng, WORKS), names[:WORKS], strict=False)]
        self.known = {work_id: [self._line(rng) for _ in range(KNOWN)] for work_id, _ in self.works}

    def _line(self, rng: np.random.Generator) -> tuple[str, str]:
        """What is often quoted, and who said it."""
        return " ".join(self.text(rng, int(rng.integers(6, 30)))), self.speakers[
            int(rng.integers(0, len(self.speakers)))
        ]

    def text(self, rng: np.random.Generator, count: int) -> list[str]:
        """`count` words, independent of each other."""
        words: list[str] = self.drawn[rng.integers(0, DRAWN, count)].tolist()
        return words


class _Batch:
    """Rows of one batch, column by column."""

    def __init__(self, world: _World, rng: np.random.Generator, *, first: int) -> None:
        self.world, self.rng, self.first = world, rng, first
        self.rows: dict[str, Rows] = {name: {field: [] for field in schema.names} for name, schema in SCHEMAS.items()}

    def tables(self, articles: int) -> Tables:
        """The tables with this many articles."""
        made = 0
        while made < articles:
            on_page = min(int(self.rng.choice(self.world.seen.articles_on_page)), articles - made)
            self._page(on_page, number=self.first + made)
            made += on_page
        return {name: _table(self.rows[name], schema) for name, schema in SCHEMAS.items()}

    def _page(self, articles: int, *, number: int) -> None:
        (page_id,) = _ids(self.rng, 1)
        host = f"{self._skewed(self.world.sites).split()[1].lower()}.example"
        url = f"https://{host}/{number}"
        self._add(
            "pages",
            page_id=page_id,
            uri=url,
            url=url,
            host=host,
            format="html",
            charset="utf-8",
            language="en",
            bytes=40_000,
            sha256=page_id.hex() * 2,
            fetched_at=None,
            first_seen=NOW,
            run_id=RUN.bytes,
        )
        ids = _ids(self.rng, articles)
        for position, article_id in enumerate(ids):
            self._article(page_id, article_id, position=position)
        self._blocks(page_id, ids)

    def _article(self, page_id: bytes, article_id: bytes, *, position: int) -> None:
        seen, rng = self.world.seen, self.rng
        words = max(60, int(rng.choice(seen.article_words) * rng.lognormal(0, 0.3)))
        thinned = QUOTES_PER_ARTICLE / (sum(seen.quotes_in_article) / len(seen.quotes_in_article))
        quotes = int(rng.binomial(int(rng.choice(seen.quotes_in_article)), thinned))
        work_id, work = self._skewed(self.world.works)
        body = self._body(article_id, work_id, words, quotes)
        published = date(2010, 1, 1) + timedelta(days=int(rng.integers(0, 5800)))
        if work_id not in self.rows["works"]["work_id"]:
            self._add("works", work_id=work_id, title=work, year=2013, type="film")
        self._add("article_authors", article_id=article_id, position=0, name=self._skewed(self.world.speakers))
        self._add(
            "articles",
            article_id=article_id,
            page_id=page_id,
            position=position,
            kind="article",
            title=" ".join(self.world.text(rng, 8)),
            site=self._skewed(self.world.sites),
            published=published,
            published_source="meta",
            modified=None,
            language="en",
            body=body,
            word_count=words,
            quote_count=quotes,
            confidence=0.97,
            flags=[],
            boilerplate_share=0.25,
            work_id=work_id,
            extractor_version="1",
            run_id=RUN.bytes,
        )

    def _body(self, article_id: bytes, work_id: bytes, words: int, quotes: int) -> str:
        """A body of about `words` words, in which each quote is a paragraph of its own, between others."""
        rng, seen = self.rng, self.world.seen
        drawn = [seen.quotes[index] for index in rng.integers(0, len(seen.quotes), quotes)]
        spoken = sum(length for length, *_ in drawn)
        text = self.world.text(rng, max(words, spoken + PARAGRAPH))
        pieces = [" ".join(text[at : at + PARAGRAPH]) + "." for at in range(spoken, len(text), PARAGRAPH)]
        said, at, quoted = set[int](), 0, []
        for place, (length, kind, rule, has_speaker) in zip(
            sorted(rng.integers(0, len(pieces) + 1, quotes).tolist()), drawn, strict=True
        ):
            speaker = self._skewed(self.world.speakers) if has_speaker else None
            words_said = " ".join(text[at : at + length])
            if rng.random() < REPEATED:
                words_said, by = self.world.known[work_id][int(rng.integers(0, KNOWN))]
                speaker = by if speaker and rng.random() >= MISTAKEN else speaker
            quoted.append((place + len(said), words_said, speaker, kind, rule))
            said.add(place + len(said))
            at += length
        for place, words_said, speaker, _, _ in quoted:
            pieces.insert(place, f"{speaker or 'She'}: “{words_said}”")
        starts = [0, *accumulate(len(piece) + 2 for piece in pieces)]
        body = "\n\n".join(pieces)
        for position, ((place, words_said, speaker, kind, rule), quote_id) in enumerate(
            zip(quoted, _ids(rng, quotes), strict=True)
        ):
            start = starts[place] + len(speaker or "She") + 3
            stop = start + len(words_said)
            self._add(
                "quotes",
                quote_id=quote_id,
                article_id=article_id,
                position=position,
                text=words_said,
                speaker=speaker,
                speaker_as_written=speaker and speaker.split()[1],
                kind=kind,
                stage_directions=[],
                conversation=None,
                parts=[[start, stop]],
                start=start,
                stop=stop,
                rule=rule,
                confidence=0.9,
                before=body[max(0, start - CONTEXT) : start],
                after=body[stop : stop + CONTEXT],
                run_id=RUN.bytes,
            )
        return body

    def _blocks(self, page_id: bytes, articles: Sequence[bytes]) -> None:
        count = max(1, int(self.rng.poisson(self.world.seen.blocks_per_article * len(articles))))
        drawn = self.rng.integers(0, len(self.world.seen.blocks), count).tolist()
        columns = self.rows["blocks"]
        columns["page_id"] += [page_id] * count
        columns["position"] += range(count)
        columns["line"] += [None] * count
        for name, place in (("role", 0), ("reason", 1), ("score", 2)):
            columns[name] += [self.world.seen.blocks[index][place] for index in drawn]
        columns["article_id"] += [
            articles[at * len(articles) // count] if self.world.seen.blocks[index][3] else None
            for at, index in enumerate(drawn)
        ]
        columns["text_hash"] += _ids(self.rng, count)

    def _skewed(self, choices: Sequence[Any]) -> Any:
        """One of the choices, the first ones by far the most often."""
        return choices[int(len(choices) ** self.rng.random()) - 1]

    def _add(self, table: str, **values: object) -> None:
        columns = self.rows[table]
        for name in columns:
            columns[name].append(values.get(name))  # a column that is newer than this module is null


def _made_up_words(count: int, rng: np.random.Generator) -> list[str]:
    starts = [c + v for c in "bcdfghjklmnprstvwz" for v in ("a", "e", "i", "o", "u", "ai", "ou")]
    made: dict[str, None] = {}
    while len(made) < count:
        for syllables in rng.integers(0, len(starts), (count, 5)):
            # Short words run out; the longer of them never do.
            made.setdefault("".join(starts[index] for index in syllables[: 2 + int(syllables[0]) % 4]))
            if len(made) == count:
                break
    return list(made)


def _ids(rng: np.random.Generator, count: int) -> list[bytes]:
    data = rng.bytes(16 * count)
    return [data[at : at + 16] for at in range(0, len(data), 16)]


def _table(rows: Rows, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_arrays([pa.array(rows[field.name], field.type) for field in schema], schema=schema)
