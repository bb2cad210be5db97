from __future__ import annotations

import pytest

from tests.support.folder import Folder


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("models: {m: {params: {temprature: 1}}}", "m.yaml:2:23: `models.m.params.temprature` | temperature"),
        ("models: {m: {params: {maxTokens: 1}}}", "m.yaml:2:23: `models.m.params.maxTokens` | max_tokens"),
        ("models: {m: {params: {top-p: 1}}}", "m.yaml:2:23: `models.m.params.top-p` | top_p"),
        ("models: {m: {params: {Temperature: 1}}}", "m.yaml:2:23: `models.m.params.Temperature` | temperature"),
        ("models: {m: {capabilities: {vison: true}}}", "m.yaml:2:29: `models.m.capabilities.vison` | vision"),
        ("models: {m: {meta: {toolids: [a]}}}", "m.yaml:2:21: `models.m.meta.toolids` | toolIds"),
        ("models: {m: {meta: {builtin_tools: {}}}}", "m.yaml:2:21: `models.m.meta.builtin_tools` | builtinTools"),
        ("folders: {F: {meta: {icno: fire}}}", "m.yaml:2:22: `folders.F.meta.icno` | icon"),
        (
            "jobs: {j: {chat: {model: m, prompt: p, params: {max_token: 1}}}}",
            "m.yaml:2:49: `jobs.j.chat.params.max_token` | max_tokens",
        ),
    ],
)
def test_a_key_that_is_almost_a_known_one_is_a_warning_at_its_place(folder: Folder, body: str, expected: str) -> None:
    place, meant = expected.split(" | ")
    expected = f"{place} is no name that Open WebUI knows\n    did you mean `{meant}`?"
    assert expected in map(str, folder.load(body).warnings)


@pytest.mark.parametrize(
    "body",
    [
        "models: {m: {base: b, params: {top_a: 1, num_beams: 2, enable_thinking: true, top_p: 0.5}}}",
        "models: {m: {base: b, capabilities: {flying: true}, meta: {team: support}}}",
        "folders: {F: {meta: {color: red}}}",
        "jobs: {j: {chat: {model: m, prompt: p, params: {min_a: 1}}}}",
        "groups: {g: {permissions: {chat: {of_a_newer_version: true}}}}",
    ],
)
def test_a_name_of_its_own_is_passed_through_without_a_word(folder: Folder, body: str) -> None:
    assert folder.load(body).warnings == ()
