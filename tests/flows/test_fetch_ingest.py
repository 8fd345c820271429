"""Addresses on the whole way: named, fetched from a server of this machine, extracted, loaded; and asked again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from flows.order import Order, Outcome
from flows.run import ingested
from flows.settings import Settings
from tests.archives import documents, warc
from tests.website import Website, leads_to, page, says, website

Ingest = Callable[..., Outcome]
SETTINGS = Settings(fetch_allow="127.0.0.1/32", fetch_pause=0.0, fetch_attempts=1, fetch_contact="pages@example.org")


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


@pytest.fixture
def ingest(tmp_path: Path) -> Ingest:
    def called(*sources: Path | str, rehearsal: bool = False, settings: Settings = SETTINGS) -> Outcome:
        named = tuple(str(source) for source in sources)
        order = Order(
            sources=named,
            warehouse=tmp_path / "pages.duckdb",
            reports=tmp_path / "reports",
            rehearsal=rehearsal,
            settings=settings,
        )
        return ingested(order)

    return called


def asked(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "pages.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def feed(*urls: str) -> bytes:
    items = "".join(f"<item><link>{url}</link></item>" for url in urls)
    return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def test_a_page_is_loaded_with_its_address_and_asked_for_only_when_it_may_have_changed(
    site: Website, ingest: Ingest, tmp_path: Path
) -> None:
    site.paths["/old"] = leads_to("/a")
    site.paths["/a"] = says(page("Ferry"), ETag='"1"')

    first = ingest(site.at("/old"))
    assert not first.failed
    assert first.report.run.funnel.balances
    ((uri, url, host, fetched, title),) = asked(
        tmp_path, "SELECT uri, url, host, fetched_at IS NOT NULL, title FROM pages JOIN articles USING (page_id)"
    )
    assert (uri, url, host, fetched, title) == (site.at("/old"), site.at("/a"), "127.0.0.1", True, "Ferry")
    assert site.asked_for("/a")[0]["User-Agent"].endswith("(+pages@example.org)")
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.duckdb")}

    second = ingest(site.at("/old"))
    assert second.report.run.state == "unchanged"
    assert second.report.run.funnel.unchanged == 1
    assert site.asked_for("/a")[1]["If-None-Match"] == '"1"'
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.duckdb")} == before

    site.paths["/a"] = says(page("Bridge"), ETag='"2"')
    assert ingest(site.at("/old")).report.run.funnel.articles_loaded == 1
    assert sorted(asked(tmp_path, "SELECT state FROM ledger")) == [("loaded",), ("superseded",)]


def test_a_refusal_is_in_the_quarantine_until_the_page_comes(site: Website, ingest: Ingest, tmp_path: Path) -> None:
    site.paths["/robots.txt"] = says(b"User-agent: *\nDisallow: /private\n")
    site.paths["/busy"] = says(b"", status=503)
    out = ingest(site.at("/busy"), site.at("/private"), "http://169.254.169.254/", site.at("/missing"))

    assert out.failed
    assert out.report.run.funnel.balances
    codes = "SELECT code FROM quarantine_open ORDER BY code"
    refused = [("fetch.address",), ("fetch.robots",), ("fetch.status",), ("fetch.status",)]
    assert asked(tmp_path, codes) == refused

    site.paths["/busy"] = says(page("Ferry"))
    assert not ingest(site.at("/busy")).failed
    assert asked(tmp_path, codes) == refused[:-1]


def test_a_feed_is_polled(site: Website, ingest: Ingest, tmp_path: Path) -> None:
    for name in ("Ferry", "Bakery", "Owls"):
        site.paths[f"/{name}"] = says(page(name))
    site.paths["/feed"] = says(feed(site.at("/Ferry"), site.at("/Bakery"), site.at("/gone")))
    titles = "SELECT title FROM articles ORDER BY title"
    waiting = "SELECT uri, code FROM quarantine_open"
    ingest(site.at("/feed"), settings=Settings())
    assert asked(tmp_path, waiting) == [(site.at("/feed"), "fetch.address")]

    assert ingest(site.at("/feed")).failed, "one of its pages is not there"
    assert asked(tmp_path, titles) == [("Bakery",), ("Ferry",)]
    assert asked(tmp_path, waiting) == [(site.at("/gone"), "fetch.status")]
    again = ingest(site.at("/feed"))
    assert (again.failed, again.report.run.state) == (False, "unchanged")
    site.asked.clear()

    site.paths["/feed"] = says(feed(site.at("/Owls"), site.at("/Ferry"), site.at("/Bakery")))
    assert ingest(site.at("/feed"), rehearsal=True).report.run.funnel.pages == 1
    assert ingest(site.at("/feed")).report.run.funnel.articles_loaded == 1
    assert asked(tmp_path, titles) == [("Bakery",), ("Ferry",), ("Owls",)]
    assert site.pages == ["/feed", "/Owls"] * 2
    assert {name for (name,) in asked(tmp_path, "SELECT uri FROM ledger")} == {
        site.at(f"/{name}") for name in ("Ferry", "Bakery", "Owls")
    }


def test_a_list_beside_files(site: Website, ingest: Ingest, tmp_path: Path) -> None:
    site.paths["/a"] = says(page("Ferry"))
    site.paths["/feed"] = says(feed(site.at("/b")))
    site.paths["/b"] = says(page("Owls"))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "ours.urls").write_text(f"\ufeff# what we follow\n{site.at('/a')}\n\n {site.at('/feed')} \nftp://x/\n")
    (inbox / "page.html").write_bytes(page("Bakery"))

    assert ingest(inbox).report.run.funnel.articles_loaded == 1, "a list that lies in a folder is not read"
    assert site.asked == []
    out = ingest(inbox / "*.urls", inbox / "page.html")
    assert out.report.run.funnel.articles_loaded == 2
    assert [(refusal.code, refusal.uri) for refusal in out.refused] == [("fetch.address", "ftp://x/")]
    assert out.report.run.funnel.unchanged == 1


def test_an_archive_behind_an_address_is_one(site: Website, ingest: Ingest, tmp_path: Path) -> None:
    site.paths["/crawl.warc.gz"] = says(warc(documents(2)), media_type="application/warc", ETag='"1"')

    assert ingest(site.at("/crawl.warc.gz")).report.run.funnel.pages == 2
    places = asked(
        tmp_path, "SELECT url, starts_with(uri, $$" + site.at("/crawl.warc.gz#") + "$$) FROM pages ORDER BY url"
    )
    assert places == [("https://example.org/0", True), ("https://example.org/1", True)]
    assert ingest(site.at("/crawl.warc.gz")).report.run.state == "unchanged"
    assert site.asked_for("/crawl.warc.gz")[1]["If-None-Match"] == '"1"'


def test_commands_take_addresses(site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from flows.cli import main

    site.paths["/a"] = says(page("Ferry"))
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(main, ["extract", site.at("/a")])
    assert ran.exit_code == 1
    assert ran.stderr == f"pullquote: {site.at('/a')}: 127.0.0.1 is not a public address\n"
    monkeypatch.setenv("PULLQUOTE_FETCH_ALLOW", "127.0.0.1/32")
    ran = CliRunner().invoke(main, ["extract", site.at("/a")])
    assert ran.exit_code == 0
    assert f'"url": "{site.at("/a")}"' in ran.stdout
    ran = CliRunner().invoke(main, ["explain", site.at("/a")])
    assert ran.exit_code == 0
    assert "Ferry" in ran.stdout
    monkeypatch.setenv("PULLQUOTE_FETCH_ALLOW", "127.0.0.1/8")
    ran = CliRunner().invoke(main, ["extract", site.at("/a")])
    assert "PULLQUOTE_FETCH_ALLOW" in ran.stderr
    assert not list(tmp_path.iterdir()), "what is only looked at is not remembered"
