"""`owui-sync fmt`."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.cli import run

MESSY, TIDY = "version:  1\ngroups:\n    A: {}\n", "version: 1\ngroups:\n  A: {}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a manifest in another style and one in ours."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "owui-sync.yaml").write_text("version:  1\nlayers: [manifests]\n")
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/a.yaml").write_text(MESSY)
    (tmp_path / "manifests/b.yaml").write_text(TIDY)
    return tmp_path


def test_the_layers_of_the_configuration_are_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "manifests/a.yaml").chmod(0o640)
    assert run(["fmt"]) == 0
    assert capsys.readouterr().out == "formatted  manifests/a.yaml\n"
    assert (project / "manifests/a.yaml").read_text() == TIDY
    assert (project / "manifests/a.yaml").stat().st_mode & 0o777 == 0o640
    assert run(["fmt"]) == 0
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in (project / "manifests").iterdir()) == ["a.yaml", "b.yaml"]


def test_check_names_files_and_writes_none(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "--check", "manifests"]) == 1
    assert capsys.readouterr().out == "not formatted  manifests/a.yaml\n"
    assert (project / "manifests/a.yaml").read_text() == MESSY
    assert run(["fmt", "--check", "manifests/b.yaml"]) == 0


def test_a_file_that_cannot_be_read_keeps_all_from_being_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "manifests/c.yaml").write_text("version: 1\ngroups: [\n")
    (project / "manifests/d.yaml").write_text("version: 1\na: 1\na: 2\n")
    assert run(["fmt"]) == 1
    err = capsys.readouterr().err
    assert "manifests/c.yaml:" in err
    assert "manifests/d.yaml:3:1" in err
    assert (project / "manifests/a.yaml").read_text() == MESSY


def test_a_link_stays_a_link(project: Path) -> None:
    (project / "manifests/a.yaml").rename(project / "real.yaml")
    (project / "manifests/a.yaml").symlink_to(project / "real.yaml")
    assert run(["fmt"]) == 0
    assert (project / "manifests/a.yaml").is_symlink()
    assert (project / "real.yaml").read_text() == TIDY
