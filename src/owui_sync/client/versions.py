"""Versions of Open WebUI: how they compare, which ones are tested, which one a server runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from owui_sync.client.api import system
from owui_sync.client.errors import ApiError, NotOpenWebUI, RateLimited, Redirected, ServerError
from owui_sync.client.reader import Reader

_FORM = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version such as `0.12.4`; one with a suffix (`0.13.0.dev1`, `0.13.0-rc1`) comes before the one without.

    Args:
        major: first number.
        minor: second number.
        patch: third number.
        final: whether nothing follows the numbers, or only a build name (`+local`).
        suffix: what follows the numbers, as written.
    """

    major: int
    minor: int
    patch: int = 0
    final: bool = True
    suffix: str = ""

    @classmethod
    def parse(cls, text: str) -> Version:
        """Return the version that `text` names; a leading `v` and a missing third number are tolerated.

        Raises:
            ValueError: it does not begin with two numbers.
        """
        match = _FORM.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is no version")
        major, minor, patch, suffix = match.groups()
        return cls(int(major), int(minor), int(patch or 0), suffix == "" or suffix.startswith("+"), suffix)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}{self.suffix}"


TESTED: Final = (
    Version(0, 6, 43),
    Version(0, 7, 2),
    Version(0, 8, 12),
    Version(0, 9, 6),
    Version(0, 10, 2),
    Version(0, 11, 4),
    Version(0, 12, 4),
)
"""The versions that this client is tested against, oldest first."""


async def detect(reader: Reader) -> Version:
    """Return the version that the server runs. One request; the server does not look at the token.

    Ollama, which often runs beside Open WebUI, has the same route without `deployment_id`.

    Raises:
        NotOpenWebUI: something else answers.
        ClientError: nothing answers, or not now.
    """
    try:
        answer = await system.version(reader)
        if "deployment_id" in answer:
            return Version.parse(str(answer.get("version")))
    except (RateLimited, ServerError, Redirected):
        raise
    except ApiError as error:
        if error.hint != error.advice:
            raise  # Something before the server answered, and the error says what to do about it.
        raise _not_open_webui(reader, f": it answered {error.status}, {error.detail}") from error
    except ValueError as error:
        raise _not_open_webui(reader) from error
    raise _not_open_webui(reader)


def _not_open_webui(reader: Reader, why: str = "") -> NotOpenWebUI:
    return NotOpenWebUI("GET", system.VERSION, f"shows that {reader.url} is not an Open WebUI server{why}")
