"""The JSON Schema of `jobs`. What no schema can say (one of two keys, what fits together) is in `manifest.jobs`."""

from __future__ import annotations

from owui_sync.client.runs import BREADTH, MAX_ITERATIONS, STEPS
from owui_sync.kinds import schedule, well_known
from owui_sync.values import Json

SECTION = "jobs"

TYPES = ("chat", "research", "task", "archive")
"""What a job can be: exactly one of these keys stands in it."""

ONE_OF = {"chat": (("model", "models"), ("prompt", "prompts"))}
"""Type -> pairs of keys of which exactly one is written: one value, or a list of them."""

WHEN = ("once", "on-change", "always", "manual")
"""Values of `run`."""

AUTO = "auto"
"""As a title or tag: let the server find it."""


def _text(description: str, *examples: str) -> Json:
    given = {"examples": list(examples)} if examples else {}
    return {"type": "string", "minLength": 1, "description": description, **given}


def _texts(description: str, *example: str, least: int = 0) -> Json:
    items = {"type": "string", "minLength": 1}
    needed = {"minItems": least} if least else {}
    return {"type": "array", "items": items, "description": description, **needed, "examples": [list(example)]}


def _number(description: str, least: int, default: int | None = None) -> Json:
    given = {} if default is None else {"default": default}
    return {"type": "integer", "minimum": least, "description": description, **given}


def _flag(description: str) -> Json:
    return {"type": "boolean", "default": False, "description": description}


def _object(
    description: str, required: tuple[str, ...] = (), one_of: tuple[tuple[str, ...], ...] = (), **properties: Json
) -> Json:
    needed: Json = {"required": list(required)} if required else {}
    # No keyword of JSON Schema: its messages about alternatives help nobody. `manifest.jobs` checks them.
    needed |= {"x-one-of": [list(group) for group in one_of]} if one_of else {}
    return {
        "type": "object",
        "description": description,
        **needed,
        "additionalProperties": False,
        "properties": properties,
    }


_KNOWLEDGE = _texts("Names of knowledge bases to draw on.", "Handbook")
_TOOLS = _texts("Ids of tools that the model may call.", "ticket_lookup")
_MODEL = _text("Id of the model to ask.", "support-bot")

_CHAT = _object(
    "One or several questions to one or several models, in one chat.",
    one_of=ONE_OF["chat"],
    model=_MODEL,
    models=_texts("Ids of models to ask side by side; instead of `model`.", "gpt-4.1", "support-bot", least=1),
    prompt=_text("The question.", "How do I reset my password?"),
    prompts=_texts("Several questions, one turn each; instead of `prompt`.", "What is new?", "And why?", least=1),
    follow_ups=_number("So many further turns; the models propose their questions.", 0, 0),
    system=_text("The system prompt of this chat.", "Answer in one sentence."),
    params={
        "type": "object",
        "description": "Parameters of the models, such as `temperature` and `max_tokens`.",
        **well_known.known(well_known.PARAMS),
    },
    files=_texts(
        "Files to read from, relative to this manifest (paths, globs, folders); uploaded for this chat.", "docs/*.md"
    ),
    knowledge=_KNOWLEDGE,
    notes=_texts("Titles of notes to read.", "Release checklist"),
    tools=_TOOLS,
    images=_texts(
        "Images to look at: paths of PNG, JPEG, GIF or WebP files, relative to this manifest.", "img/plan.png"
    ),
    web_search=_flag("Let the server search the web for each question."),
)

_RESEARCH = _object(
    "Questions on a topic, planned and answered step by step, and a report with numbered sources.",
    ("topic",),
    (("model",),),
    topic=_text("What is to be found out.", "What changed in the handbook since spring?"),
    steps=_number("So many questions at the most, and as many in each round for gaps.", 1, STEPS),
    questions=_texts(
        "The questions themselves, in place of those that a model plans.", "What changed?", "Why did it?", least=1
    ),
    approve=_flag(
        "Ask nothing that nobody approved: without `questions` the job shows the plan, ends, and fails with it."
    ),
    gap_rounds=_number("How often, after the questions, the model is asked what is still missing.", 0, 0),
    model=_text("Id of the model for every part that `models` does not name.", "support-bot"),
    models=_object(
        "Which model does what; what is not named, `answer` does.",
        plan=_text("Plans the questions.", "gpt-4.1"),
        answer=_text("Answers them.", "support-bot"),
        search=_text("Answers those that need the web.", "gpt-4.1"),
        report=_text("Writes the report.", "gpt-4.1"),
    ),
    knowledge=_KNOWLEDGE,
    web_search=_flag("Let the server search the web."),
    concurrency=_number("So many questions at once.", 1, 1),
    depth=_number("How deep it goes: 2 asks further questions below each that was answered, and so on.", 1, 1),
    breadth=_number("So many questions at the most below one.", 1, BREADTH),
    sections=_flag("Write the report section by section, one for each planned question."),
    budget=_object(
        "Where to stop: a report is written of what there is by then, and says so.",
        tokens=_number("Tokens, questions and answers together.", 1),
        seconds=_number("Seconds.", 1),
        sources=_number("Sources.", 1),
    ),
)

_TASK = _object(
    "A goal that a model works on with tools until it is reached.",
    ("goal", "model"),
    goal=_text("What is to be done.", "Sort the open tickets by urgency"),
    model=_MODEL,
    tools=_TOOLS,
    knowledge=_KNOWLEDGE,
    max_iterations=_number("So many rounds at the most.", 1, MAX_ITERATIONS),
    decision_model=_text("Id of the model that chooses where options are offered.", "gpt-4.1"),
    web_search=_flag("Let the server search the web for each round."),
)

_ARCHIVE = _object(
    "Archives old chats of the user whose token is used; pinned ones stay.",
    ("older_than_days",),
    older_than_days=_number("Days since the last change of a chat.", 1),
    folder=_text("Only chats in this folder (a path).", "Support/Escalations"),
)

_OUTPUT = _object(
    "Where the answer goes, beside the chat.",
    file=_text("A local file, relative to this manifest, written anew by each run.", "out/answer.md"),
    note=_text("A note with this title, made or updated.", "Weekly report"),
    knowledge=_text(
        "A knowledge base that holds the answer as the file `NAME-OF-THE-JOB.md`, replaced by each run.", "Reports"
    ),
)

_EXPECT = _object(
    "What the answer must be like. What is not met fails the job, and the command ends with 6.",
    contains=_texts("Texts that must be in the answer; upper and lower case are the same.", "reset", least=1),
    matches=_texts(
        "Regular expressions (of Python) that must be found in the answer, each within 5 seconds.",
        r"\breset\w*\b",
        least=1,
    ),
    sources=_texts("Names of knowledge bases of which the answer must cite a source.", "Handbook", least=1),
    max_seconds={
        "type": "number",
        "exclusiveMinimum": 0,
        "description": "Seconds that all answers together may take.",
        "examples": [60],
    },
    judge=_object(
        "A model that says whether the answer meets a criterion.",
        ("model", "criterion"),
        model=_MODEL,
        criterion=_text("What it is asked.", "The answer is polite and names the reset page."),
    ),
)

JOB: Json = _object(
    "Exactly one of `chat`, `research`, `task` and `archive` says what is done.",
    one_of=(TYPES,),
    run={
        "enum": list(WHEN),
        "default": "on-change",
        "description": "When apply runs it: `once`, `on-change` (whenever something changed that can change its "
        "answer), `always`, or `manual` (only `owui-sync run` does).",
    },
    needs=_texts("Jobs that must have succeeded first.", "warm-up"),
    chat=_CHAT,
    research=_RESEARCH,
    task=_TASK,
    archive=_ARCHIVE,
    title=_text("Title of the chat; `auto` lets a model find one. Default: the job's name.", "Password smoke test"),
    tags=_texts("Tags of the chat; `auto` adds those that a model finds.", "report", AUTO),
    folder=_text("Path of the folder that the chat lies in.", "Support/Escalations"),
    output=_OUTPUT,
    expect=_EXPECT,
    retries=_number("How often a step that failed is tried again.", 0, 0),
    schedule={
        "type": "string",
        "format": schedule.FORMAT,
        "description": "Let the server itself run it, as the automation of this name (Open WebUI 0.9 and newer): an "
        "RRULE, or the five fields of cron. Only for a chat of one prompt and one model, perhaps in a folder.",
        "examples": ["FREQ=DAILY;BYHOUR=3;BYMINUTE=0"],
        "x-since": "0.9.0",
    },
)

SCHEMA: Json = {
    "type": "object",
    "description": "What is run on the server once its configuration converged. Key: the job's name.",
    "propertyNames": {
        "pattern": r"^[A-Za-z0-9][A-Za-z0-9._ -]{0,99}$",
        "x-error": "a job's name begins with a letter or digit and has letters, digits, blanks, `.`, `_` and `-`",
    },
    "additionalProperties": JOB,
}
