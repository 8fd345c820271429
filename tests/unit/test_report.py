"""The run report: a balanced funnel, true numbers, nothing that runs, small at any size."""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from extractors.errors import PullquoteError
from tests.report_examples import (
    HOSTILE,
    bridge_page,
    check_of,
    funnel_of,
    hostile_page,
    hostile_report,
    index_page,
    large_report,
    quarantined,
    run_of,
    warned_report,
)
from warehouse.records import Funnel
from warehouse.report.document import bounded, report_from
from warehouse.report.explain import explain_html
from warehouse.report.records import RunReport, article_lines, refusals_of
from warehouse.report.render import html_of
from warehouse.report.report import report_of, written
from warehouse.report.story import BAR, Share, Step, listed, sentences_of, steps_of

PASSIVE = {
    "http-equiv",
    "content",
    "name",
    "lang",
    "charset",
    "rel",
    "href",
    "class",
    "id",
    "for",
    "scope",
    "colspan",
    "open",
}
PASSIVE |= {"aria-label", "aria-labelledby", "aria-hidden", "role", "datetime", "title", "data-name", "start"}
PASSIVE |= {"viewbox", "preserveaspectratio", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "d", "dy", "points"}
PASSIVE |= {"fill", "stroke", "stroke-width", "transform", "text-anchor", "font-family", "font-size", "tabindex"}
VOID = {"meta", "link", "br", "rect", "polyline", "line", "path"}
OWN_PAGE = re.compile(r"[\w-]+\.html|[\w-]+/[0-9a-f-]{36}\.html(#[\w-]+)?")  # the other pages of the folder


class Reading(HTMLParser):
    """What a browser would find in the page: tags, attributes, text; and whether every tag is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.stack: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> Iterable[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)


def assert_safe(html: str) -> Reading:
    """The page runs nothing, loads nothing, is well formed, and can be read aloud."""
    reading = Reading(html)
    assert not reading.stack
    names = {tag for tag, _ in reading.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "input"}
    assert {name for _, attributes in reading.tags for name in attributes} <= PASSIVE
    targets = [a["href"] or "" for a in reading.all("a")]
    assert all(target.startswith(("#", "https://", "http://")) or OWN_PAGE.fullmatch(target) for target in targets)
    ids = [attributes["id"] for _, attributes in reading.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in reading.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(th.get("scope") in {"col", "row", "rowgroup"} for th in reading.all("th"))
    assert {"main", "header", "nav", "footer"} <= names
    assert not [c for c in html if c in "\u202e\u202c\u2066\u2069\x00\x1b\x9b"]
    html.encode("utf-8")
    return reading


def test_the_page_tells_the_verdict_the_funnel_and_what_was_held_back() -> None:
    report = warned_report()
    reading = assert_safe(report_of(report)[0])
    for words in (
        "Passed with warnings",
        "2 articles with 3 quotes from 1 page passed the checks.",
        "Not loaded: 3 sources. 1 check raised a warning.",
        "Everything that came in is accounted for.",
        "format.binary",
        "00 01 fe",
        "The bridge that moved",
        "the surveyor",
        "We measured it twice,",
        "A short history of tolls",  # the title beside the id of the failing row
        "9f86d081884c7d65",
    ):
        assert words in reading.text


def test_the_json_has_the_numbers_of_the_page() -> None:
    report = warned_report()
    html, text = report_of(report)
    data = json.loads(text)
    reading = Reading(html)
    assert data["balances"] is True
    assert data["run"]["funnel"]["sources"] == 6
    assert data["run"]["run_id"] == str(report.run.run_id)
    assert [refusal["count"] for refusal in data["refusals"]] == [2, 1]
    sample = data["refusals"][0]["samples"][0]
    assert (sample["bytes"], sample["excerpt"]) == (3, "00 01 fe")
    assert (data["article_count"], len(data["articles"])) == (2, 2)
    assert " ".join(data["verdict"]["sentences"]) in reading.text
    for step in steps_of(report.run.funnel):
        assert f"{step.total}" in reading.text
        for share in step.shares:
            assert f"{share.count} {share.name}" in reading.text


def test_the_same_records_give_the_same_bytes() -> None:
    assert report_of(warned_report()) == report_of(warned_report())


def test_hostile_text_stays_text() -> None:
    html, text = report_of(hostile_report())
    reading = assert_safe(html)
    assert "<script>document.title = 'ran'</script>" in reading.text
    assert "gnp.exe⟦U+202C⟧" in reading.text
    assert "1,000,000 characters⟧" in reading.text
    assert "{{ 7 * 7 }}" in reading.text
    assert len(html) < 200_000
    assert len(text) < 200_000
    json.loads(text)


@given(st.text(st.characters(codec=None), min_size=1))
def test_any_title_gives_a_safe_page(title: str) -> None:
    report = warned_report()
    lines = tuple(replace(line, title=title, site=title, uri=title, url=title) for line in report.articles)
    assert_safe(report_of(replace(report, articles=lines))[0])


def test_the_policy_allows_only_our_style() -> None:
    policy = next(
        meta["content"] for meta in Reading(report_of(warned_report())[0]).all("meta") if "http-equiv" in meta
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_a_run_of_ten_thousand_pages_is_quick_and_small() -> None:
    report = large_report()
    report_of(warned_report())  # compiles the templates
    start = time.perf_counter()
    html, text = report_of(report)
    assert time.perf_counter() - start < 2
    assert len(html.encode()) <= 2_000_000
    assert len(text.encode()) <= 4_000_000
    reading = assert_safe(html)
    assert "of 10,000 articles: those held back first, then the least confident" in reading.text
    assert "The 40 hosts with the most pages, of 700" in reading.text
    assert "and 8,980 more; the first 100 are in the JSON" in reading.text


def test_when_there_is_no_room_the_doubtful_articles_are_listed() -> None:
    articles = large_report(2_000).articles
    held = replace(articles[1999], loaded=False, confidence=0.99)
    chosen = listed((*articles[:1999], held))
    assert chosen[0] == held
    assert max(line.confidence for line in chosen[1:]) < 0.2


def test_one_article_too_large_for_the_page_does_not_hide_the_others() -> None:
    line = warned_report().articles[0]
    huge = replace(line, title="x" * 2_000_000)
    assert listed((huge, replace(line, article_id=line.page_id))) != ()


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (RunReport(run=run_of(Funnel(), state="unchanged")), "There was nothing to read."),
        (
            RunReport(run=run_of(Funnel(sources=2, unchanged=2), state="unchanged")),
            "All 2 sources were already known and unchanged; the warehouse was not touched.",
        ),
        (
            RunReport(run=run_of(Funnel(sources=1, unchanged=1), state="unchanged")),
            "The only source was already known and unchanged; the warehouse was not touched.",
        ),
        (
            RunReport(run=run_of(Funnel(sources=2, refused=2), state="warned")),
            "No page came out of 2 sources. Not loaded: 2 sources.",
        ),
        (
            RunReport(
                run=run_of(
                    Funnel(
                        sources=3,
                        refused=1,
                        pages=2,
                        pages_with_articles=1,
                        pages_without_article=1,
                        articles=1,
                        articles_quarantined=1,
                    ),
                    state="refused",
                ),
                checks=(check_of("dates", success=False, severity="critical"),),
            ),
            (
                "The batch was refused as a whole; of its 1 article with 0 quotes nothing was loaded. "
                "Not loaded: 1 source, 1 page without an article and 1 article. 1 critical check failed."
            ),
        ),
        (
            RunReport(run=run_of(Funnel(sources=3, pages=1, pages_with_articles=1))),
            (
                "0 articles with 0 quotes from 1 page passed the checks. Nothing was held back. "
                "The funnel of sources does not balance: 2 unaccounted for."
            ),
        ),
    ],
)
def test_the_verdict_says_what_happened(report: RunReport, words: str) -> None:
    assert " ".join(sentences_of(report)) == words
    assert words in assert_safe(report_of(report)[0]).text


def test_a_funnel_that_does_not_balance_says_where() -> None:
    report = RunReport(run=run_of(Funnel(articles=2, articles_loaded=5)))
    reading = assert_safe(report_of(report)[0])
    assert "Something that came in is not accounted for." in reading.text
    assert "3 more than came in" in reading.text
    assert json.loads(report_of(report)[1])["balances"] is False


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4))
def test_a_bar_is_filled_and_shows_every_share(counts: list[int]) -> None:
    shares = tuple(Share(name=str(n), count=count, fate="kept") for n, count in enumerate(counts))
    bar = Step(name="x", total=sum(counts), shares=shares).bar
    assert len(bar) == sum(count > 0 for count in counts)
    assert sum(width for _, width, _ in bar) == (BAR if bar else 0)
    assert all(width >= 8 for _, width, _ in bar)


def test_refusals_are_counted_whole_and_sampled() -> None:
    refusals = refusals_of(quarantined("a" if n % 3 else "b", n) for n in range(30))
    assert [(refusal.code, refusal.count, len(refusal.samples)) for refusal in refusals] == [("a", 20, 5), ("b", 10, 5)]


def test_candidates_that_were_no_quotes_are_shown_apart_from_what_was_lost() -> None:
    candidate = replace(quarantined("quote.short", 1, b"so called"), stage="quote", detail="two words")
    report = RunReport(run=run_of(funnel_of([bridge_page()], quotes_rejected=1)), refusals=refusals_of([candidate]))
    text = assert_safe(report_of(report)[0]).text
    assert "Nothing was held back." in text
    assert "Nothing was refused. 1 remark of the extractor" in text
    assert "so called" in text
    assert "Not counted: 1 candidate that turned out not to be a quote." in text


def test_article_lines_count_speakers_and_sample_evenly() -> None:
    page = bridge_page()
    first, second = article_lines(page, held_back={page.articles[1].article_id})
    assert (first.quotes, first.speakers, first.unattributed, first.loaded) == (2, 2, 0, True)
    assert (second.quotes, second.speakers, second.unattributed, second.loaded) == (1, 0, 1, False)
    many = replace(page, quotes=tuple(replace(page.quotes[0], text=f"{n}") for n in range(50)))
    assert [sample.text for sample in article_lines(many)[0].samples] == ["0", "10", "20", "30", "40"]


def test_an_article_that_was_held_back_is_marked() -> None:
    page = bridge_page()
    lines = article_lines(page, held_back={page.articles[1].article_id})
    funnel = funnel_of([page], articles_quarantined=1, articles_loaded=1)
    assert (
        "A short history of tolls quarantined"
        in Reading(report_of(RunReport(run=run_of(funnel), articles=lines))[0]).text
    )


def test_the_report_is_written_whole_with_its_json_beside_it(tmp_path: Path) -> None:
    path = written(warned_report(), tmp_path / "reports")
    html, text = report_of(warned_report())
    assert path.name == f"20260105T083000Z-{warned_report().run.run_id.hex[:8]}.html"
    assert path.read_text(encoding="utf-8") == html
    assert path.with_suffix(".json").read_text(encoding="utf-8") == text
    assert sorted(file.name for file in path.parent.iterdir()) == sorted([path.name, path.with_suffix(".json").name])


def test_a_directory_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file stands here")
    with pytest.raises(PullquoteError, match=r"^report\.unwritable: cannot write .*\.json: ") as caught:
        written(warned_report(), tmp_path / "reports")
    assert "\n" not in str(caught.value)


def test_a_template_cannot_write_what_is_not_there() -> None:
    with pytest.raises(UndefinedError):
        html_of("run.html")


def test_the_explain_page_of_a_hostile_document_is_safe() -> None:
    reading = assert_safe(explain_html(hostile_page()))
    assert "<img src=x onerror=\"document.title='ran'\">" in reading.text
    assert "javascript:document.title='ran'" in reading.text


def test_the_stored_document_gives_the_same_page() -> None:
    for report in (warned_report(), hostile_report(), large_report(500)):
        html, document = report_of(report)
        again = report_from(document)
        assert again == bounded(report)
        assert report_of(again) == (html, document)


def test_failing_rows_lead_to_the_explained_page() -> None:
    report = warned_report()
    page = report.articles[1]
    place = f"20260105T083000Z-{report.run.run_id.hex[:8]}/{page.page_id}.html#article-1"
    hrefs = {attributes.get("href") for attributes in assert_safe(report_of(report)[0]).all("a")}
    assert place in hrefs
    unexplained = replace(report, explained=())
    assert place not in {attributes.get("href") for attributes in assert_safe(report_of(unexplained)[0]).all("a")}


def test_the_report_has_volume_quality_and_what_changed() -> None:
    text = assert_safe(report_of(warned_report())[0]).text
    for words in ("daily.test", "Pages with an article", "97.0%", "99.0%", "What told the date", "The slowest pages"):
        assert words in text
    assert "the last one of extractor 2025.9 was" in text


def test_a_rule_that_was_let_pass_is_told() -> None:
    rule = check_of("x_usual", success=False, severity="blocking", table_name="batch", failing=(), accepted=True)
    report = replace(warned_report(), checks=(rule,), run=replace(warned_report().run, accepted=("x_usual",)))
    text = assert_safe(report_of(report)[0]).text
    assert "1 blocking rule failed, and was let pass." in text
    assert "let pass x_usual" in text


def test_the_index_has_every_run_with_its_verdict() -> None:
    reading = assert_safe(index_page(["command", "watch"], runs=30))
    assert "30 runs. The last one was refused." in reading.text
    assert len([a for a in reading.all("a") if (a["href"] or "").endswith(".html")]) == 30
    assert "Quotes loaded in 30 runs: 90 to 94, in the last 94" in {a.get("aria-label") for a in reading.all("svg")}
    hostile = assert_safe(index_page(HOSTILE))
    assert "<script>document.title = 'ran'</script>" in hostile.text


def test_the_index_over_a_thousand_runs_is_quick() -> None:
    index_page(["command"])  # compiles the template
    start = time.process_time()
    html = index_page(["command"], runs=1_200)
    assert time.process_time() - start < 5  # with making the runs; the index alone: docs/benchmarks.md
    assert "1,200 runs, the last 1,000 of them here" in Reading(html).text
    assert len(html.encode()) < 2_000_000
