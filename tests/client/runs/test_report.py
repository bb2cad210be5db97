from __future__ import annotations

import pytest

from owui_sync.client.runs.report import _as_section


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("So it is.", "So it is."),
        ("## What is it?\n\nSo it is.", "So it is."),
        ("So:\n\n## One\n\na\n\n### Two\n\nb", "So:\n\n### One\n\na\n\n#### Two\n\nb"),
        ("So:\n\n### One\n\n#### Two", "So:\n\n### One\n\n#### Two"),
        (
            "So:\n\n# One\n\n```sh\n# a comment\n```\n\n#hashtag",
            "So:\n\n### One\n\n```sh\n# a comment\n```\n\n#hashtag",
        ),
    ],
)
def test_headings_inside_a_section_stand_below_its_own(text: str, section: str) -> None:
    assert _as_section(text) == section
