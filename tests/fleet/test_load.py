"""Where instances come from, and what each of them has in the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from owui_sync.errors import ManifestError
from owui_sync.fleet.instance import Fleet, Instance
from owui_sync.fleet.load import load_fleet
from owui_sync.fleet.program import printed_by
from owui_sync.manifest.yaml.nodes import Tagged
from owui_sync.manifest.yaml.value_problem import ValueProblem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the layers `base` and `gold`."""
    for name in ("base", "gold"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "all.yaml").write_text("version: 1\n", encoding="utf-8")
    return tmp_path


def loaded(folder: Path, text: str) -> Fleet:
    (folder / "fleet.yaml").write_text(f"version: 1\n{text}", encoding="utf-8")
    return load_fleet(folder / "fleet.yaml")


def only(folder: Path, text: str) -> Instance:
    (instance,) = loaded(folder, text).instances
    return instance


def problems(folder: Path, text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        loaded(folder, text)
    return str(caught.value)


def secret_of(instance: Instance) -> str:
    """Return the name of the secret that is the token."""
    assert instance.target.raw is not None
    token = instance.target.raw["token"]
    assert isinstance(token, Tagged)
    assert token.tag == "secret"
    return str(token.argument)


def test_an_instance_says_more_than_the_defaults_and_its_variables_add_to_theirs(folder: Path) -> None:
    acme = only(
        folder,
        """
defaults: {layers: [base], vars: {plan: basic, word: Hi}, labels: {region: eu}, timeout: 30, stack: school}
instances:
  acme: {url: "https://acme.test/", token: !secret ACME, vars: {plan: gold}, labels: {ring: 1}, layers: [base, gold]}
""",
    )
    assert acme.url == "https://acme.test"
    assert acme.target.layers == (folder / "base", folder / "gold")
    assert acme.target.stack == "school"
    assert dict(acme.target.variables) == {"instance": "acme", "plan": "gold", "word": "Hi"}
    assert dict(acme.labels) == {"region": "eu", "ring": "1"}
    assert acme.timeout == 30
    assert secret_of(acme) == "ACME"


def test_tags_know_the_name_of_the_instance(folder: Path) -> None:
    acme = only(
        folder,
        """
defaults: {layers: [base], url: !sub "https://${name}.${zone}.test", token_env: !sub "${NAME}_TOKEN", vars: {zone: eu}}
instances: {acme-1: {}}
""",
    )
    assert acme.url == "https://acme-1.eu.test"
    assert secret_of(acme) == "ACME_1_TOKEN"


def test_secrets_stay_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "hidden-value")
    acme = only(
        folder,
        'instances: {acme: {url: "https://a.test", layers: [base], token: !secret KEY, vars: {key: !secret KEY}}}',
    )
    assert "hidden-value" not in repr(acme)


def test_a_table_gives_settings_labels_and_variables(folder: Path) -> None:
    (folder / "tenants.csv").write_text(
        "name,url,labels.ring,plan,timeout\nacme,,canary,gold,9\nbeta,https://own.test,rest,,\n", encoding="utf-8"
    )
    acme, beta = loaded(
        folder,
        """
defaults: {layers: [base], vars: {plan: basic}}
from:
  - {csv: tenants.csv, url: !sub "https://${name}.test", token_env: !sub "${NAME}_TOKEN"}
""",
    ).instances
    assert (acme.url, acme.timeout, dict(acme.labels)) == ("https://acme.test", 9, {"ring": "canary"})
    assert acme.target.variables["plan"] == "gold"
    assert beta.url == "https://own.test"
    assert beta.target.variables["plan"] == "basic"
    assert secret_of(beta) == "BETA_TOKEN"


def test_files_hold_one_instance_or_several(folder: Path) -> None:
    tenants = folder / "tenants"
    tenants.mkdir()
    (tenants / "acme.yaml").write_text("url: https://acme.test\nlabels: {ring: canary}\n", encoding="utf-8")
    (tenants / "more.yaml").write_text(
        "version: 1\ninstances: {beta: {url: 'https://beta.test'}, gamma: {url: 'https://gamma.test'}}\n",
        encoding="utf-8",
    )
    fleet = loaded(folder, "defaults: {layers: [base], token_env: T}\nfrom: [{file: tenants/*.yaml}]\n")
    assert [each.name for each in fleet.instances] == ["acme", "beta", "gamma"]


def test_a_program_prints_an_instance_a_line(folder: Path) -> None:
    rows = [{"name": "acme", "url": "https://acme.test", "token_env": "A", "labels": {"ring": "canary"}}, {"name": "b"}]
    (folder / "rows.txt").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    acme, b = loaded(
        folder,
        """
defaults: {layers: [base], url: !sub "https://${name}.test", token_env: T, timeout: 7}
from: [{command: [cat, rows.txt], timeout: 30}]
""",
    ).instances
    assert dict(acme.labels) == {"ring": "canary"}
    assert (b.url, b.timeout) == ("https://b.test", 7)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("[sh, -c, 'echo lost >&2; exit 3']", "failed with exit code 3: lost"),
        ("[sleep, '5']", "did not end within 0.2 s"),
        ("[sh, -c, 'exec >&- 2>&-; sleep 5']", "did not end within 0.2 s"),
        ("[sh, -c, 'sleep 5 & exit']", "did not end within 0.2 s"),
        ("[no-such-program]", "cannot be run"),
        ("[echo, hello]", "not JSON"),
        ('[echo, \'{"name": "-"}\']', "is not the name of an instance"),
        ('[echo, \'{"name": "a", "utl": "x"}\']', "unknown key `utl`"),
    ],
)
def test_a_program_that_does_not_do_it_is_named(folder: Path, command: str, words: str) -> None:
    text = f"defaults: {{layers: [base], token_env: T}}\nfrom: [{{command: {command}, timeout: 0.2}}]\n"
    assert words in problems(folder, text)


@pytest.mark.parametrize("program", ["yes", "yes >&2"])
def test_a_program_that_prints_without_end_is_ended_soon(tmp_path: Path, program: str) -> None:
    with pytest.raises(ValueProblem, match="prints more than 2 MiB, the most that is read"):
        printed_by(["sh", "-c", program], tmp_path, 60.0, most=2 << 20)


def test_a_target_gives_layers_variables_and_stack_but_its_token_only_to_its_own_address(folder: Path) -> None:
    (folder / "owui-sync.yaml").write_text(
        """\
version: 1
layers: [base]
vars: {word: Hi}
default_target: prod
targets:
  prod: {url: "https://prod.test", token: !secret PROD, layers: [base, gold], stack: school}
""",
        encoding="utf-8",
    )
    prod = only(folder, "instances: {here: {target: prod}}")
    assert (prod.url, secret_of(prod)) == ("https://prod.test", "PROD")
    assert prod.target.layers == (folder / "base", folder / "gold")
    assert prod.target.stack == "school"
    other = only(folder, 'instances: {here: {url: "https://other.test", token_env: T}}')
    assert other.target.layers == (folder / "base",)
    assert "`other` has no token" in problems(folder, 'instances: {other: {url: "https://x.test", target: prod}}')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('instances: {a: {url: "https://a.test", token: sk-1}}', "a token is written out"),
        ("instances: {a: {token_env: T}}", "`a` has no address"),
        ('instances: {a: {url: "https://a.test"}}', "`a` has no token"),
        ('instances: {a: {url: !sub "${nope}", token_env: T}}', "`nope` is not defined"),
        ("instances: {a: {ulr: x}}", "unknown key `ulr`"),
        ("instances: {'a/b': {}}", "the name of an instance begins"),
        ("from: [{file: none/*.yaml}]", "no file fits `none/*.yaml`"),
        ("from: [{file: a, csv: b}]", "has one of file, csv, command"),
        (
            "waves: [{name: w, select: {ring: x}}]\ninstances: {a: {url: 'https://a.test', token_env: T}}",
            "no wave has a",
        ),
        (
            "waves: [{name: w}, {name: w}]\ninstances: {a: {url: 'https://a.test', token_env: T}}",
            "two waves are called",
        ),
        ("waves: [{name: w, bake: soon}]\ninstances: {}", "bake"),
        (
            "instances: {a: {url: 'https://A.test', token_env: T}, b: {url: 'https://a.test/', token_env: T}}",
            "`b` is the same server and stack as `a`",
        ),
        ("instances: {a: {url: 'https://a.test', token_env: T, target: nope}}", "no target `nope`"),
        ("instances: {}", "no instances"),
    ],
)
def test_a_fleet_that_cannot_be_right_is_refused(folder: Path, text: str, words: str) -> None:
    assert words in problems(folder, f"defaults: {{layers: [base]}}\n{text}")


def test_a_name_is_listed_once(folder: Path) -> None:
    (folder / "a.yaml").write_text("name: acme\nurl: https://b.test\n", encoding="utf-8")
    text = """
defaults: {layers: [base], token_env: T}
instances: {acme: {url: "https://a.test"}}
from: [{file: a.yaml}]
"""
    assert "`acme` is listed twice, first at" in problems(folder, text)
