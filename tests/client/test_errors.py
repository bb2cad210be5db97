from __future__ import annotations

import inspect

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client import errors
from owui_sync.errors import OwuiSyncError

CLASSES = [each for each in vars(errors).values() if inspect.isclass(each) and each.__module__ == errors.__name__]
NOTHING_SENT = {errors.ClientClosed, errors.NotAnId, errors.WrongType, errors.WrongValue}


@pytest.mark.parametrize("kind", CLASSES)
def test_each_class_has_a_docstring_and_a_place_in_the_tree(kind: type[Exception]) -> None:
    assert issubclass(kind, OwuiSyncError if kind in NOTHING_SENT else errors.ClientError)
    assert kind.__doc__
    assert f" {kind.__name__} " in (errors.__doc__ or "")


def test_message_names_request_status_words_and_advice(golden: SnapshotAssertion) -> None:
    error = errors.Unauthorized("GET", "/api/v1/models/all", 401, "Invalid token")
    message, advice = str(error).splitlines()
    assert message.startswith("GET /api/v1/models/all ")
    assert message.endswith(" 401: Invalid token")
    assert str(error) == golden
    assert advice.strip() == error.hint == errors.Unauthorized.advice
    assert (error.method, error.path, error.status, error.detail) == ("GET", "/api/v1/models/all", 401, "Invalid token")
    assert error.exit_code == 1


def test_own_hint_comes_before_the_advice_of_the_class() -> None:
    assert errors.RateLimited("GET", "/x", 429, "", hint="wait").hint == "wait"


def test_answer_without_words_says_so(golden: SnapshotAssertion) -> None:
    assert str(errors.ServerError("GET", "/x", 500, "")) == golden
