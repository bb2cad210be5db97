"""What is no regular file is refused at once, wherever a person names a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from owui_sync.inputs import check_input, read_input, write_output
from tests.support.project import Ran, run_here

ODD = {
    "loop": "leads to itself",
    "gone": "leads nowhere",
    "pipe": "a named pipe",
    "/dev/zero": "a device",
    "-": "standard input",
}
pytestmark = pytest.mark.timeout(30)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A project with a manifest, and with what is no file."""
    (tmp_path / "m.yaml").write_text("version: 1\nprompts: {p: {content: x}}\n")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "gone").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def run(here: Path, *words: str, **env: str) -> Ran:
    env = {"OWUI_URL": "http://127.0.0.1:9", "OWUI_TOKEN": "sk-x", "PATH": os.environ["PATH"], **env}
    return run_here(here, env, *words)


@pytest.mark.parametrize("odd", ODD)
def test_reading_never_waits_and_says_in_plain_words_why_not(
    here: Path, odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    with pytest.raises(OSError, match=ODD[odd]):
        read_input(odd)


def test_a_folder_and_a_link_to_a_file_pass(here: Path) -> None:
    check_input(here)
    (here / "link").symlink_to("m.yaml")
    assert read_input(here / "link") == (here / "m.yaml").read_bytes()


@pytest.mark.parametrize("odd", ODD)
def test_as_a_layer_a_variable_file_or_a_configuration_it_is_refused(here: Path, odd: str) -> None:
    for words in (["validate", odd], ["validate", "m.yaml", "--var-file", odd], ["validate", "--config", odd]):
        ran = run(here, *words)
        assert ran.code == 1, (words, ran.err)
        assert ODD[odd] in ran.err
        assert "internal error" not in ran.err


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd[0] != "/"])
@pytest.mark.parametrize(
    "body",
    [
        "prompts: {{p: {{content: !file {odd}}}}}",
        "models: {{m: {{image: !image {odd}}}}}",
        "knowledge: {{k: {{description: x, files: [{odd}]}}}}",
        "knowledge: {{k: {{description: x, files: [{{path: {odd}}}]}}}}",
        "jobs: {{j: {{chat: {{model: m, prompt: x, files: [{odd}]}}}}}}",
        "jobs: {{j: {{chat: {{model: m, prompt: x, images: [{odd}]}}}}}}",
    ],
)
def test_inside_a_manifest_it_is_refused_with_its_place(here: Path, odd: str, body: str) -> None:
    written = '"-"' if odd == "-" else odd
    (here / "m.yaml").write_text(f"version: 1\n{body.format(odd=written)}\n")
    ran = run(here, "validate", "m.yaml")
    assert ran.code == 1
    assert "m.yaml:2:" in ran.err
    assert any(words in ran.err for words in (ODD[odd], "no file `-`", "leads nowhere"))
    assert "internal error" not in ran.err


@pytest.mark.parametrize("odd", ODD)
def test_as_a_file_with_a_token_or_a_secret_or_certificates_it_is_refused(here: Path, odd: str) -> None:
    (here / "m.yaml").write_text("version: 1\nprompts: {p: {content: !secret S}}\n")
    secret = run(here, "validate", "m.yaml", S_FILE=odd)
    token = run(here, "doctor", "--token-file", odd, OWUI_TOKEN="")
    named = run(here, "doctor", OWUI_TOKEN_FILE=odd, OWUI_TOKEN="")
    bundle = run(here, "doctor", "--ca-bundle", odd)
    variable = run(here, "doctor", SSL_CERT_FILE=odd, OWUI_URL="https://chat.test")
    assert [ran.code for ran in (secret, token, named, bundle, variable)] == [1, 64, 64, 64, 64]
    for ran in (secret, token, bundle, variable):
        assert ODD[odd] in ran.err
    assert "SSL_CERT_FILE" in variable.err


@pytest.mark.parametrize("odd", ["loop", "gone", "pipe", "zero", "missing"])
def test_as_a_saved_plan_it_is_refused(here: Path, odd: str) -> None:
    if odd == "zero":
        (here / "zero.json").symlink_to("/dev/zero")
    elif odd != "missing":
        (here / odd).rename(here / f"{odd}.json")
    if odd == "loop":
        (here / "loop.json").unlink()
        (here / "loop.json").symlink_to("loop.json")
    ran = run(here, "apply", f"{odd}.json", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert f"the plan {odd}.json cannot be read" in ran.err


def test_a_configuration_that_cannot_be_read_is_not_passed_over(here: Path) -> None:
    (here / "owui-sync.yaml").symlink_to("nowhere")
    ran = run(here, "validate", "m.yaml")
    assert ran.code == 1
    assert "owui-sync.yaml" in ran.err
    assert "leads nowhere" in ran.err


def test_what_a_shell_gives_as_a_file_is_read(here: Path) -> None:
    words = f"{sys.executable} -m owui_sync validate m.yaml --var-file <(echo 'a: 1')"
    done = subprocess.run(["bash", "-c", words], cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_character_that_json_writes_as_two_halves_is_read_and_half_of_one_is_refused(here: Path) -> None:
    value = {"version": 1, "prompts": {"p": {"content": "\U0001f600 and \\ud83d\\ude00 \\\U0001f600"}}}
    text = json.dumps(value)
    assert "\\ud83d\\ude00 and" in text
    (here / "m.json").write_text(text)
    (here / "v.json").write_text(json.dumps({"a": "\U0001f600"}))
    assert run(here, "validate", "m.json", "--var-file", "v.json").code == 0
    (here / "m.json").write_text(text.replace("\\ude00 and", " and"))
    ran = run(here, "validate", "m.json")
    assert ran.code == 1
    assert "m.json:1:" in ran.err
    assert "this escape is not a character" in ran.err


def test_half_a_character_in_a_saved_plan_is_refused(here: Path) -> None:
    (here / "plan.json").write_text('{"format": 1, "stack": "\\ud83d"}')
    ran = run(here, "apply", "plan.json", "--yes")
    assert ran.code == 1
    assert "plan.json is not a saved plan" in ran.err


def test_variables_that_are_no_text_are_refused(here: Path) -> None:
    (here / "m.yaml").write_text("version: 1\nprompts: {p: {content: !env V}, q: {content: !secret V}}\n")
    ran = run(here, "validate", "m.yaml", V="a\udcff")
    assert ran.code == 1
    assert ran.err.count("`V` is not UTF-8 text") == 2
    ran = run(here, "validate", "m.yaml", "--var", "a=\udcff", V="a")
    assert ran.code == 64


def test_a_file_is_written_in_one_step_and_through_links(here: Path) -> None:
    (here / "link").symlink_to("real.json")
    for text in ("one", "two"):
        write_output(here / "link", text)
        assert (here / "real.json").read_text() == text
    assert (here / "link").is_symlink()
    write_output(here / "gone", "three")
    assert (here / "nowhere").read_text() == "three"
    assert not [path for path in here.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("name", "words"), [("loop", "leads to itself"), ("pipe", "a named pipe")])
def test_what_is_no_file_is_not_written_and_stays(here: Path, name: str, words: str) -> None:
    before = (here / name).lstat()
    with pytest.raises(OSError, match=words):
        write_output(here / name, "x")
    assert (here / name).lstat().st_ino == before.st_ino


def test_a_device_gets_the_text_and_stays_one(here: Path) -> None:
    write_output(Path("/dev/null"), "x")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(OSError, match="No space"):
        write_output(Path("/dev/full"), "x")


def test_what_a_shell_gives_as_a_file_is_written(here: Path) -> None:
    (here / "w.py").write_text(
        "import sys\nfrom pathlib import Path\nfrom owui_sync.inputs import write_output\n"
        "write_output(Path(sys.argv[1]), 'text')\n"
    )
    subprocess.run(["bash", "-c", f"{sys.executable} w.py >(cat > got); wait $!"], cwd=here, check=True)
    assert (here / "got").read_text() == "text"


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("plan", "--timeout"),
        ("plan", "--rate"),
        ("plan", "--wait"),
        ("apply", "--lock-timeout"),
        ("fleet plan", "--wait"),
        ("fleet plan", "--timeout"),
    ],
)
@pytest.mark.parametrize("value", ["nan", "inf"])
def test_what_only_python_takes_for_a_number_is_none(here: Path, command: str, option: str, value: str) -> None:
    ran = run(here, *command.split(), option, value)
    assert ran.code == 64
    assert option in ran.err
    assert f"{value} is no finite number" in ran.err
