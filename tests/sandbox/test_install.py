from __future__ import annotations

import threading
from pathlib import Path

import pytest

from owui_sync.sandbox import install as module
from owui_sync.sandbox.errors import InstallFailed, UvMissing
from owui_sync.sandbox.install import LEFT_OUT, SUPPORTED, install, log_of
from owui_sync.sandbox.paths import sandbox_dir

STAND_IN = """#!/bin/sh
# Does as uv does, as far as `install` can tell: makes an environment, then installs into it.
echo "$@"
if [ "$1" = venv ]; then mkdir -p "$4/bin" "$4/lib/python3.12"; touch "$4/bin/python"; exit; fi
sleep 0.2
cp "$6" "$(dirname "$(dirname "$4")")/overrides"
[ ! -e "{trouble}" ] || {{ echo "it went wrong"; exit 1; }}
"""


@pytest.fixture
def trouble(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts a stand-in in the place of uv, which fails as long as this file exists."""
    trouble, uv = tmp_path / "trouble", tmp_path / "uv"
    uv.write_text(STAND_IN.format(trouble=trouble))
    uv.chmod(0o755)
    monkeypatch.setattr(module, "_find_uv", lambda: str(uv))
    return trouble


def test_a_version_is_installed_once(trouble: Path) -> None:
    told: list[str] = []
    folder = install("0.12.4", told.append)
    assert install("0.12.4", told.append) == folder == sandbox_dir("0.12.4")
    assert len(told) == 1
    assert "open-webui==0.12.4" in log_of("0.12.4").read_text()


def test_the_machine_learning_packages_are_left_out(trouble: Path) -> None:
    overrides = install("0.12.4") / "overrides"
    assert overrides.read_text().splitlines() == [f"{package} ; sys_platform == 'never'" for package in LEFT_OUT]


def test_two_at_once_install_once(trouble: Path) -> None:
    told: list[str] = []
    threads = [threading.Thread(target=install, args=("0.12.4", told.append)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1


def test_an_interrupted_install_is_done_again(trouble: Path) -> None:
    leftover = sandbox_dir("0.12.4") / "bin" / "leftover"
    leftover.parent.mkdir(parents=True)
    (leftover.parent / "python").touch()
    leftover.touch()
    install("0.12.4")
    assert not leftover.exists()


def test_an_install_whose_python_is_gone_is_done_again(trouble: Path) -> None:
    python = install("0.12.4") / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    install("0.12.4")
    assert python.is_file()


def test_a_failed_install_leaves_its_log_and_nothing_else(trouble: Path) -> None:
    trouble.touch()
    with pytest.raises(InstallFailed, match="it went wrong") as caught:
        install("0.12.4")
    assert caught.value.problems[0].where == str(log_of("0.12.4"))
    assert not sandbox_dir("0.12.4").exists()
    assert [path.name for path in log_of("0.12.4").parent.iterdir()] == ["install-0.12.4.log"]
    trouble.unlink()
    assert install("0.12.4").is_dir()


def test_a_version_that_the_index_does_not_have_is_a_clear_error(own_cache: Path) -> None:
    with pytest.raises(InstallFailed, match=r"no version of open-webui==0\.0\.999") as caught:
        install("0.0.999")
    assert SUPPORTED[-1] in str(caught.value.problems[0].hint)
    assert not sandbox_dir("0.0.999").exists()


@pytest.mark.parametrize("version", ["", "latest", "../0.12.4", "0.12.4 ; rm", "v0.12.4"])
def test_what_is_no_version_is_refused(own_cache: Path, version: str) -> None:
    with pytest.raises(InstallFailed, match="not a version"):
        install(version)
    assert not own_cache.exists()


def test_without_uv_the_error_says_how_to_get_it(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uv", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UvMissing) as caught:
        install("0.12.4")
    assert caught.value.problems[0].hint == "install it (`pip install uv`); the extra `sandbox` of owui-sync brings it"
