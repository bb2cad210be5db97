"""What an editor with yaml-language-server shows for manifests and configurations: `make editor-test`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from owui_sync.manifest.starter import create
from tests.outside.editor.language_server import TOP, LanguageServer, language_server

FILES = Path(__file__).parent / "files"
EXAMPLES = sorted(path for path in (TOP / "examples").glob("*/manifests/*.yaml"))

_WRONG = [
    '2: String does not match the pattern of "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}(?!\\n)$".',
    "5: Property nam is not allowed.",
    "6: Incorrect type. Expected one of boolean, null.",
    '7: String does not match the pattern of "^(https?://|data:image/(png|jpeg|gif|webp);base64,|/user\\.png$|(/static)?'
    '/favicon\\.png$)".',
    '8: Value is not accepted. Valid values: "public", "private".',
    "9: Unresolved tag: !fle",
    "10: Incorrect type. Expected one of number, null.",
    "11: Incorrect type. Expected one of array, null.",
    '13: Value is not accepted. Valid values: "once", "on-change", "always", "manual".',
]


@pytest.fixture(scope="module", params=["1.19", "1.25", "2.0"])
def version(request: pytest.FixtureRequest) -> str:
    """A version of the language server; tags have types since 1.24."""
    return str(request.param)


@pytest.fixture(scope="module")
def editor(version: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """An editor on a project of `owui-sync init`, with the files of this folder and the examples in it."""
    project = tmp_path_factory.mktemp("project")
    create(project)
    for path in FILES.glob("*.yaml"):
        shutil.copy(path, project if path.name == "owui-sync.yaml" else project / "manifests")
    for path in EXAMPLES:
        lines = path.read_text().splitlines(keepends=True)  # The line with $schema names the folder that it is in.
        text = "".join(line for line in lines if "$schema=" not in line)
        (project / "manifests" / f"{path.parts[-3]}-{path.name}").write_text(text)
    with language_server(version, project) as server:
        yield server


def _lines(problems: list[str]) -> list[int]:
    return sorted({int(problem.partition(":")[0]) for problem in problems})


def test_a_starter_project_has_no_error(editor: LanguageServer) -> None:
    assert editor.problems("manifests/example.yaml") == []


@pytest.mark.parametrize("name", [f"{path.parts[-3]}-{path.name}" for path in EXAMPLES])
def test_the_examples_have_no_error(editor: LanguageServer, version: str, name: str) -> None:
    problems = editor.problems(f"manifests/{name}")
    assert problems == [] or (version == "1.19" and all("pattern" in one for one in problems)), (
        "!image has no type there"
    )


def test_tags_may_stand_for_any_value(editor: LanguageServer, version: str) -> None:
    shown = [_lines(editor.problems(name)) for name in ("manifests/valid.yaml", "owui-sync.yaml")]
    if version == "1.19":
        known = [6, 10, 11, 14, 17, 18, 19, 20, 22, 23, 24, 27, 29, 31, 33, 36, 37, 38]
        assert shown == [known, [6, 9]], "before 1.24 a tag has the type of its text"
    else:
        assert shown == [[], []]


def test_mistakes_are_found(editor: LanguageServer) -> None:
    problems = sorted(editor.problems("manifests/wrong.yaml"), key=lambda one: int(one.partition(":")[0]))
    assert problems == _WRONG


def test_a_key_is_explained(editor: LanguageServer) -> None:
    editor.problems("manifests/valid.yaml")
    assert "Whether it can be used" in editor.hover("manifests/valid.yaml", 19, 7)


def test_access_is_completed_with_words_tags_and_snippets_that_have_names(editor: LanguageServer) -> None:
    (editor.project / "manifests/new.yaml").write_text("version: 1\nmodels:\n  bot:\n    access: \n")
    editor.problems("manifests/new.yaml")
    offered = editor.complete("manifests/new.yaml", 4, 13)
    assert {"public", "private", "!var", "{read: {groups: [Support]}}"} <= set(offered)
    assert "[object Object]" not in offered
