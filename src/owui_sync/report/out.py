"""The way out: whatever a command prints goes through here or through `lines.print_lines`, and nothing gets out raw.

What servers, manifests and other people's files say may hold anything, also what drives a terminal. Both ways escape it
last of all, so that nobody has to remember to: what was made visible before stays as it is.
"""

from __future__ import annotations

import sys

from owui_sync.report.visible import visible_lines


def say(text: str, *, err: bool = False) -> None:
    """Print lines of text, with a line feed at the end where there is none."""
    stream = sys.stderr if err else sys.stdout
    stream.write(visible_lines(text) + ("" if text.endswith("\n") else "\n"))
    stream.flush()
