"""What a data folder has to remember to be started again: its administrator, its secret key, its provider."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from owui_sync.sandbox.paths import write_private

ADMIN_EMAIL = "admin@example.com"
ADMIN_NAME = "Sandbox Admin"


@dataclass(frozen=True, slots=True)
class Identity:
    """Kept as a file in the data folder, so that it goes along when the folder is copied.

    The password is made up for each folder: whoever can sign in as an administrator of an Open WebUI can run
    programs as the user who started it, and other users of the machine reach loopback too.

    Attributes:
        admin_email, admin_password: login of the administrator.
        secret_key: signs the sessions; with another one, stored sessions and secrets would be lost.
        provider_url: where the stored configuration expects the provider; empty if the folder has not run yet.
        token: the administrator's API key; empty if the folder has not run yet.
        version: the release whose database the folder has; empty if that is not known.
    """

    admin_email: str
    admin_password: str = field(repr=False)
    secret_key: str = field(repr=False)
    provider_url: str = ""
    token: str = field(default="", repr=False)
    version: str = ""

    @classmethod
    def of(cls, data: Path) -> Identity:
        """Return the identity of that data folder; a new one for a folder without."""
        try:
            return cls(**json.loads(_file(data).read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return cls(ADMIN_EMAIL, secrets.token_urlsafe(12), secrets.token_urlsafe(24))

    def of_login(self, email: str | None, password: str | None) -> Identity:
        """Return it with another login of the administrator, as far as one is given."""
        return replace(self, admin_email=email or self.admin_email, admin_password=password or self.admin_password)

    def save(self, data: Path) -> None:
        """Write it into the data folder."""
        write_private(_file(data), json.dumps(asdict(self), indent=1))


def _file(data: Path) -> Path:
    return data / "owui-sync-sandbox.json"
