"""The HTTP inbox on a socket: what is posted lies in the folder, whole; every refusal has its status and leaves nothing."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from extractors.errors import PullquoteError
from extractors.formats import pages_in
from extractors.records import Page, uuid_of
from flows.inbox.app import Desk, app_of
from flows.inbox.guard import Guard, protected
from flows.inbox.listen import server_of
from flows.inbox.parcel import HALF_MADE, Limits, Refusal, tidy
from flows.order import Order
from flows.run import ingested
from tests.landing import page_number

LIMITS = Limits(page_bytes=50_000, post_bytes=200_000, post_pages=20)
ADDRESS = "https://example.com/a?b=c&d=%20e"
PAGE = page_number(1).data


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A running inbox."""

    desk: Desk
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def files(self) -> list[Path]:
        """All that lies in the folder, half-made files included."""
        return sorted(path for path in self.desk.inbox.rglob("*") if path.is_file())

    def post(self, content: object, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(f"{self.url}/pages", content=content, headers=named, timeout=30)  # type: ignore[arg-type]


@contextmanager
def opened(desk: Desk) -> Iterator[Open]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = server_of(app_of(desk), host="127.0.0.1", port=port)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Open(desk=desk, port=port)
    finally:
        server.should_exit = True
        thread.join(30)


def desk_in(folder: Path, **changes: object) -> Desk:
    (folder / "inbox").mkdir()
    desk = Desk(
        inbox=folder / "inbox",
        warehouse=folder / "pages.duckdb",
        limits=LIMITS,
        body_seconds=20.0,
        guard=Guard(token=None, rate=10_000.0),
    )
    return replace(desk, **changes)  # type: ignore[arg-type]


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Open]:
    with opened(desk_in(tmp_path)) as running:
        yield running


def ids_of(response: httpx.Response) -> list[UUID]:
    assert response.status_code == 202, response.text
    return [UUID(page["id"]) for page in response.json()["pages"]]


def pages_of(inbox: Open) -> dict[UUID, Page]:
    found: dict[UUID, Page] = {}
    for path in inbox.files:
        (page,) = pages_in(path.read_bytes(), uri=str(path))
        assert isinstance(page, Page)
        found[page.page_id] = page
    return found


def test_posted_page_lies_in_the_folder_with_its_address(inbox: Open) -> None:
    (page_id,) = ids_of(inbox.post(PAGE, X_Page_Url=ADDRESS, Content_Type="text/html; charset=utf-8"))

    assert page_id == uuid_of(PAGE, ADDRESS)
    page = pages_of(inbox)[page_id]
    assert (page.data, page.url, page.format) == (PAGE, ADDRESS, "html")
    assert page.fetched_at is not None


def test_page_without_address_or_type_is_a_page(inbox: Open) -> None:
    assert ids_of(inbox.post(PAGE)) == [uuid_of(PAGE, "")]


def test_same_page_twice_is_one_file(inbox: Open) -> None:
    assert ids_of(inbox.post(PAGE)) == ids_of(inbox.post(PAGE))
    assert len(inbox.files) == 1


def test_lines_of_json_are_pages(inbox: Open) -> None:
    lines = [{"url": ADDRESS, "content": "<p>“ä”</p>"}, {"content": "two", "media_type": "text/plain", "url": None}]
    body = "\n\n".join(json.dumps(line) for line in lines)

    ids = ids_of(inbox.post(body.encode(), Content_Type="application/x-ndjson"))

    assert ids == [uuid_of("<p>“ä”</p>".encode(), ADDRESS), uuid_of(b"two", "")]
    assert set(pages_of(inbox)) == set(ids)


def test_parts_of_a_form_are_pages_and_their_names_no_paths(inbox: Open, tmp_path: Path) -> None:
    names = ["../../evil.html", "/etc/passwd", "..\\evil.html", "a\0b.html", "C:evil", ".", "%2e%2e/x", "x" * 1_000]
    parts = [
        ("page", (name, page_number(number).data, "text/html", {"X-Page-Url": f"https://example.com/{number}"}))
        for number, name in enumerate(names)
    ]

    ids = ids_of(httpx.post(f"{inbox.url}/pages", files=parts))

    assert ids == [uuid_of(page_number(n).data, f"https://example.com/{n}") for n in range(len(names))]
    assert set(pages_of(inbox)) == set(ids)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inbox"]


@pytest.mark.parametrize(
    ("status", "code", "content", "headers"),
    [
        (422, "page.empty", b"", {}),
        (422, "page.address", PAGE, {"X-Page-Url": "file:///etc/passwd"}),
        (422, "page.address", PAGE, {"X-Page-Url": "https://["}),
        (422, "page.address", PAGE, {"X-Page-Url": "https://example.com/" + "x" * 2_000}),
        (
            422,
            "page.address",
            b'{"url": "https://a.b/\\r\\nX-Y: z", "content": "x"}',
            {"Content-Type": "application/jsonl"},
        ),
        (422, "post.json", b"{", {"Content-Type": "application/x-ndjson"}),
        (422, "post.json", b"[" * 100_000 + b"\n", {"Content-Type": "application/x-ndjson"}),
        (422, "post.json", b'{"content": "x", "path": "/etc"}', {"Content-Type": "application/x-ndjson"}),
        (422, "post.json", b'{"content": 7}', {"Content-Type": "application/x-ndjson"}),
        (422, "post.multipart", b"--x\r\n", {"Content-Type": "multipart/form-data"}),
        (422, "post.multipart", b"nonsense", {"Content-Type": "multipart/form-data; boundary=x"}),
        (422, "post.multipart", b"--x\r\nA: b\r\n\r\nhalf", {"Content-Type": "multipart/form-data; boundary=x"}),
        (415, "post.type", PAGE, {"Content-Type": "image/png"}),
        (413, "page.too_large", b"x" * 50_001, {}),
        (413, "post.too_large", b"x" * 200_001, {}),
        (413, "post.too_many", b'{"content": "x"}\n' * 21, {"Content-Type": "application/x-ndjson"}),
        (413, "page.too_large", b'{"content": "' + b"x" * 60_000 + b'"}', {"Content-Type": "application/x-ndjson"}),
    ],
)
def test_refusal_has_its_status_and_leaves_nothing(
    inbox: Open, status: int, code: str, content: bytes, headers: dict[str, str]
) -> None:
    response = httpx.post(f"{inbox.url}/pages", content=content, headers=headers)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert inbox.files == []


def test_endless_body_without_a_length_is_cut(inbox: Open) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 10_000

    try:
        response = inbox.post(endless())
    except httpx.TransportError:  # the answer came, and the connection was closed, while more was sent
        response = None

    assert response is None or response.status_code == 413
    assert inbox.files == []


def test_one_page_too_many_takes_the_others_back(inbox: Open) -> None:
    lines = b'{"content": "good"}\n{"content": "' + b"x" * 49_000 + b"y" * 2_000 + b'"}\n'

    assert inbox.post(lines, Content_Type="application/x-ndjson").status_code == 413
    assert inbox.files == []


def test_token_is_asked_for_and_compared(tmp_path: Path) -> None:
    with opened(desk_in(tmp_path, guard=Guard(token="some-words", rate=100.0))) as inbox:
        for given in ("", "Bearer", "Bearer wrong", "Basic some-words", "Bearer some-words"):
            headers = {"Authorization": given}
            response = httpx.post(f"{inbox.url}/pages", content=PAGE, headers=headers)
            assert response.status_code == (202 if given == "Bearer some-words" else 401), given
        assert httpx.get(f"{inbox.url}/pages/{uuid4()}").status_code == 401
        assert httpx.get(f"{inbox.url}/health").status_code == 200


def test_web_pages_of_this_machine_may_not_post_without_a_token(inbox: Open) -> None:
    assert inbox.post(PAGE, Origin="https://example.com").status_code == 403
    assert inbox.post(PAGE, Host="evil.example.com").status_code == 403
    assert inbox.post(PAGE, Host=f"localhost:{inbox.port}").status_code == 202


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::", "example.com"])  # noqa: S104 - refused
def test_others_are_not_let_in_without_a_token(host: str) -> None:
    with pytest.raises(PullquoteError, match="PULLQUOTE_HTTP_TOKEN"):
        protected(host, None)
    protected(host, "words")
    for loopback in ("127.0.0.1", "::1", "localhost"):
        protected(loopback, None)


def test_rate_is_kept_by_address() -> None:
    now = 0.0
    guard = Guard(token=None, rate=5.0, clock=lambda: now)
    for _ in range(10):
        guard.pace("a")
    with pytest.raises(Refusal, match="429"):
        guard.pace("a")
    guard.pace("b")
    now = 0.2
    guard.pace("a")
    with pytest.raises(Refusal, match="429"):
        guard.pace("a")


def test_slow_body_is_not_waited_for(tmp_path: Path) -> None:
    with opened(desk_in(tmp_path, body_seconds=0.5)) as inbox:
        with socket.create_connection(("127.0.0.1", inbox.port)) as connection:
            connection.sendall(b"POST /pages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
            connection.settimeout(20)
            assert connection.recv(100).startswith(b"HTTP/1.1 408")
        assert inbox.files == []


def test_body_that_breaks_off_leaves_nothing(inbox: Open) -> None:
    with socket.create_connection(("127.0.0.1", inbox.port)) as connection:
        connection.sendall(b"POST /pages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
        until = time.monotonic() + 20
        while not inbox.files and time.monotonic() < until:
            time.sleep(0.02)
    while inbox.files and time.monotonic() < until:
        time.sleep(0.02)

    assert inbox.files == []


def test_half_pages_of_killed_processes_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / HALF_MADE
    folder.mkdir()
    import os

    for name, age in (("old.tmp", 7_200), ("young.tmp", 10)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age,) * 2)
    tidy(tmp_path)

    assert [path.name for path in folder.iterdir()] == ["young.tmp"]


def test_state_of_a_page_is_told(inbox: Open) -> None:
    (good,) = ids_of(inbox.post(PAGE, X_Page_Url=ADDRESS))
    (image,) = ids_of(inbox.post(b"\x89PNG\r\n\x1a\n", Content_Type="application/octet-stream"))
    (hollow,) = ids_of(inbox.post(b"<!doctype html><title>x</title>"))

    def state(page_id: UUID) -> dict[str, object]:
        answer = httpx.get(f"{inbox.url}/pages/{page_id}")
        assert answer.status_code == 200
        return dict(answer.json())

    assert {state(page_id)["state"] for page_id in (good, image, hollow)} == {"waiting"}
    desk = inbox.desk
    ingested(Order(sources=(str(desk.inbox),), warehouse=desk.warehouse, reports=desk.inbox.parent / "reports"))

    assert state(good) == {"id": str(good), "state": "loaded", "articles": 1, "quotes": 1, "code": None, "detail": None}
    assert (state(image)["state"], state(image)["code"]) == ("quarantined", "format.binary")
    assert (state(hollow)["state"], state(hollow)["code"]) == ("quarantined", "extract.no_article")
    assert httpx.get(f"{inbox.url}/pages/{uuid4()}").status_code == 404
    assert httpx.get(f"{inbox.url}/pages/../../etc/passwd").status_code == 404
    assert httpx.get(f"{inbox.url}/pages/%2e%2e%2fx").status_code in {404, 422}


def test_hundreds_over_many_connections_lose_nothing(inbox: Open) -> None:
    def posted(numbers: range) -> list[UUID]:
        with httpx.Client() as client:
            answers = [client.post(f"{inbox.url}/pages", content=page_number(number).data) for number in numbers]
        return [page_id for answer in answers for page_id in ids_of(answer)]

    with ThreadPoolExecutor(20) as pool:
        ids = [
            page_id for found in pool.map(posted, (range(n, n + 15) for n in range(0, 300, 15))) for page_id in found
        ]

    assert len(set(ids)) == 300
    assert {path.stem for path in inbox.files} == {str(page_id) for page_id in ids}


@pytest.fixture(scope="module")
def web_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    with opened(desk_in(tmp_path_factory.mktemp("schema"))) as inbox:
        yield schemathesis.openapi.from_url(f"{inbox.url}/openapi.json")


def test_answers_are_those_of_the_openapi_document(web_api: BaseSchema) -> None:
    """Whatever the document allows, and what it does not; none of it is an error of ours."""
    operations = [found.ok() for found in web_api.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == 3
    for operation in operations:

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answers(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate()

        answers()
