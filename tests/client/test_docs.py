"""The examples of docs/client.md, section by section, on a real server."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

from owui_sync.client.connect import Server

PAGE = (Path(__file__).parents[2] / "docs" / "client.md").read_text(encoding="utf-8")
FAILING = "When something fails"


def examples(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


BEGINNING, *SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)
WITH_EXAMPLES = {section.partition("\n")[0]: section for section in SECTIONS if examples(section)}


@pytest.mark.parametrize("title", WITH_EXAMPLES)
def test_examples_run_and_nothing_fails_in_them(
    title: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OWUI_URL", server.url)
    monkeypatch.setenv("OWUI_TOKEN", server.token)
    scope: dict[str, Any] = {}
    for number, example in enumerate(examples(BEGINNING) + examples(WITH_EXAMPLES[title])):
        exec(compile(example, f"docs/client.md, {title}, example {number}", "exec"), scope)
    scope["client"].close()
    failures = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert bool(failures) == (title == FAILING), caplog.text
