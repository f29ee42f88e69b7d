"""Waits between attempts to connect."""

from ivr.asterisk.backoff import Backoff


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff(first=0.1, longest=1.0, draw=lambda: 1.0)
    assert [round(backoff.wait(), 3) for _ in range(6)] == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


def test_jitter_is_full() -> None:
    draws = iter([0.0, 0.5])
    backoff = Backoff(first=1.0, longest=10.0, draw=lambda: next(draws))
    assert [backoff.wait(), backoff.wait()] == [0.0, 1.0]


def test_a_connection_starts_the_waits_again() -> None:
    backoff = Backoff(first=0.1, longest=5.0, draw=lambda: 1.0)
    for _ in range(5):
        backoff.wait()
    backoff.reset()
    assert backoff.wait() == 0.1


def test_many_attempts_do_not_overflow() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    assert [backoff.wait() for _ in range(2000)][-1] == 5.0
