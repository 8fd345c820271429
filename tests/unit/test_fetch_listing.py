"""What feeds, sitemaps and lists name, and that hostile ones name no more than they say."""

import gzip
import json
import time
from datetime import UTC, datetime

import pytest

from extractors.errors import PullquoteError
from flows.fetch.listing import MOST_LINKS, Link, links_in, moment_of

BASE = "https://pages.example/blog/feed.xml"
LIMIT = 20_000_000

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<link>https://pages.example/</link><atom:link rel="self" href="https://pages.example/blog/feed.xml"/>
<item><title>A</title><link>https://pages.example/a#top</link><pubDate>Mon, 06 Sep 2021 02:01:00 +0200</pubDate></item>
<item><guid>https://pages.example/b</guid></item>
<item><guid isPermaLink="false">tag:c</guid><link> /c </link></item>
<item><guid isPermaLink="false">tag:d</guid></item>
<item><link>https://pages.example/a</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://pages.example/z/">
<link href="https://pages.example/"/>
<entry><link rel="edit" href="/edit"/><link href="p1"/><link rel="alternate" href="other"/>
<published>2026-01-01T00:00:00Z</published><updated>2026-01-02T00:00:00Z</updated></entry></feed>"""
RSS_1 = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<item rdf:about="https://pages.example/q"><title>x</title></item></rdf:RDF>"""
SITEMAP = b"""\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://pages.example/1 </loc><lastmod>2026-01-05</lastmod><image:image><image:loc>https://i.example/</image:loc>
</image:image></url><url><lastmod>2026-01-05</lastmod></url></urlset>"""
INDEX = b"<sitemapindex><sitemap><loc>https://pages.example/s1.xml.gz</loc></sitemap></sitemapindex>"
JSON_FEED = json.dumps(
    {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/j", "date_published": "2026-01-01"}, {}]}
).encode()


def found(data: bytes, media_type: str = "") -> list[str] | None:
    links = links_in(data, base=BASE, media_type=media_type, limit=LIMIT)
    return None if links is None else [link.url for link in links]


def test_what_each_kind_names() -> None:
    assert found(RSS) == ["https://pages.example/a", "https://pages.example/b", "https://pages.example/c"]
    assert found(ATOM) == ["https://pages.example/z/p1"]
    assert found(RSS_1) == ["https://pages.example/q"]
    assert found(SITEMAP) == found(gzip.compress(SITEMAP)) == ["https://pages.example/1"]
    assert found(SITEMAP.decode("utf-8-sig").replace("UTF-8", "UTF-16").encode("utf-16")) == ["https://pages.example/1"]
    assert found(JSON_FEED) == ["https://pages.example/j"]
    assert found(b"\xef\xbb\xbf# ours\nhttps://a.example/\r\n\nhttp://b.example/x\n", "text/plain; charset=utf-8") == [
        "https://a.example/",
        "http://b.example/x",
    ]
    assert links_in(INDEX, base=BASE, limit=LIMIT) == (Link(url="https://pages.example/s1.xml.gz", is_listing=True),)


def test_when_pages_changed() -> None:
    (link, *_) = links_in(RSS, base=BASE, limit=LIMIT) or ()
    assert link.modified == datetime(2021, 9, 6, 0, 1, tzinfo=UTC)
    (link,) = links_in(ATOM, base=BASE, limit=LIMIT) or ()
    assert link.modified == datetime(2026, 1, 2, tzinfo=UTC)
    (link,) = links_in(SITEMAP, base=BASE, limit=LIMIT) or ()
    assert link.modified == datetime(2026, 1, 5, 23, 59, 59, 999999, tzinfo=UTC), "it may change until the day is over"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-45", "9" * 30, "Mon, 99 Foo 2021", "2026-01-05T99:00"])
def test_dates_that_are_none(text: str) -> None:
    assert moment_of(text) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<!doctype html><rss><item><link>x</link></item></rss>",
        b"<html><feed/></html>",
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + RSS,
        b"read this: " + RSS,
        b"\x1f\x8bno",
        b"{}",
    ],
)
def test_pages_are_no_listings(data: bytes) -> None:
    assert found(data) is None
    assert found(data, "text/plain") is None
    assert found(b"https://a.example/ is where it stood", "text/plain") is None
    assert found(b"https://a.example/", "text/html") is None


def test_an_empty_feed_is_one() -> None:
    assert found(b"<rss><channel></channel></rss>") == []


def test_entities_stay_unread() -> None:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    laughs = (
        b'<!DOCTYPE r [<!ENTITY l0 "https://lol.example/">' + levels + b"]>"
        b"<rss><channel><item><link>https://pages.example/a</link></item><item><link>&l11;</link></item></channel></rss>"
    )
    outside = (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>'
        b"<rss><channel><item><link>https://pages.example/&x;</link></item></channel></rss>"
    )
    begin = time.monotonic()

    assert found(laughs) == ["https://pages.example/a"]
    assert found(outside) == []
    assert time.monotonic() - begin < 5


def test_bounds_hold() -> None:
    many = b"<urlset>" + b"".join(b"<url><loc>/%d</loc></url>" % n for n in range(MOST_LINKS + 10)) + b"</urlset>"
    assert len(found(many) or ()) == MOST_LINKS
    assert found(b"<rss>" + b"<item>" * 500_000) == []
    with pytest.raises(PullquoteError, match=r"fetch\.too_large"):
        found(gzip.compress(b"<urlset>" + b" " * (LIMIT + 1)))
