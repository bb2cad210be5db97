"""The parts of Markdown in which citations and addresses stand, or what only looks like them; as regular expressions.

All are for `FLAGS`.
"""

from __future__ import annotations

import re

FLAGS = re.VERBOSE | re.IGNORECASE | re.MULTILINE | re.DOTALL

_START = r"(?:https?://|www\.)"
_INSIDE = r"(?:[^\s()<>]|\((?:[^\s()<>]|\([^\s()<>]*\))*\))+"
"""The rest of an address in a link: parentheses only in pairs."""

LITERAL = r"""
    (?P<literal>
        ^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n (?:.*?\n)?? [ \t>]*(?P=fence)[`~]*[ \t]*$
      | ^[ \t>]*(?:`{3,}|~{3,})[^\n]*\n.*\Z
      | (?<!`)(?P<ticks>`+)(?!`) (?:(?!\n[ \t]*\n).)+? (?<!`)(?P=ticks)(?!`)
      | <(?P<tag>pre|code)\b[^<>]*> (?:(?!<(?P=tag)\b).)*? </(?P=tag)> | <!--(?:(?!<!--).)*?-->
      | (?:\$\$ | \\\[ | \\\() (?:(?!\n[ \t]*\n).){1,2000}? (?:\$\$ | \\\] | \\\))
      | (?<![\w\\$])\$(?=[^\s$])(?=[^$\n]*[\\^_={}])[^$\n]*(?<=[^\s$])\$(?![\w$]) )
"""
"""Code, comments of HTML, and formulas. A dollar sign begins a formula only if one follows that has signs of them."""

INDENTED = r"(?P<indented> (?:(?<![\s\S])|(?<=\n\n)) (?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z))+ )"
"""Lines that are code because of their indent, unless they belong to a list."""

LINK = rf"""!?\[(?P<label>(?:[^\[\]]|\[[^\[\]]*\])*)\]
    \([ \t]*<?(?P<target>{_START}{_INSIDE})>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)"""

ANCHOR = rf"""<a\b[^<>]*?\bhref=["']?(?P<href>{_START}[^\s"'<>]+)[^<>]*>(?P<shown>(?:(?!<a\b).)*?)</a>"""
IMAGE = rf"""<img\b[^<>]*?\bsrc=["']?(?P<src>{_START}[^\s"'<>]+)[^<>]*>"""

DEFINITION = rf"""^[ ]{{0,3}}\[(?P<defined>[^\[\]^\n]+)\]:[ \t]*<?(?P<place>{_START}[^\s<>]+)>?[^\n]*(?:\n|\Z)"""
"""A line that says where a link of the form `[text][name]` leads."""

ANGLED = rf"<(?P<angled>{_START}[^\s<>]+)>"
BARE = rf"""(?P<bare>{_START}[^\s<>"|`。，、；：！？（）「」『』【】]+)"""

_NUMBER = r"\d{1,3}(?:\s*[-–]\s*\d{1,3})?"
NUMBERS = rf"""(?P<gap>[ \t]?)
    (?: \[(?P<numbers>{_NUMBER}(?:\s*[,;]\s*{_NUMBER})*)\](?!\() | 【(?P<lens>\d{{1,3}})(?:†[^】]*)?】 )"""
"""Citations: `[1]`, `[1, 3-5]`, and `【1†source】`, as some models write them; longer numbers are years."""

_BACK = 2000
"""Characters before indented lines in which the beginning of their list is looked for."""

_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")


def is_in_list(before: str) -> bool:
    """Return whether indented lines after a text belong to a list: its last line without an indent is an item."""
    for line in reversed(before[-_BACK:].splitlines()):
        if _ITEM.match(line):
            return True
        if line.strip() and not line[0].isspace():
            return False
    return False
