from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from owui_sync.sandbox.identity import Identity


def test_every_data_folder_gets_a_password_of_its_own(tmp_path: Path) -> None:
    one, other = Identity.of(tmp_path / "one"), Identity.of(tmp_path / "other")
    assert one.admin_password != other.admin_password
    assert one.secret_key != other.secret_key


def test_it_goes_along_when_the_folder_is_copied(tmp_path: Path) -> None:
    identity = replace(Identity.of(tmp_path / "one"), provider_url="http://127.0.0.1:9080")
    identity.save(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    assert Identity.of(tmp_path / "copy") == identity


def test_its_secrets_are_not_shown(tmp_path: Path) -> None:
    identity = Identity.of(tmp_path)
    assert identity.admin_password not in repr(identity)
    assert identity.secret_key not in repr(identity)
