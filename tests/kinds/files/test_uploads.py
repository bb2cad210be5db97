from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import httpx
import pytest

from owui_sync.client import silence
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from owui_sync.kinds.files.folders import DirectoryPlan
from owui_sync.kinds.files.meter import ProgressTracker
from owui_sync.kinds.files.stored import MARK, mark
from owui_sync.kinds.files.uploads import Uploads
from owui_sync.kinds.write import ignore_progress
from owui_sync.values import inline_file
from tests.support.fake import Fake, ok, says

FILE = inline_file("a.md", "text")
OLD, NEW = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


def left(age: float, status: str, size: int | None = 4) -> dict[str, Any]:
    """The row of an upload of `FILE` that an earlier run left so many seconds ago."""
    meta = {"size": size, "data": {MARK: mark("base", FILE)}}
    return {"id": OLD, "filename": "a.md", "updated_at": time.time() - age, "meta": meta, "data": {"status": status}}


def uploaded(row: Any, *answers: httpx.Response, seconds: float = 300) -> tuple[Uploads, list[str]]:
    """An upload of `FILE` where `row` was left, and the requests that it took."""
    fake = Fake(*answers)

    async def main() -> Uploads:
        async with fake.transport(silence=seconds) as transport:
            writer = Writer(transport)
            writer.version = Version.parse("0.12.4")
            uploads = Uploads(
                writer, "base", DirectoryPlan("base", True, {}), ProgressTracker(ignore_progress, 1, 4), lambda: None
            )
            await uploads.run([FILE], [row])
            return uploads

    uploads = asyncio.run(main())
    return uploads, [f"{request.method} {request.url.path.rpartition(OLD)[2]}" for request in fake.seen]


@pytest.mark.parametrize("size", [4, None])
def test_what_an_earlier_run_left_is_used_once_the_server_is_done_with_it(size: int | None) -> None:
    done = [ok({"status": "processing"}), ok({"status": "completed"})]
    uploads, requests = uploaded(left(1, "processing", size), *done)
    assert (uploads.sent, requests) == ({OLD: FILE}, ["GET /process/status"] * 2)


def test_what_the_server_will_never_be_done_with_is_deleted_and_sent_again() -> None:
    """As a restart of the server leaves it."""
    answers = [ok({"status": "processing"}), ok(), ok({"id": NEW})]
    uploads, requests = uploaded(left(1000, "processing"), *answers)
    assert (uploads.sent, requests) == ({NEW: FILE}, ["GET /process/status", "DELETE ", "POST /api/v1/files/"])


def test_how_long_the_server_has_for_what_was_cut_can_be_set() -> None:
    answers = [ok({"status": "processing"}), ok(), ok({"id": NEW})]
    uploads, requests = uploaded(left(10, "processing"), *answers, seconds=5)
    assert (uploads.sent, requests) == ({NEW: FILE}, ["GET /process/status", "DELETE ", "POST /api/v1/files/"])


def test_who_waits_for_the_server_is_told_for_which_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(silence, "_FIRST", 0.05)
    caplog.set_level(logging.WARNING, logger="owui_sync.client")
    uploaded(left(1, "processing"), ok({"status": "processing"}), ok({"status": "completed"}))
    (line,) = caplog.messages
    assert "waiting for the text of 'a.md', whose upload was cut; it is given up after 300 s" in line


def test_what_failed_in_an_earlier_run_is_sent_again() -> None:
    uploads, requests = uploaded(left(1, "failed"), ok({"id": NEW}))
    assert (uploads.sent, requests) == ({NEW: FILE}, ["POST /api/v1/files/"])


def test_a_refusal_is_of_that_file_alone_and_has_the_servers_words() -> None:
    uploads, _ = uploaded(left(1, "failed"), says(413, "too large"))
    assert [(refused.file, refused.reason) for refused in uploads.refused] == [(FILE, "too large")]
