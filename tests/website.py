"""A web server of a test on this machine, whose paths behave as the test says; hostile ones included."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from time import monotonic
from typing import Any

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass(slots=True)
class Website:
    """A running server: `paths` is what it answers, `asked` what it was asked, as (path, host, headers)."""

    port: int
    paths: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    together: int = 0
    most_together: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def at(self, path: str, *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def asked_for(self, path: str) -> list[Mapping[str, str]]:
        return [headers for asked, headers in self.asked if asked == path]

    @property
    def pages(self) -> list[str]:
        """The paths that were asked for, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


def page(title: str) -> bytes:
    words = " ".join(f"{title} is the subject of sentence {number}, which goes on for a while." for number in range(30))
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{words}</p></article></body></html>".encode()


def says(body: bytes, *, status: int = 200, media_type: str = "text/html; charset=utf-8", **headers: str) -> Behaviour:
    """An answer of a well-behaved server; header names with _ for -. One with an ETag knows conditional questions."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        same = "ETag" in given and request.headers.get("If-None-Match") == given["ETag"]
        same = same or ("Last-Modified" in given and request.headers.get("If-Modified-Since") == given["Last-Modified"])
        request.send_response(304 if same else status)
        for name, value in given.items():
            request.send_header(name, value)
        request.send_header("Content-Type", media_type)
        if not same:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if not same:
            request.wfile.write(body)

    return behave


def leads_to(url: str, status: int = 302) -> Behaviour:
    return says(b"", status=status, Location=url)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other, each once."""
    left = list(behaviours)

    def behave(request: BaseHTTPRequestHandler) -> None:
        left.pop(0)(request)

    return behave


def raw(*pieces: bytes, pause: float = 0.0, endless: bool = False) -> Behaviour:
    """These bytes, one after the other with pauses, the last one for ever if `endless`; no server's rules."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        stopping: threading.Event = request.server.website.stopping  # type: ignore[attr-defined]
        for piece in pieces:
            request.wfile.write(piece)
            request.wfile.flush()
            stopping.wait(pause)
        while endless and not stopping.is_set():
            request.wfile.write(pieces[-1])
            request.wfile.flush()
            stopping.wait(pause)

    return behave


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site: Website = self.server.website  # type: ignore[attr-defined]
        site.asked.append((self.path, dict(self.headers)))
        site.moments.append(monotonic())
        site.together += 1
        site.most_together = max(site.most_together, site.together)
        self.close_connection = True
        try:
            with suppress(ConnectionError):
                site.paths.get(self.path, says(b"not here", status=404))(self)
        finally:
            site.together -= 1

    def log_message(self, *_: Any) -> None:
        """Tests look at `asked`."""


@contextmanager
def website(tls: SSLContext | None = None) -> Iterator[Website]:
    """A server that answers until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever hangs up early is what is tested
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site = Website(port=int(server.server_address[1]))
    server.website = site  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
