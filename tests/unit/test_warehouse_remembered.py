"""What the warehouse remembers of sites: how many pages of a host hold a line."""

from pathlib import Path

from extractors.records import text_hash_of
from tests.unit.extractions import extraction_of
from tests.unit.loading import loaded
from warehouse.connection import writer
from warehouse.remembered import HostLines, host_lines

HOST = "example.org"


def page(number: int, host: str = HOST) -> object:
    return extraction_of(f"Story number {number}.", uri=f"{number}.txt", url=f"https://{host}/{number}")


def remembered(path: Path, *batches: list[int], host: str = HOST) -> HostLines:
    with writer(path) as opened:
        for number, batch in enumerate(batches):
            loaded(opened.connection, [page(n) for n in batch], number=number)  # type: ignore[misc]
        return host_lines(opened.connection, [host])[host]


def test_lines_are_counted_by_pages(tmp_path: Path) -> None:
    lines = remembered(tmp_path / "w.duckdb", [1, 2], [3])
    assert lines.pages == 3
    assert lines.counts[text_hash_of("MENU")] == 3
    assert lines.counts[text_hash_of("Story number 1.")] == 1


def test_a_page_that_comes_again_is_not_counted_again(tmp_path: Path) -> None:
    lines = remembered(tmp_path / "w.duckdb", [1, 2], [1, 2], [2])
    assert (lines.pages, lines.counts[text_hash_of("MENU")]) == (2, 2)


def test_of_a_known_host_only_repeated_lines_are_read_and_no_more_pages_counted(tmp_path: Path) -> None:
    lines = remembered(tmp_path / "w.duckdb", list(range(50)), [60, 61])
    assert (lines.pages, set(lines.counts)) == (50, {text_hash_of("MENU"), text_hash_of("All rights reserved")})


def test_nothing_is_known_of_an_unknown_host(tmp_path: Path) -> None:
    with writer(tmp_path / "w.duckdb") as opened:
        assert host_lines(opened.connection, ["elsewhere.example", ""]) == {}
        assert host_lines(opened.connection, []) == {}
