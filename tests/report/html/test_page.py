"""The page: whole, self-contained and harmless, whatever it is about."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.outcome import Status
from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.plan.types import Action, Plan
from owui_sync.report.html.page import html_page
from owui_sync.report.run_report import RunReport
from owui_sync.run.result import RunResult
from tests.support.jobs import chat_job, due, result
from tests.support.samples import EVERY_ADDRESS, change, every_action, field, plan, whole_outcome, whole_plan

_VOID = {"meta", "input", "img", "link", "br"}
EVIL = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='x",
    "\u202e\x00<b>",
)


class Parsed(HTMLParser):
    """Elements of a page, which must be closed as they were opened; and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & {*self.open[-1:]}:
            self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def page(planned: Plan, **environment: str) -> str:
    return html_page(RunReport("plan", planned), environment)


def applied() -> str:
    outcome = whole_outcome()
    jobs = (result(chat_job("smoke")), result(chat_job("bad"), Status.FAILED, error="no such model"))
    return html_page(RunReport("apply", outcome.plan, RunResult(outcome, jobs, 1.0, 2.0)), {})


def failed() -> str:
    error = OwuiSyncError.of([Diagnostic("it is wrong", "m.yaml:1:1", "mend it"), *map(Diagnostic, EVIL)])
    return html_page(RunReport("plan", error=error), {})


@pytest.mark.parametrize("text", [page(whole_plan()), page(plan()), applied(), failed()])
def test_a_page_is_well_formed_and_loads_nothing(text: str) -> None:
    parsed = Parsed(text)
    assert parsed.count("h1") == parsed.count("main") == parsed.count("script") == parsed.count("style") == 1
    loaded = [value for _, attributes in parsed.elements for name, value in attributes.items() if name == "src"]
    assert all(value and value.startswith("data:image/") for value in loaded)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert not any(name.startswith("on") for _, attributes in parsed.elements for name in attributes)


def test_the_policy_allows_exactly_its_script_and_its_style() -> None:
    text = page(plan())
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        content = text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in text
    assert "default-src 'none'" in text
    assert len(text.encode()) < 20_000


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_that_a_user_or_a_server_wrote_becomes_markup(evil: str) -> None:
    bad = change(Action.UPDATE, f"prompt/{evil}", field("content", evil, f"{evil}\n{evil}"), reason=evil)
    new = change(Action.CREATE, "prompt/new", field(f"params.{evil}", after=evil), field("content", after=evil * 9))
    items = change(
        Action.UPDATE, "model/m", field("tags", [evil], [evil, "x"]), field("params", {evil: 1}, {evil: evil})
    )
    planned = replace(
        plan(bad, new, items),
        jobs=(replace(due(chat_job("j")), reason=evil),),
        warnings=(evil,),
        refusals=(Diagnostic(evil, evil, evil),),
        unchanged=(f"prompt/{evil}2",),
    )
    parsed, harmless = Parsed(page(planned)), Parsed(page(every_action()))
    assert parsed.count("script") == 1
    assert parsed.count("b") - harmless.count("b") < 10
    assert not any(name.startswith("on") or name == "autofocus" for _, found in parsed.elements for name in found)
    assert "\x00" not in parsed.text
    assert "\u202e" not in parsed.text


def test_every_change_is_there_and_no_secret() -> None:
    text = Parsed(page(whole_plan())).text
    assert all(address in text for address in EVERY_ADDRESS)
    assert "hunter2" not in text
    assert "drifted on the server" in text


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert page(whole_plan()) == page(whole_plan())


def test_failures_come_first_and_are_open() -> None:
    parsed = Parsed(applied())
    details = [attributes for tag, attributes in parsed.elements if tag == "details"]
    assert "open" in details[0]
    assert "failed" in (details[0]["class"] or "")
    assert "Uh-oh! This model id is already registered." in parsed.text


def test_a_refused_plan_says_so_above_its_changes() -> None:
    text = Parsed(page(replace(every_action(), refusals=(Diagnostic("too many deletes"),)))).text
    assert text.index("Refused") < text.index("too many deletes") < text.index("To delete or replace")


def test_a_large_page_is_cut_with_a_count() -> None:
    long = "\n".join(f"{number} {'x' * 900}" for number in range(2_000))
    texts = [change(Action.CREATE, f"prompt/p{n}", field("content", after=long)) for n in range(12)]
    text = page(plan(*texts))
    assert len(text.encode()) < 20 << 20
    assert re.search(r"… 1,960 lines left out", text)


def test_a_plan_with_everything_reads_well(golden: SnapshotAssertion) -> None:
    body = page(whole_plan()).split("<header>")[1].split("<script>")[0]
    assert body == golden
