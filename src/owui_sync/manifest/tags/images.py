"""Pictures as `data:` URLs."""

from __future__ import annotations

import base64
import re

from owui_sync.manifest.yaml.value_problem import ValueProblem

MAX_BYTES = 1024 * 1024
"""1 MiB. The server hands out the picture inside every list of models, to every user, on every page load; its own web
page shrinks an upload to 250 x 250 pixels before it is sent."""

_MAGIC = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (
        re.compile(
            rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>]*>\s*)*<svg\b", re.DOTALL
        ),
        "svg+xml",
    ),
)


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
    for magic, subtype in _MAGIC:
        if magic.match(data):
            return f"data:image/{subtype};base64,{base64.b64encode(data).decode('ascii')}"
    raise ValueProblem("the file is not a PNG, JPEG, GIF, WebP or SVG picture", "its content counts, not its name")
