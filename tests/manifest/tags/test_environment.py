"""Secrets come from a variable or from the file that NAME_FILE names."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.manifest.tags.environment import MissingSecret, read_secret
from owui_sync.manifest.yaml.value_problem import ValueProblem


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S", raising=False)
    monkeypatch.delenv("S_FILE", raising=False)


def test_the_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s").write_text("from file")
    monkeypatch.setenv("S_FILE", str(tmp_path / "s"))
    assert read_secret("S") == "from file"
    monkeypatch.setenv("S", "from variable")
    assert read_secret("S") == "from variable"


@pytest.mark.parametrize(("content", "secret"), [(b"x\n", "x"), (b"x\r\n", "x"), (b"x\n\n", "x\n"), (b" x ", " x ")])
def test_one_line_break_at_the_end_of_the_file_does_not_count(
    content: bytes, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s").write_bytes(content)
    monkeypatch.setenv("S_FILE", str(tmp_path / "s"))
    assert read_secret("S") == secret


def test_an_empty_secret_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingSecret, match="`S` is not set"):
        read_secret("S")
    monkeypatch.setenv("S", "")
    with pytest.raises(MissingSecret, match="`S` is empty"):
        read_secret("S")


@pytest.mark.parametrize(("content", "message"), [(None, "cannot read"), (b"\xff", "not UTF-8"), (b"\n", "is empty")])
def test_a_bad_secret_file_is_told_without_its_content(
    content: bytes | None, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "s").write_bytes(content)
    monkeypatch.setenv("S_FILE", str(tmp_path / "s"))
    with pytest.raises(ValueProblem, match=message) as caught:
        read_secret("S")
    assert not isinstance(caught.value, MissingSecret)


def test_the_file_of_a_secret_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "secret").open("wb") as file:
        file.truncate(1 << 30)
    monkeypatch.setenv("TOO_LARGE_FILE", str(tmp_path / "secret"))
    with pytest.raises(ValueProblem, match="larger than 1 MiB, the most that is read"):
        read_secret("TOO_LARGE")
