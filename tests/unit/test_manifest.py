"""Which files a batch is made of, for the run that an event starts; and how the end of that run is judged."""

from pathlib import Path

import pytest

from extractors.errors import PullquoteError
from flows.serve.emit import _judge
from flows.serve.manifest import Manifest, manifests_of, read, written
from flows.watch.deal import NotNowError

PAIRS = [("inbox/a.html", "0" * 64)]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    manifest = Manifest(paths=("inbox/ä.html", "inbox/\udcff.html"), given_up=(("inbox/b", "it is broken"),))

    path = written(manifest, manifests_of(tmp_path / "pages.duckdb"))

    assert path.parent == tmp_path / ".pages.duckdb.landed"
    assert read(path) == manifest


def test_manifest_of_a_batch_that_was_dealt_with_is_gone(tmp_path: Path) -> None:
    assert read(tmp_path / "gone.json") is None


def test_run_that_died_or_met_trouble_of_the_system_is_no_fault_of_the_files() -> None:
    for state, message in (
        ("CRASHED", "its worker is gone"),
        ("CANCELLED", ""),
        ("FAILED", "Flow run encountered an exception: PullquoteError: warehouse.busy: process 7 is still writing"),
    ):
        with pytest.raises(NotNowError):
            _judge(state, message, PAIRS)


def test_run_that_failed_without_the_files_is_their_fault() -> None:
    with pytest.raises(PullquoteError) as caught:
        _judge("FAILED", "ZeroDivisionError: a bug", PAIRS)

    assert not isinstance(caught.value, NotNowError)


def test_run_that_completed_did_it_though_it_may_publish_later() -> None:
    _judge("COMPLETED", "", PAIRS)
