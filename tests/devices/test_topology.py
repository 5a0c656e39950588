"""What hangs on what."""

from itertools import pairwise

import pytest

from devices.device import Device, Parent
from devices.topology import MAX_CYCLES, below, children_of, cut_off, cycles, depths, parents_of


def device(name: str, *parents: Parent) -> Device:
    return Device(id=name, kind="fibre_point", name=name, parents=parents)


TREE = [
    device("core"),
    device("east", "core"),
    device("west", "core"),
    device("leaf", ("east", "west")),
    device("alone"),
]


def test_children_hang_on_every_parent_and_on_every_member_of_a_group() -> None:
    assert children_of(TREE) == {"core": ["east", "west"], "east": ["leaf"], "west": ["leaf"]}


def test_below_a_device_is_everything_that_hangs_on_it_by_any_way() -> None:
    children = children_of(TREE)
    assert below(children, "core") == {"east", "west", "leaf"}
    assert below(children, "leaf") == set()
    assert below(children, "nowhere") == set()


def test_below_comes_to_an_end_in_a_cycle() -> None:
    assert below({"a": ["b"], "b": ["a"]}, "a") == {"b"}


def test_what_a_redundancy_group_still_reaches_is_not_cut_off() -> None:
    parents, children = {one.id: one.parents for one in TREE}, children_of(TREE)
    assert set(cut_off(parents, children, "core")) == {"east", "west", "leaf"}
    assert cut_off(parents, children, "east") == []
    assert cut_off(parents, children, "alone") == []


def test_a_tree_has_no_cycle() -> None:
    assert list(cycles(parents_of(TREE))) == []


def test_a_cycle_is_told_as_the_path_from_device_to_parent() -> None:
    [path] = cycles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})
    assert path[0] == path[-1]
    assert set(pairwise(path)) == {("a", "b"), ("b", "c"), ("c", "a")}


def test_a_device_that_hangs_on_itself_is_a_cycle() -> None:
    assert list(cycles({"a": ["a"]})) == [("a", "a")]


def test_each_of_several_cycles_is_told_up_to_a_bound() -> None:
    assert len(list(cycles({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}))) == 2
    assert len(list(cycles({str(n): [str(n)] for n in range(50)}))) == MAX_CYCLES


def test_depth_is_the_longest_way_up() -> None:
    shortcut = device("deep", "leaf", "core")
    assert depths([*TREE, shortcut]) == {"core": 0, "east": 1, "west": 1, "leaf": 2, "alone": 0, "deep": 3}


def test_depth_is_refused_on_a_cycle() -> None:
    with pytest.raises(ValueError, match="cycle"):
        depths([device("a", "b"), device("b", "a")])


def test_a_chain_of_ten_thousand_is_no_trouble() -> None:
    chain = [device("d0"), *(device(f"d{n}", f"d{n - 1}") for n in range(1, 10_000))]
    assert list(cycles(parents_of(chain))) == []
    assert len(below(children_of(chain), "d0")) == 9_999
    assert depths(chain)["d9999"] == 9_999
