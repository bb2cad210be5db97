"""The workflows of this repository that build and publish, run by act as far as that goes without publishing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from owui_sync import __version__

TOP = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
_NOTHING = "name: x\ndescription: x\nruns: {using: composite, steps: [{run: 'true', shell: bash}]}\n"
_UPLOAD = """\
name: x
description: x
inputs: {name: {default: site}, path: {required: true}, if-no-files-found: {default: error}}
runs:
  using: composite
  steps:
    - {run: 'cp -r "$FROM" "$KEPT/$NAME"', shell: bash, env: {FROM: "${{ inputs.path }}", NAME: "${{ inputs.name }}"}}
"""
"""In place of the actions that keep an artifact: puts it into the folder KEPT."""


@dataclass
class Checkout:
    """This repository, copied as it stands, with stubs for the actions of others."""

    folder: Path
    kept: Path
    stubs: dict[str, Path]

    def run(self, name: str, ref: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a workflow for a push of a branch or a tag."""
        event = self.folder.parent / "event.json"
        event.write_text(json.dumps({"ref": ref, "repository": {"full_name": "o/r"}}))
        stubs = [word for action, path in self.stubs.items() for word in ("--local-repository", f"{action}={path}")]
        command = [str(BIN / "act"), "push", "-W", f".github/workflows/{name}.yml", "-e", str(event)]
        command += ["-P", "ubuntu-latest=-self-hosted", *stubs, "--env", f"KEPT={self.kept}"]
        # One Python is enough here; `make dist-test` tries them all.
        command += ["--env", f"MAKEFLAGS=PYTHONS={sys.version_info[0]}.{sys.version_info[1]}", *words]
        env = {**os.environ, "XDG_CACHE_HOME": str(self.folder.parent / "cache")}
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder, kept = tmp_path / "repository", tmp_path / "kept"
    kept.mkdir()
    names = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout.split()
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / name, folder / name, follow_symlinks=False)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    origin = ("remote", "add", "origin", "https://git.example.com/o/r.git")
    for words in (("init", "--initial-branch=main"), origin, ("add", "-A"), ("commit", "-m", "x")):
        subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)
    stubs = {}
    for workflow in ("release", "docs"):
        text = (folder / f".github/workflows/{workflow}.yml").read_text()
        for step in (step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]):
            if "uses" in step:
                stub = stubs[step["uses"]] = tmp_path / step["uses"].replace("/", "-")
                stub.mkdir(exist_ok=True)
                (stub / "action.yml").write_text(_UPLOAD if "/upload-" in step["uses"] else _NOTHING)
    return Checkout(folder, kept, stubs)


def test_a_tag_builds_and_tries_the_files_and_publishes_nothing_without_a_trusted_publisher(checkout: Checkout) -> None:
    done = checkout.run("release", f"refs/tags/v{__version__}")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    names = {path.name for path in (checkout.kept / "dist").iterdir()}
    wheel, sdist = f"owui_sync-{__version__}-py3-none-any.whl", f"owui_sync-{__version__}.tar.gz"
    assert {wheel, sdist, f"owui-sync-{__version__}.cdx.json", "requirements.lock", "SHA256SUMS"} <= names
    assert any(name.endswith(".pyz") for name in names)
    assert not [job for job in ("pypi", "assets", "image") if f"release/{job}" in done.stdout]


def test_a_tag_of_another_version_builds_nothing(checkout: Checkout) -> None:
    done = checkout.run("release", "refs/tags/v99.0.0")
    assert done.returncode != 0
    assert f"the tag is v99.0.0 and the version is {__version__}" in done.stdout
    assert not (checkout.kept / "dist").exists()


def test_a_push_builds_the_site_and_publishes_nothing_unasked(checkout: Checkout) -> None:
    done = checkout.run("docs", "refs/heads/main")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "<title>" in (checkout.kept / "site/index.html").read_text()
    assert "docs/publish" not in done.stdout
