"""Whose turn it is: one question at a time for each host, with pauses, and only so many hosts at once."""

from extractors.errors import PullquoteError
from flows.fetch.queues import Errand, Queues


def errand(name: str, host: str = "a") -> Errand:
    return Errand(uri=name, url=f"http://{host}/{name}", host=host, origin=f"http://{host}")


def test_one_at_a_time_and_in_order() -> None:
    queues = Queues(most=8)
    for name in ("1", "2", "3"):
        queues.add(errand(name))

    first = queues.started(0.0)
    assert first
    assert first.uri == "1"
    assert queues.started(0.0) is None, "the host is busy"

    queues.ended(first, ready=5.0)
    assert queues.next_turn == 5.0
    assert queues.started(4.9) is None
    second = queues.started(5.0)
    assert second
    queues.add(errand("2 again"), first=True)
    queues.ended(second, ready=9.0)
    third = queues.started(9.0)
    assert third
    assert third.uri == "2 again"


def test_hosts_wait_for_themselves_and_for_a_free_place() -> None:
    queues = Queues(most=2)
    for host in ("a", "b", "c"):
        queues.add(errand("1", host))
        queues.add(errand("2", host))

    a, b = queues.started(0.0), queues.started(0.0)
    assert a
    assert b
    assert {a.host, b.host} == {"a", "b"}
    assert queues.started(0.0) is None, "two are under way"
    queues.ended(a, ready=1.0)
    c = queues.started(0.0)
    assert c
    assert c.host == "c"
    queues.ended(b, ready=1.0)
    queues.ended(c, ready=0.5)
    assert queues.next_turn == 0.5
    assert queues.under_way == 0


def test_failures_count_in_a_row_and_a_closed_host_says_why() -> None:
    queues = Queues(most=1)
    for number in range(4):
        queues.add(errand(str(number)))
    counted = []
    for failed in (True, True, False, True):
        started = queues.started(0.0)
        assert started
        queues.ended(started, ready=0.0, failed=failed)
        counted.append(queues.failures(started))
    some = errand("any")
    assert counted == [1, 2, 0, 1]
    assert not queues.closed(some)
    queues.close("a", PullquoteError("fetch.later", "why"))
    closed = queues.closed(some)
    assert closed
    assert closed.detail == "why"
