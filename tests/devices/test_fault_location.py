"""Where the fibre broke."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import Device, Parent
from devices.fault_location import Break, Health, locate
from devices.inventory import Inventory, parse
from devices.plant import FEEDER, Plant
from devices.topology import below, children_of

GOOD, BAD, UNSEEN = Health
OKU = Path(__file__).parents[2] / "deploy" / "devices.csv"


def device(name: str, *parents: Parent, cable: object = None, kind: str = "fibre_point") -> Device:
    attributes = {} if cable is None else {"cable_metres": cable}
    return Device(id=name, kind=kind, name=name, parents=parents, attributes=attributes)


def broken(root: str, *above: str, explains: str, metres: float | None = None) -> Break:
    """`explains` are ids with blanks between."""
    return Break(root=root, above=above, metres=metres, explained=frozenset(explains.split()))


def found(devices: Sequence[Device], *, good: str = "", bad: str = "") -> list[Break]:
    """`good` and `bad` are ids with blanks between; all others are unseen."""
    health = dict.fromkeys(good.split(), GOOD) | dict.fromkeys(bad.split(), BAD)
    return list(locate(Plant.of(devices), health))


# A line with a side branch: core, then east with its leaf, then west.
LINE = [
    device("core"),
    device("east", "core", cable=900),
    device("leaf", "east", cable=50),
    device("west", "east", cable=400),
    device("end", "west", cable=300),
]


def test_nothing_down_is_no_break() -> None:
    assert found(LINE, good="core east") == []
    assert found([], bad="") == []


def test_the_topmost_that_is_down_explains_the_others() -> None:
    expected = broken("west", "east", explains="west end", metres=400)
    assert found(LINE, good="core east leaf", bad="west end") == [expected]


def test_where_nothing_is_above_the_break_has_no_upper_end() -> None:
    assert found(LINE, bad="core east leaf west end") == [broken("core", explains="core east leaf west end")]


def test_two_cuts_are_two_breaks_in_the_order_of_their_roots() -> None:
    assert found(LINE, good="core east", bad="west leaf end") == [
        broken("leaf", "east", explains="leaf", metres=50),
        broken("west", "east", explains="west end", metres=400),
    ]


def test_a_device_without_evidence_below_a_break_is_not_counted_and_hides_nothing() -> None:
    expected = broken("east", "core", explains="east end", metres=900)
    assert found(LINE, good="core", bad="east end") == [expected]


def test_a_device_down_below_one_without_evidence_is_its_own_break_with_the_cables_summed() -> None:
    assert found(LINE, good="core east", bad="end") == [broken("end", "east", explains="end", metres=700)]


def test_the_sum_is_unknown_where_one_cable_is() -> None:
    line = [device("core"), device("splice", "core"), device("end", "splice", cable=300)]
    assert found(line, good="core", bad="end") == [broken("end", "core", explains="end")]


@pytest.mark.parametrize("cable", [True, "390", -1, float("nan"), float("inf"), 10**400, [390]])
def test_a_length_that_is_none_is_unknown(cable: object) -> None:
    line = [device("core"), device("end", "core", cable=cable)]
    assert found(line, good="core", bad="end") == [broken("end", "core", explains="end")]


# Splices without evidence: s1 bears s2 and a, s2 bears b and c.
SPLICES = [
    device("core"),
    device("s1", "core", cable=1_000),
    device("a", "s1", cable=10),
    device("s2", "s1", cable=200),
    device("b", "s2", cable=20),
    device("c", "s2", cable=30),
]


def test_two_down_in_two_branches_below_a_silent_point_put_the_break_above_it() -> None:
    assert found(SPLICES, good="core a", bad="b c") == [broken("s2", "s1", explains="b c", metres=200)]


def test_the_highest_silent_point_below_which_all_is_down_is_the_root() -> None:
    assert found(SPLICES, good="core", bad="a b c") == [broken("s1", "core", explains="a b c", metres=1_000)]
    assert found(SPLICES, good="core", bad="a c") == [broken("s1", "core", explains="a c", metres=1_000)]


def test_a_silent_point_with_one_branch_down_is_not_suspected() -> None:
    assert found(SPLICES, good="core", bad="b") == [broken("b", "core", explains="b", metres=1_220)]


def test_two_down_in_one_branch_do_not_put_the_break_above_a_silent_point() -> None:
    line = [device("splice"), device("a", "splice", cable=5), device("b", "a", cable=5)]
    assert found(line, bad="a b") == [broken("a", explains="a b")]


def test_one_down_that_hangs_on_a_silent_point_by_two_ways_is_one() -> None:
    diamond = [device("splice"), device("p", "splice"), device("q", "splice"), device("a", "p", "q")]
    assert found(diamond, bad="a") == [broken("a", explains="a")]


def test_a_silent_point_that_bears_somebody_alive_is_where_the_light_still_comes() -> None:
    assert found(SPLICES, good="b", bad="a c") == [
        broken("a", "s1", explains="a", metres=10),
        broken("c", "s2", explains="c", metres=30),
    ]


def test_a_chain_of_silent_points_is_climbed_for_the_length_but_the_root_stays_the_nearest() -> None:
    chain = [device("core"), device("s0", "core", cable=500), device("s1", "s0", cable=70), *SPLICES[2:]]
    assert found(chain, good="core", bad="a b") == [broken("s1", "core", explains="a b", metres=570)]


def test_a_silent_feeder_explains_two_that_hang_on_it_and_is_refuted_by_one_that_lives() -> None:
    city = [
        device("core"),
        device("feeder", kind=FEEDER),
        *(device(name, "core", "feeder", cable=10) for name in ("a", "b", "c")),
    ]
    assert found(city, good="core", bad="a b") == [broken("feeder", explains="a b")]
    assert [one.root for one in found(city, good="core c", bad="a b")] == ["a", "b"]


def test_what_another_break_explains_makes_nobody_suspicious() -> None:
    city = [
        device("core"),
        device("feeder", kind=FEEDER),
        device("top", "core", cable=80),
        device("a", "top", "feeder"),
        device("b", "top", "feeder"),
    ]
    assert found(city, good="core", bad="top a b") == [broken("top", "core", explains="top a b", metres=80)]


# Either the splice or the feeder could have taken a and b.
EITHER = [
    device("feeder", kind=FEEDER),
    device("splice"),
    device("a", "splice", "feeder"),
    device("b", "splice", "feeder"),
]


def test_of_two_suspects_the_one_that_explains_more_is_named() -> None:
    city = [*EITHER, device("c", "splice")]
    assert found(city, bad="a b c") == [broken("splice", explains="a b c")]


def test_of_two_suspects_that_explain_as_much_the_one_that_presumes_less_is_named() -> None:
    city = [*EITHER, device("quiet", "feeder")]
    assert found(city, bad="a b") == [broken("splice", explains="a b")]
    assert found(EITHER, bad="a b") == [broken("feeder", explains="a b")], "else the first by its id"


def test_a_suspect_of_which_all_is_told_under_others_is_not_named() -> None:
    city = [
        device("north"),
        device("south"),
        device("splice"),
        device("a", ("north", "splice")),
        device("b", ("south", "splice")),
    ]
    assert [one.root for one in found(city, bad="north south a b")] == ["a", "b", "north", "south"]


def test_down_but_passing_the_light_on_is_a_break_of_its_own() -> None:
    assert found(LINE, good="leaf", bad="east west end") == [
        broken("east", "core", explains="east", metres=900),
        broken("west", "east", explains="west end", metres=400),
    ]


def test_who_lives_far_below_proves_it_for_all_on_the_way() -> None:
    assert found(LINE, good="end", bad="east west leaf") == [
        broken("east", "core", explains="east", metres=900),
        broken("leaf", "east", explains="leaf", metres=50),
        broken("west", "east", explains="west", metres=400),
    ]


def test_who_lives_on_a_battery_does_not_speak_for_a_dead_feeder() -> None:
    city = [
        device("core"),
        device("feeder", kind=FEEDER),
        *(device(name, "core", "feeder", cable=10) for name in ("a", "b", "battery")),
        device("below-b", "b"),
    ]
    assert found(city, good="core battery", bad="feeder a b") == [broken("feeder", explains="feeder a b")]
    passive = found(city, good="core below-b", bad="feeder a b")
    assert passive == [broken("feeder", explains="feeder a b")], "b lost its power and passes the light on"


# pop hangs on a ring of north and south.
RING = [
    device("core"),
    device("north", "core", cable=100),
    device("south", "core", cable=200),
    device("pop", ("north", "south"), cable=30),
    device("leaf", "pop", cable=5),
]


def test_a_ring_is_cut_off_only_when_all_of_it_failed() -> None:
    assert found(RING, good="core pop leaf", bad="north") == [broken("north", "core", explains="north", metres=100)]
    assert found(RING, good="core", bad="north south pop leaf") == [
        broken("north", "core", explains="north pop leaf", metres=100),
        broken("south", "core", explains="south", metres=200),
    ]


def test_a_point_on_a_whole_ring_that_is_down_has_both_ways_above_it() -> None:
    expected = broken("pop", "north", "south", explains="pop leaf", metres=30)
    assert found(RING, good="core north south", bad="pop leaf") == [expected]


def test_a_point_down_on_half_a_ring_has_the_other_half_above_it() -> None:
    assert found(RING, good="core south", bad="north pop") == [
        broken("north", "core", explains="north", metres=100),
        broken("pop", "south", explains="pop"),
    ], "the cable that is known leads to the half that failed"


def test_ways_up_through_a_silent_ring_come_together() -> None:
    expected = broken("pop", "core", explains="pop", metres=130)
    assert found(RING, good="core", bad="pop") == [expected]


def test_who_lives_by_the_other_half_of_a_ring_does_not_speak_for_a_silent_point() -> None:
    city = [device("core"), device("splice", "core"), device("a", "splice"), device("b", "splice"), device("far")]
    ring = [*city, device("pop", ("a", "far"))]
    assert found(ring, good="core far pop", bad="a b") == [broken("splice", "core", explains="a b")]
    both = [*city, device("pop", ("a", "b"))]
    assert [one.root for one in found(both, good="core pop", bad="a b")] == ["a", "b"]


def test_who_lives_on_the_last_of_a_ring_speaks_for_it() -> None:
    city = [
        device("far"),
        device("splice"),
        device("a", "splice"),
        device("b", "splice"),
        device("pop", ("far", "splice")),
    ]
    assert [one.root for one in found(city, good="pop", bad="far a b")] == ["a", "b", "far"]
    health = {"pop": GOOD, "far": BAD, "a": BAD, "b": BAD}
    assert [one.root for one in locate(Plant.of(city), health, within={"a"})] == ["a"], "far is looked at for that"


def test_who_lives_against_all_evidence_speaks_for_nobody_else() -> None:
    city = [
        *(device(name) for name in ("north", "south", "splice", "far")),
        device("a", "splice"),
        device("b", "splice"),
        device("pop", ("north", "south"), ("splice", "far")),
    ]
    assert [one.root for one in found(city, good="pop", bad="north south a b")] == ["north", "south", "splice"]


def test_down_on_a_ring_that_failed_but_passing_the_light_on_is_a_break_of_its_own() -> None:
    assert found(RING, good="core leaf", bad="north south pop") == [
        broken("north", "core", explains="north", metres=100),
        broken("pop", explains="pop"),
        broken("south", "core", explains="south", metres=200),
    ]


def test_what_another_way_may_carry_is_no_branch_of_a_silent_point() -> None:
    city = [
        *(device(name) for name in ("core", "far")),
        device("splice", "core"),
        device("near", "splice"),
        device("a", "near"),
        device("b", "near"),
        device("side", "splice"),
        device("pop", ("side", "far")),
    ]
    assert [one.root for one in found(city, good="core far", bad="a b pop")] == ["near", "pop"]


def test_strangers_are_left_out() -> None:
    city = [device("a", "ghost", ("spectre", "core"), cable=7), device("core"), device("b", ())]
    assert found(city, good="core", bad="a b ghost") == [broken("a", "core", explains="a"), broken("b", explains="b")]


def test_a_group_that_names_one_twice_is_no_group() -> None:
    line = [device("core"), device("end", ("core", "core"))]
    assert found(line, bad="core end") == [broken("core", explains="core end")]


def test_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        Plant.of([device("a", "b"), device("b", "a")])


class Asked(dict[str, Health]):
    """Health that remembers about whom it was asked, and is not walked through."""

    def __init__(self, health: Mapping[str, Health]) -> None:
        super().__init__(health)
        self.about: set[str] = set()

    def get(self, key: str, default: Health | None = None) -> Health | None:  # type: ignore[override]
        self.about.add(key)
        return super().get(key, default)

    def __iter__(self) -> None:  # type: ignore[override]
        raise AssertionError


@pytest.fixture(scope="module")
def oku() -> list[Device]:
    inventory = parse(OKU.read_bytes())
    assert isinstance(inventory, Inventory)
    return list(inventory.devices)


def cut(devices: Sequence[Device], *roots: str) -> dict[str, Health]:
    """All alive but the roots and what hangs on them."""
    children = children_of(devices)
    dead = set(roots).union(*(below(children, root) for root in roots))
    return {one.id: BAD if one.id in dead else GOOD for one in devices}


def test_a_cut_between_fp_080_and_fp_087_is_one_break_of_2080_metres(oku: list[Device]) -> None:
    [one] = locate(Plant.of(oku), cut(oku, "fp-087"))
    assert (one.root, one.above, one.metres) == ("fp-087", ("fp-080",), 2_080)
    assert len(one.explained) == 1 + 23 + 2 + 3


def test_a_point_that_died_and_passes_the_light_on_is_told_apart_from_a_cut_below_it(oku: list[Device]) -> None:
    health = cut(oku, "fp-092") | {"fp-088": BAD}
    assert [(one.root, one.above) for one in locate(Plant.of(oku), health)] == [
        ("fp-088", ("fp-087",)),
        ("fp-092", ("fp-088",)),
    ]


def test_baturaja_barat_hangs_on_two_points_and_its_own_death_names_both(oku: list[Device]) -> None:
    [one] = (one for one in locate(Plant.of(oku), cut(oku, "fp-035")) if one.root == "fp-035")
    assert one.above == ("fp-001", "fp-002")


def test_asking_for_a_part_of_the_city_looks_no_further_than_the_failure(oku: list[Device]) -> None:
    health = Asked(cut(oku, "fp-087", "fp-111"))
    [one] = locate(Plant.of(oku), health, within={"fp-103", "fp-001"})
    assert one.root == "fp-087"
    assert health.about <= one.explained | {"fp-080", "fp-001"}


def test_asking_for_nothing_finds_nothing(oku: list[Device]) -> None:
    assert locate(Plant.of(oku), cut(oku, "fp-087"), within=()) == ()


def test_a_chain_of_ten_thousand_is_no_trouble() -> None:
    chain = [device("d0"), *(device(f"d{n}", f"d{n - 1}", cable=1) for n in range(1, 10_000))]
    plant = Plant.of(chain)
    [one] = locate(plant, {f"d{n}": BAD for n in range(10_000)})
    assert len(one.explained) == 10_000
    assert locate(plant, {"d0": GOOD, "d9999": BAD}) == (broken("d9999", "d0", explains="d9999", metres=9_999),)
    assert len(locate(plant, {"d9999": GOOD} | {f"d{n}": BAD for n in range(9_999)})) == 9_999


def test_a_chain_of_ten_thousand_silent_points_with_a_leaf_down_on_each_is_one_break() -> None:
    chain = [device("d0"), *(device(f"d{n}", f"d{n - 1}") for n in range(1, 10_000))]
    leaves = [device(f"e{n}", f"d{n}") for n in range(10_000)]
    [one] = locate(Plant.of([*chain, *leaves]), {leaf.id: BAD for leaf in leaves})
    assert one.root == "d0"


def test_a_city_of_22_700_with_a_tenth_down_is_no_trouble() -> None:
    chance = Random(1)
    city = [device("0"), *(device(str(n), str(n // 6), cable=n) for n in range(1, 22_700))]
    weights = {GOOD: 6, BAD: 1, UNSEEN: 3}
    health = {one.id: chance.choices(list(weights), list(weights.values()))[0] for one in city}
    breaks = locate(Plant.of(city), health)
    assert sum(len(one.explained) for one in breaks) == sum(one is BAD for one in health.values())


# From here on arbitrary cities are judged by slow words that stand on nothing but the devices.

City = Sequence[Device]
HEALTHS = st.sampled_from([GOOD, BAD, BAD, UNSEEN, UNSEEN])


@st.composite
def cities(draw: st.DrawFn, *, trees: bool = False) -> list[Device]:
    """Devices that hang on earlier ones: each on one at most, or on several, in groups and on feeders."""
    names = [f"d{n:02}" for n in draw(st.permutations(range(draw(st.integers(1, 40)))))]
    kinds = st.just("fibre_point") if trees else st.sampled_from(["fibre_point"] * 7 + [FEEDER])
    cables = st.none() | st.integers(0, 900)
    return [
        device(name, *draw(parents(names[:n], trees=trees)), cable=draw(cables), kind=draw(kinds))
        for n, name in enumerate(names)
    ]


def parents(above: Sequence[str], *, trees: bool) -> st.SearchStrategy[list[Parent]]:
    if not above:
        return st.just([])
    one: st.SearchStrategy[Parent] = st.sampled_from(above)
    group: st.SearchStrategy[Parent] = st.lists(st.sampled_from(above), min_size=2, max_size=3).map(tuple)
    return st.lists(one, max_size=1) if trees else st.lists(one | one | group, max_size=2)


def judged(devices: City) -> st.SearchStrategy[tuple[City, dict[str, Health]]]:
    """Some are not mentioned at all."""
    mentioned = st.dictionaries(st.sampled_from([one.id for one in devices]), HEALTHS, max_size=len(devices))
    every = st.fixed_dictionaries({one.id: HEALTHS for one in devices})
    return st.tuples(st.just(devices), mentioned | every | every)


JUDGED = cities().flatmap(judged)


def cut_off(one: Device, failed: Collection[str]) -> bool:
    groups = [{parent} if isinstance(parent, str) else set(parent) for parent in one.parents]
    return any(group <= set(failed) for group in groups)


def passing(devices: City, health: Mapping[str, Health]) -> set[str]:
    """Alive, or carrying somebody who is."""
    known = {one.id: one for one in devices}
    passes = {one for one in known if health.get(one) is GOOD}
    rest = list(passes)
    while rest:
        for parent in known[rest.pop()].parents:
            lone = {parent} if isinstance(parent, str) else set(parent)
            if len(lone) == 1 and not lone <= passes and known[min(lone)].kind != FEEDER:
                passes |= lone
                rest += lone
    return passes


def fallen(devices: City, start: Collection[str], spared: Collection[str] = ()) -> set[str]:
    """What fails with `start`, by the rules of groups alone."""
    failed = set(start)
    while more := {one.id for one in devices if cut_off(one, failed)} - failed - set(spared):
        failed |= more
    return failed


@given(JUDGED)
def test_every_device_down_is_explained_by_exactly_one_break(case: tuple[City, dict[str, Health]]) -> None:
    devices, health = case
    explained = [one for found in locate(Plant.of(devices), health) for one in found.explained]
    assert sorted(explained) == sorted(one for one, how in health.items() if how is BAD)


@given(JUDGED)
def test_a_root_is_down_or_a_silent_point_with_two_down_in_two_branches_and_nobody_alive_speaking_for_it(
    case: tuple[City, dict[str, Health]],
) -> None:
    devices, health = case
    children = children_of(devices)
    down = {one for one, how in health.items() if how is BAD}
    for found in locate(Plant.of(devices), health):
        how = health.get(found.root, UNSEEN)
        assert how is not GOOD
        if how is UNSEEN:
            assert found.explained
            branches = [down & {child, *below(children, child)} for child in set(children[found.root])]
            assert any(len(one | other) > 1 for one, other in combinations(branches, 2) if one and other)
            alone = fallen(devices, {found.root})
            assert not any(health.get(one) is GOOD for one in alone)


@given(JUDGED)
def test_what_is_explained_hangs_on_its_root_and_is_cut_off_by_what_failed(
    case: tuple[City, dict[str, Health]],
) -> None:
    devices, health = case
    children, spared = children_of(devices), passing(devices, health)
    breaks = locate(Plant.of(devices), health)
    failed = fallen(devices, {one.root for one in breaks} - spared, spared)
    for found in breaks:
        for one in devices:
            if one.id == found.root and one.id not in spared:
                assert not cut_off(one, failed)
            elif one.id in found.explained - {found.root}:
                assert one.id in below(children, found.root)
                assert cut_off(one, failed)


@given(JUDGED)
def test_what_is_above_has_not_failed_and_is_known_to_pass(case: tuple[City, dict[str, Health]]) -> None:
    devices, health = case
    children, spared = children_of(devices), passing(devices, health)
    for found in locate(Plant.of(devices), health):
        assert spared.issuperset(found.above)
        assert len(set(found.above)) == len(found.above)
        assert all(found.root in below(children, one) for one in found.above)
        assert found.metres is None or (found.above and found.metres >= 0)


@given(JUDGED, st.randoms(use_true_random=False))
def test_the_order_in_which_things_come_does_not_matter(case: tuple[City, dict[str, Health]], chance: Random) -> None:
    devices, health = case
    shuffled = chance.sample(devices, len(devices))
    evidence = dict(chance.sample(list(health.items()), len(health)))
    assert locate(Plant.of(shuffled), evidence) == locate(Plant.of(devices), health)


@given(JUDGED)
def test_without_anything_down_there_is_no_break(case: tuple[City, dict[str, Health]]) -> None:
    devices, health = case
    calm = {one: UNSEEN if how is BAD else how for one, how in health.items()}
    assert locate(Plant.of(devices), calm) == ()


@given(JUDGED, st.randoms(use_true_random=False))
def test_a_part_of_the_city_is_told_the_same_as_the_whole(case: tuple[City, dict[str, Health]], chance: Random) -> None:
    devices, health = case
    part = {one.id for one in devices if chance.random() < 0.2}
    whole = locate(Plant.of(devices), health)
    assert locate(Plant.of(devices), health, part) == tuple(one for one in whole if one.explained & part)


@given(cities(trees=True), st.data())
def test_a_single_cut_of_a_tree_is_one_break_at_the_top_of_what_is_down(
    devices: list[Device], data: st.DataObject
) -> None:
    root = data.draw(st.sampled_from(devices))
    [one] = locate(Plant.of(devices), cut(devices, root.id))
    assert (one.root, one.above) == (root.id, root.parents)
    assert one.metres == (root.attributes.get("cable_metres") if root.parents else None)
    assert one.explained == {root.id, *below(children_of(devices), root.id)}


@given(cities(trees=True), st.data())
def test_a_single_cut_of_a_tree_is_one_break_in_what_is_cut_off_whoever_has_no_evidence(
    devices: list[Device], data: st.DataObject
) -> None:
    root = data.draw(st.sampled_from(devices)).id
    silent = data.draw(st.sets(st.sampled_from([one.id for one in devices])))
    health = {one: UNSEEN if one in silent else how for one, how in cut(devices, root).items()}
    down = {one for one, how in health.items() if how is BAD}
    breaks = locate(Plant.of(devices), health)
    assert [one.explained for one in breaks] == ([down] if down else [])
    assert {one.root for one in breaks} <= {root, *below(children_of(devices), root)}
    assert root in silent or breaks[0].root == root
