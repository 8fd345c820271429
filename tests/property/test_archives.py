"""What holds for archives of any bytes: nothing raises, nothing is lost before the damage, the sums balance."""

import io
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.formats.archives import HEAD_BYTES, Found, found_in, is_archive
from extractors.records import Page, Rejected
from flows.intake import batches_of
from flows.sources import Source
from tests.archives import MAKERS, documents, mhtml, zip_of

COUNT = 9
modest = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@cache
def made(name: str) -> bytes:
    return MAKERS[name](documents(COUNT))


@cache
def pages_of(name: str) -> list[tuple[str, bytes, int]]:
    """The pages of the sound archive, and where each ends: no byte before that can be spared."""
    return [
        (item.uri, item.data, part.position)
        for part in found(made(name), name)
        for item in part.items
        if isinstance(item, Page)
    ]


def found(data: bytes, name: str, start: int = 0) -> list[Found]:
    return list(found_in(io.BytesIO(data), uri=name, start=start))


def check(data: bytes, name: str) -> None:
    """The promises for any bytes."""
    parts = found(data, name)
    for part in parts:
        assert part.position >= 0
        for item in part.items:
            item.uri.encode()
            if isinstance(item, Rejected):
                assert item.stage in {"format", "skip"}
                assert item.code
                assert item.detail
                assert "\n" not in item.detail
    opened = Source(uri=name, opened=lambda: io.BytesIO(data))
    batches = list(batches_of([opened], known=lambda _: {}))
    read = sum(len(batch.pages) + batch.duplicates + batch.refused for batch in batches)
    assert read == sum(batch.sources for batch in batches)
    if is_archive(data[:HEAD_BYTES], name):
        assert read == sum(isinstance(item, Page) or item.stage != "skip" for part in parts for item in part.items)


@modest
@given(st.sampled_from(sorted(MAKERS)), st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_behind_any_beginning_are_no_error(name: str, data: bytes, kept: int) -> None:
    check(made(name)[:kept] + data, name)


@modest
@given(st.sampled_from(sorted(MAKERS)), st.data())
def test_what_stands_before_a_cut_is_read(name: str, data: st.DataObject) -> None:
    whole = made(name)
    cut = data.draw(st.integers(4, len(whole)))

    check(whole[:cut], name)
    got = [item.data for part in found(whole[:cut], name) for item in part.items if isinstance(item, Page)]
    assert got == [page for _, page, _ in pages_of(name)][: len(got)]
    if name in {"pages.warc", "pages.warc.gz", "pages.warc.zst", "pages.jsonl"}:  # their positions are bytes
        assert len(got) >= sum(position <= cut for _, _, position in pages_of(name))


@modest
@given(st.sampled_from(sorted(MAKERS)), st.data())
def test_a_wrong_byte_costs_nothing_before_it(name: str, data: st.DataObject) -> None:
    spoilt = bytearray(made(name))
    place = data.draw(st.integers(4, len(spoilt) - 1))
    spoilt[place] ^= data.draw(st.integers(1, 255))

    check(bytes(spoilt), name)
    if name in {"pages.warc", "pages.warc.gz", "pages.warc.zst", "pages.jsonl"}:
        got = {item.data for part in found(bytes(spoilt), name) for item in part.items if isinstance(item, Page)}
        assert got >= {page for _, page, position in pages_of(name) if position <= place}
        assert len(got & {page for _, page, _ in pages_of(name)}) >= COUNT - 2


@modest
@given(st.sampled_from(sorted(MAKERS)), st.data())
def test_bytes_put_in_or_taken_out_are_no_error(name: str, data: st.DataObject) -> None:
    whole = made(name)
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, min(start + 300, len(whole))))

    check(whole[:start] + data.draw(st.binary(max_size=100)) + whole[stop:], name)


@modest
@given(st.sampled_from(sorted(MAKERS)), st.integers(0, 1 << 45))
def test_any_position_is_no_error(name: str, start: int) -> None:
    for part in found(made(name), name, start):
        assert part.items


@modest
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=20).filter(lambda name: "\0" not in name), st.binary(max_size=60), max_size=5
    )
)
def test_a_zip_of_any_files_with_any_names_is_no_error(files: dict[str, bytes]) -> None:
    try:
        data = zip_of({name.encode("utf-8", "replace").decode(): content for name, content in files.items()})
    except (ValueError, UserWarning):  # no zip archive can hold them
        return
    check(data, "a.zip")


@modest
@given(st.data())
def test_a_saved_page_with_a_wrong_byte_is_no_error(data: st.DataObject) -> None:
    spoilt = bytearray(mhtml("<p class=x>“Hello,” said Ann.</p>", url="https://example.org/"))
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))

    check(bytes(spoilt), "a.mhtml")


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_the_same_archive_gives_the_same_twice(name: str) -> None:
    assert found(made(name), name) == found(made(name), name)
