from __future__ import annotations

from typing import Any

from owui_sync.kinds.channel import Channel
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.write import WriteRequest

ROW: Any = {"id": "1", "name": "News", "type": None, "description": None, "data": {"a": 1}, "meta": None}


def body(row: Any, **values: Any) -> dict[str, Any]:
    return Channel().body(row, WriteRequest("news", values, IdIndex(), ""))


def test_a_row_reads_the_same_in_both_forms_of_access() -> None:
    forms: list[Any] = [{"access_grants": []}, {"access_control": {}}]
    for access in forms:
        live = Channel().live(ROW | access, IdIndex())
        assert (live.key, dict(live.values)) == ("news", {"description": "", "private": None, "access": "private"})


def test_an_update_repeats_what_the_server_would_empty() -> None:
    assert body(ROW, description="d") == {"name": "news", "description": "d", "data": {"a": 1}, "meta": None}
    assert body({}) == {"name": "news", "description": ""}


def test_whether_a_channel_is_shown_as_private_is_repeated_changed_and_taken_back() -> None:
    private = ROW | {"is_private": True}
    assert Channel().live(private | {"access_grants": []}, IdIndex()).values["private"] is True
    assert [body(private, **values)["is_private"] for values in ({}, {"private": False}, {"private": None})] == [
        *(True, False, None)
    ]
    assert body({}, private=True)["is_private"] is True


def test_an_export_tells_what_no_field_says() -> None:
    assert list(Channel().unsaid(ROW)) == ["data"]


def test_the_plan_says_that_channels_are_switched_off() -> None:
    names = IdIndex()
    assert list(Channel().remarks("news", {}, None, names)) == []
    names.switched_off.add("channel")
    (remark,) = Channel().remarks("news", {}, None, names)
    assert "ENABLE_CHANNELS" in remark
