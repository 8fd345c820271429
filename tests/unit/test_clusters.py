"""Which wordings are one line, and which names are one person."""

from uuid import UUID

import pytest

from extractors.quotes.clusters import families_of, folded, sketch_of, variant_of, wording_of
from extractors.quotes.persons import name_key, persons_of
from extractors.records import Mention, Variant, Wording, uuid_of

FILM, BOOK = uuid_of("film"), uuid_of("book")


def wording(text: str, speaker: str | None = "Jane Roe", work_id: UUID | None = None, article: str = "a") -> Wording:
    return wording_of(text, speaker=speaker, work_id=work_id, article_id=uuid_of(article))


@pytest.mark.parametrize(
    ("one", "other", "variant"),
    [
        ("We can’t leave the harbour now", "we cannot leave the harbour now!", "same"),
        ("We are not in love with anyone else here", "We are not in love with anybody else here", "reworded"),
        ("The road ends at the sea, as all roads do", "…the road ends at the sea", "truncated"),
        ("Take the long road home, past the mill and over the hill, and call me when you get there, will you",
         "Take the long road home … and call me when you get there", "truncated"),
        ("I will raise the taxes on fuel next spring", "I will not raise the taxes on fuel next spring", None),
        ("I can raise the taxes on fuel next spring", "I can’t raise the taxes on fuel next spring", None),
        ("We will build 200 houses along the river", "We will build 300 houses along the river", None),
        ("We will build two houses along the river bank", "We will build ten houses along the river bank", None),
        ("It is legal to sell these things at the market", "It is illegal to sell these things at the market", None),
        ("She was born in Ohio and never left it again", "She was born in Utah and never left it again", None),
        ("How much damage the wall takes from magic attacks", "How much damage the wall takes from manual attacks", None),
        ("How much damage it receives from special attacks", "How much damage it receives from physical attacks", None),
        ("He is the bravest person that I have met", "She is the bravest person that I have met", None),
        ("Where are you going with that?", "What are you doing with that?", None),
        ("I don’t know what you mean by that", "Well, I don’t know", None),
    ],
)  # fmt: skip
def test_variants(one: str, other: str, variant: str | None) -> None:
    first, second = wording(one), wording(other)
    if variant == "same":
        assert first == second
        return
    assert variant_of(first, second) == variant_of(second, first) == variant
    if variant:
        assert set(first.keys) & set(second.keys)


@pytest.mark.parametrize(
    ("text", "one", "other", "variant"),
    [
        ("Yes.", ("Ann", FILM), ("Ann Lee", FILM), "exact"),
        ("Yes.", ("Ann", FILM), ("Bob", FILM), None),
        ("Yes.", ("Ann", FILM), (None, FILM), None),
        ("Yes.", ("Ann Lee", FILM), ("Ann Lee", BOOK), None),
        ("Yes.", ("Ann Lee", FILM), ("Ann Lee", None), "exact"),
        ("I have no words for it", ("Ann Lee", None), ("Bob Moe", None), None),
        ("I have no words for it", ("Ann Lee", FILM), (None, FILM), "exact"),
        ("Nothing that we loved is ever lost to us at all", ("Ann Lee", None), ("Bob Moe", None), "exact"),
        ("Nothing that we loved is ever lost to us at all", (None, None), ("Bob Moe", FILM), "exact"),
    ],
)
def test_short_lines_need_a_speaker_and_long_ones_do_not(
    text: str, one: tuple[str | None, UUID | None], other: tuple[str | None, UUID | None], variant: Variant | None
) -> None:
    first, second = wording(text, *one), wording(text, *other)
    assert variant_of(first, second) == variant
    if variant:
        assert set(first.keys) & set(second.keys)


def test_a_short_line_that_nobody_is_known_to_have_said_stays_in_its_article() -> None:
    assert wording("Yes.", None) == wording("yes", None)
    assert wording("Yes.", None).wording_id != wording("Yes.", None, article="b").wording_id
    assert wording("Yes.", "Ann").wording_id != wording("Yes.", "Ann", article="b").wording_id
    assert wording("Yes.", "Ann Lee").wording_id == wording("Yes.", "Ann Lee", article="b").wording_id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s 8,316 — I've   *told* you!", "it is 8316 i have told you"),
        ("…?!", "...?!"),
        ("我爱你 OK", "我 爱 你 ok"),
        ("Ich hab’ ihn NICHT gesehen", "ich hab ihn nicht gesehen"),
        ("ﬁne\u00a0words", "fine words"),
    ],
)
def test_folding(text: str, words: str) -> None:
    assert folded(text) == words


def test_a_part_that_several_quotations_have_joins_none_of_them() -> None:
    one, two, longer, part = sorted(uuid_of(str(n)) for n in range(4))
    lengths = {one: 20, two: 21, longer: 22, part: 8}
    pairs: list[tuple[UUID, UUID, Variant]] = [(one, part, "truncated"), (two, part, "truncated")]
    assert len(set(families_of(lengths, pairs).values())) == 4
    joined = families_of(lengths, [*pairs, (one, two, "reworded")])
    assert joined == {one: one, two: one, part: one, longer: longer}
    nested = families_of(
        lengths, [*pairs, (one, longer, "truncated"), (two, longer, "truncated"), (longer, part, "truncated")]
    )
    assert set(nested.values()) == {one}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Dr. José  Núñez", "jose nunez"),
        ("John Q. Public", "john public"),
        ("J. R. R. Doe", "jrr doe"),
        ("J.R.R. Doe", "jrr doe"),
        ("Martin King, Jr.", "martin king"),
        ("Sen. Jane O’Roe-Smith", "jane o'roe-smith"),
        ("Gen. Jane Roe", "jane roe"),
        ("General Motors", "general motors"),
        ("Pope Francis", "pope francis"),
        ("Dr. Roe", "roe"),
        ("OS1", "os1"),
        ("???", "???"),
    ],
)
def test_names_are_compared_without_accents_titles_and_middle_initials(name: str, key: str) -> None:
    assert name_key(name) == key


def mention(name: str, page: str = "p", work: UUID | None = None, *, line: bool = False) -> Mention:
    return Mention(page_id=uuid_of(page), work_id=work, name=name, in_dialogue=line)


def same_person(*mentions: Mention) -> list[int]:
    persons = persons_of(mentions)
    return [persons.index(person) for person in persons]


def test_full_names_are_one_person_on_all_pages_and_surnames_on_their_page() -> None:
    assert (
        same_person(mention("Jane Roe"), mention("Dr. Jane Q. Roe", "q"), mention("Roe"), mention("Roe", "q"))
        == [0] * 4
    )
    assert same_person(mention("Jane Roe"), mention("Roe", "r"), mention("Roe", "s")) == [0, 1, 2]
    assert same_person(mention("Jane Roe"), mention("Richard Roe"), mention("Roe")) == [0, 1, 2]


def test_a_character_belongs_to_the_work() -> None:
    lines = [mention("Ann Lee", "p", FILM, line=True), mention("Ann", "q", FILM, line=True)]
    assert same_person(*lines, mention("Ann", "r", FILM)) == [0, 0, 0]
    assert same_person(*lines, mention("Ann Lee", "r", FILM), mention("Ann Lee", "s")) == [0, 0, 0, 3]
    assert same_person(*lines, mention("Ann", "q", BOOK, line=True)) == [0, 0, 2]
    assert same_person(lines[1], mention("Ann Bee", "r", FILM)) == [0, 1]  # who may be the actress
    assert same_person(*lines, mention("Ann Bee", "s", FILM, line=True)) == [0, 1, 2]


def test_sketches_of_copies_have_most_in_common() -> None:
    words = [f"word{n**3 % 997}" for n in range(900)]
    whole, half, other = (set(sketch_of(" ".join(w))) for w in (words, words[:450], reversed(words)))
    assert len(whole) > 60
    assert half < whole
    assert len(whole & other) < 0.2 * len(whole)
    assert sketch_of("four words are few") == ()
