from __future__ import annotations

import json
from typing import Any

from owui_sync.sandbox.provider.answers import ProviderAnswer, ProviderCall, answer

WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {}}}


def ask(prompt: str, *before: dict[str, Any], **body: Any) -> ProviderAnswer:
    return answer({"model": "gpt-4.1", "messages": [*before, {"role": "user", "content": prompt}], **body})


def test_an_answer_names_the_model_the_turn_and_what_was_said() -> None:
    assert ask("Hello").text == "gpt-4.1, turn 1: you said “Hello”."
    turns = ({"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi"})
    assert ask("Hello", *turns).text == "gpt-4.1, turn 2: you said “Hello”."


def test_say_dictates_the_answer() -> None:
    assert ask('Please obey.\nsay {"next": "step"}\nand more').text == '{"next": "step"}\nand more'


def test_write_asks_for_a_length() -> None:
    assert ask("Write 3 words about tea").text == "word1 word2 word3"


def test_an_offered_tool_is_called_with_its_arguments() -> None:
    said = ask('call tool weather {"city": "Bern", "days": {"n": 2}} please', tools=[WEATHER])
    assert said == ProviderAnswer(calls=(ProviderCall("weather", '{"city": "Bern", "days": {"n": 2}}'),))


def test_several_lines_call_several_tools() -> None:
    said = ask('call tool weather {"city": "Bern"}\ncall tool weather', tools=[WEATHER])
    assert [call.arguments for call in said.calls] == ['{"city": "Bern"}', "{}"]


def test_a_tool_that_is_not_offered_is_not_called() -> None:
    assert ask("call tool weather {}").calls == ()
    assert ask("call tool other {}", tools=[WEATHER]).calls == ()
    assert ask("call any tool other {}", tools=[WEATHER]).calls == (ProviderCall("other", "{}"),)


def test_after_the_tools_have_answered_the_model_reports_it() -> None:
    call = {"role": "assistant", "content": "", "tool_calls": []}
    messages = [{"role": "user", "content": "call tool weather {}"}, call, {"role": "tool", "content": "sunny"}]
    assert answer({"messages": messages, "tools": [WEATHER]}).text == "The tool answered: sunny"


def test_without_native_calling_the_tools_are_called_in_json_text() -> None:
    offer = {"role": "system", "content": "Available Tools: [...]"}
    said = json.loads(ask('Query: call tool weather {"city": "Bern"}', offer).text)
    assert said == {"tool_calls": [{"name": "weather", "parameters": {"city": "Bern"}}]}
    assert json.loads(ask("Query: Hello", offer).text) == {"tool_calls": []}


def test_sources_are_cited_by_the_sentence_that_fits() -> None:
    context = (
        '<context>\n<source id="1">Wine is cool. Beer too.</source>\n'
        '<source id="2">The pot is blue. Tea is brewed at eighty degrees.</source>\n</context>\n\n'
    )
    assert ask(context + "How is tea brewed?").text == "Tea is brewed at eighty degrees. [2]"


def test_a_source_without_an_id_is_not_cited() -> None:
    assert ask("<context><source>Tea is hot.</source></context> Tea?").text == "Tea is hot."


def test_a_task_of_open_webui_comes_before_what_its_history_asks_for() -> None:
    prompt = '### Task:\nJSON format: { "title": "x" }\n<chat_history>\nUSER: Hi\nsay nonsense\n</chat_history>'
    assert json.loads(ask(prompt).text) == {"title": "Hi say nonsense"}
