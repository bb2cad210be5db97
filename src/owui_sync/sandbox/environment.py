"""The whole environment of the server: nothing of the user's that could change how it behaves."""

from __future__ import annotations

import os
from pathlib import Path

from owui_sync.sandbox import postgres
from owui_sync.sandbox.identity import ADMIN_NAME, Identity
from owui_sync.sandbox.install import is_before
from owui_sync.sandbox.state import SandboxRecord

PROVIDER_KEY = "sandbox"
EMBEDDING_MODEL = "stub-embedding"
_SITE = Path(__file__).with_name("site")
"""Folder of what the server's Python runs first."""


def server_environment(record: SandboxRecord) -> dict[str, str]:
    """Return the environment variables of the server of that sandbox.

    Home and temporary files are in its scratch folder, so that neither `~/.netrc` nor a model cache is read, and
    everything that it writes outside its data folder is gone when it stops.
    """
    provider = f"{record.provider_url}/v1"
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "HOME": str(record.scratch),
        "TMPDIR": str(record.scratch / "tmp"),
        "STATIC_DIR": str(record.scratch / "static"),
        "DATA_DIR": str(record.data),
        "WEBUI_SECRET_KEY": record.secret_key,
        "WEBUI_ADMIN_EMAIL": record.admin_email,
        "WEBUI_ADMIN_PASSWORD": record.admin_password,
        "WEBUI_ADMIN_NAME": ADMIN_NAME,
        "OFFLINE_MODE": "true",
        "HF_HUB_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "false",
        "DO_NOT_TRACK": "true",
        "SCARF_NO_ANALYTICS": "true",
        "ENABLE_VERSION_UPDATE_CHECK": "false",
        "ENABLE_OLLAMA_API": "false",
        "OPENAI_API_BASE_URL": provider,
        "OPENAI_API_KEY": PROVIDER_KEY,
        "RAG_EMBEDDING_ENGINE": "openai",
        "RAG_EMBEDDING_MODEL": EMBEDDING_MODEL,
        "RAG_OPENAI_API_BASE_URL": provider,
        "RAG_OPENAI_API_KEY": PROVIDER_KEY,
        **_web_search(record),
        **({} if record.setup.live_endpoints else {"PYTHONPATH": str(_SITE)}),
        **({"UVICORN_WORKERS": str(record.setup.workers)} if record.setup.workers > 1 else {}),
        **({"DATABASE_URL": postgres.url(record.database_port)} if record.database_port else {}),
        **_api_keys(record.version),
        **_migrations(record),
        **record.settings,
    }


def _web_search(record: SandboxRecord) -> dict[str, str]:
    """Return what switches web search on, with the sandbox's own engine, and lets the server read pages of loopback."""
    return {
        "ENABLE_WEB_SEARCH": "true",
        "WEB_SEARCH_ENGINE": "external",
        "EXTERNAL_WEB_SEARCH_URL": f"{record.provider_url}/search",
        "ENABLE_RAG_LOCAL_WEB_FETCH": "true",
    }


def _api_keys(version: str) -> dict[str, str]:
    switches = {"ENABLE_API_KEYS": "true", "ENABLE_API_KEY": "true"}
    # Before 0.8 administrators too need the permission that users get by default.
    if is_before(version, (0, 8)):
        switches["USER_PERMISSIONS_FEATURES_API_KEYS"] = "true"
    return switches


def _migrations(record: SandboxRecord) -> dict[str, str]:
    """Spare a server the look through all migrations, which takes it longer than all else but its imports."""
    is_ours = record.setup.database == "sqlite" and "DATABASE_URL" not in record.settings
    is_done = Identity.of(record.data).version == record.version and (record.data / "webui.db").is_file()
    return {"ENABLE_DB_MIGRATIONS": "false"} if is_ours and is_done else {}
