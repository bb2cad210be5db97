from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.client.thinking import Thinking, without_thinking


@pytest.mark.parametrize(
    "text",
    [
        "<think>hm</think>So it is.",
        "\n<think>\nhm <b> {\n</think>\n\nSo it is.",
        "<Thinking>hm</THINKING> So it is.",
        "<think></think>\n<think>again</think>\nSo it is.",
        "<think>Straße, İstanbul ß</think>So it is.",
        "<|begin_of_thought|>hm<|end_of_thought|>So it is.",
        "◁think▷hm◁/think▷So it is.",
        "hm, it has no first tag\n</think>\n\nSo it is.",
        "hm.</think>\nSo it is.",
        '<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n> hm\n</details>\nSo it is.',
    ],
)
def test_what_a_model_thinks_is_no_part_of_its_answer(text: str) -> None:
    assert without_thinking(text) == "So it is."


@pytest.mark.parametrize(
    "text",
    [
        "So it is.",
        "",
        "  indented",
        "<thin ice>",
        "<th",
        "Write <think>so</think> around it.",
        "```\na\n</think>\n```",
        "The `</think>` tag ends it.",
        '<details type="tool_calls">x</details>',
    ],
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert without_thinking(text) == text


@pytest.mark.parametrize("text", ["<think>hm", "<think>hm</thin", "<think>"])
def test_thinking_without_an_end_leaves_nothing(text: str) -> None:
    assert without_thinking(text) == ""


@given(
    st.sampled_from(
        ["<think>a<b</think>\n\nSo it is. <think>", "<thinner> than", "\n <think></think><thought>x</thought>y"]
    ),
    st.lists(st.integers(1, 6)),
)
def test_it_does_not_matter_how_an_answer_is_cut_into_pieces(text: str, sizes: list[int]) -> None:
    thinking, said, place = Thinking(), "", 0
    for size in [*sizes, len(text)]:
        said += thinking.take(text[place : place + size])
        place += size
    assert said + thinking.rest() == without_thinking(text)
