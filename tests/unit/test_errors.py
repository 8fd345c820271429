"""Errors go from one process to another as they are."""

import pickle

from extractors.errors import PullquoteError
from flows.sources import ReadFailedError


def test_an_error_of_a_worker_arrives_with_its_code() -> None:
    for kind in (PullquoteError, ReadFailedError):
        error = pickle.loads(pickle.dumps(kind("source.unreadable", "the disk is gone")))  # noqa: S301 - its own bytes
        assert (type(error), error.code, error.detail) == (kind, "source.unreadable", "the disk is gone")
