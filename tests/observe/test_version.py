from __future__ import annotations

import pytest

from owui_sync.client.versions import Version
from owui_sync.errors import OwuiSyncError
from owui_sync.observe.version import check_version


@pytest.mark.parametrize("text", ["0.6.43", "0.7.2", "0.8.12", "0.10.2", "0.11.4", "0.12.4"])
def test_tested_versions_and_those_between_are_taken_without_a_word(text: str) -> None:
    assert check_version(Version.parse(text)) == ()


def test_a_newer_version_is_taken_with_a_warning() -> None:
    assert "0.13.0" in check_version(Version.parse("0.13.0"))[0]


@pytest.mark.parametrize("text", ["0.5.20", "0.6.42"])
def test_an_older_version_is_refused_with_the_version_that_can(text: str) -> None:
    with pytest.raises(OwuiSyncError, match=f"Open WebUI {text}.*from 0.6.43 on"):
        check_version(Version.parse(text))
