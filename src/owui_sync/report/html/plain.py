"""A page of headings, tables and texts that loads nothing and runs nothing."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from owui_sync.report.visible import visible

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
pre{overflow:auto;padding:.75rem;border:1px solid;border-radius:.3rem}
table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid}
summary{cursor:pointer}
@media print{details>*{display:block}}
"""


def plain_page(title: str, body: Iterable[str]) -> str:
    """Return a page.

    Args:
        title: as plain text; also the heading.
        body: pieces of HTML.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{shown(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{shown(title)}</h1>
{"".join(body)}
</main>
</body>
</html>
"""


def shown(words: str) -> str:
    """Return a text as HTML that shows it as it is."""
    return html.escape(visible(words))


def block(lines: Iterable[str]) -> str:
    """Return lines that stand as they are."""
    return f"<pre>{chr(10).join(map(shown, lines))}</pre>\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; heads and cells are plain texts."""
    first = "".join(f"<th>{shown(head)}</th>" for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{shown(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<tr>{first}</tr>\n{body}</table>\n"
