"""An invisible line in a comment or an issue, by which a later run finds it again."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

_FORM = re.compile(r"<!-- owui-sync (\{.*?\}) -->")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a comment or an issue is about.

    Args:
        about: `plan` or `drift`.
        key: tells runs apart that comment on the same pull request, such as `production/support`.
        digest: of what it shows; see `Report.digest`.
        closed: whether it is finished: a later run makes a new one.
        plan: the `digest` of the plan that was shown for a review; empty where none was.
    """

    about: str
    key: str
    digest: str = ""
    closed: bool = False
    plan: str = ""

    def fits(self, other: Marker | None) -> bool:
        """Return whether the other one is about the same thing and can still change."""
        return other is not None and not other.closed and (other.about, other.key) == (self.about, self.key)

    def __str__(self) -> str:
        # `--` would end the comment of HTML that it stands in.
        return f"<!-- owui-sync {json.dumps(asdict(self)).replace('-', chr(92) + 'u002d')} -->"


def find(text: str | None) -> Marker | None:
    """Return the marker in a text, or None."""
    found = _FORM.match(text or "")
    if not found:
        return None
    try:
        return Marker(**json.loads(found[1]))
    except (ValueError, TypeError):
        return None
