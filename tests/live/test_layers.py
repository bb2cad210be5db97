"""Lists that several files and layers write, on a real server."""

from __future__ import annotations

from tests.support.project import Project, changes


def test_a_move_beside_its_object_in_a_second_file_keeps_the_object(project: Project, unique: str) -> None:
    project.write(f"prompts:\n  {unique}-a: {{content: a}}\n  {unique}-c: {{content: c}}\n", "one.yaml")
    project.apply()
    before = project.prompts()
    project.write(
        f"prompts: {{{unique}-b: {{content: a}}}}\nmoved: [{{prompts: {{from: {unique}-a, to: {unique}-b}}}}]\n",
        "one.yaml",
    )
    project.write(
        f"prompts: {{{unique}-d: {{content: c}}}}\nmoved: [{{prompts: {{from: {unique}-c, to: {unique}-d}}}}]\n",
        "two.yaml",
    )
    assert changes(project.plan()) == {f"prompt/{unique}-b": "move", f"prompt/{unique}-d": "move"}
    project.apply()
    after = project.prompts()
    assert after[f"{unique}-b"]["id"] == before[f"{unique}-a"]["id"]
    assert after[f"{unique}-d"]["id"] == before[f"{unique}-c"]["id"]
    assert changes(project.plan()) == {}


def test_a_rule_of_a_second_layer_does_not_open_what_the_first_made_private(project: Project, unique: str) -> None:
    base = project.write(
        f"models: {{{unique}-secret: {{base: gpt-4.1}}}}\n"
        f"access_rules: [{{models: ['{unique}-secret'], access: private}}]\n",
        "base.yaml",
    )
    prod = project.write(
        f"models: {{{unique}-open: {{base: gpt-4.1}}}}\n"
        f"access_rules: [{{models: ['{unique}-open'], access: public}}]\n",
        "prod.yaml",
    )
    ran = project.run("apply", str(base), str(prod), "--yes")
    assert ran.code == 0, ran.err
    shared = {id: bool(row["access_grants"]) for id, row in project.models().items() if id.startswith(unique)}
    assert shared == {f"{unique}-secret": False, f"{unique}-open": True}


def test_absent_of_two_layers_deletes_both_objects(project: Project, unique: str) -> None:
    project.write(f"prompts:\n  {unique}-a: {{content: a}}\n  {unique}-b: {{content: b}}\n", "one.yaml")
    project.apply()
    base = project.write(f"prompts: {{{unique}-a: {{content: a}}}}\nabsent: {{prompts: [{unique}-b]}}\n", "one.yaml")
    prod = project.write(f"absent: {{prompts: [{unique}-a]}}\n", "two.yaml")
    ran = project.run("plan", str(base), str(prod), "--format", "json")
    assert changes(ran.document) == {f"prompt/{unique}-a": "delete", f"prompt/{unique}-b": "delete"}
