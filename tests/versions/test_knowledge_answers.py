"""What an apply put into a knowledge base is found: a chat that draws on the base cites the right file."""

from __future__ import annotations

import json

import httpx

from tests.support.project import Project
from tests.support.server import Server

DOCUMENTS = {
    "travel/expenses.md": "Trains are paid by the company; receipts of trains go to accounting within a month.",
    "office/keys.md": "Whoever loses the key of the office tells the reception on the same day.",
    "holidays.md": "Holidays are asked for two weeks ahead, in the calendar.",
}


def cited(server: Server, base_id: str, question: str) -> str:
    """Name of the file that the server's first citation names when a chat with the base is asked."""
    sandbox = server.project.sandbox
    body = {
        "model": "gpt-4.1",
        "stream": True,
        "messages": [{"role": "user", "content": question}],
        "files": [{"type": "collection", "id": base_id}],
    }
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    answer = httpx.post(f"{sandbox.url}/api/chat/completions", json=body, headers=headers, timeout=60)
    lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: {")]
    [sources] = [event["sources"] for event in map(json.loads, lines) if "sources" in event]
    return str(sources[0]["metadata"][0]["name"])


def test_a_chat_cites_the_file_that_has_the_answer_also_after_its_change_and_its_move(
    project: Project, server: Server
) -> None:
    name = f"answers-{project.stack[-8:]}"
    for place, text in DOCUMENTS.items():
        path = project.folder / "docs" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project.write(f"knowledge:\n  {name}: {{files: [{{path: docs}}]}}\n")
    project.apply()
    [id] = [row["id"] for row in server.get("/api/v1/knowledge/")["items"] if row["name"] == name]
    folders = server.version >= (0, 9, 6)
    assert cited(server, id, "Who pays for trains?") == ("expenses.md" if folders else "travel__expenses.md")
    assert cited(server, id, "I lost my office key") == ("keys.md" if folders else "office__keys.md")
    (project.folder / "docs/holidays.md").write_text("Parking costs ten euros a month.")
    (project.folder / "docs/travel/expenses.md").rename(project.folder / "docs/trains.md")
    project.apply()
    assert cited(server, id, "What does parking cost?") == "holidays.md"
    assert cited(server, id, "Who pays for trains?") == "trains.md"
