from __future__ import annotations

import ssl

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client import errors
from owui_sync.client.retry import CUT_TRIES, FIRST_CONTACT_TRIES, Call, connection_failure
from owui_sync.client.shapes import Idempotency
from tests.support.words import numbers_in


def call(kind: Idempotency = Idempotency.SAFE, reached: bool = True, tries: int = 1) -> Call:
    return Call("POST", "/x", kind, seconds=60, reached=reached, tries=tries)


def api(kind: type[errors.ApiError], status: int, wait: float | None = None) -> errors.ApiError:
    return kind("POST", "/x", status, "words", retry_after=wait)


def lost(cut: bool = False, lasting: bool = False) -> errors.ConnectionFailed:
    return errors.ConnectionFailed("POST", "/x", "lost", hint="", cut=cut, lasting=lasting)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_server_that_is_away_is_asked_again(status: int) -> None:
    assert call().again(api(errors.ServerError, status)) is True


def test_500_and_refusals_are_final() -> None:
    assert call().again(api(errors.ServerError, 500)) is False
    assert call().again(api(errors.Conflict, 409)) is False
    assert call().again(errors.Uncertain("POST", "/x", "cut")) is False


def test_retry_after_is_waited_for_when_the_deadline_allows() -> None:
    assert call().again(api(errors.RateLimited, 429, 7)) == 7
    assert call().again(api(errors.ServerError, 503, 7)) == 7
    assert call().again(api(errors.RateLimited, 429, 61)) is False


def test_rate_limit_without_a_time_or_with_zero_waits_the_usual_back_off() -> None:
    assert call().again(api(errors.RateLimited, 429)) is True
    assert call().again(api(errors.RateLimited, 429, 0)) is True


def test_server_that_never_answered_is_given_up_soon_and_a_known_one_is_waited_for() -> None:
    assert call(reached=False, tries=FIRST_CONTACT_TRIES - 1).again(lost()) is True
    assert call(reached=False, tries=FIRST_CONTACT_TRIES).again(lost()) is False
    assert call(reached=True, tries=50).again(lost()) is True


def test_cut_connection_is_tried_a_few_times() -> None:
    unlucky = call(tries=50)
    verdicts = [unlucky.again(unlucky.failure(lost(cut=True))) for _ in range(CUT_TRIES)]
    assert verdicts == [True] * (CUT_TRIES - 1) + [False]


def test_lasting_failure_is_not_tried_again() -> None:
    assert call().again(lost(lasting=True)) is False


@pytest.mark.parametrize("error", [lost(cut=True), api(errors.ServerError, 502), api(errors.ServerError, 504)])
def test_what_must_not_arrive_twice_becomes_uncertain(error: errors.ClientError) -> None:
    assert type(call(Idempotency.ONCE).failure(error)) is errors.Uncertain
    assert call(Idempotency.SAFE).failure(error) is error


@pytest.mark.parametrize("error", [lost(), api(errors.RateLimited, 429), api(errors.ServerError, 500)])
def test_certain_failures_stay_what_they_are(error: errors.ClientError) -> None:
    assert call(Idempotency.ONCE).failure(error) is error


def test_deadline_names_the_last_failure_when_it_falls_between_two_tries() -> None:
    waiting = call()
    refused = waiting.failure(lost())
    assert waiting.overdue() is refused


def test_deadline_during_a_try_names_what_the_server_answered_before() -> None:
    trying = call()
    away = trying.failure(api(errors.ServerError, 503))
    trying.in_flight = True
    assert trying.overdue() is away
    trying.failure(lost())
    assert type(trying.overdue()) is errors.TimedOut


def test_what_was_tried_more_than_once_says_how_often_and_how_long(golden: SnapshotAssertion) -> None:
    waiting = call(tries=16)
    waiting.deadline -= 60
    answered, silent = str(waiting.counted(api(errors.ServerError, 503))), str(waiting.counted(lost()))
    assert numbers_in(answered) == ["503", "16", "60"]
    assert numbers_in(silent) == ["16", "60"]
    assert [answered, silent] == golden
    assert str(waiting.counted(api(errors.Conflict, 409))) == str(api(errors.Conflict, 409))
    assert str(call(tries=1).counted(lost())) == str(lost())


def test_what_is_waited_for_is_told_without_the_request(golden: SnapshotAssertion) -> None:
    waiting = call()
    assert waiting.trouble is None
    waiting.failure(api(errors.ServerError, 503))
    away = str(waiting.trouble)
    assert numbers_in(away) == ["503"]
    refused = connection_failure(httpx.ConnectError("refused"), "POST", "/x", "https://chat.test")
    waiting.failure(refused)
    unreachable = str(waiting.trouble)
    assert "https://chat.test" in unreachable
    assert "/x" not in away + unreachable
    assert [away, unreachable] == golden


def test_deadline_during_a_try_is_a_time_out_or_uncertain(golden: SnapshotAssertion) -> None:
    reading, creating = call(), call(Idempotency.ONCE)
    reading.in_flight = creating.in_flight = True
    assert type(reading.overdue()) is errors.TimedOut
    assert type(creating.overdue()) is errors.Uncertain
    assert numbers_in(str(reading.overdue())) == ["60"]
    assert numbers_in(str(reading.overdue(allowed=7))) == ["7"]
    assert [str(reading.overdue()), str(creating.overdue())] == golden


def test_broken_certificate_is_lasting_and_names_the_ca_option(golden: SnapshotAssertion) -> None:
    error = httpx.ConnectError("x")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    failure = connection_failure(error, "GET", "/x", "https://chat.test")
    assert failure.lasting
    assert "self-signed certificate" in str(failure)
    assert "--ca-bundle" in str(failure)
    assert str(failure) == golden


def test_connection_that_never_stood_tells_the_deepest_reason(golden: SnapshotAssertion) -> None:
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = ConnectionRefusedError(111, "refused")
    failure = connection_failure(error, "GET", "/x", "https://chat.test")
    assert not failure.cut
    assert "https://chat.test" in str(failure)
    assert "[Errno 111] refused" in str(failure)
    assert str(failure) == golden


@pytest.mark.parametrize("error", [httpx.ReadError(""), httpx.WriteError(""), httpx.RemoteProtocolError("")])
def test_connection_that_stood_is_cut(error: httpx.RequestError) -> None:
    assert connection_failure(error, "GET", "/x", "https://chat.test").cut
