"""A forge on loopback: as much of the APIs of GitHub and GitLab as comments and issues need."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
PAGE = 2
"""Rows on a page, whatever is asked for: a list of three needs two."""


def merge_request(number: int, **more: Any) -> dict[str, Any]:
    """A merge request of GitLab, merged into `main`."""
    return {"iid": number, "state": "merged", "target_branch": "main", "sha": "abc", "merge_commit_sha": None, **more}


@dataclass(slots=True)
class Forge:
    """The forge: its rows, and what it was asked for.

    Args:
        url: where it is.
        merged_by: the pull requests of every commit.
        broken: status to answer a request with instead, by method and path; None to answer it.
        merge_requests: those of every commit, on GitLab.
    """

    url: str
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    broken: Callable[[str, str], int | None] = lambda method, path: None
    merged_by: list[dict[str, Any]] = field(default_factory=lambda: [{"number": 7}])
    merge_requests: list[dict[str, Any]] = field(default_factory=lambda: [merge_request(7)])
    next_id: int = 100

    def add(self, body: str, login: str = BOT) -> dict[str, Any]:
        """Write a comment, as an account."""
        self.next_id += 1
        row = {
            "id": self.next_id,
            "node_id": f"node{self.next_id}",
            "body": body,
            "user": {"login": login},
            "author": {"id": 1 if login == BOT else 2},
            "html_url": f"{self.url}/comments/{self.next_id}",
        }
        self.comments.append(row)
        return row

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Any:
        """Return the JSON of an answer, or an int as a status."""
        if status := self.broken(method, path):
            return status
        if path == "/user":
            return {"id": 1} if "glpat" in str(body) else 403
        if path == "/graphql":
            self.hidden.append(body["variables"]["id"])
            return {}
        if re.fullmatch(r"/repos/o/r/commits/\w+/pulls", path):
            return self.merged_by
        if re.fullmatch(r"/projects/3/repository/commits/\w+/merge_requests", path):
            return self.merge_requests
        if re.fullmatch(r"/projects/3/issues(/\d+)?", path):
            return self._gitlab_issues(method, path, body)
        if path.endswith("/issues"):
            return self._issues(method, body)
        if found := re.fullmatch(r"/repos/o/r/issues/(\d+)", path):
            issue = next(one for one in self.issues if one["number"] == int(found[1]))
            issue.update({name: value for name, value in body.items() if name != "labels"})
            return issue
        return self._comments(method, path, body)

    def _issues(self, method: str, body: Any) -> Any:
        if method == "GET":
            return self.issues
        number = len(self.issues) + 1
        issue = {"number": number, "state": "open", "user": {"login": BOT}, "html_url": f"{self.url}/issues/{number}"}
        self.issues.append({**issue, **body})
        return self.issues[-1]

    def _gitlab_issues(self, method: str, path: str, body: Any) -> Any:
        if method == "GET":
            return self.issues
        if method == "POST":
            number = len(self.issues) + 1
            row = {"iid": number, "state": "opened", "author": {"id": 1}, "web_url": f"{self.url}/-/issues/{number}"}
            self.issues.append({**row, **body})
            return self.issues[-1]
        row = next(one for one in self.issues if str(one["iid"]) == path.rpartition("/")[2])
        states = {"close": "closed", "reopen": "opened"}
        row.update({name: value for name, value in body.items() if name != "state_event"})
        row["state"] = states.get(body.get("state_event"), row["state"])
        return row

    def _comments(self, method: str, path: str, body: Any) -> Any:
        if method == "GET":
            return self.comments
        if method == "POST":
            return self.add(body["body"])
        row = next(one for one in self.comments if str(one["id"]) == path.rpartition("/")[2])
        row["body"] = body["body"]
        return row


@contextmanager
def forge() -> Iterator[Forge]:
    """Run a forge."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/api/v4")
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            if path == "/user" and "PRIVATE-TOKEN" in self.headers:
                body = {"token": "glpat"}
            fake.seen.append(f"{self.command} {path}")
            answer = fake.answer(self.command, path, parse_qs(parts.query), body)
            status = answer if isinstance(answer, int) else 200
            content = {"message": "Resource not accessible by integration"} if isinstance(answer, int) else answer
            self.send_response(status)
            if isinstance(content, list):
                content = self._page(content, parts.path, parse_qs(parts.query))
            text = json.dumps(content).encode()
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def _page(self, rows: list[Any], path: str, query: dict[str, list[str]]) -> list[Any]:
            page = int(query.get("page", ["1"])[0])
            if page * PAGE < len(rows):
                self.send_header("link", f'<{fake.url}{path}?page={page + 1}>; rel="next"')
            return rows[(page - 1) * PAGE : page * PAGE]

        do_GET = do_POST = do_PATCH = do_PUT = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake = Forge(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield fake
        server.shutdown()
