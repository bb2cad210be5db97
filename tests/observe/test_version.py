from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.versions import Version
from owui_sync.errors import OwuiSyncError
from owui_sync.observe.version import check_version


@pytest.mark.parametrize("text", ["0.6.43", "0.7.2", "0.8.12", "0.10.2", "0.11.4", "0.12.4"])
def test_tested_versions_and_those_between_are_taken_without_a_word(text: str) -> None:
    assert check_version(Version.parse(text)) == ()


def test_a_newer_version_is_taken_with_a_warning(golden: SnapshotAssertion) -> None:
    (warning,) = check_version(Version.parse("0.13.0"))
    assert "0.13.0" in warning
    assert warning == golden


@pytest.mark.parametrize("text", ["0.5.20", "0.6.42"])
def test_an_older_version_is_refused_with_the_version_that_can(text: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(OwuiSyncError, match=f"{text}.*0.6.43") as caught:
        check_version(Version.parse(text))
    assert str(caught.value) == golden
