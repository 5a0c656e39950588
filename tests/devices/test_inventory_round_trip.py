"""What is exported and imported again is what it was, whatever names and attributes hold."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from devices.device import Device
from devices.draft import KEY_PATTERN
from devices.fault import Fault
from devices.inventory import Format, Inventory, parse, parse_csv, parse_geojson, render, to_json
from devices.kinds import KINDS
from devices.secrecy import secret_fault

# Names as people write them, and worse: the characters that CSV, spreadsheets and our own cells give a meaning.
WORDS = st.text(max_size=20) | st.text(alphabet="\",;=|#\r\n\t '[{“”ü1.", max_size=12)
STORABLE = WORDS.filter(lambda text: "\0" not in text)
NAMES = STORABLE.map(str.strip).filter(bool)
KEYS = st.from_regex(KEY_PATTERN, fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | STORABLE
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=5
)
PLACES = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@st.composite
def inventories(draw: st.DrawFn) -> list[Device]:
    """Devices that hang on earlier ones, alone or in groups."""
    ids = draw(st.lists(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True), unique=True, max_size=5))
    return [draw(devices(name, ids[:n])) for n, name in enumerate(ids)]


@st.composite
def devices(draw: st.DrawFn, name: str, above: list[str]) -> Device:
    place = draw(PLACES)
    parents = draw(st.permutations(above).map(lambda ids: ids[: len(ids) // 2 + 1]))
    group = (tuple(parents[1:]),) if len(parents) > 2 else tuple(parents[1:])
    attributes = draw(st.dictionaries(KEYS, VALUES, max_size=4))
    return Device(
        id=name,
        kind=draw(st.sampled_from(sorted(KINDS))),
        name=draw(NAMES),
        area=draw(STORABLE.map(str.strip)),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        parents=(*parents[:1], *group),
        # One of its own each: two devices may not share an external id.
        external_ids={"own": name, **draw(st.dictionaries(KEYS, NAMES.map(lambda text: f"{name} {text}"), max_size=2))},
        attributes={key: value for key, value in attributes.items() if secret_fault(key, value) is None},
    )


def by_id(listed: Inventory | list[Fault]) -> dict[str, Device]:
    assert isinstance(listed, Inventory), [str(fault) for fault in listed]
    return {device.id: device for device in listed.devices}


@given(inventories())
def test_a_sheet_brings_back_every_device(city: list[Device]) -> None:
    assert by_id(parse(render(city, Format.CSV).encode())) == {device.id: device for device in city}


@given(inventories())
def test_a_sheet_saved_by_an_office_program_with_semicolons_does_too(city: list[Device]) -> None:
    saved = io.StringIO(newline="")
    office = csv.writer(saved, delimiter=";", quoting=csv.QUOTE_ALL)
    office.writerows(csv.reader(io.StringIO(render(city, Format.CSV), newline="")))
    assert by_id(parse("\ufeff".encode() + saved.getvalue().encode())) == {device.id: device for device in city}


@given(inventories())
def test_a_collection_brings_back_every_device(city: list[Device]) -> None:
    assert by_id(parse(render(city, Format.GEOJSON).encode())) == {device.id: device for device in city}


@given(inventories())
def test_json_is_the_contract_s_shape_of_every_device(city: list[Device]) -> None:
    ordered = sorted(city, key=lambda device: device.id)
    assert json.loads(render(city, Format.JSON)) == [to_json(device) for device in ordered]


@given(st.text(max_size=200))
def test_no_text_breaks_the_readers(text: str) -> None:
    parse_csv("id,kind,name,parents,external_ids,attributes\n" + text)
    parse_csv(text)
    parse_geojson(text)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_readers(payload: bytes) -> None:
    parse(payload)
    parse(b'{"type": "FeatureCollection", "features": [' + payload + b"]}")
