"""What git leaves out, held against git itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from owui_sync.manifest.files.gitignore import GitIgnore, _hurried, _rule
from owui_sync.manifest.yaml.value_problem import ValueProblem

NAMES = st.sampled_from(["a", "b", "ab", "a.md", "b c", "#a", "!b", "é"])
FOLDERS = st.lists(NAMES, max_size=2)
PIECES = st.sampled_from(["a", "b", "ab", "*", "?", "**", "*.md", "[ab]", "[!a]", "b c", "\\#a", "\\*", "é", "a*b"])


@st.composite
def lines(draw: st.DrawFn) -> str:
    parts = draw(st.lists(PIECES, min_size=1, max_size=3))
    start, end = draw(st.sampled_from(["", "", "/", "!", "!/"])), draw(st.sampled_from(["", "", "/", " ", "\r"]))
    return start + "/".join(parts) + end


FILES = st.lists(lines() | st.sampled_from(["", "# note", "!", "/", "[", "a\\", "\\!b", "b\\ c", "[z-a]"]), max_size=5)


def git(*words: str, folder: Path, given: bytes = b"") -> bytes:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *words], cwd=folder, input=given, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def ignored_here(folder: Path, path: str) -> bool:
    """What the module says of a file, asked as the walk does it."""
    parent, _, _ = path.rpartition("/")
    rules, rule = GitIgnore.at(str(folder)).rules_down_to(str(folder / parent))
    return bool(rule or rules.entered(str(folder / parent)).rule(str(folder / path), folder=False))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository").resolve()
    git("init", "-q", folder=folder)
    return folder


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(FOLDERS.map("/".join), FILES, max_size=3),
    FILES,
    st.sets(st.tuples(FOLDERS, NAMES).map(lambda found: "/".join([*found[0], found[1]])), min_size=1, max_size=12),
)
def test_it_says_what_git_says(place: Path, written: dict[str, list[str]], exclude: list[str], paths: set[str]) -> None:
    for path in place.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (place / ".git/info/exclude").write_text("\n".join(exclude), encoding="utf-8", newline="")
    for folder, content in written.items():
        (place / folder).mkdir(parents=True, exist_ok=True)
        (place / folder / ".gitignore").write_text("\n".join(content), encoding="utf-8", newline="")
    files = [
        path for path in paths if not any(f"{other}/".startswith(f"{path}/") for other in [*paths - {path}, *written])
    ]
    found = git("check-ignore", "--no-index", "-z", "--stdin", folder=place, given="\0".join(files).encode())
    assert {path for path in files if ignored_here(place, path)} == set(found.decode().split("\0")) - {""}


STARS = st.lists(st.sampled_from(["*", "?", "a", "b", "[ab]", "/", "**/", "."]), min_size=1, max_size=7).map("".join)


@given(STARS, st.text("ab/.", min_size=1, max_size=8).filter(lambda path: "//" not in path and path[0] != "/"))
def test_a_rule_with_many_stars_means_what_it_meant(line: str, path: str) -> None:
    try:
        pattern = GitIgnoreSpec.from_lines([line]).patterns[0].regex
    except GitIgnorePatternError:
        return
    if pattern is not None:
        assert bool(re.search(_hurried(pattern.pattern), path)) is bool(pattern.search(path))


def test_a_rule_with_many_stars_takes_no_time() -> None:
    rule = _rule("*a*a*a*a*a*a*a*a*b", "x:1")
    assert rule
    assert not rule.fits("a" * 250, folder=False)


def test_rules_that_are_too_large_are_not_left_out(tmp_path: Path) -> None:
    with (tmp_path / ".gitignore").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(ValueProblem, match="larger than 16 MiB"):
        GitIgnore.at(str(tmp_path)).entered(str(tmp_path))
