"""Which addresses may be asked: a table of those that may not, and the few things that wave one through."""

import pytest

from extractors.errors import PullquoteError
from flows.fetch.address import joined, networks_of, refusal_of, target_of

PUBLIC = "93.184.215.14"
PAGE = "https://pages.example/a"

# What a name may turn out to point to, none of which is one machine that anybody can reach.
ADDRESSES = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.1", "0.1.2.3", "10.0.0.1", "10.255.255.255"),
    *("172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.1.1", "169.254.169.254", "169.254.170.2"),
    *("100.64.0.1", "100.127.255.254", "100.100.100.200", "168.63.129.16", "192.0.0.1", "192.0.0.192"),
    *("192.0.2.1", "198.51.100.7", "203.0.113.9", "192.88.99.1", "198.18.0.1", "198.19.255.255"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1"),
    *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2001:10::1"),
    *("fc00::1", "fd12:3456::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
    *("3fff::1", "5f00::1", "4000::1"),
)
# What is written so that one program sees a public name in it and another an inner address, or no page at all.
URLS = (
    *("file:///etc/passwd", "ftp://pages.example/a", "gopher://pages.example/_x", "data:text/html,hello"),
    *("javascript:alert(1)", "ws://pages.example/", "dict://pages.example:11211/", "s3://bucket/key", "about:blank"),
    *("http:///etc/passwd", "http:pages.example", "//pages.example/a", "pages.example/a", "", "http://"),
    *("http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/"),
    *(
        "http://017700000001/",
        "http://127.0.0.1./",
        "http://127.0.0.01/",
        "http://1.2.3.4.5/",
        "http://0/",
        "http://0x/",
    ),
    *("http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://intranet/", "http://printer.local/"),
    *(
        "http://db.internal/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://metadata/",
        "http://router.lan/",
    ),
    *(
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1%25eth0]/",
        "http://[::]/",
    ),
    *("http://[0:0:0:0:0:ffff:a9fe:a9fe]/", "http://[64:ff9b::7f00:1]/", "http://[v1.a]/", "http://[1.2.3.4]/"),
    *("http://user@pages.example/", "http://user:word@pages.example/", "http://pages.example@127.0.0.1/"),
    *("http://127.0.0.1\\@pages.example/", "http://pages.example\\.evil.example/", "http:\\\\pages.example/"),
    *(
        "http://１２７.０.０.１/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://ⓛocalhost/",
        "http://%31%32%37.0.0.1/",
    ),
    *("http://pages%2eexample/", "http://pages .example/", "http://pages\t.example/", "http://pages.example\r\nX: y/"),
    *(
        "http://pages.example:22/",
        "http://pages.example:6379/",
        "http://pages.example:99999/",
        "http://pages.example:x/",
    ),
    *(
        "http://pages..example/",
        "http://-pages.example/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 130}example/",
    ),
    *(f"http://pages.example/{'a' * 9_000}", "http://pages.example:0x50/", "http://[::1", "http://pages.example:25/"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_are_not_asked(address: str) -> None:
    assert refusal_of(PAGE, [address])
    assert refusal_of(PAGE, [PUBLIC, address]), "one bad address is enough"


@pytest.mark.parametrize("url", URLS)
def test_urls_that_are_not_asked_whatever_they_resolve_to(url: str) -> None:
    assert refusal_of(url, [PUBLIC])


@pytest.mark.parametrize(
    "url",
    [
        *(PAGE, "http://pages.example/", "HTTP://Pages.Example:80/a?b=c#d", "http://pages.example.:8080/"),
        *(
            "https://bücher.example/",
            "https://xn--bcher-kva.example/",
            "https://a_b.pages.example/",
            f"http://{PUBLIC}/",
        ),
        *("http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "http://1.pages.example/", "http://pages.example?q=@"),
    ],
)
def test_ordinary_addresses_are_asked(url: str) -> None:
    assert refusal_of(url, [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]) is None


def test_a_name_without_an_address_is_not_asked() -> None:
    assert refusal_of(PAGE, []) == "pages.example has no address"
    assert refusal_of(PAGE, [PUBLIC, "nowhere"])


def test_allowed_networks_open_what_is_named_and_nothing_else() -> None:
    allowed = networks_of("127.0.0.0/8, 10.1.0.0/16, fd12::/16, 169.254.0.0/16")

    assert refusal_of("http://127.0.0.1:9999/", [], allowed=allowed) is None
    assert refusal_of("http://wiki.internal:3000/", ["10.1.2.3"], allowed=allowed) is None
    assert refusal_of("http://wiki.internal/", ["10.1.2.3", "10.2.0.1"], allowed=allowed)
    assert refusal_of("http://[::ffff:127.0.0.1]/", [], allowed=allowed)
    assert refusal_of("http://169.254.169.254/latest/meta-data/", [], allowed=allowed), "never, whatever is allowed"
    assert refusal_of("http://metadata.google.internal/", ["127.0.0.1"], allowed=allowed)
    assert refusal_of(PAGE, [PUBLIC], allowed=allowed) is None


@pytest.mark.parametrize("text", ["127.0.0.1/8", "localhost", "10.0.0.0/33"])
def test_malformed_networks_are_told(text: str) -> None:
    with pytest.raises(PullquoteError, match="PULLQUOTE_FETCH_ALLOW"):
        networks_of(text)


def test_a_url_is_asked_in_one_spelling() -> None:
    assert (
        target_of(" HTTP://Pages.Example.:80/a b/ü?q=1 2&r=%20#top ").url
        == "http://pages.example/a%20b/%C3%BC?q=1%202&r=%20"
    )
    assert target_of("http://pages.example").url == "http://pages.example/"
    assert target_of("https://pages.example:8443/").origin == "https://pages.example:8443"
    assert target_of("http://[2606:2800::1]:8080/x").origin == "http://[2606:2800::1]:8080"


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("/b", "https://pages.example/b"),
        ("//other.example/", "https://other.example/"),
        ("http://169.254.169.254/", "http://169.254.169.254/"),
        ("http://[bad", ""),
        ("#top", "https://pages.example/a"),
    ],
)
def test_where_links_lead(link: str, leads: str) -> None:
    assert joined(PAGE, link) == leads
