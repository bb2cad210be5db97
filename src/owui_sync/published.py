"""Where owui-sync is published."""

from __future__ import annotations

HOME = ""
"""Address of the published repository, such as `https://HOST/OWNER/owui-sync`; empty until there is one.

The `$id` of the schemas, the labels of the image, the source of the chart and the examples of the action follow from
it. As long as it is empty, nothing installs owui-sync by its name: the name could be registered by anybody.
"""


def schema_id(document: str) -> str:
    """Return the `$id` of the schema of a document: an address where it can be had, or else a name of its own."""
    if not HOME:
        return f"urn:owui-sync:schema:{document}:1"
    return f"{HOME}/schemas/1/{document}.schema.json"
