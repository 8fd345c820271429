"""The HTTP inbox as an ASGI application: pages in, how they fare out."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Literal
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from extractors.errors import PullquoteError
from flows.inbox.body import Post, receive
from flows.inbox.guard import Guard
from flows.inbox.openapi import BODY, REFUSALS
from flows.inbox.parcel import Limits, Refusal, place_of
from flows.settings import Settings
from warehouse.state import page_state
from warehouse.store import Store

FREE_BYTES = 200_000_000  # on the disk; below, a page that is accepted might not get into the warehouse
AT_ONCE = 4  # pages that are hashed and brought to the disk at the same time: each is in memory meanwhile
REST_BYTES, REST_SECONDS = 2_000_000, 1.0  # of a refused body that are read all the same

Health = Callable[[], dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the application needs to know; `done` is where a watch moves what is dealt with, `health` tells of others."""

    inbox: Path
    warehouse: Store
    done: Path | None = None
    limits: Limits
    body_seconds: float
    guard: Guard
    health: Health = dict
    saving: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))


def desk_of(inbox: Path, *, warehouse: Store, done: Path | None, settings: Settings, health: Health = dict) -> Desk:
    """A desk with the limits of the settings."""
    return Desk(
        inbox=inbox,
        warehouse=warehouse,
        done=done,
        limits=Limits(
            page_bytes=settings.http_page_bytes,
            post_bytes=settings.http_post_bytes,
            post_pages=settings.http_post_pages,
        ),
        body_seconds=settings.http_body_seconds,
        guard=Guard(token=settings.http_token, rate=settings.http_rate),
        health=health,
    )


class Accepted(BaseModel):
    """A page that lies in the inbox."""

    id: UUID
    location: str


class Receipt(BaseModel):
    """The pages of a post, in its order."""

    pages: list[Accepted]


class State(BaseModel):
    """How a page fares: code and detail tell why it is in the quarantine."""

    id: UUID
    state: Literal["waiting", "loaded", "quarantined"]
    articles: int = 0
    quotes: int = 0
    code: str | None = None
    detail: str | None = None


def app_of(desk: Desk) -> FastAPI:
    """The application."""
    app = FastAPI(
        title="pullquote inbox",
        version=metadata.version("pullquote"),
        description="Pages that are posted are in the warehouse seconds later.",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
    )
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _failed)
    app.add_exception_handler(PullquoteError, _unavailable)

    @app.post("/pages", status_code=202, responses=REFUSALS, openapi_extra=BODY, summary="Hand in pages")
    async def post_pages(request: Request) -> Receipt:
        desk.guard.admit(request.headers)
        desk.guard.pace(request.client.host if request.client else "")
        return await _received(desk, request)

    @app.get("/pages/{page_id}", responses={code: REFUSALS[code] for code in (401, 403, 404, 422, 503)})
    async def get_page(page_id: UUID, request: Request) -> State:
        desk.guard.admit(request.headers)
        return await to_thread.run_sync(_state_of, desk, page_id)

    @app.get("/health", responses={503: {"description": "Something does not run"}})
    async def get_health(response: Response) -> dict[str, object]:
        parts = await to_thread.run_sync(desk.health)
        well = all(value is not False for value in parts.values())
        response.status_code = 200 if well else 503
        return {"status": "ok" if well else "failing", **parts}

    return app


async def _received(desk: Desk, request: Request) -> Receipt:
    if shutil.disk_usage(desk.inbox).free < FREE_BYTES:
        raise Refusal(507, "inbox.full", "the disk of the inbox is nearly full")
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > desk.limits.post_bytes:
        raise Refusal(413, "post.too_large", f"a post has at most {desk.limits.post_bytes:,} bytes")
    post = Post(inbox=desk.inbox, limits=desk.limits, now=datetime.now(UTC))
    try:
        async with asyncio.timeout(desk.body_seconds):
            await receive(post, request.stream(), request.headers)
        ids = await to_thread.run_sync(post.landed, limiter=desk.saving)
    except TimeoutError as error:
        raise Refusal(408, "post.slow", f"the body did not come within {desk.body_seconds:g} s") from error
    except ClientDisconnect as error:
        raise Refusal(400, "post.broken", "the body did not end") from error
    except OSError as error:
        raise Refusal(507, "inbox.unwritable", "the inbox cannot be written") from error
    finally:
        with suppress(OSError):
            post.dropped()
    return Receipt(pages=[Accepted(id=page_id, location=f"/pages/{page_id}") for page_id in ids])


def _state_of(desk: Desk, page_id: UUID) -> State:
    places = [place_of(page_id, folder) for folder in (desk.inbox, desk.done) if folder]
    found = page_state(desk.warehouse, page_id, place="/".join(places[0].parts[-2:]))
    if found is None:
        if not any(place.exists() for place in places):
            raise Refusal(404, "page.unknown", "no such page was handed in")
        return State(id=page_id, state="waiting")
    return State(
        id=page_id,
        state="quarantined" if found.code else "loaded",
        articles=found.articles,
        quotes=found.quotes,
        code=found.code,
        detail=found.detail,
    )


def _answer(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"code": code, "detail": detail}, status_code=status, headers=headers)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "1"}}.get(error.status, {})
    if not await _drained(request):
        headers = headers | {"Connection": "close"}
    return _answer(error.status, error.code, error.detail, headers)


async def _drained(request: Request) -> bool:
    """Whether the rest of the body came soon, so that the client has heard the answer and the connection can go on."""
    rest = 0
    with suppress(TimeoutError, ClientDisconnect, RuntimeError):  # RuntimeError: there was no rest
        async with asyncio.timeout(REST_SECONDS):
            async for chunk in request.stream():
                rest += len(chunk)
                if rest > REST_BYTES:
                    return False
        return True
    return False


def _invalid(_: Request, __: Exception) -> Response:
    return _answer(422, "request.invalid", "the id of a page is a UUID")


def _failed(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return _answer(error.status_code, "request.unknown", str(error.detail), dict(error.headers or {}))


def _unavailable(_: Request, error: Exception) -> Response:
    if not isinstance(error, PullquoteError):
        raise error
    return _answer(503, error.code, error.detail)
