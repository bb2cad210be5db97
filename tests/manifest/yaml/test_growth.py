"""What a manifest may make of itself has limits, each with an error that names it."""

from __future__ import annotations

import os
import resource
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from owui_sync.errors import ManifestError
from owui_sync.manifest.files import walk
from owui_sync.manifest.load import load
from owui_sync.manifest.yaml import growth


def problem(folder: Path, text: str) -> str:
    (folder / "m.yaml").write_text("version: 1\n" + textwrap.dedent(text), encoding="utf-8")
    with pytest.raises(ManifestError) as caught, bounded():
        load([folder / "m.yaml"])
    return str(caught.value)


@contextmanager
def bounded() -> Iterator[None]:
    """Fails when the block takes long, or half a gigabyte more than the process had at its largest."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.monotonic() - start < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


def levels(written: str, first: str, count: int = 40) -> str:
    lines = [f"  v0: {first}", *(f"  v{n}: {written.replace('#', str(n - 1))}" for n in range(1, count))]
    return "vars:\n" + "\n".join(lines) + f"\nprompts: {{p: {{content: x, tags: !var v{count - 1}}}}}\n"


def test_variables_of_many_levels(tmp_path: Path) -> None:
    assert "variables repeat more than 100,000 values" in problem(tmp_path, levels("[!var v#, !var v#]", "[a]"))


def test_texts_of_many_levels(tmp_path: Path) -> None:
    text = levels('!sub "${v#}${v#}"', "aaaa").replace("tags: !var", "name: !var")
    assert "`!sub` makes more than 16 MiB of text in all" in problem(tmp_path, text)


def test_variables_that_hang_on_each_other(tmp_path: Path) -> None:
    text = levels("!var v#", "a", 2000)
    assert "variables are made from each other more than 50 levels deep" in problem(tmp_path, text)


def test_variables_that_nest(tmp_path: Path) -> None:
    text = levels("[" * 90 + "!var v#" + "]" * 90, "a", 20)
    assert "nested more than 150 levels deep" in problem(tmp_path, text)


def test_a_long_text_that_aliases_repeat(tmp_path: Path) -> None:
    text = f"prompts:\n  p:\n    content: &long {'a' * 1_000_000}\n    tags: [{'*long, ' * 5000}]\n"
    assert "aliases repeat more than 100,000 values" in problem(tmp_path, text)


def test_mappings_that_merge_keys_repeat(tmp_path: Path) -> None:
    fields = ", ".join(f"k{n}: [1, 2]" for n in range(300))
    merged = "\n".join(f"  m{n}: {{meta: {{<<: *a}}}}" for n in range(400))
    assert "aliases repeat more than 100,000 values" in problem(
        tmp_path, f"models:\n  m: {{meta: &a {{{fields}}}}}\n{merged}\n"
    )


def test_a_file_is_in_memory_once_however_often_an_anchor_repeats_it(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"a" * 15_000_000)
    prompts = "\n".join(f"  p{n}: {{content: *text}}" for n in range(300))
    (tmp_path / "m.yaml").write_text(f"version: 1\nprompts:\n  p: {{content: &text !file big.txt}}\n{prompts}\n")
    with bounded():
        entries = load([tmp_path / "m.yaml"]).entries
    assert len({id(entry.values["content"]) for entry in entries.values()}) == 1


def test_a_large_file(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(1 << 30)
    text = problem(tmp_path, "prompts: {p: {content: !file huge.txt}}\nmodels: {m: {image: !image huge.txt}}\n")
    assert text.count("it is larger than 16 MiB, the most that is read") == 2


def test_a_large_manifest(tmp_path: Path) -> None:
    with (tmp_path / "m.yaml").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(ManifestError, match="larger than 16 MiB"), bounded():
        load([tmp_path / "m.yaml"])


def test_a_large_picture_of_a_job_and_a_large_skill(tmp_path: Path) -> None:
    (tmp_path / "skill").mkdir()
    for name in ("huge.png", "skill/SKILL.md"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(17 << 20)
    job = "jobs: {j: {chat: {model: m, prompt: x, images: [huge.png]}}}"
    text = problem(tmp_path, f"{job}\nskills: {{s: {{files: skill}}}}\n")
    assert "huge.png` is larger than 16 MiB, the most that a picture of a job may have" in text
    assert "`SKILL.md` is larger than 10 MiB" in text


def test_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "MAX_READ", 1 << 20)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("a" * 500_000)
    prompts = "\n".join(f"  p{n}: {{content: !file {n}.txt}}" for n in range(3))
    assert "`!file` and `!image` read more than 1 MiB in all" in problem(tmp_path, f"prompts:\n{prompts}\n")


@pytest.mark.parametrize("path", ["itself", "pipe", "/dev/zero", "folder"])
@pytest.mark.parametrize(
    "text",
    [
        "prompts: {p: {content: !file PATH}}",
        "models: {m: {image: !image PATH}}",
        "knowledge: {k: {files: [PATH]}}",
        "knowledge: {k: {files: [{path: PATH}]}}",
        "jobs: {j: {chat: {model: m, prompt: x, files: [PATH]}}}",
    ],
)
def test_what_is_no_file_is_said_so_at_once(tmp_path: Path, text: str, path: str) -> None:
    (tmp_path / "itself").symlink_to("itself")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert "m.yaml:2:" in problem(tmp_path, text.replace("PATH", path))


@pytest.mark.parametrize("path", ["itself", "pipe", "/dev/zero"])
def test_a_layer_that_is_no_file_is_said_so_at_once(tmp_path: Path, path: str) -> None:
    (tmp_path / "itself").symlink_to("itself")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ManifestError):
        load([tmp_path / path])


def test_a_link_to_itself_among_manifests_and_documents(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("version: 1\nknowledge: {k: {files: ['docs/*']}}\n")
    (tmp_path / "b.yaml").symlink_to("b.yaml")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("a")
    (tmp_path / "docs" / "b.md").symlink_to("b.md")
    with pytest.raises(ManifestError) as caught:
        load([tmp_path])
    assert {"b.yaml", "b.md"} <= {word for word in ("b.yaml", "b.md") if word in str(caught.value)}


def test_folders_whose_links_fan_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_LINKED", 300)
    for number in range(30):
        folder = tmp_path / f"d{number}"
        folder.mkdir()
        for link in "ab":
            (folder / link).symlink_to(f"../d{number + 1}")
    (tmp_path / "d30").mkdir()
    (tmp_path / "d30" / "x.md").write_text("x")
    text = problem(tmp_path, "knowledge: {k: {files: [{path: d0}]}}")
    assert "links lead to more than 300 folders" in text
