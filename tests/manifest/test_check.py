"""Wrong values are told in plain words at the deepest useful place, and secrets are never shown."""

from __future__ import annotations

import pytest

from tests.support.folder import Folder


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "prompts: {p: {contnet: x}}",
            "m.yaml:2:15: unknown key `contnet` in `prompts.p`\ndid you mean `content`?",
        ),
        (
            "groups: {g: {xyz: 1}}",
            "m.yaml:2:14: unknown key `xyz` in `groups.g`\nknown here: `description`, `permissions`, `members`, `keep`",
        ),
        ("prompts: {p: {content: 5}}", "m.yaml:2:24: `prompts.p.content` must be a text, not the number 5"),
        (
            "prompts: {p: {active: yes}}",
            "m.yaml:2:23: `prompts.p.active` must be `true` or `false`, not the text `yes`\n"
            "write `true` or `false`: `yes` is a text",
        ),
        ("prompts: {p: {tags: a}}", "m.yaml:2:21: `prompts.p.tags` must be a list of texts, not the text `a`"),
        ("prompts: {p: {tags: [a, 7]}}", "m.yaml:2:25: `prompts.p.tags[1]` must be a text, not the number 7"),
        ("prompts: {p: {tags: ['']}}", "m.yaml:2:22: `prompts.p.tags[0]` must not be empty"),
        ("prompts: {p: x}", "m.yaml:2:14: `prompts.p` must be a mapping with"),
        ("prompts: []", "m.yaml:2:10: `prompts` must be a mapping of names to mappings, not a list"),
        ("prompts: {/p: {content: x}}", "m.yaml:2:11: `/p` is no key for `prompts`\nThe command, without the slash."),
        (
            "prompts: {p: {access: pubic}}",
            "m.yaml:2:23: `prompts.p.access` must be `public` or `private`, or a mapping with `read` and `write`, "
            "not the text `pubic`\ndid you mean `public`?",
        ),
        (
            "prompts: {p: {access: {read: {gruops: [A]}}}}",
            "m.yaml:2:31: unknown key `gruops` in `prompts.p.access.read`\ndid you mean `groups`?",
        ),
        (
            "prompts: {p: {access: {read: everybody}}}",
            "m.yaml:2:30: `prompts.p.access.read` must be `everyone`, or a mapping with `groups` and `users`, "
            "not the text `everybody`\ndid you mean `everyone`?",
        ),
        ("prompts: {p: {access: {}}}", "m.yaml:2:23: `prompts.p.access` must not be empty"),
        ("prompts: {p: {keep: 1}}", "m.yaml:2:21: `prompts.p.keep` must be `true` or `false`, not the number 1"),
        ("models: {m: {params: {system: x}}}", "m.yaml:2:31: `models.m.params.system`"),
        ("models: {m: {suggestions: [{title: [a]}]}}", "m.yaml:2:28: `models.m.suggestions[0]` lacks `content`"),
        ("access_rules: [{models: [a]}]", "m.yaml:2:16: `access_rules[0]` lacks `access`"),
        ("absent: {tools: [x]}", "m.yaml:2:10: owui-sync 0.1.0 does not manage `tools` yet"),
        ("absent: {permissions: [default]}", "m.yaml:2:10: unknown key `permissions` in `absent`"),
        ("absent: {promts: [x]}", "m.yaml:2:10: unknown key `promts` in `absent`\ndid you mean `prompts`?"),
        ("stack: 'a b'", "m.yaml:2:8: `stack`: a stack's name begins with a letter or digit"),
        ("vars: {'a b': 1}", "m.yaml:2:8: `a b` is no key for `vars`\na variable's name has"),
        ("moved: [{prompts: {from: a}}]", "m.yaml:2:19: `moved[0].prompts` lacks `to`"),
        ("moved: [{promts: {from: a, to: b}}]", "m.yaml:2:10: unknown key `promts` in `moved[0]`\ndid you mean"),
        ("moved: [{permissions: {from: a}}]", "m.yaml:2:10: unknown key `permissions` in `moved[0]`"),
        ("moved: [{prompts: {from: /a, to: b}}]", "m.yaml:2:26: `moved[0].prompts.from` must fit the pattern"),
    ],
)
def test_each_mistake_has_its_place_and_its_words(folder: Folder, body: str, expected: str) -> None:
    problems = folder.problems(body)
    assert len(problems) == 1
    assert problems[0].startswith(expected)


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
    folder: Folder, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWUI_S", "hunter 2")
    problems = folder.problems(body)
    assert problems != []
    assert "hunter" not in "".join(problems)


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
def test_a_value_that_could_not_be_had_causes_no_second_problem(folder: Folder, body: str) -> None:
    assert {problem.split("`")[0].split(": ")[1] for problem in folder.problems(body)} <= {
        "the variable ",
        "there is no file ",
    }


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(folder: Folder) -> None:
    problems = folder.problems("groups: {g: {x: 1}}\nprompts:\n  p: {content: !file nope}\n  q: {content: 1}\nzzz: 1")
    assert [problem.split(":")[1] for problem in problems] == ["2", "4", "5", "6"]
