"""Vectors of which words occur in a text: deterministic, and close to each other for texts on the same subject."""

from __future__ import annotations

import base64
import math
import re
import struct
import zlib
from typing import Any

DIMENSION = 512

_COMMON = re.compile(
    r"(?:an?|and|are|as|at|be|but|by|can|do|does|for|from|has|have|how|i|if|in|is|it|its|me|my|not|of|on|or|our|so|that"
    r"|the|their|there|these|they|this|to|was|we|were|what|when|where|which|who|why|will|with|you|your)"
)


def words(text: str) -> list[str]:
    """Return the words that carry a meaning, in lower case and without the endings of plural and past."""
    found = re.findall(r"\w+", text.lower())
    return [re.sub(r"(?<=\w{3})(es|s|ed|ing)$", "", word) for word in found if not _COMMON.fullmatch(word)]


def embed(text: str) -> list[float]:
    """Return the text's vector, of length 1 and `DIMENSION` numbers.

    Each word counts in a place that its checksum gives.
    """
    vector = [0.0] * DIMENSION
    # The small constant keeps a text without words from being a vector without direction.
    vector[0] = 0.01
    for word in words(text):
        vector[1 + zlib.crc32(word.encode()) % (DIMENSION - 1)] += 1.0
    length = math.hypot(*vector)
    return [number / length for number in vector]


def similarity(one: str, other: str) -> float:
    """Return how close two texts are: 1 for the same words, about 0 for none in common."""
    return sum(a * b for a, b in zip(embed(one), embed(other), strict=True))


def embeddings(body: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a request for embeddings; `encoding_format` may be `base64`, as OpenAI's own client asks."""
    given = body.get("input", "")
    texts = [given] if isinstance(given, str) else [str(text) for text in given]
    packed = body.get("encoding_format") == "base64"
    tokens = sum(len(text.split()) for text in texts)
    return {
        "object": "list",
        "model": body.get("model"),
        "data": [
            {"object": "embedding", "index": index, "embedding": _packed(embed(text)) if packed else embed(text)}
            for index, text in enumerate(texts)
        ],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
