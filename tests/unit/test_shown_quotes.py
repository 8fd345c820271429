"""Quotes that the markup of a page shows: who said them, what only repeats the text, and what is none."""

from datetime import date

import pytest

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page

BEFORE = (
    "<html><body><article><h1>Storm over the coast</h1><p>The storm reached the coast on Monday night and took the roofs of "
    "eleven houses, the council said in a short statement the next day, and the church was open all night.</p>"
)
AFTER = (
    "<p>The pier had stood since 1911, and had survived two wars and three storms before this one, and it was to be "
    "painted this year by the men who had built the new one in the next town.</p></article></body></html>"
)
LEAD = (
    "<html><head><title>Interview with Ann Lee</title></head><body><article><h1>Interview with Ann Lee, bridge builder</h1>"
    "<p>Ann Lee has built bridges for thirty years. We sat down with her in her office above the river, where the tide charts "
    "hang beside the coffee machine and the phone never stops.</p>"
)
TURNS = (
    ("How did you start out?", "I began as a welder, and I have never forgotten how a good seam sounds at night."),
    ("What is the hardest part?", "It is the waiting. I wait for tides, for permits, for concrete, and then I hurry."),
    ("What would you do if you stopped?", "I would plant trees. A tree is a bridge that takes its own time."),
)
ARTICLE_END = "</article></body></html>"


def extraction(html: str) -> Extraction:
    (page,) = pages_in(html.encode(), uri="page.html")
    assert isinstance(page, Page)
    return extraction_of(page, today=date(2025, 6, 1))


def found(html: str) -> list[tuple[str, str | None]]:
    return [(quote.text, quote.speaker) for quote in extraction(html).quotes]


@pytest.mark.parametrize(
    ("markup", "text", "speaker", "rule"),
    [
        (
            "<blockquote><p>Rivers forget nothing.</p><footer>— <cite>Nora Vance</cite></footer></blockquote>",
            "Rivers forget nothing.", "Nora Vance", "blockquote",
        ),
        ("<blockquote>Rivers forget nothing. — Nora Vance, poet</blockquote>", "Rivers forget nothing.", "Nora Vance", "blockquote"),
        (
            "<figure><blockquote>Small doors open large rooms.</blockquote><figcaption>Ida Moss, <cite>Keys</cite></figcaption></figure>",
            "Small doors open large rooms.", "Ida Moss", "blockquote",
        ),
        (
            "<p>In her diary Nora Vance wrote:</p><blockquote><p>Rivers forget nothing at all.</p></blockquote>",
            "Rivers forget nothing at all.", "Nora Vance", "colon_paragraph",
        ),
        (
            ("<blockquote class='twitter-tweet'><p lang='en'>the pier is gone, all of it</p>&mdash; Sam Roe (@samroe) "
            "<a href='https://x.example/1'>May 1, 2020</a></blockquote>"),
            "the pier is gone, all of it", "Sam Roe", "tweet",
        ),
        (
            "<div class='testimonial'><p>They brought soup before we were hungry.</p><span class='author'>Jon Berg, baker</span></div>",
            "They brought soup before we were hungry.", "Jon Berg", "quote_card",
        ),
        (
            "<div class='testimonial'><p>They brought soup before we were hungry.</p><span class='author'><i>LinkedIn</i>Jon Berg, baker</span></div>",
            "They brought soup before we were hungry.", "Jon Berg", "quote_card",
        ),
        (
            "<div class='quote'><span class='text'>“Less noise.”</span> by <small class='author'>Ida Moss</small></div>",
            "Less noise.", "Ida Moss", "quote_card",
        ),
        (
            "<blockquote><div>sam_roe said:</div><div>The pier was rotten from the start, and nobody in town wanted to hear of it.</div><a>Click to expand...</a></blockquote>",
            "The pier was rotten from the start, and nobody in town wanted to hear of it.", None, "blockquote",
        ),
        ("<p>Nora Vance told us: <q>nobody slept</q> and went home.</p>", "nobody slept", "Nora Vance", "cue_before"),
        (
            "<p>Nora Vance wrote: <em>come and find me, nothing would pull us apart.</em></p>",
            "come and find me, nothing would pull us apart.", "Nora Vance", "cue_before",
        ),
        (
            ("<div itemscope itemtype='https://schema.org/Quotation'><span itemprop='text'>Less noise, more rivers.</span> "
            "<span itemprop='creator'>Ida Moss</span></div>"),
            "Less noise, more rivers.", "Ida Moss", "schema_quotation",
        ),
    ],
)  # fmt: skip
def test_markup_says_what_is_quoted_and_who_speaks(markup: str, text: str, speaker: str | None, rule: str) -> None:
    quotes = extraction(BEFORE + markup + AFTER).quotes

    assert [(quote.text, quote.speaker, quote.rule) for quote in quotes] == [(text, speaker, rule)]


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote><p>NOTE: this section is out of date and will be rewritten.</p></blockquote>",
        "<blockquote class='callout'><p>The council meets on the first Monday of the month.</p></blockquote>",
        "<blockquote><a href='/a'>Eleven roofs gone</a> <a href='/b'>The pier in pictures</a></blockquote>",
        "<blockquote class='instagram-media'><a href='/p'>View this post on Instagram</a><p>A post by the council</p></blockquote>",
        "<p>She was reading <em>The Long Way Home</em>, her second book of the week.</p>",
        "<p>It was, <em>as far as anybody knows today</em>, the end of the pier.</p>",
    ],
)
def test_what_is_set_off_and_is_no_quote(markup: str) -> None:
    assert found(BEFORE + markup + AFTER) == []


def test_a_pull_quote_repeats_the_text_and_is_counted_once() -> None:
    told = "<p>“We will rebuild every roof before the winter,” said Nora Vance.</p>"

    result = extraction(
        f"{BEFORE}{told}<aside class='pullquote'>We will rebuild every roof before the winter</aside>{AFTER}"
    )

    assert [(q.text, q.speaker) for q in result.quotes] == [
        ("We will rebuild every roof before the winter,", "Nora Vance")
    ]


def test_the_same_card_twice_is_one_quote_and_a_refusal() -> None:
    card = "<blockquote><p>Rivers forget nothing.</p><footer>— Nora Vance</footer></blockquote>"

    result = extraction(BEFORE + card + AFTER.replace(ARTICLE_END, card + ARTICLE_END))

    assert len(result.quotes) == 1
    assert [refused.code for refused in result.rejected if refused.stage == "quote"] == ["quote.repeat"]


def test_a_paragraph_that_stands_twice_is_quoted_once() -> None:
    told = "<p>“We will rebuild every roof before the winter,” said Nora Vance to the council.</p>"

    assert len(found(BEFORE + told + AFTER.replace(ARTICLE_END, told + ARTICLE_END))) == 1


def test_a_quotation_that_the_page_only_claims_joins_the_body() -> None:
    claim = (
        '<script type="application/ld+json">{"@type": "Quotation", "text": "Begin again.", '
        '"spokenByCharacter": {"name": "Nora"}}</script>'
    )

    for html in (claim, BEFORE + AFTER.replace(ARTICLE_END, claim + ARTICLE_END)):
        result = extraction(html)
        (quote,), (article,) = result.quotes, result.articles
        assert (quote.text, quote.speaker, quote.rule) == ("Begin again.", "Nora", "schema_quotation")
        assert article.body.endswith("Begin again.")
        last = result.blocks[-1]
        assert (last.verdict.role, last.verdict.reason) == ("quote", "claimed in the page's data, not shown")


@pytest.mark.parametrize(
    "turns",
    [
        "".join(f"<p><strong>{question}</strong></p><p>{answer}</p>" for question, answer in TURNS),
        "".join(f"<h3>{question}</h3><p>{answer}</p>" for question, answer in TURNS),
        "".join(f"<p><b>Q:</b> {question}</p><p><b>A:</b> {answer}</p>" for question, answer in TURNS),
        "".join(f"<p>Q: {question}</p><p>A: {answer}</p>" for question, answer in TURNS),
        "".join(f"<p><b>River Post</b> {question}</p><p><b>Ann Lee</b> {answer}</p>" for question, answer in TURNS),
        "".join(f"<p class='question'>{question}</p><p class='answer'>{answer}</p>" for question, answer in TURNS),
        f"<dl>{''.join(f'<dt>River Post</dt><dd>{q}</dd><dt>Ann Lee</dt><dd>{a}</dd>' for q, a in TURNS)}</dl>",
    ],
    ids=["bold", "headings", "bold-letters", "letters", "bold-names", "classes", "dl"],
)
def test_an_interview_is_questions_and_answers(turns: str) -> None:
    quotes = extraction(LEAD + turns + ARTICLE_END).quotes

    answers = [quote for quote in quotes if quote.kind == "interview_answer"]
    questions = [quote for quote in quotes if quote.kind == "interview_question"]
    assert [quote.text for quote in questions] == [question for question, _ in TURNS]
    assert [quote.text for quote in answers] == [answer for _, answer in TURNS]
    assert {quote.speaker for quote in answers} == {"Ann Lee"}
    assert {(quote.conversation, quote.conversation_guessed) for quote in quotes} == {(0, False)}


def test_common_questions_are_no_interview() -> None:
    asked = "".join(
        f"<h3>{question}</h3><p>The parcel is sent on the day after the order and takes three days.</p>"
        for question in ("Where is my parcel?", "Can I return it?", "Do you ship abroad?")
    )

    assert found(f"<html><body><h1>Shipping</h1><p>All about our delivery service.</p>{asked}</body></html>") == []


def test_values_behind_labels_are_no_turns() -> None:
    values = "".join(
        f"<p><b>Light</b> Medium, indirect light.</p><p><b>Water</b> Every {n} days.</p>" for n in (2, 3, 4)
    )

    assert found(BEFORE + values + AFTER) == []


def test_quotes_under_the_heading_of_a_name() -> None:
    said = (
        "<h3>Bob Moe</h3><p>“The water came at four, and nobody had told us that it would.”</p>"
        "<h3>Carla Diaz</h3><blockquote>I carried the piano stool upstairs and do not know why.</blockquote>"
    )

    assert found(BEFORE + said + AFTER) == [
        ("The water came at four, and nobody had told us that it would.", "Bob Moe"),
        ("I carried the piano stool upstairs and do not know why.", "Carla Diaz"),
    ]


def test_lines_of_a_script_in_one_paragraph_are_turns_and_each_paragraph_an_exchange() -> None:
    scene = (
        "<p>ANN: Where were you all night?<br>BOB: Out, mostly.<br>ANN: Out where?</p>"
        "<p>CARL: Is anybody home?<br>ANN: Nobody you would like.</p>"
    )

    quotes = extraction(BEFORE + scene + AFTER).quotes

    assert [quote.speaker for quote in quotes] == ["ANN", "BOB", "ANN", "CARL", "ANN"]
    assert [quote.conversation for quote in quotes] == [0, 0, 0, 1, 1]
    assert not any(quote.conversation_guessed for quote in quotes)


def test_a_few_words_are_a_text_if_somebody_speaks_in_them() -> None:
    assert found("<p>“Caf&eacute; at nine,” said Zo&euml; Lind.</p>") == [("Café at nine,", "Zoë Lind")]
    assert extraction("<p>Café at nine.</p>").articles == ()
