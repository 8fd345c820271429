"""One question to one server, and its answer: the address checked and pinned, sizes and times bounded. No redirects."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache

import httpx

from extractors.errors import PullquoteError
from flows.fetch.address import ADDRESS, Network, Target, address_in, barrier_of, is_local_name, target_of
from flows.fetch.body import ACCEPTED, BROKEN, TOO_LARGE, decoded

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]  # name and port → its addresses; OSError if it has none

UNREACHABLE = "fetch.unreachable"
TIMEOUT = "fetch.timeout"
MEDIA_TYPE = "fetch.media_type"
MOST_ADDRESSES = 3  # of a name that are tried one after the other
WITH_BODY = frozenset({200, 203})
NO_PAGES = ("image/", "audio/", "video/", "font/")  # not worth their bytes; whatever else is told by its bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one answer may cost: bytes, packed and unpacked, and seconds from the name's look-up to the last byte."""

    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A URL, and what was said of it last time. `trusted`: a person named it, so the allowed networks count."""

    url: str
    etag: str | None = None
    modified: str | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said; `data` is the body without its Content-Encoding, of statuses in WITH_BODY only.

    `inside`: it came from a network that is not public, but allowed.
    """

    url: str
    status: int
    headers: httpx.Headers
    data: bytes = b""
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How questions leave the machine: by which name, under which limits, over which connections.

    A transport and no client of httpx: that would follow redirects, keep cookies and ask the environment for proxies.
    """

    agent: str
    limits: Limits
    allowed: Sequence[Network]
    resolver: Resolver
    transport: httpx.AsyncBaseTransport


def wire_transport(tls: ssl.SSLContext | None = None) -> httpx.AsyncHTTPTransport:
    """Connections that end with their answer: kept ones are told apart by address, and two names may share one."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=tls or _certificates(), trust_env=False, limits=limits)


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that are trusted; reading them takes a third of a second."""
    return httpx.create_ssl_context()


async def resolved(host: str, port: int) -> tuple[str, ...]:
    """What the machine's resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


async def answer_of(question: Question, wire: Wire) -> Answer:
    """The server's answer; PullquoteError "fetch.…" where there is none, or one that is not wanted."""
    try:
        async with asyncio.timeout(wire.limits.seconds):
            return await _answer_of(question, wire)
    except (TimeoutError, httpx.TimeoutException):
        raise PullquoteError(TIMEOUT, f"took longer than {wire.limits.seconds:g} s") from None
    except httpx.ConnectError as error:
        raise PullquoteError(UNREACHABLE, f"no connection: {error}") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:  # OSError: TLS that breaks off
        raise PullquoteError(BROKEN, f"the answer broke off or is malformed: {error}") from None


async def _answer_of(question: Question, wire: Wire) -> Answer:
    target = target_of(question.url)
    allowed = wire.allowed if question.trusted else ()
    addresses = await _addresses_of(target, wire, allowed)
    inside = barrier_of(target, addresses) is not None
    for address in addresses[:MOST_ADDRESSES]:
        try:
            response = await wire.transport.handle_async_request(_request(target, address, question, wire))
        except httpx.ConnectError:
            if address == addresses[:MOST_ADDRESSES][-1]:
                raise
            continue
        try:
            data = await _body_of(response, wire.limits) if response.status_code in WITH_BODY else b""
        finally:
            await response.aclose()
        return Answer(url=target.url, status=response.status_code, headers=response.headers, data=data, inside=inside)
    raise PullquoteError(UNREACHABLE, "it has no address")


async def _addresses_of(target: Target, wire: Wire, allowed: Sequence[Network]) -> Sequence[str]:
    """The addresses of the target, all of them checked; from here on nobody resolves the name again."""
    if address_in(target.host) is not None:
        addresses: Sequence[str] = (target.host,)
    elif is_local_name(target.host) and not allowed:  # not even asked for
        raise PullquoteError(ADDRESS, f"{target.host} is a name of local networks")
    else:
        try:
            addresses = await wire.resolver(target.host, target.port)
        except (OSError, UnicodeError) as error:
            raise PullquoteError(UNREACHABLE, f"{target.host} cannot be resolved: {error}") from None
    barrier = barrier_of(target, addresses, allowed=allowed)
    if barrier:
        raise PullquoteError(ADDRESS, barrier)
    return addresses


def _request(target: Target, address: str, question: Question, wire: Wire) -> httpx.Request:
    """A request to the address that still asks for the name: in Host, and in the check of the certificate."""
    headers = {
        "Host": target.origin.partition("//")[2],
        "User-Agent": wire.agent,
        "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
        "Accept-Encoding": ACCEPTED,
        "Connection": "close",
    }
    headers |= {"If-None-Match": question.etag} if question.etag else {}
    headers |= {"If-Modified-Since": question.modified} if question.modified else {}
    seconds = wire.limits.seconds
    extensions: dict[str, object] = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)}
    if address_in(target.host) is None:
        extensions["sni_hostname"] = target.host
    return httpx.Request("GET", httpx.URL(target.url).copy_with(host=address), headers=headers, extensions=extensions)


async def _body_of(response: httpx.Response, limits: Limits) -> bytes:
    media_type = response.headers.get("content-type", "").strip().lower()
    if media_type.startswith(NO_PAGES):
        raise PullquoteError(MEDIA_TYPE, f"{media_type[:60]} is not a page")
    told = response.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > limits.bytes:
        raise PullquoteError(TOO_LARGE, f"{int(told[:20]):,} bytes, more than {limits.bytes:,}")
    data = bytearray()
    async for piece in response.aiter_raw():
        data += piece
        if len(data) > limits.bytes:
            raise PullquoteError(TOO_LARGE, f"more than {limits.bytes:,} bytes")
    encodings = response.headers.get("content-encoding", "")
    return await asyncio.to_thread(decoded, bytes(data), encodings, limit=limits.bytes)
