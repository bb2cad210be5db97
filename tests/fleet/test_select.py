"""Which instances a command is about."""

from __future__ import annotations

import pytest

from owui_sync.errors import UsageError
from owui_sync.fleet.instance import Instance
from owui_sync.fleet.select import InstanceSelection, Shard
from owui_sync.manifest.config import Target
from owui_sync.values import Position

FLEET = [
    Instance(name, f"https://{name}.test", Target(), {"ring": ring, "region": region}, Position("fleet.yaml", 1, 1))
    for name, ring, region in [("acme", "canary", "eu"), ("beta", "rest", "eu"), ("gamma", "rest", "us")]
]


def chosen(*names: str, label: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    found, _ = InstanceSelection.parse(names, label, exclude, None).of(FLEET)
    return [each.name for each in found]


def test_names_labels_and_exclusions_narrow_each_other() -> None:
    assert chosen() == ["acme", "beta", "gamma"]
    assert chosen("*a", label=("ring=rest",)) == ["beta", "gamma"]
    assert chosen(label=("ring=rest", "ring=canary", "region=eu")) == ["acme", "beta"]
    assert chosen(exclude=("b*",)) == ["acme", "gamma"]


def test_a_full_name_that_fits_nothing_is_wrong_and_a_glob_is_a_warning() -> None:
    with pytest.raises(UsageError, match="did you mean `acme`"):
        chosen("acne")
    found, warnings = InstanceSelection.parse(["x*", "acme"], [], [], None).of(FLEET)
    assert [each.name for each in found] == ["acme"]
    assert warnings == ["--instance x* fits no instance"]
    with pytest.raises(UsageError, match="no instance is chosen"):
        chosen(label=("ring=none",))


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_each_instance_is_in_one_shard_and_shards_are_about_equal(of: int) -> None:
    shards = [Shard(number, of) for number in range(1, of + 1)]
    names = [f"school-{number}" for number in range(1000)]
    members = [[shard.number for shard in shards if shard.has(name)] for name in names]
    assert all(len(each) == 1 for each in members)
    sizes = [members.count([shard.number]) for shard in shards]
    assert min(sizes) > 0.7 * 1000 / of


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--shard takes I/N"):
        Shard.parse(text)
