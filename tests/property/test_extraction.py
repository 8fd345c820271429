"""What holds for any bytes at all: nothing raises, every record can show the bytes it came from."""

from datetime import date
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.extract import extraction_of
from extractors.extract import extractions_of as batch_extractions
from extractors.formats import pages_in
from extractors.quotes.find import text_of_parts
from extractors.records import Extraction, Page, Rejected

TODAY = date(2025, 6, 1)
WORDS = (
    "The ferry will stop in October because nobody pays for it, and the council has promised a bus that runs twice a day "
    "between the two villages on the shore. "
)
FRAGMENTS = (
    "<!doctype html><html><head><title>A title</title></head><body>", "</body></html>", "<h1>A title of its own</h1>",
    "<p>", "</p>", "<br>", "<br><br>", "<ul><li>", "</li></ul>", "<table><tr><td>", "</td></tr></table>", "<pre>", "</pre>",
    "<q>", "</q>", "<blockquote>", "<noscript><iframe>", "</iframe></noscript>", "<script>", "</script>", "<!--", "-->",
    "<blockquote class='pullquote'>“The bridge will open in May”</blockquote>", "<div class=quote>", "<cite>Ann Lee</cite>", "<figcaption>",
    "<blockquote class=twitter-tweet><p>It is late</p>— Bob Ray (@bob)</blockquote>", "<dt>Ann Lee</dt><dd>", "<b>Q:</b> Why?", "<em>",
    "<script type='application/ld+json'>[{\"@type\": [\"Quotation\"], \"text\": \"Begin <b>again</b>.\", \"creator\": [{}]}]</script>",
    "<time datetime='2021-03-04'>4 March 2021</time>", "<a rel=author>Jane Roe</a>", "<meta charset=shift_jis>", "<div hidden>",
    "<script type='application/ld+json'>{\"@type\": \"Article\", \"headline\": [1], \"author\": {}}</script>",
)  # fmt: skip
QUOTED = (
    "“The bridge will open in May,” said Ann Lee. ", "“It is late,” she said. “We should go.” ", "“It goes on and on",
    "\n\n“And ends here,” said Bob Ray.\n\n", "Ann : [laughs] Hello there. [pause] Bye.\n", "Bo (angry): Who are you?\n",
    "Genre: Drama\n", "“", "”", "‘", "’", '"', "'", "«", "»", "„", "「", "」", "\n  • ", "\n 1. A title - A Site\n    ",
    "By Jane Roe, Staff Writer\n", "Published 31 February 2021\n", "... ", "The two Lee quotations above ",
)  # fmt: skip
ODD = (
    "\0",
    "\x0b",
    "\x1b",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\ud800",
    "\udfff",
    "e\u0301",
    "🎉",
    "\r",
    "\r\n",
    "\n\n",
    "\t",
    "ß",
)

pieces = st.one_of(
    st.just(WORDS), st.sampled_from(QUOTED), st.sampled_from(FRAGMENTS), st.sampled_from(ODD), st.text(max_size=20)
)
chaos = st.lists(pieces, max_size=30).map("".join)
# Pages long and sound enough to hold an article, around and inside which anything may stand.
paragraphs = st.lists(st.lists(pieces, min_size=1, max_size=4).map(lambda found: WORDS + "".join(found)), max_size=12)
articles = st.builds(
    lambda head, found, between: head + "".join(f"{between}{paragraph}" for paragraph in found),
    st.sampled_from(["", "A title of its own\n\n", FRAGMENTS[0], FRAGMENTS[0] + FRAGMENTS[2]]),
    paragraphs,
    st.sampled_from(["\n\n", "<p>", "\n"]),
)
pasted = st.lists(articles, min_size=2, max_size=3).map(
    lambda found: "".join(f"{FRAGMENTS[0]}{WORDS * 3}<p>{WORDS * 2}{text}{FRAGMENTS[1]}" for text in found)
)
texts = st.one_of(chaos, articles, articles, pasted)
encoded = st.builds(
    lambda text, charset: text.encode(charset, "surrogatepass" if charset.startswith("utf") else "replace"),
    texts,
    st.sampled_from(["utf-8", "utf-16-le", "utf-16", "latin-1", "shift_jis"]),
)
inputs = st.one_of(st.binary(max_size=300), encoded, encoded.map(lambda data: data[:-1]))
modest = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


REAL = tuple(
    path.read_bytes()[:40_000]
    for path in sorted((Path(__file__).parent.parent.parent / "seeds").rglob("*"))
    if path.suffix in {".txt", ".html"}
)
# Where (as a share of the page), how many bytes go, what comes instead.
edits = st.tuples(
    st.floats(0, 1),
    st.integers(0, 500),
    st.one_of(
        st.binary(max_size=8),
        st.sampled_from((*FRAGMENTS, *QUOTED, *ODD)).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.sampled_from(REAL).map(lambda data: data[1_000:1_500]),
    ),
)


def edited(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for share, gone, come in changes:
        at = int(share * len(data))
        data = data[:at] + come + data[at + gone :]
    return data


real = st.builds(edited, st.sampled_from(REAL), st.lists(edits, min_size=1, max_size=8))


def pages_of(data: bytes) -> list[Page | Rejected]:
    return list(pages_in(data, uri="page"))


def extractions_of(data: bytes) -> list[Extraction]:
    return [extraction_of(item, today=TODAY) for item in pages_of(data) if isinstance(item, Page)]


@modest
@given(inputs)
def test_any_bytes_are_a_page_or_a_refusal(data: bytes) -> None:
    (item,) = pages_of(data)
    if isinstance(item, Rejected):
        assert item.code.startswith("format.")
        assert item.payload == data
    else:
        extraction = extraction_of(item, today=TODAY)
        unread = [refused for refused in extraction.rejected if refused.stage == "extract"]
        assert len(unread) == (0 if extraction.articles else 1)


@modest
@given(inputs)
def test_every_quote_is_what_stands_in_the_body(data: bytes) -> None:
    for extraction in extractions_of(data):
        bodies = {article.article_id: article.body for article in extraction.articles}
        for quote in extraction.quotes:
            body = bodies[quote.article_id]
            text = body[slice(*quote.parts[0])]
            for (_, stop), (start, end) in pairwise(quote.parts):
                assert stop <= start
                text += ("\n" if "\n\n" in body[stop:start] else " ") + body[start:end]
            assert quote.text == text == text_of_parts(body, quote.parts)
            assert (quote.start, quote.stop) == (quote.parts[0][0], quote.parts[-1][1])
            assert body[: quote.start].endswith(quote.before)
            assert body[quote.stop :].startswith(quote.after)
            assert text.strip()


@settings(modest, max_examples=25)
@given(real)
def test_real_pages_with_damage_keep_the_promises(data: bytes) -> None:
    test_any_bytes_are_a_page_or_a_refusal.hypothesis.inner_test(data)  # type: ignore[attr-defined]
    test_every_quote_is_what_stands_in_the_body.hypothesis.inner_test(data)  # type: ignore[attr-defined]


@modest
@given(inputs)
def test_blocks_stand_in_page_order(data: bytes) -> None:
    for extraction in extractions_of(data):
        blocks = [placed.block for placed in extraction.blocks]
        assert [block.position for block in blocks] == list(range(len(blocks)))
        assert all(block.start < block.stop and block.text.strip() for block in blocks)
        assert all(before.stop <= after.start for before, after in pairwise(blocks))


@modest
@given(inputs)
def test_every_content_block_belongs_to_an_article(data: bytes) -> None:
    for extraction in extractions_of(data):
        for placed in extraction.blocks:
            assert (placed.article is None) == (placed.verdict.role == "boilerplate" or not extraction.articles)
            assert 0 <= placed.verdict.score <= 1
            if placed.article is not None and placed.verdict.role in ("content", "quote"):
                assert placed.block.text in extraction.articles[placed.article].body


@modest
@given(inputs)
def test_identifiers_are_unique_and_counts_agree(data: bytes) -> None:
    for extraction in extractions_of(data):
        articles = [article.article_id for article in extraction.articles]
        quotes = [quote.quote_id for quote in extraction.quotes]
        assert len(set(articles)) == len(articles)
        assert len(set(quotes)) == len(quotes)
        assert sum(article.quote_count for article in extraction.articles) == len(quotes)


@settings(modest, max_examples=30)
@given(st.lists(st.one_of(inputs, real), max_size=5))
def test_the_pages_of_a_batch_do_not_see_each_other(batch: list[bytes]) -> None:
    pages = [item for data in batch for item in pages_of(data) if isinstance(item, Page)]
    together = list(batch_extractions(pages, today=TODAY))
    alone = [extraction_of(page, today=TODAY) for page in pages]
    assert [(e.articles, e.quotes, e.rejected) for e in together] == [(e.articles, e.quotes, e.rejected) for e in alone]


@settings(modest, max_examples=30)
@given(inputs)
def test_the_same_bytes_are_the_same_extraction(data: bytes) -> None:
    assert extractions_of(data) == extractions_of(data)
    assert pages_of(data) == pages_of(data)
