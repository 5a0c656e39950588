"""Device lists as operators bring them: CSV out of LibreOffice, Excel and editors; what is taken, what is refused."""

import pytest

from devices.device import Device
from devices.draft import Unreadable
from devices.inventory import Format, Inventory, parse, parse_csv, render
from devices.pairs import bare_json, bare_text, parse_pairs

HEADER = "id,kind,name,area,latitude,longitude,parents,external_ids,attributes\n"


def devices_in(text: str) -> tuple[Device, ...]:
    inventory = parse_csv(text)
    assert isinstance(inventory, Inventory), [str(fault) for fault in inventory]
    return inventory.devices


def faults_in(text: str, known: dict[str, Device] | None = None) -> list[str]:
    inventory = parse_csv(text, known or {})
    assert isinstance(inventory, list)
    return [str(fault) for fault in inventory]


def fibre(name: str) -> Device:
    return Device(id=name, kind="fibre_point", name=name)


def test_a_row_becomes_a_device() -> None:
    text = (
        HEADER
        + 'fp-1,fibre_point,"Kantor Camat, Lengkiti",Lengkiti,-4.3,104.07,,chirpstack=0102,role=pop; cable_metres=1.5\n'
    )
    assert devices_in(text) == (
        Device(
            id="fp-1",
            kind="fibre_point",
            name="Kantor Camat, Lengkiti",
            area="Lengkiti",
            latitude=-4.3,
            longitude=104.07,
            external_ids={"chirpstack": "0102"},
            attributes={"role": "pop", "cable_metres": 1.5},
        ),
    )


def test_columns_come_in_any_order_and_only_three_are_needed() -> None:
    assert devices_in("name,id,kind\nSatu,fp-1,fibre_point\n") == (Device(id="fp-1", kind="fibre_point", name="Satu"),)


def test_parents_are_ids_and_groups_joined_by_a_bar() -> None:
    text = "id,kind,name,parents\na,fibre_point,a,\nb,fibre_point,b,a\nc,fibre_point,c,a\nd,fibre_point,d,  a b|c \n"
    assert devices_in(text)[3].parents == ("a", ("b", "c"))


def test_excel_in_an_indonesian_locale_is_understood() -> None:
    text = (
        "\ufeff"
        + HEADER.replace(",", ";").replace("\n", "\r\n")
        + 'fp-1;fibre_point;Satu;;-4,13;104,17;;;"a=1; b=2"\r\n'
    )
    inventory = parse(text.encode())
    assert isinstance(inventory, Inventory)
    [device] = inventory.devices
    assert (device.latitude, device.longitude, device.attributes) == (-4.13, 104.17, {"a": 1, "b": 2})


def test_comments_above_the_header_and_empty_rows_anywhere_are_passed_over() -> None:
    text = '# Daftar\n"# dua, tiga",,\n\nid,kind,name,,\n,,,,\nfp-1,fibre_point,Satu,,\n   \n\nfp-2,fibre_point,Dua\n'
    assert [device.id for device in devices_in(text)] == ["fp-1", "fp-2"]


def test_a_list_without_devices_is_a_list() -> None:
    assert devices_in(HEADER) == ()


def test_every_fault_of_every_row_is_named_with_its_line() -> None:
    text = (
        "# catatan\n"
        + HEADER
        + "FP-1,fibre_point,Satu,,,,,,\n"
        + 'fp-2,telescope,"nama\ndua baris",,95,104,,,\n'
        + "fp-3,fibre_point,,,-4.1,,fp-99,,\n"
        + "fp-4,fibre_point,Empat,,,,fp-4,,\n"
        + "fp-4,fibre_point,Lagi,,,,,,\n"
    )
    assert [fault.split(": known are")[0].split("; known are")[0] for fault in faults_in(text)] == [
        "3: id: 'FP-1' is no id: a-z, 0-9, - and _, first a letter or digit, at most 64 characters",
        "4: fp-2: kind: unknown kind 'telescope'",
        "4: fp-2: latitude: 95.0 is outside -90 to 90",
        "6: fp-3: name: missing",
        "6: fp-3: longitude: missing, where latitude is given",
        "6: fp-3: parents: unknown parent fp-99: neither in this list nor in the registry",
        "7: fp-4: parents: a cycle, each hanging on the next: fp-4 → fp-4",
        "8: fp-4: id: already on line 7",
    ]


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    [fault] = faults_in("id,kind,name\nx,telescope,X\n")
    assert "fibre_point, hotspot, village_internet, gateway, feeder, camera, water_level" in fault


def test_an_unknown_parent_is_refused_and_a_known_or_faulty_one_is_not_unknown() -> None:
    text = "id,kind,name,parents\na,fibre_point,A,gone\nb,telescope,B,\nc,fibre_point,C,b old\n"
    faults = faults_in(text, {"old": fibre("old")})
    assert len(faults) == 2
    assert faults[0] == "2: a: parents: unknown parent gone: neither in this list nor in the registry"


def test_a_cycle_is_refused_with_its_path() -> None:
    text = "id,kind,name,parents\na,fibre_point,A,b\nb,fibre_point,B,c|d\nc,fibre_point,C,a\nd,fibre_point,D,\n"
    [fault] = faults_in(text)
    assert any(path in fault for path in ("a → b → c → a", "b → c → a → b", "c → a → b → c"))


def test_a_cycle_through_what_the_registry_has_is_refused() -> None:
    known = {"old": Device(id="old", kind="fibre_point", name="old", parents=("new",)), "new": fibre("new")}
    [fault] = faults_in("id,kind,name,parents\nnew,fibre_point,Baru,old\n", known)
    assert "2: new: parents: a cycle" in fault


def test_an_external_id_belongs_to_one_device() -> None:
    known = {"old": Device(id="old", kind="weather", name="old", external_ids={"chirpstack": "01"})}
    text = "id,kind,name,external_ids\na,weather,A,chirpstack=01\nb,weather,B,senml=01\n"
    assert faults_in(text, known) == ["2: a: external_ids: chirpstack=01 is old's already"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "1: no header line"),
        ("# nothing but this\n", "1: no header line"),
        ("id\tkind\tname\n", "1: one column only"),
        ("id,kind,name,colour\n", "1: colour: unknown column; known are id, kind"),
        ("id,kind,name,id\n", "1: id: this column stands here twice"),
        ("id,name\n", "1: kind: column missing"),
        ("id,kind,,name\n", "1: unknown column"),
        ("ID,kind,name\n", "1: ID: unknown column"),
    ],
)
def test_a_header_at_fault_is_named(header: str, reason: str) -> None:
    assert any(fault.startswith(reason) for fault in faults_in(header))


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("nan", "104"),
        ("inf", "104"),
        ("-4", "1_04"),
        ("-4", "104°"),
        ("4°S", "104"),
        ("-4.1.2", "104"),
        ("90.0001", "104"),
        ("-4", "-180.1"),
        ("1e999", "1"),
        ("-4", ""),
        ("", "104"),
    ],
)
def test_a_place_that_is_none_is_refused(latitude: str, longitude: str) -> None:
    assert len(faults_in(f"id,kind,name,latitude,longitude\na,camera,A,{latitude},{longitude}\n")) == 1


def test_a_broken_quote_is_named_where_its_row_begins() -> None:
    faults = faults_in('id,kind,name\na,camera,A\nb,camera,"B\nc,camera,C\n')
    assert len(faults) == 1
    assert faults[0].startswith("3: the row that begins here cannot be read as CSV")


def test_more_cells_than_columns_are_refused() -> None:
    assert faults_in("id,kind,name\na,camera,Kamera, dua\n") == ["2: 4 cells under 3 columns"]


def test_another_encoding_is_refused_with_its_line() -> None:
    faults = parse(b"id,kind,name\na,camera,A\nb,camera,Caf\xe9\n")
    assert isinstance(faults, list)
    assert str(faults[0]).startswith("3: not UTF-8")


def test_a_cell_without_end_is_refused() -> None:
    [fault] = faults_in("id,kind,name\na,camera," + 200_000 * "x" + "\n")
    assert fault.startswith("2: ")


@pytest.mark.parametrize(
    "attributes",
    [
        "rtsp_url=rtsp://admin:rahasia@10.0.0.1/1",
        "rtsp_url=rtsp://admin@10.0.0.1/1",
        "rtsp_url=rtsp://admin:ra/ha/sia@10.0.0.1/1",
        "rtsp_url=rtsp://10.0.0.1/1?user=admin&password=rahasia",
        "url=https://x.example/?token=abc",
        "password=rahasia",
        "snmp_community=public",
        "snmp.community=rahasia",
        'camera={"login": {"password": "rahasia"}}',
        'urls=["rtsp://a:b@c/"]',
    ],
)
def test_secrets_are_refused_and_not_repeated(attributes: str) -> None:
    cell = '"' + attributes.replace('"', '""') + '"'
    [fault] = faults_in(f"id,kind,name,attributes\ncam-1,camera,A,{cell}\n")
    assert fault.startswith("2: cam-1: attributes: ")
    assert "rahasia" not in fault


def test_what_only_resembles_a_secret_is_taken() -> None:
    text = "id,kind,name,attributes\na,camera,A,rtsp_url=rtsp://10.0.0.1:554/1; compass=12; mail=info@oku.example\n"
    assert devices_in(text)[0].attributes["compass"] == 12


def test_an_export_shows_no_secret_that_came_in_another_way() -> None:
    camera = Device(
        id="cam-1",
        kind="camera",
        name="Kamera",
        attributes={"rtsp_url": "rtsp://admin:rahasia@10.0.0.1/1", "password": "rahasia", "role": "x"},
    )
    for form in Format:
        text = render([camera], form)
        assert "rahasia" not in text
        assert "admin" not in text
        assert "role" in text


@pytest.mark.parametrize(
    ("cell", "pairs"),
    [
        ("", {}),
        ("a=1", {"a": 1}),
        (" a = 1 ; ", {"a": 1}),
        ("a=true; b=false; c=null; d=-1.5e3", {"a": True, "b": False, "c": None, "d": -1500.0}),
        (
            "a=0012; b=1,5; c=NaN; d=; e=Jl. Garuda No. 1",
            {"a": "0012", "b": "1,5", "c": "NaN", "d": "", "e": "Jl. Garuda No. 1"},
        ),
        ('a="1"; b="x; y=z"; c="\\u00e9"', {"a": "1", "b": "x; y=z", "c": "é"}),
        ('a=[1, "x;y"]; b={"c": [2]}', {"a": [1, "x;y"], "b": {"c": [2]}}),
        ("url=https://x.example/?a=b", {"url": "https://x.example/?a=b"}),
    ],
)
def test_pairs_read_as_an_operator_means_them(cell: str, pairs: dict[str, object]) -> None:
    assert parse_pairs(cell, bare_json) == pairs


def test_an_external_id_of_digits_stays_a_text() -> None:
    assert parse_pairs("chirpstack=0102030405060708; n=7", bare_text) == {"chirpstack": "0102030405060708", "n": "7"}


@pytest.mark.parametrize(
    "cell", ["a", "=1", "1a=2", "a=1, b=2; c", "a=1; a=2", 'a="x', 'a="x" y', "a=[1", "a=\u201cx\u201d", "a=[NaN"]
)
def test_pairs_that_are_none_are_refused(cell: str) -> None:
    assert isinstance(parse_pairs(cell, bare_json), Unreadable)
