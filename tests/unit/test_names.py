"""Names as bylines write them."""

import pytest

from extractors.articles.names import authors_in, looks_like_name, name_of


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Jane Roe", ("Jane Roe",)),
        ("By Jane Roe, Staff Writer", ("Jane Roe",)),
        ("Jane Roe – Editor in Chief", ("Jane Roe",)),
        ("Jane Roe, University of Somewhere", ("Jane Roe",)),
        ("By Jane Roe and Max Low", ("Jane Roe", "Max Low")),
        ("By Jane Roe, Max Low & Ida Berg", ("Jane Roe", "Max Low", "Ida Berg")),
        ("By Jane Roe, Jane Roe", ("Jane Roe",)),
        ("By JANE MILLER", ("Jane Miller",)),
        ("by Jane Roe | March 4, 2021", ("Jane Roe",)),
        ("By Jane Roe on March 4, 2021", ("Jane Roe",)),
        ("By Jane Roe Updated March 4, 2021", ("Jane Roe",)),
        ("By May Summers", ("May Summers",)),
        ("By Jane Roe (London)", ("Jane Roe",)),
        ("By Jane Roe for The Post", ("Jane Roe",)),
        ("Written by Jane Roe", ("Jane Roe",)),
        ("Author: Jane Roe", ("Jane Roe",)),
        ("by J. K. Roe", ("J. K. Roe",)),
        ("Sean O'Hara", ("Sean O'Hara",)),
        ("By Ludwig van Berg", ("Ludwig van Berg",)),
        ("Von Anna Groß und Karl Heinz", ("Anna Groß", "Karl Heinz")),
        ("Par Élise Dubois et Luc Petit", ("Élise Dubois", "Luc Petit")),
        ("Por María de la Cruz", ("María de la Cruz",)),
        ("Door Jan de Vries", ("Jan de Vries",)),
    ],
)
def test_authors(byline: str, authors: tuple[str, ...]) -> None:
    assert authors_in(byline) == authors


@pytest.mark.parametrize(
    "text",
    [
        "By Staff",
        "By Reuters",
        "By Associated Press",
        "By The Daily Post",
        "By our own correspondent",
        "By the river",
        "Admin",
        "By Jane",
        "How To Cook",
        "Read More",
        "Published: 4 March 2021",
        "4 March 2021",
        "",
        "by",
        "By one two three four five six",
    ],
)
def test_no_authors(text: str) -> None:
    assert authors_in(text) == ()


def test_organisations_and_single_words_only_where_markup_vouches_for_them() -> None:
    assert authors_in("By The Daily Post", strict=False) == ("The Daily Post",)
    assert authors_in("By Jane", strict=False) == ("Jane",)
    assert name_of("Reuters") is None
    assert name_of("Reuters", strict=False) == "Reuters"


@pytest.mark.parametrize("text", ["Jane Roe", "Ludwig van Berg", "J. K. Roe", "María de la Cruz"])
def test_names(text: str) -> None:
    assert looks_like_name(text)


@pytest.mark.parametrize("text", ["Jane", "jane roe", "Jane Roe 2", "Jane and The Rest of Us All", "van der", ""])
def test_not_names(text: str) -> None:
    assert not looks_like_name(text)


def test_a_byline_has_a_limited_number_of_authors() -> None:
    letters = "ABCDEFGHIJKLMNOPQR"
    assert len(authors_in(", ".join(f"{a}nna {a}berg" for a in letters))) == 12
