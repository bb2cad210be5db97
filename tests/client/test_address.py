from __future__ import annotations

import pytest

from owui_sync.client.address import base_url, clean_token, is_loopback
from owui_sync.errors import UsageError


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://chat.example.com", "https://chat.example.com"),
        (" https://chat.example.com/ ", "https://chat.example.com"),
        ("https://example.com/owui/", "https://example.com/owui"),
        ("https://example.com:8443//", "https://example.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_base_url_has_no_slash_at_the_end_and_keeps_port_and_prefix(text: str, url: str) -> None:
    assert base_url(text) == url


@pytest.mark.parametrize(
    "text", ["", "chat.example.com", "chat.example.com:8080", "ftp://a", "https://", "http://[::1"]
)
def test_base_url_refuses_what_is_no_http_address(text: str) -> None:
    with pytest.raises(UsageError):
        base_url(text)


@pytest.mark.parametrize(
    "text", ["https://me:hunter2@a.example", "https://a.example/?token=hunter2", "https://a/#hunter2"]
)
def test_base_url_refuses_secrets_in_it_without_repeating_them(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        base_url(text)
    assert "hunter2" not in str(caught.value)


def test_plain_http_is_for_loopback_only_unless_insecure() -> None:
    with pytest.raises(UsageError, match=r"plain http"):
        base_url("http://chat.example.com")
    assert base_url("http://chat.example.com", insecure=True) == "http://chat.example.com"


@pytest.mark.parametrize(
    ("host", "yes"), [("localhost", True), ("a.localhost", True), ("127.9.9.9", True), ("::1", True)]
)
def test_loopback_names_and_addresses(host: str, yes: bool) -> None:
    assert is_loopback(host) is yes
    assert not is_loopback(f"{host}.example.com")
    assert not is_loopback("10.0.0.1")


def test_token_loses_the_white_space_around_it() -> None:
    assert clean_token(" sk-abc\r\n") == "sk-abc"


@pytest.mark.parametrize("text", ["", " \n", "sk-abc\nsk-def", "sk-äbc", "sk abc"])
def test_token_that_is_none_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        clean_token(text, "OWUI_TOKEN")
    assert "OWUI_TOKEN" in str(caught.value)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://chat.example.com:99999",
        "https://chat.example.com:0",
        "https://chat.example.com:-1",
        "https://chat.example.com:port",
        "https://chat example.com",
        "https://chat..example.com",
        "https://.example.com",
        "https://*.example.com",
        "https://xn--a",
        "https://[::g]",
        "https://" + "a" * 64 + ".com",
        "https://a\0b",
    ],
)
def test_base_url_refuses_hosts_and_ports_that_cannot_exist(text: str) -> None:
    with pytest.raises(UsageError, match="the URL"):
        base_url(text)


@pytest.mark.parametrize("text", ["https://büro.example.com", "https://open_webui:8080", "https://chat.example.com."])
def test_base_url_takes_every_host_that_can_be_asked_for(text: str) -> None:
    assert base_url(text)
