from __future__ import annotations

from pathlib import Path

from owui_sync.environments.stand_ins import STACK, assumed, equipped, missing, not_written, offered, placeholder
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.resolve.select import Selection
from owui_sync.values import reveal


def read(tmp_path: Path, text: str) -> Desired:
    (tmp_path / "m.yaml").write_text(f"version: 1\n{text}")
    return load([tmp_path / "m.yaml"], secret=placeholder)


def test_the_provider_offers_every_model_that_nobody_makes(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        """
models: {preset: {base: house-model}, second: {base: preset}, priced: {hidden: true}}
access_rules: [{models: ["claude-*", "far-*", "own[ab]"], access: public}]
jobs: {ask: {chat: {model: other, prompt: x}, expect: {judge: {model: judge, criterion: y}}}}
""",
    )
    assert set(offered(desired)) == {"house-model", "priced", "other", "judge", "far-any"}


def test_accounts_are_there_without_a_first_sign_in(tmp_path: Path) -> None:
    desired = equipped(read(tmp_path, "users: {a@b.c: {role: user}, d@e.f: {password: !secret GIVEN}}"))
    passwords = {entry.key: reveal(entry.values["password"]) for entry in desired.of("user")}
    assert passwords == {"a@b.c": "placeholder-a@b.c", "d@e.f": "placeholder-GIVEN"}


def test_no_job_writes_a_file_on_this_machine(tmp_path: Path) -> None:
    text = "jobs: {ask: {chat: {model: m, prompt: x}, output: {file: answer.md, note: Answer}}}"
    assert equipped(read(tmp_path, text)).jobs["ask"].output == {"note": "Answer"}


def test_settings_of_other_services_and_of_sign_in_are_not_written(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        """
settings:
  general: {ENABLE_SIGNUP: false, ENABLE_API_KEYS: false, JWT_EXPIRES_IN: 5m}
  connections: {openai: [{url: "https://api.example.com/v1", key: !secret KEY}]}
  tool_servers: {clock: {url: "https://tools.example.com", key: !secret CLOCK}}
  webhooks: {audit: {url: !secret HOOK, events: ["model.*"]}}
  ldap: {ENABLE_LDAP: true}
""",
    )
    written = equipped(desired).entries
    assert {address: dict(entry.values) for address, entry in written.items()} == {
        "setting/general": {"ENABLE_SIGNUP": False}
    }
    assert set(not_written(desired)) >= {
        "setting/connections",
        "setting/tool_servers.clock",
        "setting/webhooks.audit",
        "setting/ldap",
        "setting/general ENABLE_API_KEYS",
    }


def test_what_the_manifests_only_name_is_made_up_by_a_stack_of_its_own(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        """
groups: {Here: {members: [there@b.c, admin@example.com]}}
models: {bot: {base: m, knowledge: [Base], tools: [hammer], access: {read: {groups: [Here, Elsewhere]}}}}
""",
    )
    made_up = missing(desired, Selection())
    assert made_up.stack == STACK
    assert set(made_up.entries) == {"user/there@b.c", "group/Elsewhere", "knowledge/Base"}
    named = ("group/Elsewhere", "knowledge/Base", "user/there@b.c", "model/m")
    assert assumed(desired, Selection()) == named


def test_what_is_not_selected_is_there_as_it_is_written(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        "groups: {G: {description: Text, members: [a@b.c]}}\nprompts: {p: {content: x, access: {read: {groups: [G]}}}}",
    )
    made_up = missing(desired, Selection.parse(only=["prompts/p"]))
    assert made_up.entries["group/G"].values["description"] == "Text"
    assert set(made_up.entries) == {"group/G", "user/a@b.c"}


def test_a_placeholder_is_a_password_that_servers_accept() -> None:
    assert len(placeholder("é" * 100).encode()) <= 72
