"""Every expectation of the suites passes a row that is right and refuses one that is not; a crash stops the run."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pyarrow as pa
import pytest

from extractors.errors import PullquoteError
from extractors.records import Article, ArticleKind, Extraction, Page, Quote, QuoteKind, uuid_of
from tests.unit.extractions import NOW, RUN, VERSION, extraction_of, seedlings
from tests.unit.loading import ingested, loaded
from warehouse.connection import writer
from warehouse.frames import frames_of, is_slices
from warehouse.query import answer
from warehouse.records import Check, Funnel
from warehouse.refuse import items_of, without
from warehouse.suites import Entry, suites
from warehouse.tables import tables_of
from warehouse.validate import Checked, checked

NOT_A_NUMBER = float("nan")
KEYS = {"pages": "page_id", "articles": "article_id", "quotes": "quote_id"}
ENTRIES = [(table, entry) for table in KEYS for entry in suites()[table]]

# What is wrong with a row that fails the entry: fields of the record to change. The entries about ids and about other
# tables, whose failing rows no record can hold, are below.
WRONG: dict[tuple[str, str], dict[str, Any]] = {
    ("pages", "uri_present"): {"uri": " "},
    ("pages", "format_known"): {"format": "pdf"},
    ("pages", "sha256_form"): {"sha256": "f" * 63},
    ("pages", "bytes_positive"): {"bytes": 0},
    ("pages", "bytes_limit"): {"bytes": 20_000_001},
    ("pages", "charset_form"): {"charset": "charset=utf-8;"},
    ("pages", "language_form"): {"language": "English"},
    ("pages", "url_form"): {"url": "javascript:alert(1)", "host": None},
    ("pages", "url_length"): {"url": "https://example.org/" + "x" * 2048, "host": "example.org"},
    ("pages", "host_in_url"): {"url": "https://example.org/a", "host": "example.com"},
    ("pages", "fetched_not_in_the_future"): {"fetched_at": NOW + timedelta(days=2)},
    ("articles", "page_in_batch"): {"page_id": uuid_of("another page")},
    ("articles", "body_not_empty"): {"body": " \n "},
    ("articles", "body_has_words"): {"word_count": 0},
    ("articles", "kind_known"): {"kind": "recipe"},
    ("articles", "confidence_present"): {"confidence": NOT_A_NUMBER},
    ("articles", "confidence_in_range"): {"confidence": 1.5},
    ("articles", "position_not_negative"): {"position": -1},
    ("articles", "boilerplate_share_in_range"): {"boilerplate_share": 1.1},
    ("articles", "title_present"): {"title": None},
    ("articles", "title_length"): {"title": "x" * 501},
    ("articles", "title_without_markup"): {"title": "A <br/> title"},
    ("articles", "title_without_mojibake"): {"title": "Sheâ€™s here"},
    ("articles", "title_not_the_site"): {"title": " a site", "site": "A Site"},
    ("articles", "site_length"): {"site": "x" * 151},
    ("articles", "byline_has_names"): {"authors": ("Ada Writer", "by Ben Editor")},
    ("articles", "language_form"): {"language": "english language"},
    ("articles", "published_not_before_the_web"): {"published": date(1989, 12, 31)},
    ("articles", "published_not_in_the_future"): {"published": date(2026, 11, 23), "modified": None},
    ("articles", "modified_not_in_the_future"): {"modified": date(2026, 11, 23)},
    ("articles", "modified_not_before_published"): {"modified": date(2014, 8, 7)},
    ("articles", "published_source_known"): {"published_source": "a guess"},
    ("articles", "date_has_source"): {"published_source": None},
    ("articles", "body_long_enough"): {"word_count": 19},
    ("articles", "body_not_endless"): {"word_count": 100_001},
    ("articles", "body_without_markup"): {"body": 'Words <div class="x">and</div> more.'},
    ("articles", "body_without_mojibake"): {"body": "Itâ€™s “fine”."},
    ("articles", "body_without_boilerplate"): {"body": "Words.\n\nSign up for our newsletter today!\n\nMore words."},
    ("articles", "body_marks_balanced"): {"body": "“One “two “three “four times opened, never closed."},
    ("articles", "quote_count_true"): {"quote_count": 7},
    ("quotes", "article_in_batch"): {"article_id": uuid_of("another article")},
    ("quotes", "text_not_empty"): {"text": " "},
    ("quotes", "text_in_body"): {"text": "Words that nobody said."},
    ("quotes", "kind_known"): {"kind": "shout"},
    ("quotes", "confidence_present"): {"confidence": NOT_A_NUMBER},
    ("quotes", "confidence_in_range"): {"confidence": -0.1},
    ("quotes", "position_not_negative"): {"position": -1},
    ("quotes", "start_not_negative"): {"start": -1},
    ("quotes", "stop_after_start"): {"stop": 0},
    ("quotes", "rule_present"): {"rule": ""},
    ("quotes", "conversation_not_negative"): {"conversation": -1},
    ("quotes", "speaker_not_a_label"): {"speaker": "Production year:"},
    ("quotes", "text_length"): {"text": "x" * 5001},
    ("quotes", "text_has_words"): {"text": "…?!"},
    ("quotes", "text_without_markup"): {"text": "Right <i>so</i>.<br>"},
    ("quotes", "text_without_mojibake"): {"text": "Itâ€™s right."},
    ("quotes", "text_without_boilerplate"): {"text": "Subscribe now"},
    ("quotes", "text_marks_balanced"): {"text": "Right” so."},
    ("quotes", "speaker_not_a_pronoun"): {"speaker": "She"},
    ("quotes", "speaker_length"): {"speaker": "x" * 101},
    ("quotes", "speaker_is_no_address"): {"speaker": "www.example.org"},
    ("quotes", "speaker_not_a_sentence"): {"speaker": "A man who had come all the way here"},
}
TWINS = ("id_unique", "place_unique", "body_not_repeated")  # fail for two rows that are alike
NULL = "id_present"  # fails for a row without an id
TYPES = {
    ("pages", "bytes_are_whole_numbers"): "bytes",
    ("articles", "words_are_whole_numbers"): "word_count",
    ("quotes", "confidence_is_a_number"): "confidence",
}
# A quote whose text is changed is not in its body either, and bodies are alike only where all is.
ALSO_CRITICAL = {entry.name for table, entry in ENTRIES if table == "quotes" and entry.column_name == "text"} | set(
    TWINS
)
FAILING = len(WRONG) + 5  # with those that fail for twins


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """All wrong rows and three right pages, checked as one batch: a Great Expectations run takes seconds."""

    result: Checked
    wrong: dict[tuple[str, str], UUID]
    right: dict[str, set[UUID]]


def _wrong_extraction(number: int, table: str, change: dict[str, Any]) -> tuple[Extraction, UUID]:
    body = f"On day {number} we asked again whether all of it had been right so far, and he said: “Right so.”"
    extraction = extraction_of(body, ("Ada", "Right so."), uri=f"wrong-{number}.txt")
    if table == "pages":
        page: Page = replace(extraction.page, **change)
        return replace(extraction, page=page), page.page_id
    if table == "articles":
        article: Article = replace(extraction.articles[0], **change)
        blocks = () if "position" in change else extraction.blocks  # they name the article by its place
        return replace(extraction, articles=(article,), blocks=blocks), article.article_id
    quote: Quote = replace(extraction.quotes[0], **change)
    return replace(extraction, quotes=(quote,)), quote.quote_id


@pytest.fixture(scope="module")
def examples() -> Examples:
    right = seedlings()
    extractions, wrong = [*right], {}
    for number, (key, change) in enumerate(WRONG.items()):
        extraction, wrong[key] = _wrong_extraction(number, key[0], change)
        extractions.append(extraction)
    twins = extraction_of("She said: “Two of a kind.”", ("Ada", "Two of a kind."), uri="twins.txt")
    extractions.append(replace(twins, articles=twins.articles * 2, quotes=twins.quotes * 2))
    wrong |= {("articles", name): twins.articles[0].article_id for name in TWINS}
    wrong |= {("quotes", name): twins.quotes[0].quote_id for name in TWINS}
    return Examples(
        result=checked(tables_of(extractions, run_id=RUN, now=NOW, extractor_version=VERSION), run_id=RUN),
        wrong=wrong,
        right={
            "pages": {extraction.page.page_id for extraction in right},
            "articles": {article.article_id for extraction in right for article in extraction.articles},
            "quotes": {quote.quote_id for extraction in right for quote in extraction.quotes},
        },
    )


def _check(result: Checked, table: str, name: str) -> Check:
    (check,) = (check for check in result.checks if (check.table_name, check.name) == (table, name))
    return check


@pytest.mark.parametrize(("table", "entry"), ENTRIES, ids=[f"{table}-{entry.name}" for table, entry in ENTRIES])
def test_every_entry_passes_a_right_row_and_refuses_a_wrong_one(examples: Examples, table: str, entry: Entry) -> None:
    check = _check(examples.result, table, entry.name)
    loaded_ids = set(examples.result.tables[table][KEYS[table]].to_pylist())
    assert examples.right[table] <= loaded_ids
    assert not {str(item) for item in examples.right[table]} & set(check.failing)
    if entry.name == NULL or (table, entry.name) in {("pages", "id_unique"), *TYPES}:
        return  # no record can fail it; the next tests have tables that do
    wrong = examples.wrong[table, entry.name]  # KeyError: add a failing example for the new entry to WRONG
    assert not check.success
    assert check.unexpected_count >= 1
    assert str(wrong) in check.failing
    if entry.severity == "critical":
        assert wrong not in loaded_ids
        codes = [item.code for item in examples.result.quarantined if str(wrong) in item.payload.decode()]
        assert f"check.{entry.name}" in codes or any(entry.description in i.detail for i in examples.result.quarantined)
    elif entry.name not in ALSO_CRITICAL:
        assert wrong in loaded_ids


def test_a_row_without_id_is_refused(examples: Examples) -> None:
    assert examples.result.state == "warned"
    tables = tables_of(seedlings(1), run_id=RUN, now=NOW, extractor_version=VERSION)
    for table, key in KEYS.items():
        column = tables[table][key].to_pylist()
        values = pa.array([None, *(value.bytes for value in column[1:])], pa.uuid())
        result = checked({**tables, table: _with(tables[table], key, values)}, run_id=RUN)
        check = _check(result, table, NULL)
        assert (check.success, check.unexpected_count, check.failing) == (False, 1, ())
        assert result.state == "warned"
        assert result.quarantined


def test_two_pages_of_one_id_are_refused_with_all_that_is_on_them() -> None:
    tables = tables_of(seedlings(1), run_id=RUN, now=NOW, extractor_version=VERSION)
    result = checked({**tables, "pages": pa.concat_tables([tables["pages"], tables["pages"].slice(0, 1)])}, run_id=RUN)
    assert _check(result, "pages", "id_unique").unexpected_count == 2
    left = {name: table.num_rows for name, table in result.tables.items()}
    assert left | {"blocks": 0} == {**dict.fromkeys(left, 0), "pages": 1}
    kept = json.loads(result.quarantined[0].payload)
    assert kept["table"] == "pages"
    assert [len(kept[name]) for name in ("articles", "article_authors", "quotes")] == [1, 2, 2]
    assert result.quarantined[0].uri == "page-0.txt"


@pytest.mark.parametrize(("table", "name"), TYPES)
def test_a_column_of_the_wrong_type_refuses_the_batch(table: str, name: str) -> None:
    tables = tables_of(seedlings(1), run_id=RUN, now=NOW, extractor_version=VERSION)
    column = TYPES[table, name]
    odd = tables[table][column].cast(pa.int64() if column == "confidence" else pa.float64(), safe=False)
    result = checked({**tables, table: _with(tables[table], column, odd)}, run_id=RUN)
    assert (_check(result, table, name).success, result.state) == (False, "refused")


def _with(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), column, values)


def test_suites_are_well_formed() -> None:
    sets = {
        table: next(entry.kwargs["value_set"] for entry in entries if entry.name == "kind_known")
        for table, entries in suites().items()
        if table in {"articles", "quotes"}
    }
    assert sets == {"articles": list(get_args(ArticleKind)), "quotes": list(get_args(QuoteKind))}
    frames = frames_of(tables_of(seedlings(1), run_id=RUN, now=NOW, extractor_version=VERSION))
    for table, entry in ENTRIES:
        assert entry.column_name is None or entry.column_name in frames[table].columns, entry.name
        assert entry.description[0].isupper()
        assert not entry.description.endswith(".")


def test_a_refused_article_takes_its_quotes_along_and_is_kept_whole(examples: Examples) -> None:
    result = examples.result
    gone = examples.wrong["articles", "kind_known"]
    for table in ("articles", "article_authors", "quotes"):
        assert gone not in result.tables[table]["article_id"].to_pylist()
    assert gone in result.tables["blocks"]["article_id"].to_pylist()
    (item,) = (item for item in result.quarantined if item.code == "check.kind_known" and b"recipe" in item.payload)
    kept = json.loads(item.payload)
    assert item.stage == "check"
    assert item.uri.startswith("wrong-")
    assert item.page_id in result.tables["pages"]["page_id"].to_pylist()
    assert kept["table"] == "articles"
    assert kept["row"]["kind"] == "recipe"
    assert [quote["text"] for quote in kept["quotes"]] == ["Right so."]
    assert [author["name"] for author in kept["article_authors"]] == ["Ada Writer", "Ben Editor"]


def test_a_work_goes_with_its_last_article() -> None:
    tables = tables_of(seedlings(1), run_id=RUN, now=NOW, extractor_version=VERSION)
    entry = suites()["articles"][0]
    left = without(tables, {"articles": {0: [entry]}})
    assert {name: table.num_rows for name, table in left.items()} == {
        "pages": 2,
        "articles": 0,
        "article_authors": 0,
        "quotes": 0,
        "blocks": tables["blocks"].num_rows,
        "works": 0,
    }


def test_the_same_refusal_is_the_same_item_in_every_run() -> None:
    entry = suites()["quotes"][0]
    runs = [uuid_of("one"), uuid_of("two")]
    items = [
        items_of(
            tables_of(seedlings(1), run_id=run, now=NOW, extractor_version=VERSION),
            {"quotes": {1: [entry]}},
            run_id=run,
        )
        for run in runs
    ]
    assert items[0][0].item_id == items[1][0].item_id
    assert [group[0].run_id for group in items] == runs


def test_checks_and_refusals_are_stored(examples: Examples, tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings())
    with writer(path) as opened:
        loaded(
            opened.connection,
            seedlings(),
            number=2,
            checks=examples.result.checks,
            quarantined=examples.result.quarantined,
        )
        rows = opened.connection.execute("SELECT count(*), count(*) FILTER (NOT success) FROM checks").fetchall()
        assert rows == [(len(ENTRIES), FAILING)]
        stored = opened.connection.execute("SELECT count(*) FROM quarantine_open WHERE stage = 'check'").fetchall()
        assert stored == [(len({item.item_id for item in examples.result.quarantined}),)]
        quality = opened.connection.execute("SELECT critical_failed, warnings_failed FROM run_quality").fetchall()
    warnings = sum(entry.severity == "warning" for _, entry in ENTRIES)
    assert quality[0] == (FAILING - warnings, warnings)
    assert answer(path, "SELECT count(*) AS n FROM checks").table.to_pylist() == [{"n": 0}]  # not published yet


def test_no_rows_pass_without_loading_great_expectations() -> None:
    result = checked(tables_of([], run_id=RUN, now=NOW, extractor_version=VERSION), run_id=RUN)
    assert result.state == "passed"
    assert {check.observed for check in result.checks} == {"no rows"}
    assert len(result.checks) == len(ENTRIES)


def _folder(tmp_path: Path, **entry: Any) -> Path:
    full = {"name": "odd", "severity": "critical", "description": "Odd", "kwargs": {}, **entry}
    (tmp_path / "articles.json").write_text(json.dumps([full]))
    return tmp_path


def _checked_with(folder: Path) -> Checked:
    return checked(tables_of(seedlings(1), run_id=RUN, now=NOW, extractor_version=VERSION), run_id=RUN, folder=folder)


@pytest.mark.parametrize(
    ("expectation", "kwargs"),
    [
        ("expect_column_values_to_match_regex", {"column": "no_such_column", "regex": "x"}),
        ("expect_column_values_to_match_regex", {"column": "title", "regex": "("}),
        ("expect_column_values_to_be_splendid", {"column": "title"}),
        ("expect_column_values_to_be_between", {"column": "title", "no_such_argument": 1}),
    ],
)
def test_a_crashed_expectation_stops_with_its_name(tmp_path: Path, expectation: str, kwargs: dict[str, str]) -> None:
    with pytest.raises(PullquoteError, match=r"odd in expectations/articles\.json") as caught:
        _checked_with(_folder(tmp_path, expectation=expectation, kwargs=kwargs))
    assert caught.value.code == "check.crashed"
    assert "\n" not in caught.value.detail


def test_a_critical_check_of_the_whole_batch_refuses_it(tmp_path: Path) -> None:
    # By its class name, as Great Expectations' documentation has it.
    folder = _folder(tmp_path, expectation="ExpectTableRowCountToBeBetween", kwargs={"min_value": 100})
    result = _checked_with(folder)
    assert (result.state, result.checks[0].observed, result.quarantined) == ("refused", "1", ())
    assert result.checks[0].expectation == "expect_table_row_count_to_be_between"


@pytest.mark.parametrize(
    "text", ["{", '[{"name": "x"}]', '[{"name":"x","expectation":"e","kwargs":{},"severity":"fatal","description":""}]']
)
def test_a_suite_that_cannot_be_read_names_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "articles.json").write_text(text)
    with pytest.raises(PullquoteError, match=r"articles\.json") as caught:
        suites(tmp_path)
    assert caught.value.code == "check.invalid"


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("a b", [(0, 1), (4, 5)], True),
        ("a\nb", [(0, 1), (4, 5)], True),
        ("a, b", [(0, 1), (4, 5)], False),
        ("a-b", [(0, 1), (4, 5)], False),
        ("a", [(0, 1), (4, 5)], False),
        ("b a", [(4, 5), (0, 1)], False),
        ("", [], False),
        ("", [(1, 1)], False),
        ("b", [(-1, 5)], False),
        ("b and more", [(4, 15)], False),
    ],
)
def test_slices(text: str, parts: list[tuple[int, int]], *, expected: bool) -> None:
    assert is_slices(text, "a – b", parts) is expected


def test_days_count_from_when_the_page_came_in() -> None:
    late = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
    article = seedlings(1)[0]
    tomorrow = replace(article, articles=(replace(article.articles[0], published=date(2026, 11, 22)),))
    frame = frames_of(tables_of([tomorrow], run_id=RUN, now=late, extractor_version=VERSION))["articles"]
    assert frame["published_days_ahead"].tolist() == [1]


def test_the_funnel_balances_or_says_so() -> None:
    funnel = Funnel(
        sources=10,
        unchanged=1,
        refused=2,
        duplicates=3,
        pages=4,
        pages_with_articles=3,
        pages_without_article=1,
        articles=5,
        articles_quarantined=1,
        articles_loaded=4,
        quotes=9,
        quotes_quarantined=4,
        quotes_loaded=5,
    )
    assert funnel.balances
    for name in ("sources", "refused", "pages", "articles", "quotes_loaded"):
        assert not replace(funnel, **{name: getattr(funnel, name) + 1}).balances
