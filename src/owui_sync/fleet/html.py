"""The report of a fleet as one page that needs no network: equal changes once, and every instance by name."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from owui_sync.fleet.text import (
    failed_of,
    group_lines,
    group_title,
    not_started_of,
    problem_words,
    totals_words,
    warnings_of,
)
from owui_sync.report.visible import visible
from owui_sync.values import Json
from owui_sync.wording import counted

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
pre{overflow:auto;padding:.75rem;border:1px solid;border-radius:.3rem}
table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid}
summary{cursor:pointer}
@media print{details>*{display:block}}
"""


def report_html(document: Json) -> str:
    """Return the page. Nothing in it is loaded from elsewhere or run."""
    title = f"owui-sync fleet {document['command']}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p><strong>{counted(document["totals"]["instances"], "instance")}</strong>: {_text(totals_words(document))}
{_text(document["created_at"])}</p>
{"".join(_sections(document))}
</main>
</body>
</html>
"""


def _text(words: str) -> str:
    return html.escape(visible(words))


def _sections(document: Json) -> Iterator[str]:
    if failed := failed_of(document):
        yield "<h2>Failed</h2>\n"
        for names, each in failed:
            yield f"<h3>{_text(', '.join(names))}</h3>\n<p>{each['status']}, exit code {each['exit']}</p>\n"
            yield _block(map(problem_words, each.get("error", {}).get("problems", ())))
    if document["groups"]:
        yield "<h2>Equal changes</h2>\n"
        yield from map(_group, document["groups"])
    for reason, names in not_started_of(document).items():
        yield f"<h2>Not started</h2>\n<p>{_text(reason)}</p>\n{_names(names)}"
    if warnings := warnings_of(document):
        yield "<h2>Warnings</h2>\n"
        for warning, names in warnings.items():
            yield f"<p>{_text(warning)}</p>\n{_names(names)}"
    yield from _table(document)


def _group(group: Json) -> str:
    return f"<h3>{group_title(group)}</h3>\n{_block(group_lines(group))}{_names(group['instances'])}"


def _block(lines: Iterable[str]) -> str:
    return f"<pre>{chr(10).join(map(_text, lines))}</pre>\n"


def _names(names: list[str]) -> str:
    return (
        f"<details><summary>{counted(len(names), 'instance')}</summary>\n<p>{_text(', '.join(names))}</p></details>\n"
    )


def _table(document: Json) -> Iterator[str]:
    yield "<h2>Instances</h2>\n<table>\n<tr><th>name</th><th>status</th><th>version</th><th>seconds</th></tr>\n"
    for name, each in document["instances"].items():
        cells = (name, each["status"], each.get("version", ""), f"{each['seconds']:.1f}")
        yield f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>\n"
    yield "</table>\n"
