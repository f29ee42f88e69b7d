"""When restarting stops being the cure."""

from ivr.pbx.restarts import INTENSITY, PERIOD, QUICK, SLOW, RestartHistory


def test_five_ends_within_a_minute_are_too_many() -> None:
    history = RestartHistory()
    for second in range(INTENSITY):
        assert history.wait(second) == QUICK
        history.ended(second, was_ready=True)
    assert history.too_many(INTENSITY)
    assert history.wait(INTENSITY) == SLOW
    assert not history.too_many(INTENSITY + PERIOD + 1)


def test_failed_starts_are_counted_until_one_succeeds() -> None:
    history = RestartHistory()
    for second in range(3):
        history.ended(second, was_ready=False)
    assert history.failed_starts == 3
    history.became_ready()
    assert history.failed_starts == 0
    history.ended(10, was_ready=True)
    assert history.failed_starts == 0
    assert history.total == 4
