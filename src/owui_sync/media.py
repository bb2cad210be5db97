"""Pictures: what a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import base64
import re

_PICTURES = (
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

_FOR_MODELS = ("png", "jpeg", "gif", "webp")


def picture_kind(content: bytes) -> str | None:
    """Return `png`, `jpeg`, `gif`, `webp` or `svg+xml`; None for anything else. The first bytes are enough."""
    return next((kind for start, kind in _PICTURES if start.match(content)), None)


def is_for_models(content: bytes) -> bool:
    """Return whether the content is a PNG, JPEG, GIF or WebP picture, the kinds that providers take."""
    return picture_kind(content) in _FOR_MODELS


def data_url(content: bytes) -> str:
    """Return a picture as a `data:` URL.

    Raises:
        ValueError: it is no picture.
    """
    kind = picture_kind(content)
    if kind is None:
        raise ValueError("not a PNG, JPEG, GIF, WebP or SVG picture")
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
