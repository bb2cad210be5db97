from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import certifi
import httpx
import pytest

from owui_sync.client import errors
from owui_sync.client.environment import as_proxy, proxy_for, trusted_by, trusted_in, with_client_certificate
from owui_sync.client.transport import Transport
from owui_sync.errors import UsageError
from tests.support.fake import TOKEN, URL, Fake

NAMED = {"HTTPS_PROXY": "http://proxy.test:3128"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own settings counts."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def goes_through(url: str, **environ: str) -> str | None:
    proxy = proxy_for(httpx.URL(url), environ)
    return None if proxy is None else str(proxy.proxy.url)


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://a.test:1"}, "http://a.test:1"),
        ({"https_proxy": "http://a.test:1"}, "http://a.test:1"),
        ({"https_proxy": "http://low.test:1", "HTTPS_PROXY": "http://up.test:1"}, "http://low.test:1"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://up.test:1"}, None),
        ({"HTTP_PROXY": "http://a.test:1"}, None),
        ({"ALL_PROXY": "http://a.test:1"}, "http://a.test:1"),
        ({"ALL_PROXY": "http://all.test:1", "HTTPS_PROXY": "http://a.test:1"}, "http://a.test:1"),
        ({"HTTPS_PROXY": "proxy.test:3128"}, "http://proxy.test:3128"),
    ],
)
def test_proxy_is_the_one_of_the_strongest_variable(environ: dict[str, str], proxy: str | None) -> None:
    assert goes_through("https://chat.test", **environ) == proxy


@pytest.mark.parametrize(
    ("host", "exceptions"),
    [
        ("chat.test", "*"),
        ("chat.test", "chat.test"),
        ("chat.test", "other.test, CHAT.TEST"),
        ("chat.test", ".test"),
        ("chat.test", "*.test"),
        ("chat.test", "test"),
        ("chat.test", "https://chat.test"),
        ("chat.test:8443", "chat.test:8443"),
        ("10.1.2.3", "10.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3"),
        ("[fd07:b51a:cc66:f0::7]", "fd07:b51a:cc66:f0::/64"),
        ("[fd07:b51a:cc66:f0::7]", "[fd07:b51a:cc66:f0::]/64"),
        ("[fd07::7]", "[fd07::7]"),
        ("[fd07::7]", "fd07::7"),
        ("[fd07::7]:8443", "[fd07::7]:8443"),
        ("[fd07::7]", "fd07:0:0:0:0:0:0:7/128"),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_exceptions_are_names_addresses_and_networks(host: str, exceptions: str, name: str) -> None:
    assert goes_through(f"https://{host}", **NAMED, **{name: exceptions}) is None


@pytest.mark.parametrize(
    ("host", "exceptions"),
    [
        ("chat.test", ""),
        ("chat.test", "::1/128,[::1],fd07:b51a:cc66:f0::/64,10.0.0.0/8,10.0.0.0/99,[::1,]:,:,http://chat.test"),
        ("chat.test", "hat.test"),
        ("chat.test", "chat.test:8443"),
        ("chat.test", "chat.test.evil"),
        ("10.1.2.3", "11.0.0.0/8,::/0"),
        ("[fd07::7]", "fd08::/16,0.0.0.0/0"),
    ],
)
def test_what_no_exception_covers_goes_through_the_proxy(host: str, exceptions: str) -> None:
    assert goes_through(f"https://{host}", **NAMED, NO_PROXY=exceptions) == "http://proxy.test:3128"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "value",
    [
        "http://me:hunter2@proxy.test:99999",
        "http://me:hunter2@proxy.test:port",
        "http://",
        "ftp://hunter2",
        "[",
        ":8080",
    ],
)
def test_a_proxy_that_cannot_be_used_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name) as caught:
        goes_through("https://chat.test", **{name: value})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("value", ["socks5://proxy.test:1080", "socks5h://me:hunter2@proxy.test"])
def test_socks_without_its_package_says_what_to_do(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("owui_sync.client.environment.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="ALL_PROXY names a SOCKS proxy") as caught:
        goes_through("https://chat.test", ALL_PROXY=value)
    assert "pip install socksio" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_socks_with_its_package_is_taken() -> None:
    assert str(as_proxy("socks5://proxy.test:1080", "ALL_PROXY").url) == "socks5://proxy.test:1080"


def test_a_proxy_that_is_not_there_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:9")

    async def main() -> None:
        async with Transport(URL, TOKEN) as transport:
            await transport.send("GET", "/x")

    with pytest.raises(
        errors.ConnectionFailed, match=r"through the proxy http://127.0.0.1:9 \(HTTPS_PROXY\)"
    ) as caught:
        asyncio.run(main())
    assert "hunter2" not in str(caught.value)


def test_a_server_on_this_machine_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://nowhere.test")
    Transport("http://127.0.0.1:9", TOKEN)


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_are_not_there_are_refused_by_the_name_of_their_variable(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    for place in ("missing.pem", "empty.pem"):
        with pytest.raises(UsageError, match=rf"{name}.*{place}"):
            trusted_by({name: str(tmp_path / place)})


def test_the_strongest_variable_with_certificates_wins_and_a_ca_bundle_over_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert trusted_by({}) is None
    assert trusted_by({"SSL_CERT_FILE": certifi.where(), "REQUESTS_CA_BUNDLE": "missing.pem"})
    assert trusted_by({"REQUESTS_CA_BUNDLE": str(tmp_path)})
    monkeypatch.setenv("SSL_CERT_FILE", "missing.pem")
    Transport(URL, TOKEN, ca_bundle=certifi.where())
    Transport("http://127.0.0.1:9", TOKEN)
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        Transport(URL, TOKEN)
    with pytest.raises(UsageError, match=r"nope\.pem"):
        Transport("http://127.0.0.1:9", TOKEN, ca_bundle="nope.pem")


@contextmanager
def served(folder: Path, *, asks: bool = False) -> Iterator[str]:
    """A server with a certificate of its own authority, which is `ca.pem` in the folder; it may ask for ours."""
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out ca.pem"
    subprocess.run(
        [*make.split(), "-addext", "subjectAltName=DNS:localhost"], cwd=folder, check=True, capture_output=True
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(b"true")

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(folder / "ca.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"https://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_is_trusted_for_the_certificates_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def ask(url: str) -> object:
        async with Transport(url, TOKEN) as transport:
            return await transport.send("GET", "/x")

    with served(tmp_path) as url:
        with pytest.raises(errors.ConnectionFailed, match="no trusted connection"):
            asyncio.run(ask(url))
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            with monkeypatch.context() as patch:
                patch.setenv(name, str(tmp_path / "ca.pem"))
                assert asyncio.run(ask(url)) is True


def test_several_folders_with_certificates_are_trusted(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    assert trusted_in(f"{tmp_path}:{tmp_path / 'more'}")


async def _ask(url: str, trust: ssl.SSLContext | Path, *, insecure: bool = False) -> object:
    async with Transport(url, TOKEN, ca_bundle=trust, insecure=insecure) as transport:
        return await transport.send("GET", "/x")


def test_a_server_that_asks_who_we_are_is_shown_the_client_certificate(tmp_path: Path) -> None:
    with served(tmp_path, asks=True) as url:
        ca, key = tmp_path / "ca.pem", tmp_path / "key.pem"
        with pytest.raises(errors.ConnectionFailed):
            asyncio.run(_ask(url, ca))
        assert asyncio.run(_ask(url, with_client_certificate(ca, key, ca, {}))) is True
        trusting = with_client_certificate(ca, key, None, {}, insecure=True)
        assert asyncio.run(_ask(url, trusting, insecure=True)) is True
        both = tmp_path / "both.pem"
        both.write_text(ca.read_text() + key.read_text())
        assert asyncio.run(_ask(url, with_client_certificate(both, None, None, {"SSL_CERT_FILE": str(ca)}))) is True


def test_a_server_that_asks_who_we_are_is_named_with_what_to_do() -> None:
    alert = ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required")
    with pytest.raises(errors.ConnectionFailed, match="certificate required") as caught:
        asyncio.run(Fake(alert).transport().send("GET", "/x"))
    assert "--client-cert" in str(caught.value.hint)


def test_a_client_certificate_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    with served(tmp_path):
        ca, key = tmp_path / "ca.pem", tmp_path / "key.pem"
        make = f"openssl rsa -aes256 -passout pass:hunter2 -in {key} -out {tmp_path}/locked.pem"
        subprocess.run(make.split(), check=True, capture_output=True)
        for certificate, file, why in (
            (tmp_path / "missing.pem", key, "No such file"),
            (ca, None, "cannot be used"),
            (ca, tmp_path / "locked.pem", "passphrase"),
        ):
            with pytest.raises(UsageError, match=why):
                with_client_certificate(certificate, file, ca, {})
