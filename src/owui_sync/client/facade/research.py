"""Research: questions on a topic, their answers, and a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise
from owui_sync.client.facade.research_results import budget_of, research_result
from owui_sync.client.results import ResearchResult
from owui_sync.client.runs import BREADTH, CONCURRENCY, STEPS
from owui_sync.client.runs.definition import Models, Plan
from owui_sync.client.runs.research import research
from owui_sync.client.runs.run import Event


class Research(Base):
    """Research, which the chat shows step after step."""

    @otherwise(None)
    async def deep_research(
        self,
        topic: str,
        chat_title: str | None = None,
        num_steps: int = STEPS,
        general_models: list[str] | None = None,
        search_models: list[str] | None = None,
        *,
        concurrency: int = CONCURRENCY,
        depth: int = 1,
        breadth: int = BREADTH,
        gap_rounds: int = 0,
        sections: bool = False,
        web_search: bool = False,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        budget: Mapping[str, float] | None = None,
        approve: Callable[[list[dict[str, str]]], Any] | None = None,
        on_step: Callable[[Event], Any] | None = None,
        timeout: Timeout = None,
    ) -> ResearchResult | None:
        """Research a topic and return the report with its sources, as `ResearchResult` says; None on failure.

        One that was interrupted goes on when it is called again with the same title and topic; nothing is asked twice.

        Args:
            topic, chat_title: what to find out about, and the title of its chat; `Deep Dive: <topic>` if not given.
            num_steps, concurrency: how many questions, and how many of them at once.
            general_models: for plan and report (the first one) and the answers (in turn); the default one if not given.
            search_models: for questions that need a search (in turn).
            depth, breadth: how deep it goes: 2 asks up to `breadth` questions below each that was answered, and so on.
            gap_rounds: how often a model is asked what is still missing, after the questions.
            sections: write the report section by section, one for each planned question.
            web_search: let the server search the web where a question needs it.
            rag_collections, tool_ids: knowledge bases to answer from, and tools that the models may call.
            budget: what it may take: `tokens`, `seconds`, `sources`; then the report is written from what there is.
            approve: given the plan, before a question is asked; returns None, other questions, or `[]` to end it.
            on_step: told of each step when it begins and ends, or awaited: `step`, `words`, `done`, `tokens` so far.
        """
        general = tuple(general_models or [self._model(None)])
        search = tuple(search_models or (general if web_search else ()))
        models = Models(plan=general[0], answer=general, search=search, report=general[0])
        plan = Plan(topic=topic, title=chat_title or f"Deep Dive: {topic}", models=models, silence=self.answer_timeout)
        plan = replace(plan, steps=num_steps, depth=depth, breadth=breadth, gap_rounds=gap_rounds, sections=sections)
        plan = replace(plan, concurrency=concurrency, budget=budget_of(budget), approve=approve)
        plan = replace(
            plan, web_search=web_search, knowledge=tuple(rag_collections or ()), tool_ids=tuple(tool_ids or ())
        )
        report = await research(self._writer, plan, on_step or (lambda event: None))
        self.chat_id, self.model_id = report.chat_id, general[0]
        return research_result(plan, report)
