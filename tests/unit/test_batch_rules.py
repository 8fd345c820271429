"""Batch rules: quiet until there is history, loud when a batch is unusual, let pass by a person; every one of them."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import PullquoteError
from extractors.records import uuid_of
from tests.unit.extractions import NOW, RUN, VERSION, seedlings
from tests.unit.loading import loaded, run_of
from warehouse.connection import writer
from warehouse.history import NO_HISTORY, History, Past, history_of, measures_of
from warehouse.records import Check, Measure
from warehouse.rules import ENOUGH, HISTORY, Rule, answers_of, rules, usual_of
from warehouse.tables import tables_of
from warehouse.validate import Checked

# A usual value and one that fails, for every rule.
USUAL_AND_NOT = {
    "volume_usual": (100, 15),
    "extraction_rate_usual": (0.95, 0.6),
    "quotes_usual": (12, 2),
    "titles_usual": (0.01, 0.5),
    "dates_usual": (0.05, 0.5),
    "authors_usual": (0.2, 0.7),
    "speakers_usual": (0.1, 0.6),
    "repeats_usual": (0, 0.4),
    "languages_usual": (0.9, 0.1),
    "host_volume_usual": (100, 15),
    "host_extraction_rate_usual": (0.9, 0.2),
    "host_quotes_usual": (12, 1),
    "host_freshness_usual": (1, 60),
    "host_not_silent": (24, 400),
}


def _past(values: list[float], *, base: int | None = 1000, ago: timedelta = timedelta(days=1)) -> tuple[Past, ...]:
    count = len(values)
    return tuple(
        Past(value=value, base=base, run_id=uuid_of(f"{n}"), started=NOW - ago * (count - n))
        for n, value in enumerate(values)
    )


def _answer(rule: Rule, value: float, history: History, *, accepted: bool = False, base: int | None = 1000) -> Check:
    scope = "example.org" if rule.measure.startswith(("host", "language")) else ""
    measures = [Measure(name=rule.measure, scope=scope, value=value, base=base)]
    names = {rule.name} if accepted else set[str]()
    (check,) = answers_of(measures, history, now=NOW, accepted=names, asked=[rule])
    return check


def _history(rule: Rule, value: float, runs: int = HISTORY, *, base: int | None = 1000) -> History:
    scope = "example.org" if rule.measure.startswith(("host", "language")) else ""
    values = [value * (1 + (n % 3 - 1) / 50) for n in range(runs)]
    return History(values={rule.measure: {scope: _past(values, base=base)}})


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_every_rule_passes_what_is_usual_and_fails_what_is_not(rule: Rule) -> None:
    usual, unusual = USUAL_AND_NOT[rule.name]  # KeyError: add the values of the new rule
    base = None if rule.measure in {"pages", "host_pages", "host_silence_hours"} else 1000
    history = _history(rule, usual, base=base)
    assert _answer(rule, usual, history, base=base).success
    failed = _answer(rule, unusual, history, base=base)
    assert not failed.success
    assert failed.table_name == "batch"
    assert "usually" in (failed.observed or "")
    assert failed.failing == (("example.org",) if rule.measure.startswith(("host", "language")) else ())
    assert _answer(rule, unusual, history, accepted=True, base=base).accepted
    quiet = _answer(rule, unusual, _history(rule, usual, ENOUGH - 1, base=base), base=base)
    assert quiet.success
    assert quiet.observed == f"too early to say: {ENOUGH - 1} of {ENOUGH} runs"


def test_rules_say_what_they_are() -> None:
    assert {rule.name for rule in rules()} == set(USUAL_AND_NOT)
    assert {rule.severity for rule in rules()} == {"blocking", "warning"}
    for rule in rules():
        assert rule.description[0].isupper()
        assert not rule.description.endswith(".")


def test_the_median_stays_where_it_is_when_a_few_runs_are_odd() -> None:
    rule = replace(rules()[0], deviations=5, relative=0, tolerance=1)
    usual = usual_of([10.0] * 15 + [500.0] * 5, rule)
    assert usual is not None
    assert (usual.middle, usual.within, usual.runs) == (10.0, 1, HISTORY)
    assert usual_of([10.0] * (ENOUGH - 1), rule) is None


def test_small_batches_are_left_alone_and_do_not_teach() -> None:
    rule = next(rule for rule in rules() if rule.name == "extraction_rate_usual")
    assert _answer(rule, 0.0, _history(rule, 0.95), base=rule.least - 1).success
    assert "too early" in (_answer(rule, 0.0, _history(rule, 0.95, base=rule.least - 1)).observed or "")


def test_a_rule_that_was_let_pass_learns_anew() -> None:
    rule = next(rule for rule in rules() if rule.name == "extraction_rate_usual")
    history = replace(_history(rule, 0.95), accepted={rule.name: NOW - timedelta(hours=1)})
    assert _answer(rule, 0.5, history).success


def test_a_language_that_was_never_there_is_unusual() -> None:
    rule = next(rule for rule in rules() if rule.name == "languages_usual")
    history = History(values={rule.measure: {"en": _past([1.0] * HISTORY)}})
    measures = [
        Measure(name=rule.measure, scope=language, value=share, base=1000)
        for language, share in (("en", 0.4), ("xx", 0.6))
    ]
    (check,) = answers_of(measures, history, now=NOW, asked=[rule])
    assert check.failing == ("en", "xx")
    (gone,) = answers_of([replace(measures[1], value=1.0)], history, now=NOW, asked=[rule])
    assert gone.failing == ("en", "xx")


def test_measures_count_what_is_in_the_batch() -> None:
    pages = seedlings()
    titleless = replace(pages[0], articles=(replace(pages[0].articles[0], title=None, authors=()),))
    tables = tables_of([titleless, *pages[1:]], run_id=RUN, now=NOW, extractor_version=VERSION)
    found: dict[tuple[str, str], Any] = {(m.name, m.scope): (m.value, m.base) for m in measures_of(tables)}
    assert found["pages", ""] == (4, None)
    assert found["extraction_rate", ""] == (0.75, 4)
    assert found["without_title", ""] == (pytest.approx(1 / 3), 3)
    assert found["without_author", ""] == (pytest.approx(1 / 3), 3)
    assert found["without_speaker", ""] == (0.5, 6)
    assert found["repeated_articles", ""] == (0, 3)
    assert found["host_pages", "example.org"] == (3, None)
    assert found["language_share", "en"] == (1, 3)
    assert found["host_age_days", "example.org"][1] == 3
    words = sum(article.word_count for page in pages for article in page.articles)
    assert found["quotes_per_1000_words", ""] == (pytest.approx(6000 / words), 3)
    assert measures_of(tables_of([], run_id=RUN, now=NOW, extractor_version=VERSION)) == ()


def _stored(tmp_path: Path, values: list[float], *, now: datetime = NOW) -> History:
    """The history of a warehouse whose runs measured these shares, one an hour, the last one refused."""
    with writer(tmp_path / "x.duckdb") as opened:
        for number, value in enumerate(values):
            run = replace(
                run_of(number),
                started=now - timedelta(hours=len(values) - number),
                state="refused" if number == len(values) - 1 else "passed",
            )
            measures = [
                Measure(name="without_title", scope="", value=value, base=100),
                Measure(name="host_pages", scope="example.org", value=10, base=None),
            ]
            loaded(opened.connection, (), run=run, measures=measures)
        return history_of(opened.connection)


def test_history_comes_from_the_runs_that_were_let_in(tmp_path: Path) -> None:
    history = _stored(tmp_path, [0.0] * 9 + [1.0])
    assert [past.value for past in history.values["without_title"][""]] == [0.0] * 9
    assert [past.value for past in history.values["host_silence_hours"]["example.org"]] == [1.0] * 8
    checks = {check.name: check for check in answers_of([], history, now=NOW + timedelta(days=30))}
    assert checks["host_not_silent"].failing == ("example.org",)
    assert checks["titles_usual"].success
    assert all(check.success for check in answers_of([], NO_HISTORY, now=NOW))


def test_a_blocking_rule_refuses_the_batch_unless_it_is_accepted() -> None:
    rule = next(rule for rule in rules() if rule.severity == "blocking")
    usual, unusual = USUAL_AND_NOT[rule.name]
    states = [
        Checked(
            tables={}, checks=(_answer(rule, unusual, _history(rule, usual), accepted=accepted),), quarantined=()
        ).state
        for accepted in (False, True)
    ]
    assert states == ["refused", "warned"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '[{"name": "x"}]',
        '[{"name":"x","measure":"m","side":"up","deviations":1,"severity":"blocking","description":""}]',
    ],
)
def test_a_rule_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises(PullquoteError) as caught:
        rules(tmp_path)
    assert caught.value.code == "check.invalid"


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    entry = {"name": "x", "measure": "m", "side": "low", "deviations": 1, "severity": "warning", "description": "X"}
    (tmp_path / "twice.json").write_text(json.dumps([entry, entry]))
    with pytest.raises(PullquoteError, match="same name"):
        rules(tmp_path)
