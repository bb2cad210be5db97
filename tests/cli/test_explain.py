"""`owui-sync explain`."""

from __future__ import annotations

import pytest

from owui_sync.cli import run
from owui_sync.manifest.schema.explain import explain, overview


@pytest.mark.parametrize(("words", "expected"), [([], overview()), (["model.params"], explain("model.params"))])
def test_the_explanation_goes_to_stdout(words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *words]) == 0
    assert capsys.readouterr() == (f"{expected}\n", "")


def test_an_unknown_topic_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "prompt.contnet"]) == 64
    assert "did you mean `content`?" in capsys.readouterr().err
