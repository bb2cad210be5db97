from __future__ import annotations

from owui_sync.client.runs.todo import TodoItem, read_answer


def test_a_to_do_list_is_read() -> None:
    reading = read_answer("- [x] one\n- [@] two\n* [ ] three\n1. [X] four\n\nWorking.")
    assert reading.todo == (
        TodoItem("one", "completed"),
        TodoItem("two", "in_progress"),
        TodoItem("three", "pending"),
        TodoItem("four", "completed"),
    )
    assert (reading.final, reading.options) == (None, ())


def test_the_final_answer_is_what_stands_below_its_line() -> None:
    assert read_answer("- [x] one\n\n**Final answer:**\nIt is so.\nReally.").final == "It is so.\nReally."
    assert read_answer("## Final Answer\nYes").final == "Yes"
    assert read_answer("Final answer: yes").final == "yes"


def test_the_final_answer_has_a_line_of_its_own_or_a_colon_or_dash() -> None:
    for text in ("Final answer\nyes", "**Final Answer**: yes", "> Final answer – yes", "### Final answer ###\nyes"):
        reading = read_answer(f"- [ ] open\n{text}")
        assert (reading.marked, (reading.final or "").strip("# \n")) == (True, "yes"), text


def test_a_sentence_about_final_answers_is_none() -> None:
    for text in (
        "Final answers follow when I have looked.",
        "Final answer is still to come.",
        "- [ ] Final answer: tell",
    ):
        assert read_answer(f"- [ ] look\n{text}").final is None, text


def test_code_is_none_of_it() -> None:
    reading = read_answer("- [ ] open\n\n```markdown\n- [x] sample\nFinal answer: sample\nOptions:\n1. a\n2. b\n```\n")
    assert ([item.task for item in reading.todo], reading.options, reading.final) == (["open"], (), None)
    assert read_answer("A list:\n\n```\n- [ ] sample\n```\nThat is it.").final is not None


def test_an_answer_that_is_all_in_code_is_read() -> None:
    assert read_answer("```markdown\n- [ ] open\nFinal answer: so\n```").final == "so"
    assert read_answer("```\n- [ ] open\n```").final is None


def test_options_are_two_at_least() -> None:
    assert read_answer("- [ ] choose\n\nOptions:\n1. red\n2) blue").options == ("red", "blue")
    assert read_answer("- [ ] choose\n\n**Options**\n- red\n- blue").options == ("red", "blue")
    assert read_answer("- [ ] choose\n\nOptions:\n1. red").options == ()


def test_an_answer_with_nothing_left_to_do_is_final() -> None:
    assert read_answer("It is sunny.").final == "It is sunny."
    assert read_answer("- [x] look\n\nIt is sunny.").final == "- [x] look\n\nIt is sunny."
