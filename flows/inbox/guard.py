"""Who may post, and how often."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from extractors.errors import PullquoteError
from flows.inbox.parcel import Refusal

BURST = 2.0  # seconds' worth of posts that may come at once
MOST_CLIENTS = 10_000  # addresses that are remembered


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach the host."""
    try:
        return host.lower() == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def protected(host: str, token: str | None) -> None:
    """PullquoteError "inbox.unprotected" if others could post without a token."""
    if not token and not is_loopback(host):
        raise PullquoteError(
            "inbox.unprotected", f"{host} can be reached from elsewhere: set PULLQUOTE_HTTP_TOKEN, or bind to 127.0.0.1"
        )


@dataclass(slots=True, kw_only=True)
class Guard:
    """Lets requests through that carry the token; without one, those of programs on this machine, not of web pages."""

    token: str | None
    rate: float
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def admit(self, headers: Mapping[str, str]) -> None:
        """Refusal 401 or 403."""
        if self.token:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(_digest(given.strip()), _digest(self.token)):
                raise Refusal(401, "token.wrong", "the bearer token is missing or wrong")
            return
        # A page in a browser on this machine can post here too, under a name that its owner made point to loopback.
        host = urlsplit(f"//{headers.get('host', 'localhost')}").hostname or ""
        if "origin" in headers or not is_loopback(host):
            raise Refusal(403, "origin.foreign", "web pages may not post here without a token")

    def pace(self, client: str) -> None:
        """Refusal 429 if the client posts more than `rate` times a second for longer than a moment."""
        now = self.clock()
        most = max(1.0, self.rate * BURST)
        left, since = self._buckets.pop(client, (most, now))
        left = min(most, left + (now - since) * self.rate)
        self._buckets[client] = (max(0.0, left - 1.0) if left >= 1.0 else left, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        if left < 1.0:
            raise Refusal(429, "post.too_often", f"at most {self.rate:g} posts a second")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
