"""What the environment says of the way to a server: a proxy before it, and the certificates to trust.

httpx reads some of these variables by itself, and raises what only its authors understand where it cannot use one. Here
every value either works or is refused by the name of its variable.
"""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx

from owui_sync.client.address import is_host, is_port
from owui_sync.errors import UsageError
from owui_sync.inputs import check_input

_SCHEMES = ("http", "https", "socks5", "socks5h")
_HOST = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^:\[\]]*))(?::(?P<port>\d+))?")
_EXAMPLE = "write it as http://proxy.example.com:3128"

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that name a file or a folder with certificates, the strongest first."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy before the server.

    Args:
        name: what named it, such as `HTTPS_PROXY`.
        proxy: what httpx takes.
    """

    name: str
    proxy: httpx.Proxy

    @property
    def words(self) -> str:
        """For a message: where it is and who named it; no user name, no password."""
        url = self.proxy.url
        return f"the proxy {url.scheme}://{url.netloc.decode('ascii')} ({self.name})"


def proxy_for(url: httpx.URL, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy that the environment names for a server; None for the direct way.

    Lower-case names win over upper-case ones, and `https_proxy` or `http_proxy` over `all_proxy`. `no_proxy` holds
    names (with everything below them), addresses, both also with a port, networks (`10.0.0.0/8`, `fd00::/8`), and `*`.

    Raises:
        UsageError: the variable that counts does not name a proxy that can be used.
    """
    name, text = next(
        (found for key in (f"{url.scheme}_proxy", "all_proxy") if (found := _variable(key, environ))[1]), ("", "")
    )
    if not text or _is_excepted(url, _variable("no_proxy", environ)[1]):
        return None
    return Proxy(name, as_proxy(text, name))


def as_proxy(given: str | httpx.Proxy, name: str) -> httpx.Proxy:
    """Return the proxy that a text names; without a scheme it is an http proxy.

    Args:
        name: what messages call it; they never repeat the text, which may hold a password.

    Raises:
        UsageError: it is none that can be used.
    """
    if isinstance(given, httpx.Proxy):
        return given
    text = given.strip()
    scheme = text.partition("://")[0] if "://" in text else "http"
    if scheme.lower() not in _SCHEMES:
        raise UsageError(f"{name} names a proxy of the kind `{scheme}`, which is not supported", hint=_way_out(name))
    if scheme.lower().startswith("socks") and find_spec("socksio") is None:
        hint = f"install it (`pip install socksio`), {_way_out(name)}"
        raise UsageError(f"{name} names a SOCKS proxy, which takes the package `socksio`", hint=hint)
    try:
        url = httpx.URL(text if "://" in text else f"http://{text}")
        if not url.host or not is_host(url) or not is_port(url.port):
            raise ValueError
        return httpx.Proxy(url)
    except (httpx.InvalidURL, ValueError):
        raise UsageError(f"{name} is not the address of a proxy", hint=_EXAMPLE) from None


def trusted_for(
    url: str, ca_bundle: str | Path | ssl.SSLContext | None, *, insecure: bool, trust_env: bool
) -> ssl.SSLContext | bool:
    """Return whom to trust at this URL, as httpx takes it.

    Without TLS no certificates are loaded, which takes 20 ms; a file that is named must be one.

    Args:
        ca_bundle: PEM file or folders; None: what the environment says, or the public authorities.
        insecure: trust everybody.
        trust_env: whether the environment may name certificates.

    Raises:
        UsageError: what is named is not there, or holds no certificates.
    """
    if isinstance(ca_bundle, ssl.SSLContext):
        return ca_bundle
    named = trusted_in(ca_bundle) if ca_bundle is not None else None
    if insecure or url.startswith("http:"):
        return False
    return named or (trusted_by(os.environ) if trust_env else None) or True


def trusted_by(environ: Mapping[str, str]) -> ssl.SSLContext | None:
    """Return the certificates that the environment says to trust; None where it says nothing.

    Raises:
        UsageError: what the variable names is not there, or holds no certificates.
    """
    name = next((name for name in _CERTIFICATES if environ.get(name)), None)
    return None if name is None else trusted_in(environ[name], f"{name}: ")


def trusted_in(place: str | Path, named_by: str = "") -> ssl.SSLContext:
    """Return the certificates in a PEM file, or in folders (as `c_rehash` makes them, separated as in PATH).

    Args:
        named_by: begins the message of an error.

    Raises:
        UsageError: it is not there, or holds no certificates.
    """
    folders = [part for part in str(place).split(os.pathsep) if part]
    try:
        if folders and all(Path(part).is_dir() for part in folders):
            context = ssl.create_default_context(capath=folders[0])
            for folder in folders[1:]:
                context.load_verify_locations(capath=folder)
            return context
        check_input(place)
        return ssl.create_default_context(cafile=place)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"{named_by}the CA bundle {place} cannot be used: {_reason(error)}",
            hint="it has to be a PEM file with certificates",
        ) from error


def with_client_certificate(
    certificate: Path, key: Path | None, ca_bundle: Path | None, environ: Mapping[str, str], *, insecure: bool = False
) -> ssl.SSLContext:
    """Return what to trust, with the certificate by which this machine shows who it is.

    Args:
        certificate: PEM file; also holds the key where `key` is None.
        key: PEM file with the key, without a passphrase.
        ca_bundle: whom to trust; None: what the environment says, or the public authorities.
        insecure: trust everybody.

    Raises:
        UsageError: a file is not there, or they do not fit together.
    """
    trusted = trusted_in(ca_bundle) if ca_bundle else trusted_by(environ) or httpx.create_ssl_context()
    if insecure:
        trusted.check_hostname = False
        trusted.verify_mode = ssl.CERT_NONE
    try:
        for file in filter(None, (certificate, key)):
            check_input(file)
        trusted.load_cert_chain(certificate, key, password=no_passphrase)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise UsageError(
            f"the client certificate {certificate} cannot be used: {_reason(error)}",
            hint="--client-cert and --client-key are PEM files that belong together; the key has no passphrase",
        ) from None
    return trusted


def _reason(error: OSError | ValueError) -> str:
    """Return why a certificate cannot be used, in the words of the system or of OpenSSL."""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        return str(error.strerror)
    return str(error)


def no_passphrase() -> str:
    """Refuse to be asked for a passphrase, where OpenSSL would ask at the terminal."""
    raise ValueError("the key has a passphrase")


def _way_out(name: str) -> str:
    return f"or name an http proxy in {name}, or except the server with NO_PROXY"


def _variable(key: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the name and the value of a variable, which may be written in either case."""
    name = next((name for name in (key, key.upper()) if name in environ), key)
    return name, environ.get(name, "").strip()


def _is_excepted(url: httpx.URL, exceptions: str) -> bool:
    return any(_covers(entry, url) for entry in re.split(r"[,\s]+", exceptions) if entry)


def _covers(entry: str, url: httpx.URL) -> bool:
    """Return whether an entry of `no_proxy` is about this server; one that means nothing is about none."""
    scheme, _, rest = entry.rpartition("://")
    if scheme not in ("", "all", url.scheme):
        return False
    if rest == "*":
        return True
    if (network := _network(rest)) is not None:
        return _is_in(url.host, network)
    match = _HOST.fullmatch(rest)
    if not match or (match["port"] and int(match["port"]) != _port(url)):
        return False
    host = match["v6"] or match["host"] or ""
    if (network := _network(host)) is not None:
        return _is_in(url.host, network)
    name = host.removeprefix("*").removeprefix(".").lower()
    return bool(name) and (url.host == name or url.host.endswith(f".{name}"))


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return an address or a network; around an IPv6 address there may be brackets."""
    try:
        return ipaddress.ip_network(re.sub(r"^\[([^\]]*)\](/\d+)?$", r"\1\2", text), strict=False)
    except ValueError:
        return None


def _is_in(host: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.version == network.version and address in network


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
