"""The device list of Ogan Komering Ulu, as it is shipped, and the city file beside it."""

import math
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from deploy.settings import City
from devices.device import Device
from devices.inventory import Inventory, parse
from devices.topology import below, children_of, depths

DEPLOY = Path(__file__).parents[2] / "deploy"
EARTH_METRES = 6_371_000
APPLICATIONS = {"Simpebaja", "SIP", "E-office", "Sakip", "E-KIR", "SRIKANDI", "SDI", "OKU CINDE"}


@pytest.fixture(scope="module")
def oku() -> dict[str, Device]:
    inventory = parse((DEPLOY / "devices.csv").read_bytes())
    assert isinstance(inventory, Inventory), "\n".join(map(str, inventory))
    return {device.id: device for device in inventory.devices}


@pytest.fixture(scope="module")
def city() -> City:
    return City.model_validate(tomllib.loads((DEPLOY / "city.toml").read_text("utf-8")))


def metres(one: Device, other: Device) -> float:
    """Distance as the crow flies, on a sphere; the haversine formula."""
    assert None not in {one.latitude, one.longitude, other.latitude, other.longitude}
    a, b, c, d = (math.radians(x or 0) for x in (one.latitude, one.longitude, other.latitude, other.longitude))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(half))


def test_the_public_counts_are_right(oku: dict[str, Device]) -> None:
    kinds = Counter(device.kind for device in oku.values())
    assert (kinds["fibre_point"], kinds["camera"], kinds["hotspot"], kinds["village_internet"]) == (190, 20, 15, 2)
    assert {device.name for device in oku.values() if device.kind == "service"} == APPLICATIONS
    sensors = ("water_level", "weather", "air_quality", "power", "street_light", "traffic_counter")
    assert sum(kinds[kind] for kind in sensors) == 40
    assert all(kinds[kind] for kind in sensors)


def test_ids_count_through(oku: dict[str, Device]) -> None:
    for prefix, digits, count in (("fp-", 3, 190), ("cam-", 2, 20), ("hs-", 2, 15), ("vi-", 2, 2)):
        assert {f"{prefix}{n:0{digits}}" for n in range(1, count + 1)} <= oku.keys()


def test_all_thirteen_kecamatan_and_no_others_are_served(oku: dict[str, Device], city: City) -> None:
    assert len(city.city.areas) == 13
    assert {device.area for device in oku.values()} == set(city.city.areas)
    assert {device.area for device in oku.values() if device.attributes.get("role") == "pop"} == set(city.city.areas)


def test_everything_hangs_on_one_core(oku: dict[str, Device]) -> None:
    assert [device.id for device in oku.values() if not device.parents] == ["fp-001"]
    assert below(children_of(oku.values()), "fp-001") == oku.keys() - {"fp-001"}
    assert max(depths(oku.values()).values()) >= 4


def test_everything_hangs_on_fibre_points_and_nothing_on_a_leaf_of_another_kind(oku: dict[str, Device]) -> None:
    for device in oku.values():
        assert all(oku[parent].kind == "fibre_point" for parent in device.parent_ids())


def test_roles_of_fibre_points_fit_their_place_in_the_tree(oku: dict[str, Device]) -> None:
    bearing = {parent for device in oku.values() if device.kind == "fibre_point" for parent in device.parent_ids()}
    for device in oku.values():
        if device.kind == "fibre_point":
            assert device.attributes["role"] in {"pop", "distribution", "leaf"}
            assert (device.attributes["role"] == "leaf") == (device.id not in bearing)


def test_a_cut_below_fp_087_takes_23_points_2_hotspots_and_3_cameras(oku: dict[str, Device]) -> None:
    children = children_of(oku.values())
    assert children["fp-087"] == ["fp-088"]
    assert oku["fp-088"].area == "Lengkiti"
    lost = Counter(oku[device].kind for device in below(children, "fp-087"))
    assert lost == {"fibre_point": 23, "hotspot": 2, "camera": 3}


def test_the_two_villages_are_in_lengkiti(oku: dict[str, Device]) -> None:
    villages = {device.name: device.area for device in oku.values() if device.kind == "village_internet"}
    assert villages == {
        "Internet Desa Segara Kembang": "Lengkiti",
        "Internet Desa Bunga Tanjung": "Lengkiti",
    }


def test_every_device_stands_inside_the_regency(oku: dict[str, Device]) -> None:
    """103°40' to 104°33' E, 3°45' to 4°55' S: what the regency publishes of itself."""
    for device in oku.values():
        assert device.latitude is not None
        assert device.longitude is not None
        assert -(4 + 55 / 60) <= device.latitude <= -(3 + 45 / 60)
        assert 103 + 40 / 60 <= device.longitude <= 104 + 33 / 60


def test_no_cable_is_shorter_than_the_way_of_the_crow(oku: dict[str, Device]) -> None:
    for device in oku.values():
        if device.kind == "fibre_point" and device.parents:
            first = next(device.parent_ids())
            assert device.attributes["cable_metres"] >= metres(device, oku[first])


def test_every_camera_has_an_address_without_credentials_of_its_own(oku: dict[str, Device]) -> None:
    addresses = [device.attributes["rtsp_url"] for device in oku.values() if device.kind == "camera"]
    assert len(set(addresses)) == 20
    assert all(address.startswith("rtsp://10.") and "@" not in address for address in addresses)


def test_every_application_has_an_address_that_is_no_real_one(oku: dict[str, Device]) -> None:
    services = [device for device in oku.values() if device.kind == "service"]
    assert all(device.attributes["url"].endswith(".oku.example/") for device in services)


def test_the_city_file_names_this_list_and_judges_what_falls_and_what_is_measured(city: City) -> None:
    assert (DEPLOY / city.city.devices).name == "devices.csv"
    assert {rule.kind for rule in city.rules} >= {"state", "threshold", "window", "rate", "forecast", "delay"}


def test_every_setting_shown_in_the_city_file_is_its_default(city: City) -> None:
    text = (DEPLOY / "city.toml").read_text("utf-8")
    shown = [line[1:] if line.startswith("#") and line[1:2].strip() else line for line in text.splitlines()]
    everything = City.model_validate(tomllib.loads("\n".join(shown)))
    assert everything.channels
    assert everything.routes
    assert everything.video.cameras
    assert everything.video.detector
    video = city.video.model_copy(update={key: getattr(everything.video, key) for key in ("cameras", "detector")})
    ourselves = city.states.ourselves.model_copy(update={"witnesses": everything.states.ourselves.witnesses})
    examples = {"kinds": everything.states.kinds, "devices": everything.states.devices, "ourselves": ourselves}
    states = city.states.model_copy(update=examples)
    shown_map = ("tiles", "attribution", "bounds")
    assert everything.dashboards.oidc
    assert all(getattr(everything.dashboards.map, key) for key in shown_map)
    drawn = city.dashboards.map.model_copy(update={key: getattr(everything.dashboards.map, key) for key in shown_map})
    dashboards = city.dashboards.model_copy(update={"oidc": everything.dashboards.oidc, "map": drawn})
    assert everything.rules[: len(city.rules)] == city.rules
    told = {
        "rules": everything.rules,
        "policies": everything.policies,
        "channels": everything.channels,
        "routes": everything.routes,
        "video": video,
        "states": states,
        "dashboards": dashboards,
    }
    assert city.model_copy(update=told) == everything
