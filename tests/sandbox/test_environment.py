from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.sandbox.environment import server_environment
from owui_sync.sandbox.identity import Identity
from owui_sync.sandbox.processes import Process
from owui_sync.sandbox.setup import Setup
from owui_sync.sandbox.state import SandboxRecord


def record(version: str = "0.12.4", **settings: str) -> SandboxRecord:
    return SandboxRecord(
        name="one",
        version=version,
        port=8080,
        provider_port=9080,
        data=Path("/data"),
        admin_email="admin@example.com",
        admin_password="hush",
        secret_key="key",
        settings=settings,
        owner=None,
        starter=Process.of(os.getpid()),
    )


def test_nothing_of_the_users_reaches_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "DATABASE_URL", "HTTP_PROXY", "PYTHONPATH", "WEBUI_AUTH"):
        monkeypatch.setenv(name, "from-the-user")
    assert "from-the-user" not in server_environment(record()).values()


def test_home_and_temporary_files_are_in_the_scratch_folder() -> None:
    environment = server_environment(record())
    for name in ("HOME", "TMPDIR", "STATIC_DIR"):
        assert Path(environment[name]).is_relative_to(record().scratch)


def test_settings_win() -> None:
    assert server_environment(record(ENABLE_CHANNELS="true", OFFLINE_MODE="false"))["OFFLINE_MODE"] == "false"


def test_only_before_0_8_do_users_get_the_permission_for_api_keys() -> None:
    assert "USER_PERMISSIONS_FEATURES_API_KEYS" in server_environment(record("0.6.43"))
    assert "USER_PERMISSIONS_FEATURES_API_KEYS" not in server_environment(record("0.8.12"))


def test_migrations_are_left_out_only_for_a_database_that_this_version_has_migrated(tmp_path: Path) -> None:
    def runs(record: SandboxRecord) -> bool:
        return "ENABLE_DB_MIGRATIONS" not in server_environment(record)

    here = replace(record(), data=tmp_path)
    assert runs(here)
    replace(Identity.of(tmp_path), version="0.12.4").save(tmp_path)
    assert runs(here)
    (tmp_path / "webui.db").touch()
    assert not runs(here)
    assert runs(replace(here, version="0.12.5"))
    assert runs(replace(here, settings={"DATABASE_URL": "sqlite:///elsewhere.db"}))
    assert runs(replace(here, setup=Setup(database="postgresql")))
