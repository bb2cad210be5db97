"""Pictures as `data:` URLs."""

from __future__ import annotations

from owui_sync import media
from owui_sync.manifest.yaml.value_problem import ValueProblem

MAX_BYTES = 1024 * 1024
"""1 MiB. The server hands out the picture inside every list of models, to every user, on every page load; its own web
page shrinks an upload to 250 x 250 pixels before it is sent."""


def data_url(data: bytes) -> str:
    """Return the `data:` URL of a picture; its type is told by its first bytes, not by its name.

    Raises:
        ValueProblem: not a PNG, JPEG, GIF, WebP or SVG, or larger than `MAX_BYTES`.
    """
    if len(data) > MAX_BYTES:
        raise ValueProblem(
            f"the picture has {len(data):,} bytes; the most is {MAX_BYTES:,}",
            "make it smaller (250 x 250 pixels are shown), or give the URL of one",
        )
    try:
        return media.data_url(data)
    except ValueError as error:
        raise ValueProblem(f"the file is {error}", "its content counts, not its name") from None
