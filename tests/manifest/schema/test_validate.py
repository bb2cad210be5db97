"""Wrong values are told in plain words at the deepest useful place, and secrets are never shown."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import UsageError
from owui_sync.manifest.schema.explain import explain
from tests.support.folder import Folder
from tests.support.words import names_in, place_of

MISTAKES = {
    "prompts: {p: {contnet: x}}": ("2:15", {"contnet", "prompts.p", "content"}),
    "groups: {g: {xyz: 1}}": ("2:14", {"xyz", "groups.g", "description", "permissions", "members", "keep"}),
    "prompts: {p: {content: 5}}": ("2:24", {"prompts.p.content"}),
    "prompts: {p: {active: yes}}": ("2:23", {"prompts.p.active", "yes"}),
    "prompts: {p: {tags: a}}": ("2:21", {"prompts.p.tags", "a"}),
    "prompts: {p: {tags: [a, 7]}}": ("2:25", {"prompts.p.tags[1]"}),
    "prompts: {p: {tags: ['']}}": ("2:22", {"prompts.p.tags[0]"}),
    "prompts: {p: x}": ("2:14", {"prompts.p"}),
    "prompts: []": ("2:10", {"prompts"}),
    "prompts: {/p: {content: x}}": ("2:11", {"/p", "prompts"}),
    "prompts: {p: {access: pubic}}": ("2:23", {"prompts.p.access", "pubic", "public", "private", "read", "write"}),
    "prompts: {p: {access: {read: {gruops: [A]}}}}": ("2:31", {"gruops", "prompts.p.access.read", "groups"}),
    "prompts: {p: {access: {read: everybody}}}": (
        "2:30",
        {"prompts.p.access.read", "everybody", "everyone", "groups", "users"},
    ),
    "prompts: {p: {access: {}}}": ("2:23", {"prompts.p.access"}),
    "prompts: {p: {keep: 1}}": ("2:21", {"prompts.p.keep"}),
    "models: {m: {params: {system: x}}}": ("2:31", {"models.m.params.system"}),
    "models: {m: {suggestions: [{title: [a]}]}}": ("2:28", {"models.m.suggestions[0]", "content"}),
    "access_rules: [{models: [a]}]": ("2:16", {"access_rules[0]", "access"}),
    "absent: {settings: [x]}": ("2:21", {"absent.settings[0]"}),
    "absent: {permissions: [default]}": ("2:10", {"permissions", "absent"}),
    "absent: {promts: [x]}": ("2:10", {"promts", "absent", "prompts"}),
    "stack: 'a b'": ("2:8", {"stack"}),
    "vars: {'a b': 1}": ("2:8", {"a b", "vars"}),
    "moved: [{prompts: {from: a}}]": ("2:19", {"moved[0].prompts", "to"}),
    "moved: [{promts: {from: a, to: b}}]": ("2:10", {"promts", "moved[0]", "prompts"}),
    "moved: [{permissions: {from: a}}]": ("2:10", {"permissions", "moved[0]"}),
    "moved: [{prompts: {from: /a, to: b}}]": ("2:26", {"moved[0].prompts.from"}),
}


@pytest.mark.parametrize("body", MISTAKES)
def test_each_mistake_has_its_place_and_its_words(folder: Folder, body: str, golden: SnapshotAssertion) -> None:
    (problem,) = folder.problems(body)
    place, names = MISTAKES[body]
    assert place_of(problem) == f"m.yaml:{place}"
    assert names <= names_in(problem)
    assert problem == golden


@pytest.mark.parametrize("schedule", ["FREQ=DAILY;BYHOUR=99", "0 25 * * *", "daily", ""])
@pytest.mark.parametrize(
    "body",
    [
        "automations: {j: {prompt: x, model: m, schedule: '%s'}}",
        "jobs: {j: {chat: {model: m, prompt: x}, schedule: '%s'}}",
    ],
)
def test_a_bad_schedule_is_found_without_a_server_wherever_it_stands(folder: Folder, body: str, schedule: str) -> None:
    [text] = folder.problems(body % schedule)
    assert text.startswith(f"m.yaml:2:{body.index('%s')}: `{body.partition(':')[0]}.j.schedule` is no schedule: ")


def test_a_schedule_that_is_secret_is_not_shown(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_S", "hunter2")
    [text] = folder.problems("automations: {j: {prompt: x, model: m, schedule: !secret OWUI_S}}")
    assert text.endswith("`automations.j.schedule` is no schedule")


def test_an_empty_list_of_moves_is_allowed(folder: Folder) -> None:
    assert folder.problems("moved: []") == []


@pytest.mark.parametrize(
    "body",
    [
        "prompts: {p: {active: !secret OWUI_S}}",
        "prompts: {p: {access: !secret OWUI_S}}",
        "prompts: {p: {access: {read: !secret OWUI_S}}}",
        "models: {m: {image: !secret OWUI_S}}",
        "models: {m: {suggestions: !secret OWUI_S}}",
        "models: {m: {suggestions: [{content: x, title: !secret OWUI_S}]}}",
        "stack: !secret OWUI_S",
    ],
)
def test_a_secret_of_the_wrong_form_is_told_but_never_shown(
    folder: Folder, body: str, monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    monkeypatch.setenv("OWUI_S", "hunter 2")
    (problem,) = folder.problems(body)
    assert "hunter" not in problem
    assert problem == golden


def test_a_secret_that_fits_is_no_problem(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_S", "hunter2")
    body = "models: {m: {system: !secret OWUI_S, tags: [b, !secret OWUI_S], suggestions: [!secret OWUI_S]}}"
    assert folder.problems(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "prompts: {p: {access: !var nope}}",
        "prompts: {p: {access: {read: {groups: [!var nope]}}}}",
        "prompts: {p: {tags: [!file nope]}}",
        "models: {m: {suggestions: [!file nope], base: !var nope}}",
        "models: {m: !var nope}",
        "models: !var nope",
        "access_rules: [{models: [!var nope], access: public}]",
        "absent: {prompts: [!var nope]}",
        "stack: !var nope",
    ],
)
def test_a_value_that_could_not_be_had_causes_no_second_problem(
    folder: Folder, body: str, golden: SnapshotAssertion
) -> None:
    problems = folder.problems(body)
    assert {problem.split("`")[1] for problem in problems} == {"nope"}
    assert len(problems) == body.count("nope")
    assert problems == golden


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(folder: Folder) -> None:
    problems = folder.problems("groups: {g: {x: 1}}\nprompts:\n  p: {content: !file nope}\n  q: {content: 1}\nzzz: 1")
    assert [problem.split(":")[1] for problem in problems] == ["2", "4", "5", "6"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("prompts: {'a b': {content: x}}", "a command has no blanks"),
        ("prompts: {/a: {content: x}}", "written without the slash"),
        ("models: {'a b': {base: x}}", "no blanks"),
        ("users: {bob: {role: user}}", "an e-mail address has one `@`"),
        ("folders: {a//b: {}}", "one `/` between them"),
        ("groups: {'': {}}", "it must not be empty"),
        ("vars: {a b: 1}", "letters, digits"),
        ("jobs: {-a: {archive: {}}}", "begins with a letter or digit"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(folder: Folder, body: str, words: str) -> None:
    problems = folder.problems(body)
    assert any("cannot be a key of" in problem and words in problem for problem in problems), problems


@pytest.mark.parametrize(("field", "key"), [("params", "system"), ("meta", "description")])
def test_keys_that_are_refused_are_not_among_those_that_are_asked_for(folder: Folder, field: str, key: str) -> None:
    (problem,) = folder.problems(f"models: {{m: {{base: b, {field}: hot}}}}")
    assert problem.endswith(f"`models.m.{field}` must be a mapping, not the text `hot`")
    text = explain(f"model.{field}")
    assert "a mapping with" not in text
    assert f"  {key}" in text.partition("Not here:")[2]
    assert f"\n  {key} " not in text.partition("Not here:")[0]
    with pytest.raises(UsageError, match="write it as"):
        explain(f"model.{field}.{key}")
