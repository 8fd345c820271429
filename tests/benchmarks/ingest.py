"""End to end: pages of a WARC file into a published warehouse, beside what a user would write instead.

    make bench-ingest [PAGES=pages.parquet] [SIZES=1000,10000] [WORKERS=1,2] [OTHERS=1000] [DATATROVE=python]

The pages are copies of those of PAGES (or of the seeds), each with other words and numbers in its text, so that nothing
is a duplicate of anything. DATATROVE is the Python of an environment with datatrove[io,processing], which asks for a
trafilatura older than the one here and for libmagic. `wall` and `processor` are seconds, `own` those of the processor
that the ingest took itself, without its workers, `MB` the most memory that all processes had together (proportional set
sizes, twice a second), `beyond` the share of the wall time in which nothing was extracted: it starts, or loads and
publishes the last slice.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SEEDS = Path(__file__).parent.parent.parent / "seeds"
EVERY = 0.5  # seconds between two looks at the memory
TEXT = re.compile(rb"(?<=>)[^<>{}]{12,}(?=<)")  # between two tags, and no script
WORD = re.compile(rb"[A-Za-z]{4,}|[0-9]+")
VOWELS = b"aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one way of doing it took."""

    pages: int
    wall: float
    processor: float
    peak: int
    own: float
    beyond: float | None = None


def main() -> None:
    """Print a row for each way and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, nargs="?")
    parser.add_argument("--sizes", default="1000")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--others", type=int, default=0, help="so many pages through other tools")
    parser.add_argument("--datatrove", type=Path, help="the Python of an environment with datatrove[io,processing]")
    parser.add_argument("--folder", type=Path, help="where to work, instead of a temporary folder")
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    print("| way | pages | wall | processor | pages/s | pages/s of processor | own | MB | beyond |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    with TemporaryDirectory(dir=args.folder) as folder:
        for size in sizes:
            archive = written(Path(folder) / f"{size}.warc.gz", pages_of(args.pages), size)
            for workers in args.workers.split(","):
                _print(f"pullquote, {workers} workers", ours(archive, Path(folder), size, workers))
        if args.others:
            html = unpacked(Path(folder) / "html", pages_of(args.pages), args.others)
            for name, way in OTHERS.items():
                _print(name, way(html, Path(folder), args.others))
            if args.datatrove:
                figures = by_datatrove(args.datatrove, pages_of(args.pages), Path(folder), args.others)
                _print("datatrove (WARC, trafilatura, Parquet), 2 tasks", figures)


def pages_of(source: Path | None) -> list[tuple[str, bytes]]:
    """(url, bytes) of the pages that are copied."""
    if source is None:
        files = sorted(path for path in SEEDS.rglob("*.html") if ".answer" not in path.name)
        return [(f"https://example.org/{path.name}", path.read_bytes()) for path in files]
    rows = pq.read_table(source, columns=["url", "html"]).to_pylist()
    return [(row["url"] or f"https://example.org/{n}", row["html"]) for n, row in enumerate(rows)]


def copies_of(pages: Sequence[tuple[str, bytes]], count: int) -> Iterator[tuple[str, bytes]]:
    """So many pages, none like another: the given ones, then copies with other words and numbers."""
    for n in range(count):
        url, data = pages[n % len(pages)]
        copy = n // len(pages)
        yield (f"{url}{'&' if '?' in url else '?'}copy={copy}", perturbed(data, copy)) if copy else (url, data)


def perturbed(data: bytes, seed: int) -> bytes:
    """The page with every third or so of its longer words and all its numbers changed; the markup stays as it is."""
    turn = seed % (len(VOWELS) - 1) + 1
    table = bytes.maketrans(VOWELS, VOWELS[turn:] + VOWELS[:turn])

    def other(match: re.Match[bytes]) -> bytes:
        word = match[0]
        if word.isdigit():
            return str(int(word) + seed).zfill(len(word)).encode()[-len(word) :] if len(word) != 4 else word  # a year
        return word.translate(table) if (sum(word) + seed // 4) % 3 == 0 else word

    return TEXT.sub(lambda text: WORD.sub(other, text[0]), data)


def written(path: Path, pages: Sequence[tuple[str, bytes]], count: int) -> Path:
    """A WARC file of so many copies."""
    return _write(path, copies_of(pages, count))


def _write(path: Path, pages: Iterable[tuple[str, bytes]]) -> Path:
    """A WARC file of the pages, a gzip member each."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, data in pages:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(data), http_headers=headers))
    return path


def unpacked(folder: Path, pages: Sequence[tuple[str, bytes]], count: int) -> Path:
    """The same pages as files."""
    folder.mkdir()
    for n, (_, data) in enumerate(copies_of(pages, count)):
        (folder / f"{n:06}.html").write_bytes(data)
    return folder


def ours(source: Path, folder: Path, count: int, workers: str) -> Figures:
    """What `pullquote ingest` takes, without Prefect."""
    home = folder / f"{count}-{workers}"
    home.mkdir()
    command = [sys.executable, "-m", "flows", "ingest", "--direct", "--workers", workers]
    command += ["--warehouse", str(home / "x.duckdb"), "--reports", str(home / "reports"), str(source)]
    figures = measured(command, count, good=(0, 1))  # 1: a page was refused
    timings: dict[str, float] = {}
    for report in home.glob("reports/2*.json"):
        for timing in json.loads(report.read_text())["timings"]:
            timings[timing["step"]] = timings.get(timing["step"], 0.0) + timing["seconds"]
    print("   " + ", ".join(f"{step} {seconds:.1f}" for step, seconds in timings.items()), file=sys.stderr)
    # Captures are written while the workers extract, and no two slices are extracted at once.
    beyond = 1 - (timings["extract"] + timings.get("capture", 0.0)) / figures.wall
    return replace(figures, beyond=beyond)


def measured(command: Sequence[str], count: int, *, good: Sequence[int] = (0,)) -> Figures:
    """The figures of a command; RuntimeError with what it said last, if it failed."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    most = Most()
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(process.pid, most, over))
    watching.start()
    said = process.communicate()[1]
    over.set()
    watching.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in good:
        raise RuntimeError(said.decode("utf-8", "replace")[-2_000:])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Figures(pages=count, wall=time.perf_counter() - begin, processor=spent, peak=most.memory, own=most.processor)


@dataclass(slots=True)
class Most:
    """The most that was seen: bytes of all processes, seconds of the processor of the first."""

    memory: int = 0
    processor: float = 0.0


def _watch(session: int, most: Most, over: threading.Event) -> None:
    while not over.wait(EVERY):
        most.memory = max(most.memory, sum(_memory_of(pid) for pid in _pids_of(session)))
        most.processor = max(most.processor, _processor_of(session))


def _pids_of(session: int) -> Iterator[int]:
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(OSError, ProcessLookupError):
                if os.getsid(int(path.name)) == session:
                    yield int(path.name)


def _processor_of(pid: int) -> float:
    """Seconds that a process itself has taken."""
    with suppress(OSError):
        times = Path("/proc", str(pid), "stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return sum(int(ticks) for ticks in times) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _memory_of(pid: int) -> int:
    """Bytes of a process, what it shares with others counted by its share."""
    with suppress(OSError):
        for line in Path("/proc", str(pid), "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _by_trafilatura(html: Path, folder: Path, count: int) -> Figures:
    out = folder / "trafilatura"
    tool = str(Path(sys.executable).with_name("trafilatura"))
    command = [tool, "--input-dir", str(html), "--output-dir", str(out), "--parallel", "2", "--json", "--with-metadata"]
    return measured(
        ["sh", "-c", 'db=$1; out=$2; shift 2; "$@"; ' + LOAD, "sh", str(folder / "t.duckdb"), str(out), *command], count
    )


LOAD = f"""{sys.executable} -c "
import duckdb, sys
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute(f\\"CREATE TABLE articles AS SELECT * FROM read_json_auto('{{sys.argv[2]}}/**/*.json', union_by_name=true)\\")
" "$db" "$out" """

NEWSPAPER = """
import glob, json, sys
from multiprocessing import Pool
import duckdb
from newspaper import Article
def article_of(path):
    try:
        article = Article('https://example.org/', fetch_images=False)
        article.download(input_html=open(path, 'rb').read().decode('utf-8', 'replace'))
        article.parse()
    except Exception:
        return {'title': None, 'text': None, 'authors': None, 'published': None}
    return {'title': article.title, 'text': article.text, 'authors': article.authors, 'published': str(article.publish_date)}
if __name__ == '__main__':
    with Pool(2) as pool, open(sys.argv[2], 'w') as out:
        for row in pool.imap_unordered(article_of, glob.glob(sys.argv[1] + '/*.html'), chunksize=50):
            out.write(json.dumps(row) + '\\n')
    with duckdb.connect(sys.argv[3]) as connection:
        connection.execute(f"CREATE TABLE articles AS SELECT * FROM read_json_auto('{sys.argv[2]}')")
        found, rows = connection.execute("SELECT count(nullif(text, '')), count(*) FROM articles").fetchone()
        assert found > rows / 2, f'only {found} of {rows} pages gave a text'
"""


def _by_newspaper(html: Path, folder: Path, count: int) -> Figures:
    script = folder / "by_newspaper.py"
    script.write_text(NEWSPAPER)
    return measured([sys.executable, str(script), str(html), str(folder / "n.jsonl"), str(folder / "n.duckdb")], count)


DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.readers import WarcReader
from datatrove.pipeline.writers import ParquetWriter
if __name__ == '__main__':
    steps = [WarcReader(sys.argv[1]), Trafilatura(timeout=30), ParquetWriter(sys.argv[2])]
    LocalPipelineExecutor(steps, tasks=2, workers=2, start_method='fork', logging_dir=sys.argv[2] + '-logs').run()
"""


def by_datatrove(python: Path, pages: Sequence[tuple[str, bytes]], folder: Path, count: int) -> Figures:
    """A task takes whole files: each gets one of two WARC files with half of the pages."""
    import duckdb

    archives, out, script = folder / "warcs", folder / "datatrove", folder / "by_datatrove.py"
    archives.mkdir()
    copies = list(copies_of(pages, count))
    for n in range(2):
        _write(archives / f"{n}.warc.gz", copies[n::2])
    script.write_text(DATATROVE)
    figures = measured([str(python), str(script), str(archives), str(out)], count)
    (rows,) = duckdb.sql(f"SELECT count(nullif(text, '')) FROM '{out}/*.parquet'").fetchone() or (0,)
    if rows < count / 2:
        raise RuntimeError(f"only {rows} of {count} pages gave a text")
    return figures


OTHERS: dict[str, Callable[[Path, Path, int], Figures]] = {
    "trafilatura --parallel 2, DuckDB": _by_trafilatura,
    "newspaper4k, 2 processes, DuckDB": _by_newspaper,
}


def _print(way: str, figures: Figures) -> None:
    cells: list[Any] = [way, f"{figures.pages:,}", f"{figures.wall:.0f}", f"{figures.processor:.0f}"]
    cells += [
        f"{figures.pages / figures.wall:.1f}",
        f"{figures.pages / figures.processor:.1f}",
        f"{figures.own:.0f}",
        figures.peak // 1_000_000,
    ]
    cells += ["–" if figures.beyond is None else f"{figures.beyond:.0%}"]
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
