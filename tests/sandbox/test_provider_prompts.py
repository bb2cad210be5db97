from __future__ import annotations

from owui_sync.sandbox.provider.prompts import Source, last_said, last_user_text, own_words, sources

RAG = """### Task:
Cite as [id] **only when the <source> tag includes an explicit id attribute** (e.g., <source id="1">).

<context>
<source id="1" name="tea.txt">Tea is hot.
Very hot.</source>
<source id="2" name="wine.txt">Wine is cool.</source>
</context>

How hot is tea?"""


def test_the_users_own_words_come_after_the_context() -> None:
    assert own_words(RAG) == "How hot is tea?"
    assert own_words("plain") == "plain"


def test_the_sources_are_those_of_the_context_not_of_the_instructions() -> None:
    assert sources([{"role": "user", "content": RAG}]) == [
        Source("1", "tea.txt", "Tea is hot.\nVery hot."),
        Source("2", "wine.txt", "Wine is cool."),
    ]


def test_a_source_need_not_have_an_id() -> None:
    assert sources([{"role": "system", "content": "<source>text</source>"}]) == [Source(None, "", "text")]


def test_the_text_of_a_message_may_come_in_parts() -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "image_url", "image_url": {}}, {"type": "text", "text": "two"}]
    assert last_user_text([{"role": "user", "content": parts}, {"role": "assistant", "content": "x"}]) == "one\ntwo"
    assert last_user_text([]) == ""


def test_the_last_thing_said_is_found_in_a_history() -> None:
    history = "<chat_history>\nUSER: first\nASSISTANT: answer\nUSER: second\nand more\nASSISTANT: end\n</chat_history>"
    assert last_said(f"### Task:\nDo it.\n{history}") == "second\nand more"
