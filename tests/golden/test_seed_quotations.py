"""The seeds' quotes against `quotations.answer.json`: which of them a reader finds to be one line of the film."""

import json
from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TypedDict

import duckdb
import pytest

from tests.golden.test_seed_answers import SEEDS, extraction
from tests.unit.loading import loaded
from warehouse.migrate import migrate


class Member(TypedDict):
    page: str
    article: int
    begins: str


ANSWER: list[list[Member]] = json.loads(Path(__file__).with_name("quotations.answer.json").read_text("utf-8"))[
    "quotations"
]

SAID = """
    SELECT regexp_extract(uri, '[^/]+$'), articles.position, quotes.text, quotes.quotation_id
    FROM quotes JOIN articles USING (article_id) JOIN pages USING (page_id)
    ORDER BY ALL
"""


@pytest.fixture(scope="module")
def seeds() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    migrate(connection, path=Path(":memory:"))
    for number, page in enumerate(sorted(path.name for path in SEEDS.glob("*.txt"))):
        loaded(connection, [extraction(page)], number=number)
    return connection


def test_lines_are_quotations(seeds: duckdb.DuckDBPyConnection) -> None:
    said = seeds.execute(SAID).fetchall()
    truth = [_line_of(page, article, text) or ("alone", n) for n, (page, article, text, _) in enumerate(said)]
    found = [quotation for *_, quotation in said]
    same, joined = _pairs(truth), _pairs(found)
    precision, recall = len(same & joined) / len(joined), len(same & joined) / len(same)
    b_cubed = _b_cubed(truth, found)
    assert precision >= 0.97, [said[one][2] + " | " + said[other][2] for one, other in joined - same]
    assert recall >= 0.8, [said[one][2] + " | " + said[other][2] for one, other in same - joined]
    assert b_cubed >= 0.95


def test_every_answer_is_about_quotes_that_are_found(seeds: duckdb.DuckDBPyConnection) -> None:
    lines = [_line_of(page, article, text) for page, article, text, _ in seeds.execute(SAID).fetchall()]
    missing = [
        members[0]["begins"] for line, members in enumerate(ANSWER) if lines.count(("line", line)) < len(members)
    ]
    assert missing in ([], ["It would be hard to explain"])  # which stands between dashes in one of its articles


def test_people_of_the_film_are_one_each(seeds: duckdb.DuckDBPyConnection) -> None:
    names = seeds.execute("SELECT name FROM people ORDER BY name").fetchall()
    assert len(names) == len(set(names))
    aliases = "SELECT alias FROM person_aliases JOIN people USING (person_id) WHERE name = ? ORDER BY alias"
    called = {alias for (alias,) in seeds.execute(aliases, ["Theodore Twombly"]).fetchall()}
    assert called - {"Theo"} == {"Theodore", "Theodore Twombly"}
    assert ("Amy",) in names
    assert ("Amy Adams",) in names  # who plays Amy


def _line_of(page: str, article: int, text: str) -> tuple[str, int] | None:
    lines = [
        number
        for number, members in enumerate(ANSWER)
        if any(m["page"] == page and m["article"] == article and text.startswith(m["begins"]) for m in members)
    ]
    assert len(lines) <= 1
    return ("line", lines[0]) if lines else None


def _pairs(labels: Sequence[Hashable]) -> set[tuple[int, int]]:
    return {(one, other) for one, other in combinations(range(len(labels)), 2) if labels[one] == labels[other]}


def _b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """F of B³ precision and recall (Bagga and Baldwin 1998)."""
    members: dict[tuple[str, Hashable], set[int]] = defaultdict(set)
    for place, (line, quotation) in enumerate(zip(truth, found, strict=True)):
        members["truth", line].add(place)
        members["found", quotation].add(place)
    precision = recall = 0.0
    for line, quotation in zip(truth, found, strict=True):
        right, got = members["truth", line], members["found", quotation]
        precision += len(right & got) / len(got)
        recall += len(right & got) / len(right)
    return 2 * precision * recall / (precision + recall) / len(truth)
