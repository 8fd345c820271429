"""The HTTP inbox on a socket: uvicorn, with patience that ends."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # to send the head of the first request; uvicorn itself waits for ever
MOST_CONNECTIONS = 1_000
LAST_SECONDS = 10  # for requests under way when it is told to stop


class _Impatient(H11Protocol):
    """Hangs up on who connects and says nothing, or not enough."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(HEAD_SECONDS, self._hang_up)

    def _hang_up(self) -> None:
        if getattr(self, "cycle", None) is None and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """Leaves signals to the command: uvicorn would end the process by the signal instead of with status 0."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server_of(app: FastAPI, *, host: str, port: int) -> uvicorn.Server:
    """The server; `serve()` it in an event loop. It neither logs requests nor installs signal handlers of its own."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_Impatient,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    return _Server(config)
