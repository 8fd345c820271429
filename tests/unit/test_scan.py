"""Quotation marks → spans, in the styles of several languages, among apostrophes and inches."""

import pytest

from extractors.quotes.scan import continues, spans_in, words_of


def words_in(text: str) -> list[str]:
    spans = spans_in(text)
    assert all(span.mark == text[span.start - 1] for span in spans)
    return [text[span.start : span.stop] for span in spans]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("He said “no” and “yes”.", ["no", "yes"], id="two"),
        pytest.param("He said \"one\",\"two\" and 'three'.", ["one", "two", "three"], id="straight"),
        pytest.param('“Mixed" and "mixed”', ["Mixed", "mixed"], id="curly and straight mixed"),
        pytest.param("“He told me ‘go away’ and left.”", ["He told me ‘go away’ and left."], id="nested"),
        pytest.param("‘He told me “go away” and left.’", ["He told me “go away” and left."], id="nested, British"),
        pytest.param("“She said ‘it’s fine’ again.”", ["She said ‘it’s fine’ again."], id="nested with apostrophe"),
        pytest.param("“open ‘inner” closed", ["open ‘inner"], id="inner mark never closed"),
        pytest.param("“”", [""], id="nothing inside"),
        pytest.param("no marks", [], id="none"),
        pytest.param("Back in the ’90s he said “go.”", ["go."], id="decade"),
        pytest.param("the '90s and 'quoted words' here", ["quoted words"], id="decade, straight"),
        pytest.param("the dogs’ bowls and ‘one word’ here", ["one word"], id="plural possessive"),
        pytest.param("the dogs' bowls", [], id="plural possessive, straight"),
        pytest.param("rock ’n’ roll is ‘dead music’ now", ["dead music"], id="rock ’n’ roll"),
        pytest.param("O’Neil’s bar said ‘closed now’.", ["closed now"], id="name with apostrophe"),
        pytest.param("‘It’s late,’ she said.", ["It’s late,"], id="contraction inside single marks"),
        pytest.param("Don’t say ‘can’t’ here.", ["can’t"], id="contractions"),
        pytest.param("‘twas night and “he” left", ["he"], id="elision with the wrong mark"),
        pytest.param("‘unclosed and “double words” here", ["double words"], id="an apostrophe that looks like an opening"),
        pytest.param("«Bonjour», dit-il. «Au revoir.»", ["Bonjour", "Au revoir."], id="guillemets"),
        pytest.param("« Bonjour », dit-il.", [" Bonjour "], id="guillemets with spaces"),
        pytest.param("»Guten Tag«, sagte er. »Ja?«", ["Guten Tag", "Ja?"], id="guillemets pointing inward"),
        pytest.param("»Er rief ›halt‹ und lief.«", ["Er rief ›halt‹ und lief."], id="single guillemets inside"),
        pytest.param("Er sagte „Guten Tag“ und ging.", ["Guten Tag"], id="German"),
        pytest.param("Er sagte „Guten Tag” und ging.", ["Guten Tag"], id="Polish and careless German"),
        pytest.param("„Er rief ‚halt‘ und lief“", ["Er rief ‚halt‘ und lief"], id="German, nested"),
        pytest.param("彼は「はい」と言った。『本』も", ["はい", "本"], id="CJK"),
        pytest.param("He is 6' 2\" tall and said \"no way\" twice.", ["no way"], id="feet and inches"),
        pytest.param('a 6" nail and a 7" nail', [], id="inches"),
        pytest.param("5’ 10” tall and “so they said” too", ["so they said"], id="curly feet and inches"),
        pytest.param("he said ”wrong way” here", ["wrong way"], id="opened with a closing mark"),
        pytest.param("He left.” It is late now.” Then he slept.", [" It is late now."], id="closing mark for opening behind a sentence"),
    ],
)  # fmt: skip
def test_words_in_marks(text: str, words: list[str]) -> None:
    assert words_in(text) == words
    assert all(span.closed for span in spans_in(text))


@pytest.mark.parametrize(("text", "words"), [("“It goes on and on", "It goes on and on"), ('He: "It goes', "It goes")])
def test_a_quote_may_outlast_its_paragraph(text: str, words: str) -> None:
    (span,) = spans_in(text)
    assert not span.closed
    assert (text[span.start : span.stop], span.stop) == (words, len(text))


@pytest.mark.parametrize("text", ["‘unclosed", "the 'unclosed"])
def test_an_unclosed_single_mark_is_an_apostrophe(text: str) -> None:
    assert spans_in(text) == ()


@pytest.mark.parametrize(
    ("text", "mark", "answer"),
    [("“And so", "“", True), (" “And so", "“", True), ("And so", "“", False), ("„Und", "„", True), ("“Und", "„", True), ("", "“", False), ('"And', "“", False)],
)  # fmt: skip
def test_continuation_paragraphs_begin_with_a_mark(text: str, mark: str, answer: bool) -> None:  # noqa: FBT001 - a parameter
    assert continues(text, mark) is answer


def test_words_of() -> None:
    assert words_of(["Don’t go", "it's", "", "—"]) == 3
