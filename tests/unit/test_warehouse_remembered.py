"""What the warehouse remembers of sites: how many pages of a host hold a line."""

from pathlib import Path

from extractors.records import text_hash_of
from tests.unit.extractions import extraction_of
from tests.unit.loading import loaded, run_of
from warehouse.connection import writer
from warehouse.publish import publish
from warehouse.remembered import HostLines, Memory, host_lines

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


def test_who_asks_without_a_run_is_answered_the_same_before_and_after_its_load(tmp_path: Path) -> None:
    """The run after it is told of everything."""
    two = run_of(2).run_id
    with writer(tmp_path / "w.duckdb") as opened:
        memory = Memory(connection=opened.cursor())
        loaded(opened.connection, [page(1), page(2, "other.example")], number=1)  # type: ignore[list-item]
        hosts = (HOST, "other.example", "new.example")
        before = memory.lines(hosts, without=two)
        memory.keep((HOST, "new.example"), run=two)
        loaded(opened.connection, [page(3), page(4, "new.example")], number=2)  # type: ignore[list-item]

        assert memory.lines(hosts, without=two) == before
        assert {host: lines.pages for host, lines in before.items()} == {HOST: 1, "other.example": 1}
        after = memory.lines(hosts, without=run_of(3).run_id)
        assert after == host_lines(opened.connection, hosts) != before
        assert {host: lines.pages for host, lines in after.items()} == {HOST: 2, "other.example": 1, "new.example": 1}
        memory.keep([], run=run_of(3).run_id)
        assert memory.lines(hosts, without=run_of(3).run_id) == after


def test_what_says_nothing_of_a_known_host_is_not_kept_as_it_was(tmp_path: Path) -> None:
    """Most lines stand on one page: a copy of all of them at each slice grew with the warehouse."""
    with writer(tmp_path / "w.duckdb") as opened:
        memory = Memory(connection=opened.cursor())
        loaded(opened.connection, [page(n) for n in range(5)])  # type: ignore[misc]
        memory.keep([HOST], run=run_of(2).run_id)
        kept = memory.connection.execute("SELECT DISTINCT pages FROM host_lines_before").fetchall()
        everything = memory.connection.execute("SELECT DISTINCT pages FROM host_lines ORDER BY pages").fetchall()
    assert kept == [(5,)]
    assert everything == [(1,), (5,)]


def test_a_publication_leaves_no_temporary_tables(tmp_path: Path) -> None:
    with writer(tmp_path / "w.duckdb") as opened:
        loaded(opened.connection, [page(1)])  # type: ignore[list-item]
        publish(opened)
        assert opened.connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall() == []
