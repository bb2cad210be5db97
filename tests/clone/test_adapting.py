from __future__ import annotations

from owui_sync.clone.adapting import Adaptation, is_empty
from owui_sync.kinds.names import IdIndex
from owui_sync.manifest.desired import Desired, Entry
from owui_sync.resolve.select import Selection
from owui_sync.values import Secret
from tests.support.build import entries, entry, live, record, snapshot

ADA = "user/ada@example.com"


def adapting(ours: list[Entry], theirs: list[Entry], *, create_users: bool = False, delete: bool = False) -> Adaptation:
    servers = [snapshot(*(live(one.address, **one.values) for one in some)) for some in (ours, theirs)]
    return Adaptation(servers[0], servers[1], Selection(), create_users, delete)


def test_an_account_is_made_with_a_password_of_its_own_only_if_that_is_asked_for() -> None:
    people = [entry(ADA, role="user"), entry("user/bob@example.com", role="user")]
    left = adapting(people, []).adapted(Desired("clone", entries(*people)))
    assert all("password" not in one.values for one in left.entries.values())
    made = adapting(people, [], create_users=True).adapted(Desired("clone", entries(*people)))
    passwords = [one.values["password"] for one in made.entries.values()]
    assert all(isinstance(password, Secret) for password in passwords)
    assert len({password.reveal() for password in passwords}) == 2


def test_a_role_is_raised_and_never_lowered() -> None:
    user, admin = entry(ADA, role="user"), entry(ADA, role="admin")
    raised = adapting([admin], [user]).adapted(Desired("clone", entries(admin))).entries[ADA]
    assert raised.values["role"] == "admin"
    for delete in (False, True):
        adaptation = adapting([user], [admin], delete=delete)
        kept = adaptation.adapted(Desired("clone", entries(user))).entries[ADA]
        assert "role" not in kept.values
        assert kept.leaves_alone("role"), "else the next copy would take it back to the default"
        assert "stays `admin`" in adaptation.warnings[0].message


def test_what_the_source_has_at_its_default_is_asked_for_where_the_destination_has_it_otherwise() -> None:
    ours, theirs = entry("group/A"), entry("group/A", description="x")
    assert adapting([ours], [theirs]).adapted(Desired("clone", entries(ours))).entries["group/A"].values == {
        "description": ""
    }


def test_lists_keep_what_only_the_destination_has_without_delete() -> None:
    ours, theirs = entry("group/A", members=["a@example.com"]), entry("group/A", members=["b@example.com"])
    members = {
        delete: adapting([ours], [theirs], delete=delete).adapted(Desired("clone", entries(ours))).entries["group/A"]
        for delete in (False, True)
    }
    assert members[False].values["members"] == ["a@example.com", "b@example.com"]
    assert members[True].values["members"] == ["a@example.com"]


def test_delete_takes_a_connection_only_if_a_copy_made_it() -> None:
    ours, theirs = ({"id": "1", "content": "a"}, {"id": "2", "content": "b"})
    wanted = entry("setting/banners", banners=[ours])
    there = live("setting/banners", banners=[ours, theirs])
    both = entry("setting/banners", banners=[ours, theirs])
    for records, expected in (({}, ["1", "2"]), ({"setting/banners": record(both)}, ["1"])):
        servers = snapshot(live("setting/banners", banners=[ours])), snapshot(there, records=records)
        adapted = Adaptation(*servers, Selection(), delete=True).adapted(Desired("clone", entries(wanted)))
        assert adapted.entries["setting/banners"].values["banners"] == expected


def test_only_a_kind_of_which_the_source_shows_something_is_deleted() -> None:
    ours, theirs = entry("group/A"), [entry("group/B"), entry("prompt/p", content="x"), entry(ADA, role="user")]
    adaptation = adapting([ours], theirs, delete=True)
    absent = adaptation.adapted(Desired("clone", entries(ours))).absent
    assert [name.address for name in absent] == ["group/B"]
    assert "no prompt is deleted" in adaptation.warnings[0].message
    assert adapting([ours], theirs).adapted(Desired("clone", entries(ours))).absent == ()


def test_a_server_with_nothing_but_accounts_and_settings_is_empty() -> None:
    assert is_empty(snapshot(live(ADA, role="user"), live("permissions/default")))
    assert not is_empty(snapshot(live("group/A")))


def test_a_permission_that_means_nothing_on_the_destination_is_not_copied() -> None:
    names = IdIndex()
    names.add("permission", "chat.delete", "chat.delete")
    wanted = entry("group/A", permissions={"chat": {"delete": True, "gone": True}})
    adaptation = Adaptation(snapshot(live("group/A")), snapshot(names=names), Selection())
    adapted = adaptation.adapted(Desired("clone", entries(wanted))).entries["group/A"]
    assert adapted.values == {"permissions.chat.delete": True}
    assert [warning.message for warning in adaptation.warnings] == [
        "group/A: `permissions.chat.gone` is not copied: it means nothing there"
    ]
