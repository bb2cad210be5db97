from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx
import pytest

CHAT = "/v1/chat/completions"


def body(prompt: str = "write 10 words", **extra: Any) -> dict[str, Any]:
    return {"model": "gpt-4.1", "messages": [{"role": "user", "content": prompt}], **extra}


def events(provider: httpx.Client, **extra: Any) -> list[str]:
    answer = provider.post(CHAT, json=body(stream=True, **extra))
    assert answer.headers["content-type"] == "text/event-stream"
    return [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]


def script(provider: httpx.Client, **rule: Any) -> None:
    provider.post("/_script", json=rule).raise_for_status()


def test_several_models_are_listed(provider: httpx.Client) -> None:
    names = [row["id"] for row in provider.get("/v1/models").json()["data"]]
    assert names == ["gpt-4.1", "gpt-4.1-mini", "claude-sonnet", "stub-small", "stub-tools"]


def test_a_model_that_is_not_listed_does_not_answer(provider: httpx.Client) -> None:
    answer = provider.post(CHAT, json=body(model="gpt-9"))
    assert answer.status_code == 404
    assert "gpt-9" in answer.json()["error"]["message"]


def test_a_connection_with_a_prefix_has_the_models_of_that_prefix(provider: httpx.Client) -> None:
    provider.post("/_models", json={"models": ["eu.house", "us.house"]}).raise_for_status()
    names = [row["id"] for row in provider.get("/connections/1/eu/v1/models").json()["data"]]
    assert names[-2:] == ["stub-tools", "house"]
    plain = [row["id"] for row in provider.get("/connections/2/v1/models").json()["data"]]
    assert plain[-2:] == ["eu.house", "us.house"]
    answer = provider.post("/connections/1/eu/v1/chat/completions", json=body("say yes", model="any-of-its-list"))
    assert answer.json()["choices"][0]["message"]["content"] == "yes"
    assert provider.get("/connections/1/eu/v2/models").status_code == 404


def test_the_same_request_gets_the_same_answer(provider: httpx.Client) -> None:
    one, other = (provider.post(CHAT, json=body("Hello")).json()["choices"] for _ in range(2))
    assert one == other


def test_a_stream_ends_with_done(provider: httpx.Client) -> None:
    assert events(provider)[-1] == "[DONE]"


def test_embeddings_are_answered(provider: httpx.Client) -> None:
    answer = provider.post("/v1/embeddings", json={"model": "stub-embedding", "input": ["a", "b"]})
    assert len(answer.json()["data"]) == 2


def test_requests_are_logged_with_what_was_done_to_them(provider: httpx.Client) -> None:
    provider.get("/v1/models")
    provider.post(CHAT, json=body("fail status 503"))
    logged = provider.get("/_requests").json()["requests"]
    assert [(entry["method"], entry["path"], entry["fault"]) for entry in logged] == [
        ("GET", "/v1/models", "none"),
        ("POST", CHAT, "status"),
    ]
    assert logged[1]["body"] == body("fail status 503")


def test_reset_forgets_requests_and_rules(provider: httpx.Client) -> None:
    provider.get("/v1/models")
    script(provider, do="status", times=5)
    provider.post("/_reset")
    assert provider.get("/_requests").json() == {"requests": []}
    assert provider.post(CHAT, json=body()).status_code == 200


def test_a_rule_can_dictate_an_answer(provider: httpx.Client) -> None:
    script(provider, do="answer", value='{"next": 1}', match="plan")
    assert provider.post(CHAT, json=body("plan it")).json()["choices"][0]["message"]["content"] == '{"next": 1}'


def test_several_rules_can_be_sent_at_once(provider: httpx.Client) -> None:
    answer = provider.post("/_script", json=[{"do": "status", "value": 500}, {"do": "status", "value": 502}])
    assert answer.json() == {"rules": 2}
    assert [provider.post(CHAT, json=body()).status_code for _ in range(3)] == [500, 502, 200]


def test_a_status_comes_with_an_error_and_a_time_to_come_back(provider: httpx.Client) -> None:
    answer = provider.post(CHAT, json=body("fail status 429"))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["error"]["type"] == "server_error"


def test_other_paths_can_fail_too(provider: httpx.Client) -> None:
    script(provider, do="status", value=503, path="/v1/models")
    script(provider, do="status", value=502, path="/v1/embeddings")
    assert provider.get("/v1/models").status_code == 503
    assert provider.post("/v1/embeddings", json={"input": "a"}).status_code == 502


def test_an_answer_can_be_late(provider: httpx.Client) -> None:
    begun = time.monotonic()
    assert provider.post(CHAT, json=body("fail delay 0.2")).status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_a_stream_can_be_slow(provider: httpx.Client) -> None:
    script(provider, do="slow", value=0.02)
    begun = time.monotonic()
    count = len(events(provider))
    assert time.monotonic() - begun >= 0.02 * count


@pytest.mark.parametrize("stream", [True, False])
def test_a_connection_can_be_cut_in_the_middle(provider: httpx.Client, stream: bool) -> None:
    script(provider, do="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        provider.post(CHAT, json=body(stream=stream))
    assert provider.post(CHAT, json=body()).status_code == 200


def test_an_answer_can_end_without_a_reason(provider: httpx.Client) -> None:
    script(provider, do="unfinished", times=2)
    parts = events(provider)
    assert "[DONE]" not in parts
    assert len(parts) == 11
    assert not any(json.loads(part)["choices"][0]["finish_reason"] for part in parts)
    assert provider.post(CHAT, json=body()).json()["choices"][0]["finish_reason"] is None


def test_an_error_can_come_inside_a_stream(provider: httpx.Client) -> None:
    script(provider, do="stream-error", times=2)
    parts = events(provider)
    assert "choices" in json.loads(parts[0])
    assert "error" in json.loads(parts[-1])
    assert "error" in provider.post(CHAT, json=body()).json()


def test_a_stream_can_fall_silent_until_reset(provider: httpx.Client) -> None:
    script(provider, do="silence")
    url = provider.base_url.join("/_reset")
    threading.Timer(0.3, lambda: httpx.post(url, trust_env=False)).start()
    received: list[str] = []
    with pytest.raises(httpx.RemoteProtocolError), provider.stream("POST", CHAT, json=body(stream=True)) as answer:
        received.extend(line for line in answer.iter_lines() if line)
    assert len(received) == 2
    assert provider.post(CHAT, json=body()).status_code == 200


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [("/v1/nothing", "{}", 404), (CHAT, "{", 400), ("/_script", '{"do": "explode"}', 400), ("/_script", "[1]", 400)],
)
def test_what_cannot_be_understood_is_an_error_not_a_crash(
    provider: httpx.Client, path: str, content: str, status: int
) -> None:
    answer = provider.post(path, content=content)
    assert answer.status_code == status
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert provider.get("/nothing").status_code == 404
