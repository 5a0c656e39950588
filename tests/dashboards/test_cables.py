"""Cables: a line from each point's upstream to the point, with the trunk it belongs to."""

from dashboards.geography.cables import cables
from devices.device import Device, Parent


def _point(id_: str, *parents: Parent, kind: str = "fibre_point", metres: float | None = None) -> Device:
    attributes = {} if metres is None else {"cable_metres": metres}
    return Device(id=id_, kind=kind, name=id_, latitude=-4.1, longitude=104.0, parents=parents, attributes=attributes)


def _told(*devices: Device) -> list[tuple[str, str, str, float | None]]:
    found = cables({device.id: device for device in devices})
    return [(one.upstream.id, one.device.id, one.route, one.length_metres) for one in found]


def test_a_cable_leads_outwards_and_is_of_the_trunk_that_leaves_the_top() -> None:
    assert _told(
        _point("pop"), _point("dist", "pop", metres=520), _point("leaf", "dist", metres=390), _point("other", "pop")
    ) == [("pop", "dist", "dist", 520), ("dist", "leaf", "dist", 390), ("pop", "other", "other", None)]


def test_a_redundancy_group_is_a_cable_to_each_and_the_length_is_the_first_ones() -> None:
    assert _told(_point("a"), _point("b"), _point("ring", ("a", "b"), metres=100)) == [
        ("a", "ring", "ring", 100),
        ("b", "ring", "ring", None),
    ]


def test_power_and_what_hangs_by_no_fibre_or_has_no_place_are_no_cables() -> None:
    lost = Device(id="lost", kind="fibre_point", name="lost", parents=("pop",))
    assert (
        _told(
            _point("feeder", kind="feeder"),
            _point("pop", "feeder"),
            _point("cam", "pop", kind="camera"),
            lost,
            _point("below", "lost"),
            _point("stray", "not-there"),
        )
        == []
    )


def test_a_cable_on_the_map_is_a_line_of_longitude_and_latitude() -> None:
    (cable,) = cables({"pop": _point("pop"), "fp": _point("fp", "pop", metres=12)})
    assert cable.feature() == {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[104.0, -4.1], [104.0, -4.1]]},
        "properties": {"from": "pop", "to": "fp", "route": "fp", "length_m": 12.0},
    }
