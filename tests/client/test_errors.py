from __future__ import annotations

import inspect

import pytest

from owui_sync.client import errors
from owui_sync.errors import OwuiSyncError

CLASSES = [each for each in vars(errors).values() if inspect.isclass(each) and each.__module__ == errors.__name__]
NOTHING_SENT = {errors.ClientClosed, errors.NotAnId}


@pytest.mark.parametrize("kind", CLASSES)
def test_each_class_has_a_docstring_and_a_place_in_the_tree(kind: type[Exception]) -> None:
    assert issubclass(kind, OwuiSyncError if kind in NOTHING_SENT else errors.ClientError)
    assert kind.__doc__
    assert f" {kind.__name__} " in (errors.__doc__ or "")


def test_message_names_request_status_words_and_advice() -> None:
    error = errors.Unauthorized("GET", "/api/v1/models/all", 401, "Invalid token")
    message, advice = str(error).splitlines()
    assert message == "GET /api/v1/models/all answered 401: Invalid token"
    assert advice.strip() == error.hint == errors.Unauthorized.advice
    assert (error.method, error.path, error.status, error.detail) == ("GET", "/api/v1/models/all", 401, "Invalid token")
    assert error.exit_code == 1


def test_own_hint_comes_before_the_advice_of_the_class() -> None:
    assert errors.RateLimited("GET", "/x", 429, "", hint="wait").hint == "wait"


def test_answer_without_words_says_so() -> None:
    assert "(no words)" in str(errors.ServerError("GET", "/x", 500, ""))
