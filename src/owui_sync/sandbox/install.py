"""Installs a version of Open WebUI once into the cache, without its local machine-learning packages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from owui_sync.sandbox.errors import InstallFailed, UvMissing
from owui_sync.sandbox.paths import locked, private_folder, sandbox_dir

SUPPORTED = ("0.6.43", "0.7.2", "0.8.12", "0.9.6", "0.10.2", "0.11.4", "0.12.4")
"""The versions that owui-sync is tested with; others can be tried."""

DEFAULT_VERSION = SUPPORTED[-1]

LEFT_OUT = (
    "torch",
    "transformers",
    "sentence-transformers",
    "accelerate",
    "faster-whisper",
    "ctranslate2",
    "opencv-python-headless",
    "rapidocr",
    "rapidocr-onnxruntime",
    "einops",
    "sentencepiece",
    "pyarrow",
    "soundfile",
    "opensearch-py",
    "azure-ai-documentintelligence",
    "colbert-ai",
)
"""Gigabytes that a server with a remote embedding provider never loads."""

_OVERRIDES = "".join(f"{package} ; sys_platform == 'never'\n" for package in LEFT_OUT)
_CHANGELOG = "Left out: Open WebUI reads its change log at every start, which takes it 4 of 14 seconds.\n"
_RECIPE = _OVERRIDES + _CHANGELOG
_TAIL = 12


def install(version: str, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Return the folder of the virtual environment that has this version, installed now if it is not there yet.

    Two processes may ask at once: one installs, the other waits. An install that was interrupted is done again.

    Args:
        version: a release of `open-webui`, such as `0.12.4`.
        progress: told what is going on, one line at a time.

    Raises:
        UvMissing: there is no `uv`.
        InstallFailed: the version does not exist, or could not be installed; nothing half done is left.
    """
    if not re.fullmatch(r"\d+(\.\d+)+[0-9a-z.]*", version):
        raise InstallFailed(f"{version!r} is not a version of Open WebUI", hint=_known_versions())
    folder = sandbox_dir(version)
    with locked(f"install-{version}") as lock:
        if not _complete(folder):
            progress(f"installing Open WebUI {version} into {folder} (once; it takes a minute or more)")
            _install(version, folder, lock)
    return folder


def is_before(version: str, release: tuple[int, int]) -> bool:
    """Return whether a version is older than all of a release, such as `(0, 8)`."""
    major, minor = version.split(".")[:2]
    return (int(major), int(minor)) < release


def log_of(version: str) -> Path:
    """Return the log of that version's install."""
    return sandbox_dir(".log", f"install-{version}.log")


def _complete(folder: Path) -> bool:
    # The marker holds the recipe, so that an owui-sync with another recipe installs again. The link to the
    # interpreter is followed: a cache outlives an upgrade of Python.
    marker = _marker(folder)
    return marker.is_file() and marker.read_text() == _RECIPE and (folder / "bin" / "python").is_file()


def _marker(folder: Path) -> Path:
    return folder / ".owui-sync-complete"


def _install(version: str, folder: Path, lock: int) -> None:
    uv = _find_uv()
    shutil.rmtree(folder, ignore_errors=True)
    private_folder(folder.parent)
    private_folder(log_of(version).parent)
    overrides = log_of(version).with_suffix(".overrides")
    overrides.write_text(_OVERRIDES)
    python = str(folder / "bin" / "python")
    try:
        log_of(version).write_text("")
        _run([uv, "venv", "--python", _python(), str(folder)], version, lock)
        pip = [uv, "pip", "install", "--python", python, "--override", str(overrides)]
        _run([*pip, f"open-webui=={version}"], version, lock)
        for library in folder.glob("lib/python3*"):
            # Where the server looks before it turns to the change log in its package.
            (library / "CHANGELOG.md").write_text(_CHANGELOG)
        _marker(folder).write_text(_RECIPE)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        overrides.unlink()


def _run(command: list[str], version: str, lock: int) -> None:
    with log_of(version).open("a") as log:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Not where we are called from, where uv would take the settings of that project.
            cwd=sandbox_dir(),
            # If we are killed, the next one has to wait until uv no longer writes into the folder.
            pass_fds=[lock],
            check=False,
        )
    if done.returncode:
        reason = "\n".join(log_of(version).read_text(errors="replace").splitlines()[-_TAIL:])
        raise InstallFailed(
            f"Open WebUI {version} could not be installed:\n{reason}",
            where=str(log_of(version)),
            hint=_known_versions(),
        )


def _find_uv() -> str:
    found: str | None
    try:
        import uv

        found = str(uv.find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
    if not found:
        raise UvMissing(
            "Open WebUI is installed with uv, which is not on this machine",
            hint="install it (`pip install uv`); the extra `sandbox` of owui-sync brings it",
        )
    return found


def _python() -> str:
    # Open WebUI needs 3.11 or 3.12; when we run on another one, uv finds or fetches one that fits.
    return sys.executable if sys.version_info[:2] in {(3, 11), (3, 12)} else ">=3.11,<3.13"


def _known_versions() -> str:
    return f"Is it on the package index? Versions known to work: {', '.join(SUPPORTED)}."
