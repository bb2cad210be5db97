from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client import errors
from owui_sync.client.answers import LONGEST_DETAIL, bytes_of, data_of, retry_after, server_clock
from tests.support.fake import TOKEN, html, says

NOT_FOUND = "We could not find what you're looking for :/"
PROHIBITED = "You do not have permission to access this resource. Please contact your administrator for assistance."


def asked(response: httpx.Response, token: str = "eyJ.jwt.x") -> httpx.Response:
    response.request = httpx.Request("GET", "https://chat.test/x", headers={"Authorization": f"Bearer {token}"})
    return response


def failure(response: httpx.Response, token: str = "eyJ.jwt.x") -> errors.ApiError:
    asked(response, token)
    with pytest.raises(errors.ApiError) as caught:
        data_of(response, "GET", "/x")
    return caught.value


@pytest.mark.parametrize(
    ("status", "detail", "kind"),
    [
        (401, "Not authenticated", errors.Unauthorized),
        (401, "Invalid token", errors.Unauthorized),
        (401, "401 Unauthorized", errors.Unauthorized),
        (401, PROHIBITED, errors.Forbidden),
        (400, PROHIBITED, errors.Forbidden),
        (403, "The requested action has been restricted as a security measure.", errors.Forbidden),
        (404, NOT_FOUND, errors.NotFound),
        (401, NOT_FOUND, errors.NotFound),
        (400, NOT_FOUND, errors.NotFound),
        (400, "[ERROR: Error getting file content]", errors.NotFound),
        (404, "Group not found.", errors.NotFound),
        (400, "Function not found", errors.NotFound),
        (404, "No files found matching the pattern.", errors.NotFound),
        (401, "Uh-oh! This model id is already registered. Please choose another model id string.", errors.Conflict),
        (400, "Uh-oh! This command is already registered. Please choose another command string.", errors.Conflict),
        (400, "[ERROR: Folder already exists]", errors.Conflict),
        (409, {"code": "version_conflict"}, errors.Conflict),
        (422, "Invalid authentication request.", errors.Invalid),
        (429, "API rate limit exceeded", errors.RateLimited),
        (500, "Internal Server Error", errors.ServerError),
        (503, "busy", errors.ServerError),
        (405, "Method Not Allowed", errors.MissingRoute),
        (404, "Not Found", errors.MissingRoute),
        (400, "[ERROR: Error creating tool]", errors.ApiError),
        (413, "too large", errors.ApiError),
    ],
)
def test_status_and_words_together_make_the_class(status: int, detail: object, kind: type[errors.ApiError]) -> None:
    error = failure(says(status, detail))
    assert type(error) is kind
    assert error.status == status
    assert error.where == "GET /x"
    assert str(error).startswith(f"GET /x answered {status}: ")


def test_unauthorized_of_an_api_key_is_about_rights() -> None:
    assert type(failure(says(401, "401 Unauthorized"), TOKEN)) is errors.Forbidden


def test_not_found_of_a_proxy_is_not_absence() -> None:
    assert type(failure(html(404))) is errors.MissingRoute
    assert type(failure(httpx.Response(404, text="404 page not found"))) is errors.MissingRoute
    assert type(failure(httpx.Response(404, json=["not found"]))) is errors.MissingRoute


def test_invalid_tells_place_and_reason_but_never_what_was_sent() -> None:
    entry = {"type": "string_type", "loc": ["body", "key"], "msg": "Input should be a string", "input": "hunter2"}
    error = failure(says(422, [entry, {"msg": "no place", "ctx": {"given": "hunter2"}}]))
    assert error.detail == "body.key: Input should be a string; no place"


@pytest.mark.parametrize(
    ("response", "detail"),
    [
        (httpx.Response(500), ""),
        (httpx.Response(500, text="Internal\n  Server Error"), "Internal Server Error"),
        (says(500, {"code": "x", "n": 1}), '{"code": "x", "n": 1}'),
        (says(500, ["a", "b"]), "a; b"),
        (says(500, None), "null"),
        (httpx.Response(500, json={"error": "x"}), '{"error": "x"}'),
        (httpx.Response(500, content=b"\xff\xfe\x00", headers={"content-type": "application/json"}), None),
    ],
)
def test_any_body_gives_a_short_text(response: httpx.Response, detail: str | None) -> None:
    error = failure(response)
    assert len(error.detail) <= LONGEST_DETAIL
    if detail is not None:
        assert error.detail == detail


def test_a_page_is_named_and_not_repeated(golden: SnapshotAssertion) -> None:
    error = failure(html(500))
    assert "<" not in str(error)
    assert str(error) == golden


def test_long_words_are_cut() -> None:
    assert len(failure(says(500, "x" * 10_000)).detail) == LONGEST_DETAIL


def test_token_in_an_error_page_is_taken_out() -> None:
    error = failure(httpx.Response(500, text=f"headers: Authorization: Bearer {TOKEN}"), TOKEN)
    assert TOKEN not in str(error)
    assert error.detail.endswith("Bearer (token)")


def test_web_page_with_status_200_is_a_missing_route() -> None:
    assert type(failure(html())) is errors.MissingRoute
    with pytest.raises(errors.MissingRoute):
        bytes_of(asked(html()), "GET", "/x")


def test_stored_html_file_is_data() -> None:
    page = httpx.Response(200, html="<p>", headers={"Content-Disposition": "attachment"})
    assert bytes_of(page, "GET", "/x") == b"<p>"


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="ok"),
        httpx.Response(200),
        httpx.Response(200, content=b"{broken", headers={"content-type": "application/json"}),
    ],
)
def test_success_has_to_be_json(response: httpx.Response) -> None:
    assert type(failure(response)) is errors.NotJson


def test_json_with_a_charset_is_json() -> None:
    response = httpx.Response(200, content=b"[1]", headers={"Content-Type": "application/json; charset=utf-8"})
    assert data_of(response, "GET", "/x") == [1]


def test_redirect_names_the_new_place_without_its_query(golden: SnapshotAssertion) -> None:
    error = failure(httpx.Response(301, headers={"Location": "https://u:p@new.test/login?next=1"}))
    assert type(error) is errors.Redirected
    assert error.detail.endswith(" https://new.test/login")
    assert "u:p" not in str(error)
    assert str(error) == golden


def test_retry_after_is_seconds_or_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after(says(429, "", Retry_After="7")) == 7
    assert 28 <= (retry_after(says(429, "", Retry_After=soon)) or 0) <= 30
    assert retry_after(says(429, "", Retry_After="Thu, 01 Jan 1970 00:00:00 GMT")) == 0
    assert retry_after(says(429, "", Retry_After="soon")) is None
    assert retry_after(says(429, "")) is None


def test_clock_of_the_server_is_its_date_with_the_time_that_a_cache_kept_it() -> None:
    date = "Fri, 01 Jan 2100 00:00:00 GMT"
    assert server_clock(says(200, "", Date=date)) == 4102444800
    assert server_clock(says(200, "", Date=date, Age="90")) == 4102444890
    assert server_clock(says(200, "", Date=date, Age="old")) == 4102444800
    assert server_clock(says(200, "", Date="never")) is None
    assert server_clock(says(200, "")) is None


PAGE = "<html><title>\n 403 &lt;Forbidden&gt; </title></html>"


@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [
        (400, errors.ApiError, "firewall"),
        (401, errors.Unauthorized, "firewall"),
        (403, errors.Forbidden, "firewall"),
        (413, errors.ApiError, "client_max_body_size"),
        (429, errors.RateLimited, "firewall"),
        (502, errors.ServerError, "does not reach it"),
        (503, errors.ServerError, "not ready"),
        (504, errors.ServerError, "waited too long"),
    ],
)
def test_a_page_says_who_sent_it_and_what_to_do(status: int, kind: type[errors.ApiError], hint: str) -> None:
    error = failure(httpx.Response(status, html=PAGE, headers={"Server": "nginx/1.29"}))
    assert type(error) is kind
    assert error.detail == "a web page of nginx/1.29 with the title '403 <Forbidden>'"
    assert hint in str(error.hint)


@pytest.mark.parametrize("detail", ["Channels is disabled", "Channels are not enabled", "Code execution is disabled"])
def test_what_is_switched_off_is_no_matter_of_rights(detail: str) -> None:
    error = failure(says(403, detail))
    assert isinstance(error, errors.Forbidden)
    assert "switch it on" in str(error.hint)
    assert failure(says(403, "Whoever is disabled stays out.")).hint == errors.Forbidden.advice


@pytest.mark.parametrize("scheme", ['Basic realm="Staff"', "Negotiate", "Digest x=1"])
def test_a_login_of_something_before_the_server_is_not_taken_for_a_wrong_token(scheme: str) -> None:
    error = failure(httpx.Response(401, text="", headers={"WWW-Authenticate": scheme, "Server": "nginx"}))
    assert error.detail == f"a login of nginx is asked for ({scheme})"
    assert "not the token of Open WebUI" in str(error.hint)
    own = failure(httpx.Response(401, json={"detail": "Not authenticated"}, headers={"WWW-Authenticate": "Bearer"}))
    assert own.hint == errors.Unauthorized.advice


def test_a_page_that_repeats_the_token_is_not_repeated() -> None:
    assert TOKEN not in str(failure(httpx.Response(403, html=f"<title>{TOKEN}</title>"), TOKEN))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConnectionFailed("GET", "/x", "m", hint="h"), 69),
        (errors.ConnectionFailed("GET", "/x", "m", hint="h", lasting=True), 1),
        (errors.TimedOut("GET", "/x", 1), 69),
        (errors.Uncertain("POST", "/x", "m"), 1),
        *((errors.ServerError("GET", "/x", status, ""), 69 if status > 500 else 1) for status in (500, 502, 503, 504)),
        (errors.Unauthorized("GET", "/x", 401, ""), 1),
    ],
)
def test_only_a_server_that_cannot_be_reached_ends_with_69(error: errors.ClientError, code: int) -> None:
    assert error.exit_code == code
