"""Users: accounts, known by their e-mail address. They are made with a password, and never deleted but by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from owui_sync.client.api import users
from owui_sync.client.api.users import UserRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds.base import Fault, Kind
from owui_sync.kinds.fields import Field, key_schema, text
from owui_sync.kinds.lifecycle import Lifecycle, Removal
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import set_among
from owui_sync.kinds.settings import caution
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import reveal

LONGEST_PASSWORD = 72
"""Bytes; bcrypt reads no more, and servers refuse what is longer (utils/auth.py, 0.6.43 to 0.12.4)."""

_NO_PICTURE = (None, "", "/user.png")


def first_accounts(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the ids of the oldest accounts, of which one is the primary administrator.

    Servers count in seconds: accounts that were made in the same one cannot be told apart. Empty where no row says
    when it was made.
    """
    made = sorted((row["created_at"], row["id"]) for row in rows if "created_at" in row)
    return tuple(id for at, id in made if at == made[0][0])


class User(Kind[UserRow]):
    name = "user"
    section = "users"
    summary = "Accounts of people; deleted by nothing but `absent`."
    key = key_schema(
        "The e-mail address; upper and lower case are the same.",
        "alice@example.com",
        pattern=r"^[^@\s]+@[^@\s]+$",
        error="an e-mail address has one `@`, with something before and after it, and no blanks",
    )
    key_ignores_case = True
    fields = (
        text(
            "name",
            "The name that others see. Default: the e-mail address.",
            "Alice Chen",
            least=1,
            defaults_to_key=True,
        ),
        Field(
            name="role",
            schema={
                "enum": ["admin", "user", "pending"],
                "description": "`pending` accounts cannot do anything yet. The first account of a server stays "
                "`admin` for ever.",
            },
            default="pending",
        ),
        Field(
            name="password",
            schema={
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_PASSWORD,
                "description": "By `!secret`. Used once, to create the account: never compared, changed or shown. "
                f"At most {LONGEST_PASSWORD} bytes. Without it, an account that is not there yet is waited for.",
            },
            secret=True,
        ),
    )
    provides = frozenset({"membership"})
    lifecycle = Lifecycle(removal=Removal.RELEASE, rename_since="0.6.43", create_requires="password")

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        password = reveal(values.get("password", ""))
        if live is None and (size := len(password.encode("utf-8", "surrogatepass"))) > LONGEST_PASSWORD:
            message = f"the password has {size} bytes, and servers refuse more than {LONGEST_PASSWORD}"
            yield "password", message, "letters beyond ASCII take two bytes or more: choose a shorter one"

    def unsaid(self, row: UserRow) -> Iterable[str]:
        picture = row.get("profile_image_url")
        rest = ("profile_banner_image_url", "bio", "gender", "date_of_birth", "info", "settings")
        return [*(["profile_image_url"] if picture not in _NO_PICTURE else []), *set_among(row, *rest)]

    async def cautions(self, reader: Reader, changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Warn of what changes roles elsewhere. Requests: two where roles change, one before 0.10."""
        return await caution.of_roles(reader) if any("role" in values for values in changes.values()) else []

    def identity(self, row: UserRow) -> tuple[str, str]:
        return self.normal_key(row["email"]), row["id"]

    async def read(self, reader: Reader) -> list[UserRow]:
        """Read all with one request for up to 30 users, else two.

        Only the rows of the oldest 30 are sure to have `created_at`.
        """
        oldest, total = await users.oldest(reader)
        if total == len(oldest):
            return oldest
        full = {row["id"]: row for row in oldest}
        return [full.get(row["id"], row) for row in await users.list_all(reader)]

    async def observe(self, reader: Reader, want: frozenset[str], names: IdIndex) -> list[UserRow]:
        """As `read`; for `membership` one for each 30 users instead, as only the pages tell who is in which group."""
        if "membership" not in want:
            return await self.read(reader)
        rows = await users.pages(reader)
        members: dict[str, list[str]] = {}
        for row in rows:
            for group in row.get("group_ids") or []:
                members.setdefault(group, []).append(row["id"])
        names.members = members
        return rows

    def live(self, row: UserRow, names: IdIndex) -> ObservedResource:
        return ObservedResource(self.name, *self.identity(row), {"name": row["name"], "role": row["role"]}, row)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        """Needs `password` among the values."""
        body = {
            "email": write.key,
            "name": write.get("name", write.key),
            "role": write.get("role", "pending"),
            "password": write.values["password"],
        }
        return self.live(await users.create(writer, body), write.names)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        """Leave a password among the values alone: whoever has the account has one. One request, two before 0.10.

        With another key, that is the e-mail address with which the person signs in from then on.
        """
        body = {name: write.values[name] for name in ("name", "role") if name in write.values}
        if write.renames(live):
            body["email"] = write.key
        if not await can(writer, Feature.PARTIAL_USER):
            now = await users.get(writer, live.id)
            body = {name: now[name] for name in ("role", "name", "email", "profile_image_url")} | body
        return self.live(await users.update(writer, live.id, body), write.names)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await users.delete(writer, live.id)
