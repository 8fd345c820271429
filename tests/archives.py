"""Archives of a few small pages, one maker for each kind; the same pages in each."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import NAMESPACE_URL, uuid5

import pyarrow as pa
import zstandard
from pyarrow import parquet

DATE = "2024-03-04T05:06:07Z"
gzipped = partial(gzip.compress, mtime=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page to put into an archive."""

    name: str
    url: str
    html: str


def documents(count: int) -> list[Document]:
    """So many pages, no two the same."""
    return [
        Document(
            name=f"pages/{n}.html",
            url=f"https://example.org/{n}",
            html=f"<!doctype html><html><head><title>Page {n}</title></head><body><p>“Crossing {n},” said Ann Lee, "
            f"“was the {n}th.” {chr(97 + n % 26) * (40 + 37 * n % 400)}</p></body></html>",
        )
        for n in range(count)
    ]


def record(kind: str, url: str, block: bytes, media_type: str = "application/http; msgtype=response") -> bytes:
    """One record of a WARC file."""
    head = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": DATE,
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, kind + url)}>",
        "Content-Type": media_type,
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP response."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def records(found: Sequence[Document]) -> list[bytes]:
    """A request and a response for each."""
    made = []
    for document in found:
        made.append(record("request", document.url, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"))
        made.append(record("response", document.url, answer(document.html.encode(), "Content-Type: text/html")))
    return made


def warc(found: Sequence[Document], pack: Callable[[bytes], bytes] = gzipped) -> bytes:
    """A WARC file of responses, each with its request before it and packed by itself."""
    return b"".join(pack(one) for one in records(found))


def plain(data: bytes) -> bytes:
    """Not packed at all."""
    return data


def zipped(found: Sequence[Document]) -> bytes:
    return zip_of({document.name: document.html.encode() for document in found})


def zip_of(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def wacz(found: Sequence[Document]) -> bytes:
    """A zip archive as web archivists make them, with a WARC inside."""
    files = {
        "archive/data.warc.gz": warc(found),
        "datapackage.json": b'{"profile": "data-package", "wacz_version": "1.1.1"}',
        "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n{"url": "https://example.org/0", "text": "twice"}\n',
    }
    return zip_of(files, method=zipfile.ZIP_STORED)


def tarred(found: Sequence[Document]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for document in found:
            data = document.html.encode()
            info = tarfile.TarInfo(document.name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def tar_gz(found: Sequence[Document]) -> bytes:
    return gzipped(tarred(found))


def tar_zst(found: Sequence[Document]) -> bytes:
    return zstandard.ZstdCompressor().compress(tarred(found))


def rows(found: Sequence[Document]) -> list[dict[str, str]]:
    return [{"url": document.url, "html": document.html, "fetched_at": DATE} for document in found]


def jsonl(found: Sequence[Document]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows(found))


def jsonl_gz(found: Sequence[Document]) -> bytes:
    return gzipped(jsonl(found))


def table(found: Sequence[Document]) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows(found)), file, row_group_size=3)
    return file.getvalue()


MAKERS: dict[str, Callable[[Sequence[Document]], bytes]] = {
    "pages.warc.gz": warc,
    "pages.warc": partial(warc, pack=plain),
    "pages.warc.zst": partial(warc, pack=zstandard.ZstdCompressor().compress),
    "pages.zip": zipped,
    "pages.wacz": wacz,
    "pages.tar": tarred,
    "pages.tar.gz": tar_gz,
    "pages.tar.zst": tar_zst,
    "pages.jsonl": jsonl,
    "pages.jsonl.gz": jsonl_gz,
    "pages.parquet": table,
}
WITH_ADDRESSES = frozenset(MAKERS) - {"pages.zip", "pages.tar", "pages.tar.gz", "pages.tar.zst"}


def mhtml(html: str, *, url: str) -> bytes:
    """A page as a browser saves it in one file."""
    lines = [
        "From: <Saved by Blink>",
        f"Snapshot-Content-Location: {url}",
        "Subject: =?utf-8?Q?A=20page?=",
        "Date: Mon, 4 Mar 2024 05:06:07 -0000",
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="----MultipartBoundary--x----"',
        "",
        "",
        "------MultipartBoundary--x----",
        "Content-Type: text/html",
        "Content-ID: <frame-1@mhtml.blink>",
        "Content-Transfer-Encoding: quoted-printable",
        f"Content-Location: {url}",
        "",
        html.replace("=", "=3D").replace("“", "=E2=80=9C").replace("”", "=E2=80=9D"),
        "------MultipartBoundary--x----",
        "Content-Type: image/png",
        "Content-Transfer-Encoding: base64",
        "",
        "iVBORw0KGgo=",
        "------MultipartBoundary--x------",
        "",
    ]
    return "\r\n".join(lines).encode()
