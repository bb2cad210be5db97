"""The report of a fleet as one page that needs no network: equal changes once, and every instance by name."""

from __future__ import annotations

from collections.abc import Iterator

from owui_sync.fleet.text import (
    failed_of,
    group_lines,
    group_title,
    not_started_of,
    problem_words,
    totals_words,
    warnings_of,
)
from owui_sync.report.html.plain import block, plain_page, shown, table
from owui_sync.values import Json
from owui_sync.wording import counted


def report_html(document: Json) -> str:
    """Return the page. Nothing in it is loaded from elsewhere or run."""
    return plain_page(f"owui-sync fleet {document['command']}", [_head(document), *_sections(document)])


def _head(document: Json) -> str:
    counts = f"<strong>{counted(document['totals']['instances'], 'instance')}</strong>"
    return f"<p>{counts}: {shown(totals_words(document))}\n{shown(document['created_at'])}</p>\n"


def _sections(document: Json) -> Iterator[str]:
    if failed := failed_of(document):
        yield "<h2>Failed</h2>\n"
        for names, each in failed:
            yield f"<h3>{shown(', '.join(names))}</h3>\n<p>{each['status']}, exit code {each['exit']}</p>\n"
            yield block(map(problem_words, each.get("error", {}).get("problems", ())))
    if document["groups"]:
        yield "<h2>Equal changes</h2>\n"
        yield from map(_group, document["groups"])
    for reason, names in not_started_of(document).items():
        yield f"<h2>Not started</h2>\n<p>{shown(reason)}</p>\n{_names(names)}"
    if warnings := warnings_of(document):
        yield "<h2>Warnings</h2>\n"
        for warning, names in warnings.items():
            yield f"<p>{shown(warning)}</p>\n{_names(names)}"
    yield _table(document)


def _group(group: Json) -> str:
    return f"<h3>{group_title(group)}</h3>\n{block(group_lines(group))}{_names(group['instances'])}"


def _names(names: list[str]) -> str:
    return (
        f"<details><summary>{counted(len(names), 'instance')}</summary>\n<p>{shown(', '.join(names))}</p></details>\n"
    )


def _table(document: Json) -> str:
    rows = [
        (name, each["status"], each.get("version", ""), f"{each['seconds']:.1f}")
        for name, each in document["instances"].items()
    ]
    return "<h2>Instances</h2>\n" + table(("name", "status", "version", "seconds"), rows)
