"""What the user names, and which inputs that means."""

import io
import os
import sys
from pathlib import Path

import pytest

from extractors.records import Rejected
from flows.sources import Source, data_of, sources_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with pages, and with what is no page."""
    for name in ("b.txt", "a.html", "sub/c.txt", ".hidden", ".cache/d.txt", "e.txt.tmp", "a.answer.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("words")
    return tmp_path


def names(*arguments: str, below: Path) -> list[str]:
    found = list(sources_of(arguments))
    assert all(isinstance(source, Source) for source in found), found
    return [str(Path(source.uri).relative_to(below)) for source in found]


def codes(*arguments: str) -> list[str]:
    return [source.code for source in sources_of(arguments) if isinstance(source, Rejected)]


def test_folder_gives_its_pages_in_order(folder: Path) -> None:
    assert names(str(folder), below=folder) == ["a.html", "b.txt", "sub/c.txt"]


def test_hidden_file_is_taken_when_named(folder: Path) -> None:
    assert names(str(folder / ".hidden"), below=folder) == [".hidden"]


def test_glob_gives_what_matches(folder: Path) -> None:
    assert names(f"{folder}/*.txt", below=folder) == ["b.txt"]
    assert names(f"{folder}/**/*.txt", below=folder) == ["b.txt", "sub/c.txt"]
    assert names(f"{folder}/s*", below=folder) == ["sub/c.txt"]


def test_file_with_glob_characters_in_its_name_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "what [1].txt").write_text("words")

    assert names(f"{tmp_path}/what [1].txt", below=tmp_path) == ["what [1].txt"]


def test_file_address_is_a_file(folder: Path) -> None:
    assert names((folder / "b.txt").as_uri(), below=folder) == ["b.txt"]


def test_each_input_comes_once(folder: Path) -> None:
    assert names(str(folder / "b.txt"), str(folder), f"{folder}/*", below=folder) == ["b.txt", "a.html", "sub/c.txt"]


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ("nowhere.txt", "source.missing"),
        ("nowhere/*.txt", "source.missing"),
        ("ftp://example.org/page", "source.unsupported"),
        ("x" * 5000, "source.unreadable"),
        ("nul\0.txt", "source.missing"),
        ("half \udcff and \ud800", "source.missing"),
    ],
)
def test_what_names_no_input_is_a_refusal(
    argument: str, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert codes(argument) == [code]
    (refusal,) = sources_of([argument])
    refusal.uri.encode()  # can be stored and printed


def test_folder_without_pages_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / ".hidden").touch()

    assert codes(str(tmp_path)) == ["source.empty_folder"]


def test_name_that_is_no_text_can_be_read_and_stored(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        with open(path, "wb") as file:  # noqa: PTH123 - a name of bytes
            file.write(b"words")
    except OSError:
        pytest.skip("the file system stores no such name")

    (source,) = sources_of([str(tmp_path)])

    assert isinstance(source, Source)
    assert source.uri.endswith("caf\\udce9.txt")
    assert data_of(source) == b"words"


def test_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"words")))

    (source,) = sources_of(["-"])

    assert isinstance(source, Source)
    assert source.uri == "-"
    assert data_of(source) == b"words"


def test_file_beyond_any_page_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "vast.txt"
    with path.open("wb") as file:
        file.truncate(30_000_000_000)  # sparse: it takes no room

    (source,) = sources_of([str(path)])
    assert isinstance(source, Source)

    refusal = data_of(source)

    assert isinstance(refusal, Rejected)
    assert refusal.code == "source.too_large"


def test_file_that_goes_away_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.touch()
    (source,) = sources_of([str(path)])
    path.unlink()
    assert isinstance(source, Source)

    refusal = data_of(source)

    assert isinstance(refusal, Rejected)
    assert refusal.code == "source.unreadable"
    assert "No such file" in refusal.detail
