"""Pages over a real network stack: servers of this machine, kind and hostile. Nothing here leaves it."""

import gzip
import sqlite3
import ssl
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import trustme
import zstandard

from extractors.records import Rejected
from flows.fetch.address import Network, Target, barrier_of, networks_of
from flows.fetch.exchange import Limits
from flows.fetch.findings import Finding, Manners, Obtained
from flows.fetch.memory import Memory, memory_at
from flows.fetch.web import Web
from flows.sources import Met
from tests.website import Behaviour, Website, in_turn, leads_to, page, raw, says, website

LIMIT = 200_000
MANNERS = Manners(
    agent="pullquote/test",
    limits=Limits(bytes=LIMIT, seconds=2.0),
    allowed=networks_of("127.0.0.1"),
    pause=0.0,
    patience=5.0,
    attempts=2,
    pages=100,
    hosts=4,
)


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


@pytest.fixture
def memory() -> Iterator[Memory]:
    with memory_at(None) as opened:
        yield opened


async def here(host: str, _: int) -> tuple[str, ...]:
    """Every name is this machine; no resolver is asked."""
    return (INSIDE.get(host, "127.0.0.1"),)


INSIDE = {"db.example": "10.0.0.5", "clouds.example": "169.254.169.254", "mapped.example": "::ffff:7f00:1"}


def change(manners: Manners = MANNERS, **changes: object) -> Manners:
    from dataclasses import replace

    return replace(manners, **changes)  # type: ignore[arg-type]


def fetched(
    memory: Memory, *urls: str, manners: Manners = MANNERS, known: Collection[tuple[str, str]] = ()
) -> list[Finding]:
    def dealt_with(pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], int | None]:
        return {pair: None for pair in pairs if pair in known}

    web = Web(manners=manners, memory=memory, known=dealt_with, resolver=here)
    return list(web.fetched(urls))


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


def code(findings: list[Finding]) -> str:
    finding = only(findings)
    assert isinstance(finding, Rejected), finding
    assert finding.stage == "fetch"
    assert finding.detail
    return finding.code


def obtained(findings: list[Finding]) -> list[Obtained]:
    assert all(isinstance(finding, Obtained) for finding in findings), findings
    return [finding for finding in findings if isinstance(finding, Obtained)]


def ledger(findings: list[Finding]) -> set[tuple[str, str]]:
    """What a run that loaded all of it would have in its ledger."""
    import hashlib

    return {(found.uri, hashlib.sha256(found.data).hexdigest()) for found in findings if isinstance(found, Obtained)}


def test_a_page_with_where_and_when_it_was_obtained(site: Website, memory: Memory) -> None:
    site.paths["/a"] = says(page("A"))

    (found,) = obtained(fetched(memory, site.at("/a#part")))

    assert found.data == page("A")
    assert (found.uri, found.url) == (site.at("/a#part"), site.at("/a"))
    assert found.media_type == "text/html; charset=utf-8"
    assert abs(time.time() - found.fetched_at.timestamp()) < 60
    (headers,) = site.asked_for("/a")
    assert headers["User-Agent"] == "pullquote/test"
    assert headers["Host"] == f"127.0.0.1:{site.port}"
    assert "Cookie" not in headers


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_packed_page(encoding: str, site: Website, memory: Memory) -> None:
    packed = gzip.compress(page("A")) if encoding == "gzip" else zstandard.compress(page("A"))
    site.paths["/a"] = says(packed, Content_Encoding=encoding)

    assert obtained(fetched(memory, site.at("/a")))[0].data == page("A")


def test_redirects_are_followed_and_each_is_looked_at(site: Website, memory: Memory) -> None:
    site.paths["/old"] = leads_to("/older", status=301)
    site.paths["/older"] = leads_to(site.at("/new", host="other.example"), status=308)
    site.paths["/new"] = says(page("New"))

    (found,) = obtained(fetched(memory, site.at("/old")))

    assert (found.uri, found.url) == (site.at("/old"), site.at("/new", host="other.example"))
    assert [headers["Host"] for headers in site.asked_for("/robots.txt")] == [
        f"127.0.0.1:{site.port}",
        f"other.example:{site.port}",
    ]


@pytest.mark.parametrize(
    "leads",
    [
        *(
            "http://169.254.169.254/latest/meta-data/",
            "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
        ),
        *("http://10.0.0.1/", "http://192.168.0.1:8080/", "http://[fd00:ec2::254]/", "http://2852039166/", "http://0/"),
        *("//db.example/", "http://clouds.example/", "http://mapped.example/", "http://metadata.google.internal/"),
        *("file:///etc/passwd", "gopher://127.0.0.1:70/_x", "ftp://127.0.0.1/", "data:text/html,hello", "javascript:1"),
        *("http://user:word@127.0.0.1/", "http://127.0.0.1\\@other.example/", "http://[bad/", "http://[::1]:80/"),
    ],
)
def test_a_redirect_into_the_inside_is_refused(leads: str, site: Website, memory: Memory) -> None:
    site.paths["/out"] = leads_to(leads)

    assert code(fetched(memory, site.at("/out"))) == "fetch.address"
    assert site.pages == ["/out"]


def test_without_the_setting_this_machine_is_not_asked(site: Website, memory: Memory) -> None:
    site.paths["/a"] = says(page("A"))
    public = change(allowed=())

    for url in (site.at("/a"), site.at("/a", host="localhost"), site.at("/a", host="pages.example")):
        assert code(fetched(memory, url, manners=public)) == "fetch.address"
    assert site.asked == []


def test_names_that_change_their_mind_are_asked_at_the_checked_address(site: Website, memory: Memory) -> None:
    """DNS rebinding: the second answer would lead elsewhere, so nobody asks a second time for one request."""
    site.paths["/a"] = says(page("A"))
    asked: list[str] = []

    async def fickle(host: str, _: int) -> tuple[str, ...]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) <= 2 else ("10.0.0.1",)

    web = Web(manners=MANNERS, memory=memory, resolver=fickle)
    obtained(list(web.fetched([site.at("/a", host="fickle.example")])))
    assert asked == ["fickle.example"] * 2, "once for robots.txt, once for the page"
    assert site.asked_for("/a")[0]["Host"] == f"fickle.example:{site.port}"
    again = list(Web(manners=MANNERS, memory=memory, resolver=fickle).fetched([site.at("/a", host="fickle.example")]))
    assert code(again) == "fetch.address"


def test_a_public_page_does_not_lead_into_an_allowed_network(site: Website, memory: Memory) -> None:
    """What is allowed for those who name it is not for servers outside: 127.0.0.1 plays the outside here."""
    site.paths["/feed"] = says(feed(site.at("/secret", host="inner.example"), site.at("/a")))
    site.paths["/a"] = says(page("A"))
    site.paths["/secret"] = says(page("Secret"))

    async def told(host: str, _: int) -> tuple[str, ...]:
        return ("127.0.0.2",) if host == "inner.example" else ("127.0.0.1",)

    outside = change(allowed=networks_of("127.0.0.2"))

    def with_a_public_loopback(
        target: Target, addresses: Sequence[str], *, allowed: Sequence[Network] = ()
    ) -> str | None:
        if list(addresses) == ["127.0.0.1"]:
            return None
        return barrier_of(target, addresses, allowed=allowed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.fetch.exchange.barrier_of", with_a_public_loopback)
        findings = list(Web(manners=outside, memory=memory, resolver=told).fetched([site.at("/feed")]))

    refused = [found for found in findings if isinstance(found, Rejected)]
    assert [(found.uri, found.code) for found in refused] == [
        (site.at("/secret", host="inner.example"), "fetch.address")
    ]
    assert "/secret" not in site.pages
    assert "/a" in site.pages


def test_redirect_loops_end(site: Website, memory: Memory) -> None:
    site.paths["/a"] = leads_to("/b")
    site.paths["/b"] = leads_to("/a")

    assert code(fetched(memory, site.at("/a"))) == "fetch.redirects"
    assert len(site.pages) == 11


HOSTILE = {
    "endless body": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>" * 9_000, endless=True),
        "fetch.too_large",
    ),
    "endless chunks": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", pause=0.02, endless=True),
        "fetch.timeout",
    ),
    "slow headers": (raw(b"HTTP/1.1 200 OK\r\nX-A: ", b"a", pause=0.1, endless=True), "fetch.timeout"),
    "silence": (raw(b"", pause=30.0), "fetch.timeout"),
    "endless headers": (raw(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 9_000 + b"\r\n", endless=True), "fetch.broken"),
    "no http": (raw(b"220 mail.example ESMTP\r\n"), "fetch.broken"),
    "shorter than told": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfew"), "fetch.broken"),
    "two lengths": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nfewer"), "fetch.broken"),
    "huge length": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nfew"), "fetch.too_large"),
    "gzip bomb": (says(gzip.compress(bytes(50 * LIMIT)), Content_Encoding="gzip"), "fetch.too_large"),
    "zstd bomb": (says(zstandard.compress(bytes(50 * LIMIT)), Content_Encoding="zstd"), "fetch.too_large"),
    "wrong encoding": (says(page("A"), Content_Encoding="gzip"), "fetch.broken"),
    "a film": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", b"x" * 999, endless=True),
        "fetch.media_type",
    ),
    "not there": (says(b"no", status=404), "fetch.status"),
    "a status of its own": (says(b"no", status=999), "fetch.status"),
    "unasked 304": (says(b"", status=304), "fetch.status"),
    "nowhere": (says(b"", status=302), "fetch.redirects"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_servers_are_told_apart_and_ended(name: str, site: Website, memory: Memory) -> None:
    site.paths["/a"], expected = HOSTILE[name]
    site.paths["/robots.txt"] = says(b"", status=404)
    begin = time.monotonic()

    assert code(fetched(memory, site.at("/a"), manners=change(limits=Limits(bytes=LIMIT, seconds=1.0)))) == expected
    assert time.monotonic() - begin < 2 * 1.0 + 5, "two attempts at most, each within its seconds"


def test_what_is_not_there_is_told_at_once(memory: Memory) -> None:
    with website() as gone:
        nobody = gone.at("/a")
    assert code(fetched(memory, nobody)) == "fetch.unreachable"

    async def unknown(*_: object) -> tuple[str, ...]:
        raise OSError(-2, "Name or service not known")

    web = Web(manners=MANNERS, memory=memory, resolver=unknown)
    assert code(list(web.fetched(["https://nobody.example/"]))) == "fetch.unreachable"


def test_tls_is_checked_against_the_name(memory: Memory) -> None:
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("pages.example").configure_cert(server)
    authority.configure_trust(client)
    with website(tls=server) as site:
        site.paths["/a"] = says(page("A"))
        web = Web(manners=MANNERS, memory=memory, resolver=here, tls=client)
        right, wrong = (site.at("/a", host=host, scheme="https") for host in ("pages.example", "others.example"))

        (found,) = obtained(list(web.fetched([right])))
        assert found.url == right
        assert site.asked_for("/a")[0]["Host"] == f"pages.example:{site.port}"
        refused = list(Web(manners=MANNERS, memory=memory, resolver=here, tls=client).fetched([wrong]))
        assert code(refused) == "fetch.unreachable"
        assert "certificate" in only(refused).detail  # type: ignore[union-attr]


def feed(*urls: str) -> bytes:
    items = "".join(f"<item><link>{url}</link></item>" for url in urls)
    return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def sitemap(*urls: str, kind: str = "url") -> bytes:
    around = "urlset" if kind == "url" else "sitemapindex"
    return f"<{around}>{''.join(f'<{kind}><loc>{url}</loc></{kind}>' for url in urls)}</{around}>".encode()


def test_robots(site: Website, memory: Memory) -> None:
    site.paths["/robots.txt"] = says(b"User-agent: *\nDisallow: /\n\nUser-agent: pullquote\nDisallow: /private\n")
    site.paths["/a"] = says(page("A"))
    site.paths["/private/a"] = says(page("P"))
    site.paths["/to-private"] = leads_to("/private/a")

    findings = fetched(memory, site.at("/private/a"), site.at("/a"), site.at("/to-private"))

    told = {found.uri: getattr(found, "code", "obtained") for found in findings}
    assert told == {
        site.at("/private/a"): "fetch.robots",
        site.at("/a"): "obtained",
        site.at("/to-private"): "fetch.robots",
    }
    assert sorted(site.pages) == ["/a", "/to-private"]
    assert len(site.asked_for("/robots.txt")) == 1
    fetched(memory, site.at("/a"))
    assert len(site.asked_for("/robots.txt")) == 1, "it counts for a day"


@pytest.mark.parametrize("status", [403, 404])
def test_robots_that_are_not_there_allow_all(status: int, site: Website, memory: Memory) -> None:
    site.paths["/robots.txt"] = says(b"", status=status)
    site.paths["/a"] = says(page("A"))

    obtained(fetched(memory, site.at("/a")))


@pytest.mark.parametrize("status", [500, 503])
def test_robots_that_cannot_be_read_allow_nothing(status: int, site: Website, memory: Memory) -> None:
    site.paths["/robots.txt"] = says(b"", status=status)

    findings = fetched(memory, site.at("/a"), site.at("/b"))

    assert [found.code for found in findings if isinstance(found, Rejected)] == ["fetch.robots"] * 2
    assert site.pages == []
    assert len(site.asked_for("/robots.txt")) == 2, "two attempts, then the host is left alone"


def test_one_question_at_a_time_with_pauses(site: Website, memory: Memory) -> None:
    for number in range(4):
        site.paths[f"/{number}"] = says(page(str(number)))
    site.paths["/robots.txt"] = says(b"User-agent: *\nCrawl-delay: 0.3\n")

    obtained(fetched(memory, *(site.at(f"/{number}") for number in range(4))))

    gaps = [later - earlier for earlier, later in zip(site.moments[1:], site.moments[2:], strict=False)]
    assert min(gaps) >= 0.29
    assert site.most_together == 1


def test_a_host_that_is_not_asked_needs_no_pause(site: Website, memory: Memory) -> None:
    site.paths["/robots.txt"] = says(b"User-agent: *\nDisallow: /\nCrawl-delay: 4\n")
    begin = time.monotonic()

    findings = fetched(memory, *(site.at(f"/{number}") for number in range(20)))

    assert {found.code for found in findings if isinstance(found, Rejected)} == {"fetch.robots"}
    assert time.monotonic() - begin < 4


def test_hosts_do_not_wait_for_each_other(site: Website, memory: Memory) -> None:
    site.paths["/a"] = raw(b"", b"HTTP/1.1 200 OK\r\n\r\n<p>here</p>", pause=0.5)

    obtained(fetched(memory, *(site.at("/a", host=f"{name}.example") for name in "abcd")))

    assert site.most_together > 1


def test_a_host_that_wants_too_much_time_is_left_for_the_next_run(site: Website, memory: Memory) -> None:
    site.paths["/robots.txt"] = says(b"User-agent: *\nCrawl-delay: 600\n")
    site.paths["/a"] = says(page("A"))
    site.paths["/b"] = says(page("B"))
    site.paths["/old"] = leads_to("/a")

    found, refused = fetched(memory, site.at("/old"), site.at("/b"))

    assert isinstance(found, Obtained)
    assert isinstance(refused, Rejected)
    assert refused.code == "fetch.later"
    assert site.pages == ["/old", "/a"], "a redirect on the host is the same page"


@pytest.mark.parametrize("status", [429, 503])
def test_retries_wait_as_long_as_they_are_told(status: int, site: Website, memory: Memory) -> None:
    site.paths["/a"] = in_turn(says(b"later", status=status, Retry_After="1"), says(page("A")))

    obtained(fetched(memory, site.at("/a")))

    assert site.pages == ["/a", "/a"]
    assert site.moments[2] - site.moments[1] >= 0.99


def test_retries_end(site: Website, memory: Memory) -> None:
    site.paths["/a"] = says(b"", status=503)
    assert code(fetched(memory, site.at("/a"))) == "fetch.status"
    assert site.pages == ["/a", "/a"]
    site.asked.clear()

    site.paths["/a"] = says(b"", status=429, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT")
    later = fetched(memory, site.at("/a"), site.at("/b"))
    assert [found.code for found in later if isinstance(found, Rejected)] == ["fetch.status", "fetch.later"]
    assert site.pages == ["/a"], "the whole host is left alone"


@pytest.mark.parametrize(
    "versions",
    [
        (says(page("A"), ETag='"v1"'), says(page("B"), ETag='"v2"')),
        (
            says(page("A"), Last_Modified="Mon, 05 Jan 2026 10:00:00 GMT"),
            says(page("B"), Last_Modified="Tue, 06 Jan 2026 10:00:00 GMT"),
        ),
    ],
    ids=["ETag", "Last-Modified"],
)
def test_a_page_that_has_not_changed_is_not_sent_again(
    versions: tuple[Behaviour, Behaviour], site: Website, memory: Memory
) -> None:
    site.paths["/a"] = versions[0]
    site.paths["/old"] = leads_to("/a")
    url = site.at("/old")
    first = fetched(memory, url)

    assert only(fetched(memory, url, known=ledger(first))) == Met(uri=url)
    obtained(fetched(memory, url)), "what the ledger does not have is asked for whole"
    site.paths["/a"] = versions[1]
    (changed,) = obtained(fetched(memory, url, known=ledger(first)))
    assert changed.data == page("B")


def test_odd_headers_are_neither_sent_back_nor_believed(site: Website, memory: Memory) -> None:
    head = b'HTTP/1.1 200 OK\r\nETag: "\xe9\xff"\r\nLast-Modified: \xe9\r\nContent-Type: text/\xff; charset=\xfe\r\n'
    site.paths["/a"] = raw(head + b"Retry-After: \xd9\xa1\r\nContent-Encoding: \r\n\r\n<p>words</p>")
    first = fetched(memory, site.at("/a"))

    assert obtained(first)[0].data == b"<p>words</p>"
    obtained(fetched(memory, site.at("/a"), known=ledger(first)))
    assert all("If-None-Match" not in headers for headers in site.asked_for("/a"))


def test_a_feed_polled_twice_fetches_only_what_is_new(site: Website, memory: Memory) -> None:
    for name in "abc":
        site.paths[f"/{name}"] = says(page(name))
    site.paths["/feed"] = says(feed(site.at("/a"), site.at("/b")), ETag='"1"')
    first = fetched(memory, site.at("/feed"))
    assert {found.uri for found in obtained(first)} == {site.at("/a"), site.at("/b")}
    site.asked.clear()

    second = fetched(memory, site.at("/feed"), known=ledger(first))
    assert second == [Met(uri=site.at("/a")), Met(uri=site.at("/b"))]
    assert site.pages == ["/feed"]
    assert site.asked_for("/feed")[0]["If-None-Match"] == '"1"'
    site.asked.clear()

    some = {entry for entry in ledger(first) if entry[0].endswith("/a")}
    third = fetched(memory, site.at("/feed"), known=some)
    assert site.pages == ["/feed", "/b"], "a feed that has not changed still has the page that was not loaded"
    assert Met(uri=site.at("/a")) in third
    site.asked.clear()

    site.paths["/feed"] = says(feed(site.at("/c"), site.at("/a")), ETag='"2"')
    fourth = fetched(memory, site.at("/feed"), known=ledger(first))
    assert {type(found) for found in fourth} == {Obtained, Met}
    assert site.pages == ["/feed", "/c"]


def test_what_a_feed_says_has_changed_is_looked_at(site: Website, memory: Memory) -> None:
    def dated(moment: str) -> bytes:
        return f"<urlset><url><loc>{site.at('/a')}</loc><lastmod>{moment}</lastmod></url></urlset>".encode()

    site.paths["/a"] = says(page("A"), ETag='"1"')
    site.paths["/map"] = says(dated("2020-01-01T00:00:00Z"))
    first = fetched(memory, site.at("/map"))
    site.asked.clear()
    fetched(memory, site.at("/map"), known=ledger(first))
    site.paths["/map"] = says(dated("2999-01-01"))
    fetched(memory, site.at("/map"), known=ledger(first))
    assert site.pages == ["/map", "/map"], "neither the past nor the future is a change"

    time.sleep(0.02)
    site.paths["/map"] = says(
        dated(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{int(time.time() % 1 * 1e6):06d}Z")
    )
    assert only(fetched(memory, site.at("/map"), known=ledger(first))) == Met(uri=site.at("/a"))
    assert site.asked_for("/a")[0]["If-None-Match"] == '"1"'


def test_an_index_of_packed_sitemaps_leads_to_their_pages(site: Website, memory: Memory) -> None:
    site.paths["/index"] = says(sitemap(site.at("/1.gz"), site.at("/2.xml"), site.at("/index"), kind="sitemap"))
    site.paths["/1.gz"] = says(gzip.compress(sitemap(site.at("/a"), site.at("/b"))), media_type="application/gzip")
    site.paths["/2.xml"] = says(sitemap(site.at("/b"), site.at("/2.xml"), site.at("/1.gz")))
    site.paths["/a"] = says(page("A"))
    site.paths["/b"] = says(page("B"))

    findings = fetched(memory, site.at("/index"))

    assert sorted(found.uri for found in obtained(findings)) == [site.at("/a"), site.at("/b")]
    assert sorted(site.pages) == ["/1.gz", "/2.xml", "/a", "/b", "/index"]


def test_listings_lead_to_pages_and_not_for_ever(site: Website, memory: Memory) -> None:
    for number in range(5):
        site.paths[f"/index{number}"] = says(sitemap(site.at(f"/index{number + 1}"), kind="sitemap"))
    assert code(fetched(memory, site.at("/index0"))) == "fetch.nested"

    site.paths["/feed"] = says(feed(site.at("/feed2")))
    site.paths["/feed2"] = says(feed(site.at("/a")))
    assert code(fetched(memory, site.at("/feed"))) == "fetch.nested"
    site.asked.clear()
    assert only(fetched(memory, site.at("/feed"))) == Met(uri=site.at("/feed2")), "refused yesterday, refused today"
    assert site.pages == ["/feed"]


def test_so_many_pages_and_no_more(site: Website, memory: Memory) -> None:
    urls = [site.at(f"/{number}") for number in range(7)]
    for number in range(7):
        site.paths[f"/{number}"] = says(page(str(number)))
    site.paths["/feed"] = says(feed(*urls))
    few = change(pages=3)
    first = fetched(memory, site.at("/feed"), manners=few)
    refused = [found for found in first if isinstance(found, Rejected)]

    assert [(found.uri, found.code) for found in refused] == [(site.at("/feed"), "fetch.too_many")]
    assert "4 of its pages" in refused[0].detail
    assert len(site.pages) == 4
    again = fetched(memory, site.at("/feed"), manners=few, known=ledger(first))
    assert {found.uri for found in again if isinstance(found, Obtained)} == set(urls[3:6]), "the next run goes on"


def test_links_that_lead_nowhere_are_refused_one_by_one(site: Website, memory: Memory) -> None:
    site.paths["/a"] = says(page("A"))
    site.paths["/feed"] = says(
        feed("file:///etc/passwd", "http://169.254.169.254/", "mailto:a@b.example", site.at("/a"))
    )

    findings = fetched(memory, site.at("/feed"))

    assert [found.code for found in findings if isinstance(found, Rejected)] == ["fetch.address"] * 3
    assert [found.uri for found in findings if isinstance(found, Obtained)] == [site.at("/a")]
    again = fetched(memory, site.at("/feed"), known=ledger(findings))
    assert {type(found) for found in again} == {Met}, "told once a day"


def test_a_slow_reader_is_not_overrun(site: Website, memory: Memory) -> None:
    hosts = [f"h{number}.example" for number in range(20)]
    site.paths["/a"] = says(page("A"))
    web = Web(manners=MANNERS, memory=memory, resolver=here)

    findings = web.fetched([site.at("/a", host=host) for host in hosts])
    next(findings)
    time.sleep(0.3)
    assert len(site.pages) <= MANNERS.hosts + 1, "nothing new is asked while nobody takes what came"
    assert len(list(findings)) == len(hosts) - 1


def test_a_reader_that_leaves_ends_what_is_under_way(site: Website, memory: Memory) -> None:
    import threading

    site.paths["/a"] = says(page("A"))
    site.paths["/b"] = raw(b"", pause=30.0)
    urls = [site.at("/a", host="a.example"), site.at("/b", host="b.example")]
    findings = Web(manners=change(limits=Limits(bytes=LIMIT, seconds=30.0)), memory=memory, resolver=here).fetched(urls)
    next(findings)
    begin = time.monotonic()
    findings.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begin < 5
    assert not [thread for thread in threading.enumerate() if thread.name == "fetch"]


def test_the_memory_is_a_file_that_may_be_lost_or_foreign(tmp_path: Path, site: Website) -> None:
    from extractors.errors import PullquoteError

    site.paths["/a"] = says(page("A"), ETag='"1"')
    file = tmp_path / "pages.duckdb.fetched"
    with memory_at(file) as memory:
        first = fetched(memory, site.at("/a"))
    with memory_at(file) as memory:
        assert only(fetched(memory, site.at("/a"), known=ledger(first))) == Met(uri=site.at("/a"))
    before = file.read_bytes()
    with memory_at(file, rehearsal=True) as memory:
        assert len(fetched(memory, site.at("/a"))) == 1
    assert file.read_bytes() == before
    file.unlink()
    with memory_at(file) as memory:
        obtained(fetched(memory, site.at("/a"), known=ledger(first)))
    with memory_at(file) as memory, sqlite3.connect(file) as other:
        other.execute("DROP TABLE answers")
        other.commit()
        with pytest.raises(PullquoteError, match="may be deleted"):
            fetched(memory, site.at("/a"))
    other.close()
    file.write_bytes(b"<html>" * 200)
    with pytest.raises(PullquoteError, match="may be deleted"), memory_at(file):
        pass
