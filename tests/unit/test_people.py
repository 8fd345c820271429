"""Who is who in one article."""

import pytest

from extractors.quotes.passages import Passage
from extractors.quotes.people import People


def people_of(*paragraphs: str) -> People:
    passages = []
    place = 0
    for text in paragraphs:
        passages.append(Passage(start=place, stop=place + len(text), text=text))
        place += len(text) + 2
    return People(passages)


def who(written: str, *paragraphs: str, last_speaker: str | None = None) -> str | None:
    """The person `written` means at the end of the paragraphs."""
    return people_of(*paragraphs).canonical(written, len("\n\n".join(paragraphs)), last_speaker)


@pytest.mark.parametrize("written", ["Lee", "Ann", "Ann Lee", "Ms. Lee", "Lee’s"])
def test_parts_of_a_name_mean_the_full_name(written: str) -> None:
    assert who(written, "The mayor met Ann Lee of the harbour office. Then Lee left.") == "Ann Lee"


def test_a_name_nobody_shares_stays_as_it_is() -> None:
    assert who("Bob Ray", "The mayor met Ann Lee.") == "Bob Ray"


def test_a_short_form_means_the_one_name_that_begins_like_it() -> None:
    text = "Theodore Lee runs the ferry. In the evening Theo sleeps."
    assert who("Theo", text) == "Theodore Lee"
    assert who("Theo", text, "The mayor thanked Theobald Ray as well.") == "Theo"


def test_what_a_name_is_not() -> None:
    assert who("Finn", "Finn Orzo’s Harbour Club met. Then Finn left.") == "Finn Orzo"
    assert who("Finn", "Orzo Finn has a boat. Then Finn left with the boat, and Finn came back.") == "Orzo Finn"
    assert who("the singer", "The South Harbour is large.") is None
    assert who("the duchess", "Mary Hill, the Duchess of Harbour, came late.") == "Duchess of Harbour"
    assert who("the experts", "Expert Ann Lee asked other experts.") is None


def test_many_pronouns_know_better_than_a_first_name() -> None:
    text = "Peter Hill has sold her boat. Then Peter Hill sold her net, and Peter Hill sold her house. She left."
    assert people_of(text).gender["Peter Hill"] == "f"


def test_pronouns_by_gender() -> None:
    text = "Mary Hill met Peter Stone at the harbour."
    assert who("she", text) == "Mary Hill"
    assert who("He", text) == "Peter Stone"


def test_an_unknown_first_name_gets_its_gender_from_the_pronouns_behind_it() -> None:
    text = (
        "Orzo Finn lost his boat and his net, and he sold his house. Mary Hill lives there.",
        "Later Orzo Finn bought his boat back.",
    )
    people = people_of(*text)
    assert people.gender["Orzo Finn"] == "m"
    assert who("she", *text) == "Mary Hill"


def test_pronouns_without_a_gender_mean_the_last_speaker_or_nobody() -> None:
    text = "Mary Hill met Peter Stone at the harbour."
    assert who("they", text, last_speaker="Mary Hill") == "Mary Hill"
    assert who("I", text, last_speaker="Mary Hill") is None
    assert who("it", text, last_speaker="Mary Hill") is None
    assert who("we", text) is None
    assert who("she", "nobody is here") is None


def test_the_performer_in_brackets_is_not_the_character() -> None:
    text = "Captain Orla Finn (Nina Berg) meets the pilot, played by Ida Holm."
    people = people_of(text)
    assert people.performers == {"Nina Berg", "Ida Holm"}
    assert who("she", text) == "Orla Finn"
    assert who("Orla", text) == "Orla Finn"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("the director", "The film’s director Jane Roe came late."),
        ("The director", "Jane Roe, the director of the film, came late."),
        ("the ferryman’s captain", "Jane Roe is the captain of the ferry."),
    ],
)
def test_a_role_means_the_person_who_has_it(written: str, text: str) -> None:
    assert who(written, text) == "Jane Roe"


def test_a_role_nobody_has_means_nobody() -> None:
    assert who("the spokesman", "Jane Roe came late.") is None


def test_a_word_that_only_begins_the_sentence_is_no_part_of_the_name() -> None:
    people = people_of("Yesterday Jane Roe came. Surprisingly Jane Roe left.")
    assert people.counts == {"Jane Roe": 2}


def test_headings_name_nobody() -> None:
    assert People((Passage(start=0, stop=8, text="Jane Roe", heading=True),)).counts == {}


@pytest.mark.parametrize("written", [None, ""])
def test_nothing_written(written: str | None) -> None:
    assert people_of("Jane Roe came.").canonical(written, 0, None) is None


def test_a_company_is_known_by_its_people() -> None:
    assert who("the company", "Zorbix spokesman Peter Stone met Mary Hill. Zorbix grows.") == "Zorbix"
    assert who("Harbour Club", "The CEO of the Harbour Club left. The Harbour Club stays.") == "Harbour Club"
