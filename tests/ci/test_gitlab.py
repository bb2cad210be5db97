"""`owui-sync ci gitlab report` on a fake GitLab."""

from __future__ import annotations

import json
from pathlib import Path

from tests.ci.fake_forge import Forge, forge
from tests.support.project import Ran, run_here

CHANGED = {"summary": {"create": 1}, "changes": [{"action": "create", "kind": "prompt", "key": "a"}]}


def _report(folder: Path, fake: Forge, text: str, **env: str) -> Ran:
    (folder / "plan.json").write_text(json.dumps(CHANGED))
    (folder / "plan.md").write_text(text)
    told = {"CI_API_V4_URL": f"{fake.url}/api/v4", "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7"}
    files = ("--plan", "plan.json", "--markdown", "plan.md")
    ran = run_here(folder, {**told, "GITLAB_TOKEN": "hunter2", **env}, "ci", "gitlab", "report", "plan", *files)
    assert "hunter2" not in ran.out + ran.err
    return ran


def test_one_note_is_kept_up_to_date(tmp_path: Path) -> None:
    with forge() as fake:
        for other in range(3):
            fake.add(f"{other}", "somebody")
        assert _report(tmp_path, fake, "## Plan").code == 0
        assert _report(tmp_path, fake, "## Another plan").code == 0
        assert "## Another plan" in fake.comments[-1]["body"]
        assert len(fake.comments) == 4
        assert fake.seen[-1].startswith("PUT /projects/3/merge_requests/7/notes/")


def test_without_a_token_or_a_merge_request_nothing_is_written(tmp_path: Path) -> None:
    with forge() as fake:
        ran = _report(tmp_path, fake, "## Plan", GITLAB_TOKEN="")
        assert (ran.code, "GITLAB_TOKEN" in ran.err) == (0, True)
        assert _report(tmp_path, fake, "## Plan", CI_MERGE_REQUEST_IID="").code == 0
        assert fake.seen == []


def test_a_token_without_rights_is_told_and_fails_nothing(tmp_path: Path) -> None:
    with forge() as fake:
        fake.broken = lambda method, path: 401
        ran = _report(tmp_path, fake, "## Plan")
        assert ran.code == 0
        assert "answered 401" in ran.err
