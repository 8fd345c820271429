"""Dates as pages write them, in four languages; what cannot be read without guessing is None."""

from datetime import date

import pytest

from extractors.articles.dates import date_in

MARCH_4 = date(2021, 3, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("March 4, 2021", MARCH_4),
        ("Mar. 4, 2021", MARCH_4),
        ("March 4th 2021", MARCH_4),
        ("4 March 2021", MARCH_4),
        ("4 MARCH 2021", MARCH_4),
        ("4-Mar-2021", MARCH_4),
        ("4th of March, 2021", MARCH_4),
        ("Thursday, 4 March 2021 at 10:00", MARCH_4),
        ("Sept. 5, 2019", date(2019, 9, 5)),
        ("2021-03-04T10:00:00Z", MARCH_4),
        ("2021/03/04", MARCH_4),
        ("2021-3-4", MARCH_4),
        ("4. März 2021", MARCH_4),
        ("4 maerz 2021", MARCH_4),
        ("04.03.2021", MARCH_4),
        ("15. Januar 2020", date(2020, 1, 15)),
        ("10. Oktober 2018", date(2018, 10, 10)),
        ("1er mars 2021", date(2021, 3, 1)),
        ("4 février 2021", date(2021, 2, 4)),
        ("5 août 2020", date(2020, 8, 5)),
        ("Le 14 juillet 2019", date(2019, 7, 14)),
        ("12 décembre 2020", date(2020, 12, 12)),
        ("4 de marzo de 2021", MARCH_4),
        ("4 enero 2021", date(2021, 1, 4)),
        ("21 de junio de 2022", date(2022, 6, 21)),
        ("5 dic 2020", date(2020, 12, 5)),
        ("13/04/2021", date(2021, 4, 13)),
        ("04/13/2021", date(2021, 4, 13)),
        ("04/04/2021", date(2021, 4, 4)),
        ("Updated 5 May 2020, first on 4 May 2020", date(2020, 5, 5)),
        ("May 5, 2020 and 2019-01-01", date(2020, 5, 5)),
        ("3/4/2021, which is 3 April 2021", date(2021, 4, 3)),
        ("29 February 2020", date(2020, 2, 29)),
    ],
)
def test_dates(text: str, expected: date) -> None:
    assert date_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("03/04/2021", id="either month"),
        pytest.param("3-4-2021", id="either month with dashes"),
        pytest.param("31 February 2021", id="no such day"),
        pytest.param("29 February 2021", id="no leap year"),
        pytest.param("31.04.2021", id="no such day in numbers"),
        pytest.param("2021-02-30", id="no such day in ISO"),
        pytest.param("99/99/2020", id="neither"),
        pytest.param("0000-00-00", id="zeros"),
        pytest.param("March 4, 3021", id="far future"),
        pytest.param("March 2021", id="month only"),
        pytest.param("2021", id="year only"),
        pytest.param("4 March", id="no year"),
        pytest.param("4.3.21", id="short year"),
        pytest.param("marchand 5 2020", id="a word that begins like a month"),
        pytest.param("12021-03-045", id="inside a number"),
        pytest.param("no date", id="words"),
        pytest.param("", id="nothing"),
    ],
)
def test_no_dates(text: str) -> None:
    assert date_in(text) is None
