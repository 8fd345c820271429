"""Whatever is named and whatever a server sends: an answer or a refusal, and what is asked is what was checked."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import PullquoteError
from flows.fetch.address import refusal_of, target_of
from flows.fetch.body import decoded
from flows.fetch.listing import links_in
from flows.fetch.robots import rules_in
from tests.encoders import ENCODERS

PUBLIC = "93.184.215.14"
LIMIT = 1_000_000
FEED = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e "x">]><rss version="2.0"><channel>
<item><title>&e;</title><link>https://pages.example/a</link><pubDate>Mon, 06 Sep 2021 02:01:00 +0200</pubDate></item>
<item><guid isPermaLink="false">tag:c</guid><link> /c </link></item></channel></rss>"""
PIECES = st.sampled_from(
    [
        *(
            "http",
            "https",
            "file",
            "://",
            "//",
            "/",
            ":",
            "@",
            "?",
            "#",
            "\\",
            ".",
            "%",
            "[",
            "]",
            "\t",
            "\r\n",
            " ",
            "80",
        ),
        *(
            "127",
            "0",
            "1",
            "0x7f",
            "localhost",
            "pages.example",
            "user",
            "ü",
            "１",
            "。",
            "%2e",
            "%00",
            "::1",
            "ffff",
            "é",
        ),
    ]
)


@given(url=st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(lambda ps: "http://" + "".join(ps))))
def test_what_is_asked_is_what_was_checked(url: str) -> None:
    """Two programs that read one URL in two ways are how guards are passed by: ours and httpx agree, or it is refused."""
    try:
        target = target_of(url)
    except PullquoteError as error:
        told = (error.code, error.detail)
        assert told == ("fetch.address", refusal_of(url, [PUBLIC]))
        return
    seen = httpx.URL(target.url)
    assert (seen.scheme, seen.raw_host.decode(), seen.userinfo) == (target.scheme, target.host, b"")
    assert (seen.port or {"http": 80, "https": 443}[seen.scheme]) == target.port
    assert target_of(target.url) == target
    assert refusal_of(url, ["127.0.0.1"])


@pytest.mark.parametrize("name", ENCODERS)
@given(data=st.binary(max_size=2_000))
def test_what_was_encoded_comes_back(name: str, data: bytes) -> None:
    header, encode = ENCODERS[name]
    assert decoded(encode(data), header, limit=LIMIT) == data


@pytest.mark.parametrize("header", ["gzip", "deflate", "br", "zstd", "gzip, deflate", "rot13", "gzip, gzip, gzip"])
@given(data=st.binary(min_size=1, max_size=300))
def test_whatever_a_server_sends_is_bytes_or_a_refusal(header: str, data: bytes) -> None:
    try:
        assert len(decoded(data, header, limit=LIMIT)) <= LIMIT
    except PullquoteError as error:
        assert error.code in {"fetch.broken", "fetch.too_large"}  # noqa: PT017


@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.builds(lambda a, b: FEED[:a] + b + FEED[a:], st.integers(0, 700), st.binary(max_size=20)),
    )
)
def test_whatever_a_server_sends_is_links_or_none(data: bytes) -> None:
    links = links_in(data, base="https://pages.example/feed", media_type="text/plain", limit=LIMIT)
    assert links is None or all(link.url for link in links)


@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), url=st.text(max_size=40))
def test_whatever_robots_say_has_an_answer(data: bytes, url: str) -> None:
    rules = rules_in(b"User-agent: *\n" + data)
    assert rules.allows(f"https://pages.example/{url}") in {True, False}
    assert rules.pause >= 0
