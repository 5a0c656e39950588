"""What to take along: something for every sort of trouble with every sort of device, in both languages."""

import pytest

from dashboards.field.carry import SPARES, carry
from devices.diagnosis import Class
from devices.kinds import KINDS


def test_every_kind_of_device_has_its_spare() -> None:
    assert set(SPARES) == set(KINDS)


@pytest.mark.parametrize("cls", [*Class, "something-new"])
def test_there_is_something_to_carry_whatever_failed(cls: str) -> None:
    for kind in KINDS:
        indonesian, english = carry(cls, kind, "id"), carry(cls, kind, "en")
        assert indonesian
        assert len(indonesian) == len(english) == len(set(english))


def test_a_cut_needs_a_splicer_and_no_spare_device() -> None:
    assert carry("fibre-cut", "fibre_point", "en") == [
        "Fusion splicer",
        "OTDR",
        "Fibre cable",
        "Splice sleeves and closure",
    ]
    assert carry("power", None, "id") == ["Genset atau aki UPS", "Multimeter"]
    assert carry("device", "camera", "id") == ["Kamera cadangan, adaptor PoE"]
    assert carry("something-new", "camera", "en") == carry("unknown", "camera", "en")
