"""How a run signs in: some changes take away just that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credential:
    """What is known of the token in use.

    Args:
        is_key: whether it is an API key; otherwise it is the token of a session.
        version: of the server, as it tells it.
    """

    is_key: bool
    version: str
