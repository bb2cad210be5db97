"""The lock of a stack on a server of any tested version: one holder, and nothing of it shows to users."""

from __future__ import annotations

import asyncio

from owui_sync.apply.lock import locked
from owui_sync.client.connect import Server as Address
from owui_sync.client.connect import connect
from owui_sync.errors import Locked
from tests.support.project import Project
from tests.support.server import Server


def test_of_many_at_once_one_gets_the_lock_and_users_see_nothing_of_it(project: Project, server: Server) -> None:
    id = f"owui-sync.lock.{project.stack}"
    user = server.user(f"onlooker-{project.stack[-8:]}")

    async def run() -> bool:
        async with connect(Address(url=project.sandbox.url, token=project.sandbox.token)) as writer:
            try:
                async with locked(writer, project.stack, 0.0):
                    row = await asyncio.to_thread(lambda: server.models()[id])
                    assert (row["is_active"], server.grants(row)) == (False, set())
                    shown = await asyncio.to_thread(server.get, "/api/models", user.token)
                    assert id not in {model["id"] for model in shown["data"]}
                    await asyncio.sleep(1)
            except Locked:
                return False
            return True

    async def main() -> list[bool]:
        return await asyncio.gather(*(run() for _ in range(6)))

    assert sorted(asyncio.run(main())) == [False] * 5 + [True]
    assert id not in server.models()
