"""The pages for readers do what they say: every YAML block is valid, and every shell block runs on a real server.

A YAML block whose first line is a comment with a path (`# manifests/team.yaml`) becomes that file in the folder of its
page. All other YAML blocks must be valid manifests, or configurations if they have `targets` or `layers`. Shell blocks
run in the folder, one after the other; they must end with 0, or with the code that the last line names
(`# exit code 5`). Blocks marked `shell` need a cluster, a container or a run of a pipeline; tests/outside tries those.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox
from tests.support import reference
from tests.support.project import Project, run_here

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs" / "tutorial").glob("*.md")), *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
EXCERPTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(reference.FOLDER.glob("*.md"))]

_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_SOURCE = """
from pydantic import BaseModel

class Tools:
    class Valves(BaseModel):
        api_key: str = ""
        limit: int = 10

class Filter:
    class Valves(BaseModel):
        priority: int = 0
"""
"""A tool and a filter in one."""
_SHELLS = ("sh", "bash")


@dataclass
class Page:
    """What the blocks of a page share: a folder, and the environment of a reader who set up the connection."""

    project: Project

    def yaml(self, example: Example) -> None:
        """Write a block with a path to its file; check any other one by itself."""
        text = str(example.parsed)
        if title := re.match(r"# ([\w./-]+\.ya?ml)\n", text):
            path = self.project.folder / title[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        else:
            check_excerpt(text, self.project)

    def shell(self, example: Example) -> None:
        """Run a block and compare its exit code."""
        text = str(example.parsed)
        expected = re.search(r"# exit code (\d+)\s*$", text)
        ran = subprocess.run(
            ["bash", "-eu", "-c", text],
            cwd=self.project.folder,
            env={**self.project.env, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == (int(expected[1]) if expected else 0), f"{text}\n{ran.stdout}\n{ran.stderr}"


def check_excerpt(text: str, project: Project) -> None:
    """Validate a block by itself, in a folder that has the files that it names."""
    folder = project.folder / "excerpt"
    folder.mkdir(exist_ok=True)
    for tag, name in re.findall(r"!(file|image) ([\w./-]+)", text):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        text_of_file = _SOURCE if name.endswith(".py") else "text"
        (folder / name).write_bytes(_PNG if tag == "image" else text_of_file.encode())
    for name in (
        "docs/printers.md",
        "docs/handbook.pdf",
        "reports/april.csv",
        "legal/contract.pdf",
        "skills/review/SKILL.md",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    secrets = dict.fromkeys(re.findall(r"!secret '?(\w+)", text), "secret")
    whole = text if re.search(r"^version:", text, re.MULTILINE) else f"version: 1\n{text}"
    configuration = re.search(r"^(layers|targets|defaults):", text, re.MULTILINE)
    name = "owui-sync.yaml" if configuration else "manifest.yaml"
    (folder / name).write_text(whole, encoding="utf-8")
    (folder / "manifests").mkdir(exist_ok=True)
    (folder / "manifests" / "any.yaml").write_text("version: 1\n")
    words = ("manifests", "--config", name) if configuration else (name,)
    ran = run_here(folder, {**project.env, **secrets}, "validate", *words)
    (folder / name).unlink()
    assert ran.code == 0, f"{text}\n{ran.err}"


def run_page(path: Path, page: Page) -> None:
    """Evaluate the blocks of a page in their order."""
    parsers = [CodeBlockParser("yaml", page.yaml), *(CodeBlockParser(shell, page.shell) for shell in _SHELLS)]
    for example in Sybil(parsers=parsers).parse(path).examples():
        example.evaluate()


@pytest.fixture(scope="module")
def server(open_webui_factory: OpenWebUIFactory) -> Sandbox:
    """A server of the pages' own, as they use plain names, on which somebody clicked a few things together."""
    server = open_webui_factory()
    clicked = Project(Path(), server, "none")
    clicked.api("POST", "/api/v1/groups/create", {"name": "Teachers", "description": ""})
    clicked.api("POST", "/api/v1/prompts/create", {"command": "greet", "name": "Greet", "content": "Say hello."})
    return server


@pytest.fixture
def page(tmp_path: Path, server: Sandbox) -> Iterator[Page]:
    """An empty folder; what its stack owns at the end is deleted."""
    page = Page(Project(tmp_path, server, "docs"))
    yield page
    for found in sorted(tmp_path.rglob("owui-sync.yaml")):
        run_here(found.parent, page.project.env, "destroy", "--yes")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "docs")))
def test_the_blocks_of_a_page_work_in_their_order(path: Path, page: Page) -> None:
    run_page(path, page)


@pytest.mark.parametrize("path", EXCERPTS, ids=lambda path: path.name)
def test_the_yaml_blocks_of_a_page_are_valid(path: Path, tmp_path: Path) -> None:
    nowhere = Sandbox("", "", "http://127.0.0.1:9", "", "", "", "token", tmp_path, tmp_path, 0, 0)
    page = Page(Project(tmp_path, nowhere, "docs"))
    for example in Sybil(parsers=[CodeBlockParser("yaml", page.yaml)]).parse(path).examples():
        example.evaluate()


def test_the_reference_says_what_the_code_says() -> None:
    """`make reference` writes it again; the page on upgrades is `make upgrades`', which takes real servers."""
    written = {path.name: path.read_text(encoding="utf-8") for path in reference.FOLDER.glob("*.md")}
    assert written.pop("upgrades.md").startswith("<!-- `make upgrades` writes this page. -->")
    assert written == reference.pages()
