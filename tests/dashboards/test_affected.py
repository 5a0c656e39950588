"""What hangs on a device, and whether it goes with it."""

from collections.abc import Sequence

import httpx

from dashboards.affected import affected_by, chain_of, covers
from dashboards.seen import Judged
from devices.device import Device, Parent
from devices.topology import ancestors
from tests.dashboards.city import START, City

JUDGED = Judged(at=START, believed=True)


def _registry(**parents: Sequence[Parent]) -> dict[str, Device]:
    return {id_: Device(id=id_, kind="fibre_point", name=id_, parents=tuple(above)) for id_, above in parents.items()}


def _depends(device: str, registry: dict[str, Device]) -> dict[str, str]:
    return {one.id: one.depends for one in affected_by(device, registry, {}, JUDGED).items}


def test_what_another_way_still_reaches_depends_as_a_group() -> None:
    registry = _registry(a=(), b=(), single=["a"], ring=[("a", "b")], behind=["ring"], both=["single", ("a", "b")])
    assert _depends("a", registry) == {"single": "alone", "ring": "group", "behind": "group", "both": "alone"}


def test_a_group_of_which_every_member_goes_is_no_help() -> None:
    registry = _registry(top=(), a=["top"], b=["top"], ring=[("a", "b")])
    assert _depends("top", registry) == {"a": "alone", "b": "alone", "ring": "alone"}


def test_a_circle_made_by_hand_does_no_harm() -> None:
    registry = _registry(a=["b"], b=["a"])
    assert _depends("a", registry) == {"b": "alone"}
    assert chain_of("a", None, registry) == ["a"]
    assert ancestors("a", registry) == {"a", "b"}


def test_the_way_up_ends_at_the_root_or_at_the_top() -> None:
    registry = _registry(top=(), middle=["top"], low=["middle", "gone"])
    assert chain_of("low", "middle", registry) == ["low", "middle"]
    assert chain_of("low", None, registry) == ["low", "middle", "top"]
    assert chain_of("low", "elsewhere", registry) == ["low"]


def test_announced_work_is_about_what_carries_every_value() -> None:
    registry = _registry(top=(), low=["top"])
    low, above = registry["low"], ancestors("low", registry)
    assert covers({"below": "top"}, low, above)
    assert covers({"below": "low", "kind": "fibre_point"}, low, above)
    assert not covers({"below": "top", "kind": "camera"}, low, above)
    assert not covers({"id": "top"}, low, above)


async def test_what_hangs_on_a_device_is_told_with_its_state(reader: httpx.AsyncClient, city: City) -> None:
    await city.add("fp-001")
    await city.add("cam-01", "camera", parents=["fp-001"])
    await city.add("hs-01", "hotspot", parents=[["fp-001", "cam-01"]])
    await city.stands("cam-01", "down", "down", START)
    await city.judged()
    told = (await reader.get("/api/v1/devices/fp-001/affected")).json()
    assert (told["device"], told["count"], told["by_kind"]) == ("fp-001", 2, {"camera": 1, "hotspot": 1})
    assert [(item["id"], item["state"], item["depends"]) for item in told["items"]] == [
        ("cam-01", "down", "alone"),
        ("hs-01", "unknown", "alone"),
    ]
    assert (await reader.get("/api/v1/devices/nobody/affected")).status_code == 404
