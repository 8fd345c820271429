"""May this address be asked? A decision over the text of a URL and the addresses its name resolves to; no network.

The lists are the IANA special-purpose registries (RFC 6890 and its successors) and what clouds answer their guests on.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from extractors.errors import PullquoteError

ADDRESS = "fetch.address"
SCHEMES = {"http": 80, "https": 443}
PORTS = frozenset({80, 443, 8000, 8008, 8080, 8443, 8888})  # where pages are served; others are other services
MOST_CHARACTERS = 8_000  # of a URL; servers give up at 8 kB

Network = IPv4Network | IPv6Network

NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
# All other IPv6 is no global unicast: loopback, IPv4-mapped and -compatible, NAT64, unique and link-local, multicast.
PUBLIC_6 = IPv6Network("2000::/3")
# Protocol assignments with Teredo, documentation, 6to4: an IPv4 address may be hidden in them.
NOT_PUBLIC_6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# What a cloud tells its guests, keys included: never asked, whatever the settings allow.
METADATA = frozenset(
    ip_address(address)
    for address in (
        *("169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.170.2", "169.254.170.23"),
        *("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"),
    )
)
METADATA_NAMES = frozenset(
    {"metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"}
)
LOCAL_NAMES = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion"}
)

LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a name that ends so is an IPv4 address to whoever resolves it
CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
UNQUOTED = "!#$%&'()*+,/:;=?@[]~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that may be asked as far as its text goes: `url` is spelled in one way, `host` a name or an address."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if SCHEMES[self.scheme] == self.port else f":{self.port}")


def refusal_of(url: str, addresses: Iterable[str], *, allowed: Sequence[Network] = ()) -> str | None:
    """Why the URL must not be asked when its name has these addresses; None if it may. One bad address is enough.

    `allowed` are networks that may be asked although they are not public, on whatever port.
    """
    try:
        target = target_of(url)
        return barrier_of(target, addresses, allowed=allowed)
    except PullquoteError as error:
        return error.detail


def target_of(url: str) -> Target:
    """The URL as it will be asked; PullquoteError "fetch.address" if its text alone speaks against it."""
    parts = _parts(url.strip())
    host = _host_of(parts.hostname or "")
    try:
        port = parts.port or SCHEMES[parts.scheme]
    except ValueError:
        raise _refused("its port is not a number") from None
    if host in METADATA_NAMES or _is_metadata(host):
        raise _refused(f"{host} answers a cloud's guests only")
    path = _quoted(parts.path or "/") + (f"?{_quoted(parts.query)}" if parts.query else "")
    target = Target(url="", scheme=parts.scheme, host=host, port=port)
    return Target(url=target.origin + path, scheme=target.scheme, host=host, port=port)


def barrier_of(target: Target, addresses: Iterable[str], *, allowed: Sequence[Network] = ()) -> str | None:
    """Why a target with these addresses must not be asked; None if it may."""
    itself = address_in(target.host)
    known = [itself] if itself else [address_in(address.partition("%")[0]) for address in addresses]
    if not known:
        return f"{target.host} has no address"
    for address in known:
        if address is None:
            return f"{target.host} has an address that is none"
        if address in METADATA:
            return f"{address} answers a cloud's guests only"
        if not is_public(address) and not any(address in network for network in allowed):
            return f"{address} is not a public address"
    if all(address and any(address in network for network in allowed) for address in known):
        return None
    if target.port not in PORTS:
        return f"port {target.port} is none that serves pages"
    return f"{target.host} is a name of local networks" if is_local_name(target.host) else None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is global unicast: one machine that anybody can reach."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)


def is_local_name(host: str) -> bool:
    """Whether the name means something only where one is: without a dot, or below a domain of local networks."""
    if address_in(host) is not None:
        return False
    labels = host.split(".")
    return len(labels) == 1 or labels[-1] in LOCAL_NAMES


def address_in(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is instead of a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def joined(base: str, link: str) -> str:
    """What a link on a page or a redirect leads to; "" if it leads nowhere."""
    try:
        return urljoin(base, link.strip()).partition("#")[0]
    except ValueError:
        return ""


def networks_of(text: str | None) -> tuple[Network, ...]:
    """Networks as the setting lists them, between commas; PullquoteError "settings.malformed"."""
    try:
        return tuple(ip_network(part.strip()) for part in (text or "").split(",") if part.strip())
    except ValueError as error:
        raise PullquoteError("settings.malformed", f"PULLQUOTE_FETCH_ALLOW: {error}") from None


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refused("it is no address") from None
    authority = url.partition("//")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    if parts.scheme not in SCHEMES:
        raise _refused(f"only http and https are fetched, not {parts.scheme or 'a name without either'}")
    if len(url) > MOST_CHARACTERS or any(ord(letter) < 32 for letter in url):
        raise _refused("it is too long or holds control characters")
    bracketed = "[" in authority and ":" not in (parts.hostname or "")  # some later kind of address
    if not url.lower().startswith(f"{parts.scheme}://") or CONTROLS.search(authority) or bracketed:
        raise _refused("it is spelled in a way that programs read differently")
    if "@" in authority:
        raise _refused("it holds a user name or password")
    return parts


def _host_of(text: str) -> str:
    if ":" in text:
        address = address_in(text)
        if address is None or "%" in text:
            raise _refused("its host is no address")
        return str(address)
    name = _ascii(text).lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise _refused("its host is not a name")
    if NUMBER.fullmatch(labels[-1]) and address_in(name) is None:
        raise _refused("its host is an address in an unusual spelling")
    return name


def _quoted(text: str) -> str:
    return quote(text, safe=UNQUOTED, errors="replace")


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError):
        raise _refused("its host is not a name") from None


def _is_metadata(host: str) -> bool:
    return address_in(host) in METADATA


def _refused(reason: str) -> PullquoteError:
    return PullquoteError(ADDRESS, reason)
