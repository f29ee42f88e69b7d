"""Requests that wait for their answers."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from ivr.asterisk.ari_generated import RESTResponse
from ivr.asterisk.ari_pending import PendingRequests
from ivr.asterisk.ari_request import AriRequest
from ivr.asterisk.errors import (
    AriConflict,
    AriFailed,
    AriNotFound,
    AriOverloaded,
    AriRejected,
    AriTimeout,
    AriUnavailable,
)
from tests.results import result_of

REQUEST = AriRequest("POST", "channels/c/answer", blocks="c")


def _response(request_id: str, status: int = 200, body: str | None = None) -> RESTResponse:
    return RESTResponse(
        request_id=request_id, status_code=status, reason_phrase="Phrase", message_body=body
    )


def test_each_answer_finds_its_request() -> None:
    pending = PendingRequests(Clock(), limit=10)
    first, one = pending.add(REQUEST, 5)
    second, two = pending.add(REQUEST, 5)
    pending.answered(_response(second, body='{"a":2}'))
    pending.answered(_response(first, 204))
    assert (result_of(one), result_of(two)) == (b"", b'{"a":2}')
    assert len(pending) == 0


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, AriNotFound),
        (409, AriConflict),
        (400, AriRejected),
        (422, AriRejected),
        (500, AriFailed),
        (503, AriFailed),
    ],
)
def test_a_refusal_is_a_typed_error(status: int, error: type[Exception]) -> None:
    pending = PendingRequests(Clock(), limit=10)
    request_id, answer = pending.add(REQUEST, 5)
    pending.answered(_response(request_id, status, '{"message":"Because"}'))
    with pytest.raises(error, match=f"POST channels/c/answer: {status} Because"):
        result_of(answer)


def test_too_late_is_a_timeout_and_the_late_answer_is_nobodys() -> None:
    clock = Clock()
    pending = PendingRequests(clock, limit=10)
    request_id, answer = pending.add(REQUEST, 5)
    clock.advance(5)
    with pytest.raises(AriTimeout):
        result_of(answer)
    assert len(pending) == 1, "Asterisk still works on it"
    assert pending.blocked_channels() == {"c"}
    pending.answered(_response(request_id))
    assert len(pending) == 0


def test_a_cancelled_request_still_occupies_the_connection() -> None:
    clock = Clock()
    pending = PendingRequests(clock, limit=10)
    request_id, answer = pending.add(REQUEST, 5)
    answer.addErrback(lambda _: None)
    answer.cancel()
    assert clock.getDelayedCalls() == []
    assert len(pending) == 1
    pending.answered(_response(request_id))
    assert len(pending) == 0


def test_a_lost_connection_fails_all_that_wait() -> None:
    clock = Clock()
    pending = PendingRequests(clock, limit=10)
    answers = [pending.add(REQUEST, 5)[1] for _ in range(3)]
    pending.fail_all("1006")
    for answer in answers:
        with pytest.raises(AriUnavailable, match="1006"):
            result_of(answer)
    assert clock.getDelayedCalls() == []


def test_too_many_are_refused() -> None:
    pending = PendingRequests(Clock(), limit=2)
    answers = [pending.add(REQUEST, 5)[1] for _ in range(2)]
    with pytest.raises(AriOverloaded):
        pending.add(REQUEST, 5)
    assert len(answers) == 2


def test_answers_to_nothing_are_ignored() -> None:
    PendingRequests(Clock(), limit=2).answered(_response("77"))


def test_says_for_how_long_an_answer_is_due() -> None:
    clock = Clock()
    pending = PendingRequests(clock, limit=10)
    assert pending.oldest() == 0
    request_id, _ = pending.add(REQUEST, 60)
    clock.advance(3)
    pending.add(REQUEST, 60)
    clock.advance(1)
    assert pending.oldest() == 4
    pending.answered(_response(request_id))
    assert pending.oldest() == 1
