"""Manifests on a sandbox for tests, and the people in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from owui_sync.environments.session import Session
from owui_sync.environments.stand_ins import equipped, offered, placeholder
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.plan.options import Options
from owui_sync.sandbox import Sandbox, offer_models, sign_in
from owui_sync.values import reveal


@dataclass(frozen=True, slots=True)
class AppliedManifests:
    """Manifests that a sandbox has.

    Args:
        sandbox: the server.
        desired: what the manifests ask for.
    """

    sandbox: Sandbox
    desired: Desired


def apply_to(sandbox: Sandbox, paths: Sequence[Path], variables: Mapping[str, Any], root: Path) -> AppliedManifests:
    """Apply manifests with placeholders for secrets and stand-ins for what only a live server has.

    Args:
        sandbox: the server.
        paths: the layers, lowest first.
        variables: as with `--var`.
        root: folder in which tags may name files.

    Raises:
        OwuiSyncError: the manifests are wrong, or the server refuses something; with everything that is.
    """
    desired = load(paths, variables=variables, root=root, secret=placeholder)
    offer_models(sandbox.name, offered(desired))
    asyncio.run(Session(sandbox, Options(jobs=False)).apply_whole(desired))
    return AppliedManifests(sandbox, desired)


def token_of(sandbox: Sandbox, email: str, applied: Sequence[AppliedManifests]) -> str:
    """Return a session token of a person, whose password the manifests or their stand-ins gave.

    Raises:
        SignInFailed: there is no such account, it is not active, or somebody gave it another password.
    """
    if email == sandbox.admin_email:
        return sign_in(sandbox.url, email, sandbox.admin_password)
    passwords = {
        entry.key: str(reveal(entry.values["password"]))
        for each in applied
        for entry in equipped(each.desired).of("user")
    }
    return sign_in(sandbox.url, email, passwords.get(email, placeholder(email)))
