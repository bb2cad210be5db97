from __future__ import annotations

import base64
import math
import struct

import pytest

from owui_sync.sandbox.provider.embeddings import DIMENSION, embed, embeddings, similarity

TEXTS = [
    "Green tea is brewed at eighty degrees.",
    "The cellar holds wines from Burgundy and Alsace.",
    "Holidays have to be requested two weeks before they begin.",
]


@pytest.mark.parametrize(
    ("question", "best"),
    [("How hot do I brew green tea?", 0), ("Which wine is in the cellar?", 1), ("When do I request a holiday?", 2)],
)
def test_the_text_on_the_subject_is_the_closest(question: str, best: int) -> None:
    scores = [similarity(question, text) for text in TEXTS]
    assert scores.index(max(scores)) == best


def test_a_text_always_has_the_same_vector_of_length_one() -> None:
    assert embed(TEXTS[0]) == embed(TEXTS[0])
    for text in (*TEXTS, "", "the of and"):
        assert len(embed(text)) == DIMENSION
        assert math.hypot(*embed(text)) == pytest.approx(1)


def test_each_text_of_a_list_gets_its_vector_in_order() -> None:
    document = embeddings({"model": "stub-embedding", "input": TEXTS})
    assert [row["index"] for row in document["data"]] == [0, 1, 2]
    assert [row["embedding"] for row in document["data"]] == [embed(text) for text in TEXTS]
    assert document["usage"]["total_tokens"] == sum(len(text.split()) for text in TEXTS)


def test_vectors_can_be_asked_for_as_base64() -> None:
    document = embeddings({"input": TEXTS[0], "encoding_format": "base64"})
    packed = base64.b64decode(document["data"][0]["embedding"])
    assert list(struct.unpack(f"<{DIMENSION}f", packed)) == pytest.approx(embed(TEXTS[0]), abs=1e-6)
