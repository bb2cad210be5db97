"""What has to be said to a server that has just come up: who is the administrator, which API key, which provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from owui_sync.sandbox.errors import SignInFailed, StartFailed
from owui_sync.sandbox.identity import ADMIN_NAME
from owui_sync.sandbox.state import SandboxRecord

if TYPE_CHECKING:
    import httpx

_WITH_ADDRESSES = (
    ("/openai/config", "/openai/config/update", None),
    ("/api/v1/retrieval/embedding", "/api/v1/retrieval/embedding/update", None),
    ("/api/v1/retrieval/config", "/api/v1/retrieval/config/update", "web"),
    ("/api/v1/configs/tool_servers", "/api/v1/configs/tool_servers", None),
    ("/api/v1/configs/terminal_servers", "/api/v1/configs/terminal_servers", None),
)
"""Where settings with addresses are read and written, and the part of them that has the addresses."""
_WEBHOOKS = "/api/events/webhooks"


def client(url: str, token: str = "", timeout: float = 30.0) -> httpx.Client:
    """Return an HTTP client for that server, which ignores proxies; `timeout` in seconds."""
    import httpx

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # The addresses are of plain HTTP on loopback; to read the authorities that nobody asks takes longer than a request.
    return httpx.Client(base_url=url, headers=headers, timeout=timeout, trust_env=False, verify=False)


def sign_in(url: str, email: str, password: str) -> str:
    """Return a session token (JWT) of that user of the server at `url`.

    The server allows 15 sign-ins per user in 3 minutes.

    Raises:
        SignInFailed: the server refuses the address and password, in its words.
    """
    with client(url) as http:
        answer = http.post("/api/v1/auths/signin", json={"email": email, "password": password})
    if answer.status_code != 200:
        raise SignInFailed(f"{email} cannot sign in: {_reason(answer)}", where=f"POST {answer.url}")
    return str(answer.json()["token"])


def admin_session(record: SandboxRecord) -> str:
    """Return a session token of the sandbox's administrator, who signs up on servers that do not make one themselves.

    Raises:
        SignInFailed: the data folder has users already, and its administrator is not the one of the record.
    """
    try:
        return sign_in(record.url, record.admin_email, record.admin_password)
    except SignInFailed:
        if token := _sign_up(record):
            return token
        raise SignInFailed(
            f"the users of {record.data} do not include {record.admin_email} with the password that is known for it",
            where=str(record.data),
            hint="Pass `admin_email` and `admin_password` to `up`, or use another data folder.",
        ) from None


def api_key(record: SandboxRecord, session: str) -> str:
    """Return the administrator's API key; made only if there is none, as making one revokes the one before."""
    with client(record.url, session) as http:
        known = http.get("/api/v1/auths/api_key")
        if known.status_code == 200 and (key := known.json().get("api_key")):
            return str(key)
        made = http.post("/api/v1/auths/api_key")
    if made.status_code != 200:
        raise StartFailed(f"no API key for {record.admin_email}: {_reason(made)}", where=f"POST {made.url}")
    return str(made.json()["api_key"])


def is_accepted(record: SandboxRecord, token: str) -> bool:
    """Return whether the server takes that token for an administrator's."""
    if not token:
        return False
    with client(record.url, token) as http:
        answer = http.get("/api/v1/auths/")
    return answer.status_code == 200 and answer.json().get("role") == "admin"


def close_news(record: SandboxRecord, token: str) -> None:
    """Keep the page from opening its window on what is new, before the administrator has seen anything else."""
    with client(record.url, token) as http:
        known = http.get("/api/v1/users/user/settings").raise_for_status().json() or {}
        wanted = {**(known.get("ui") or {}), "showChangelog": False, "version": record.version}
        if known.get("ui") != wanted:
            http.post("/api/v1/users/user/settings/update", json={**known, "ui": wanted}).raise_for_status()


def move_provider(record: SandboxRecord, session: str, before: str) -> None:
    """Bring the stored settings that name the provider and its stubs at `before` to where they are now."""
    now = record.provider_url
    with client(record.url, session) as http:
        for read, write, part in _WITH_ADDRESSES:
            found = http.get(read).raise_for_status()
            if not found.text.startswith("{"):
                continue  # A page: before 0.8 there are no terminal servers.
            document = found.json()
            document = {part: document[part]} if part else document
            if (moved := _replaced(document, before, now)) != document:
                answer = http.post(write, json=moved)
                # 0.8.12 stores the settings of retrieval, and answers 500.
                if answer.status_code != 500:
                    answer.raise_for_status()
        webhooks = http.get(_WEBHOOKS)
        for row in webhooks.json() if _is_list(webhooks) else ():
            if (url := _replaced(row["url"], before, now)) != row["url"]:
                http.put(f"{_WEBHOOKS}/{row['id']}", json={"url": url}).raise_for_status()


def _sign_up(record: SandboxRecord) -> str | None:
    form = {"name": ADMIN_NAME, "email": record.admin_email, "password": record.admin_password}
    with client(record.url) as http:
        answer = http.post("/api/v1/auths/signup", json=form)
    if answer.status_code != 200 or answer.json().get("role") != "admin":
        return None
    return str(answer.json()["token"])


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return new + value[len(old) :] if isinstance(value, str) and f"{value}/".startswith(f"{old}/") else value


def _is_list(answer: httpx.Response) -> bool:
    """Return whether a route is there and lists something: older servers answer with a page or an error."""
    return answer.status_code == 200 and answer.text.startswith("[")


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, LookupError, TypeError):
        return f"status {answer.status_code}"
