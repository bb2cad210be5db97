"""Manifests of any size."""

from __future__ import annotations


def school(groups: int, prompts: int, models: int, member: str, text: str = "Hello") -> str:
    """Groups with a member and permissions, prompts and models that are shared with them."""
    lines = ["groups:"]
    for number in range(groups):
        lines += [
            f"  class-{number}:",
            f"    description: Class {number}",
            "    permissions: {workspace: {prompts: true}}",
            f"    members: [{member}]",
        ]
    lines.append("prompts:")
    for number in range(prompts):
        lines += [
            f"  course-{number}:",
            f"    name: Course {number}",
            f"    content: {text} {{{{name}}}}, this is course {number}",
            f"    tags: [school, year-{number % 5}]",
            f"    access: {{read: {{groups: [class-{number % min(groups, 20)}]}}}}",
        ]
    lines.append("models:")
    for number in range(models):
        lines += [
            f"  tutor-{number}:",
            f"    name: Tutor {number}",
            "    base: gpt-4.1",
            f"    system: You teach subject {number}.",
            f"    params: {{temperature: 0.{number % 10}}}",
            "    tags: [school]",
            f"    access: {{read: {{groups: [class-{number % min(groups, 20)}]}}}}",
        ]
    return "\n".join(lines) + "\n"
