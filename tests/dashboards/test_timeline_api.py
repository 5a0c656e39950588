"""An incident told from its beginning, in the words of a colleague."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from dashboards.incidents.telling import Teller
from tests.dashboards.city import START, City

PATH = "/api/v1/incidents/1/timeline"
KEY = "8b1f2f0e-6a50-4f5c-9d0a-3f6f1c0f7a11"


def _at(seconds: float) -> Any:  # noqa: ANN401  a datetime, for psycopg
    return START + timedelta(seconds=seconds)


@pytest.fixture
async def story(city: City) -> None:
    """A fibre cut of which three people heard, one of them by a phone that was out of reach."""
    await city.add("fp-1", name="Tiang Simpang")
    await city.add("cam-1", "camera", name="Kamera Pasar", parents=["fp-1"])
    await city.execute(
        "insert into technician (id, place, name, contacts, language, changed_at, changed_by)"
        " values ('budi', 1, 'Budi Santoso', '[]', 'id', now(), 'test')"
    )
    await city.execute(
        "insert into incident (root, area, title, severity, state, class, opened_at, resolved_at) values"
        " ('fp-1', 'Lengkiti', 'Kabel FO putus', 'critical', 'resolved', 'fibre-cut', %s, %s),"
        " ('fp-2', 'Lengkiti', 'Lain', 'critical', 'resolved', 'fibre-cut', %s, %s)",
        *(_at(0), _at(5_430), _at(0), _at(0)),
    )
    await city.alerts("fibre-down", "fp-1", "resolved")
    await city.execute("update alert set incident_id = 1, summary = 'Tiang Simpang: titik FO putus'")
    for seconds, said, before, after, who, why in (
        (-30, None, None, "pending", "engine", "fibre-down"),
        (0, None, "pending", "firing", "engine", "fibre-down"),
        (900, 300, "firing", "acknowledged", "budi", "berangkat"),
        (1_000, None, "acknowledged", "firing", "sari", ""),
        (5_400, None, "firing", "resolved", "engine", "cleared"),
        (5_500, 5_410, "resolved", "resolved", "sari", ""),
    ):
        await city.execute(
            "insert into alert_transition (alert_id, at, said_at, from_state, to_state, who, why)"
            " values (1, %s, %s, %s, %s, %s, %s)",
            *(_at(seconds), None if said is None else _at(said), before, after, who, why),
        )
    await city.execute(
        "insert into suppression (device_id, rule, cause, incident_id, at) values"
        " ('cam-1', 'camera-offline', 'fp-1', 1, %s), ('cam-1', 'dark', 'maintenance', 1, %s)",
        *(_at(10), _at(11)),
    )
    for seconds, technician, delivered, failed, error in (
        (1, "budi", 3, None, None),
        (2, None, None, 700, "HTTP 502"),
    ):
        await city.execute(
            "insert into notification (channel, technician, sequence, body, created_at, next_attempt_at, delivered_at,"
            " failed_at, last_error) values ('telegram', %s, 1, %s, %s, %s, %s, %s, %s)",
            technician,
            Jsonb({"incident": 1, "status": "firing", "title": "Kabel FO putus"}),
            *(_at(seconds), _at(seconds)),
            *(None if moment is None else _at(moment) for moment in (delivered, failed)),
            error,
        )
    await city.execute(
        "insert into alert_comment (incident_id, at, who, text) values (1, %s, 'operator', 'PLN sudah ditelepon')",
        _at(60),
    )
    await city.execute(
        "insert into note (key, incident_id, at, said_at, who, text) values (%s, 1, %s, %s, 'budi', 'tiang roboh')",
        *(KEY, _at(4_000), _at(1_200)),
    )
    await city.execute("insert into photo (note_id, width, height, bytes) values (1, 4, 3, 100)")


TOLD = [
    (0, "opened", "Gangguan dimulai di Tiang Simpang: Kabel FO putus"),
    (0, "alert", "Peringatan: Tiang Simpang: titik FO putus"),
    (1, "page", "Pesan no. 1 untuk Budi Santoso lewat telegram"),
    (2, "page", "Pesan no. 1 untuk saluran telegram"),
    (3, "delivered", "Pesan no. 1 sampai: Budi Santoso lewat telegram"),
    (10, "suppressed", "Kamera Pasar: ditahan, sebabnya Tiang Simpang"),
    (11, "suppressed", "Kamera Pasar: ditahan, sedang ada pemeliharaan"),
    (60, "note", "operator: PLN sudah ditelepon"),
    (300, "alert", "Budi Santoso menerima: Tiang Simpang: titik FO putus (berangkat)"),
    (700, "failed", "Pesan no. 1 gagal: saluran telegram (HTTP 502)"),
    (1_000, "alert", "sari melepas kembali: Tiang Simpang: titik FO putus"),
    (1_200, "photo", "Foto dari Budi Santoso: tiang roboh"),
    (5_400, "alert", "Pulih: Tiang Simpang: titik FO putus"),
    (5_410, "alert", "sari menerima, tetapi kabarnya tiba setelah pulih: Tiang Simpang: titik FO putus"),
    (5_430, "resolved", "Gangguan selesai setelah 1 jam 30 menit"),
]


async def test_everything_is_told_once_in_the_order_in_which_it_happened(
    reader: httpx.AsyncClient, city: City, story: None
) -> None:
    whole = (await reader.get(PATH)).json()
    assert whole["next"] is None
    told = [(item["kind"], item["text"]) for item in whole["items"]]
    assert told == [(kind, text) for _, kind, text in TOLD]
    assert [item["at"] for item in whole["items"]] == [
        _at(seconds).isoformat().replace("+00:00", "Z") for seconds, *_ in TOLD
    ]
    by_kind = {item["kind"]: item for item in reversed(whole["items"])}
    assert by_kind["photo"] == {
        "at": "2026-11-21T14:22:10Z",
        "heard_at": "2026-11-21T15:08:50Z",
        "kind": "photo",
        "who": "budi",
        "device": None,
        "text": "Foto dari Budi Santoso: tiang roboh",
        "photo": "/api/v1/photos/1.jpg",
        "state": None,
    }
    assert (by_kind["opened"]["state"], by_kind["resolved"]["state"]) == ("open", "resolved")
    assert (by_kind["alert"]["who"], by_kind["alert"]["device"], by_kind["alert"]["state"]) == (None, "fp-1", "firing")
    assert (by_kind["page"]["who"], by_kind["suppressed"]["device"]) == ("budi", "cam-1")
    paged, cursor = [], ""
    while cursor is not None:
        page = (
            await reader.get(PATH, params={"limit": 2, "lang": "en"} | ({"cursor": cursor} if cursor else {}))
        ).json()
        paged += page["items"]
        cursor = page["next"]
    assert [item["at"] for item in paged] == [item["at"] for item in whole["items"]]
    assert paged[-1]["text"] == "The incident was over after 1 h 30 min"
    assert paged[8]["text"] == "Budi Santoso took it: Tiang Simpang: titik FO putus (berangkat)"
    await city.execute("update photo set removed_at = now()")
    (gone,) = [item for item in (await reader.get(PATH)).json()["items"] if item["kind"] == "photo"]
    assert gone["photo"] is None


async def test_what_was_said_of_an_incident_is_told_with_the_one_that_it_turned_out_to_be_part_of(
    reader: httpx.AsyncClient, city: City, story: None
) -> None:
    """At 600 s the second incident went into the first; a phone that did not know it wrote to the second later."""
    await city.execute(
        "update incident set opened_at = %s, resolved_at = %s, merged_into = 1 where id = 2", _at(500), _at(600)
    )
    await city.execute(
        "insert into note (key, incident_id, at, who, text)"
        " values (gen_random_uuid(), 2, %s, 'budi', 'kabel di jalan')",
        _at(650),
    )
    await city.execute(
        "insert into alert_comment (incident_id, at, who, text) values (2, %s, 'operator', 'sama dengan #1')", _at(651)
    )
    body = Jsonb({"incident": 2, "status": "firing"})
    await city.execute(
        "insert into notification (channel, technician, sequence, body, created_at, next_attempt_at)"
        " values ('telegram', 'budi', 3, %s, %s, now())",
        *(body, _at(501)),
    )
    told = [(item["kind"], item["text"]) for item in (await reader.get(PATH)).json()["items"]]
    assert told[:9] + told[14:] == [(kind, text) for _, kind, text in TOLD]
    assert told[9:14] == [
        ("opened", "Gangguan #2 dimulai di fp-2: Lain"),
        ("page", "Pesan no. #2.3 untuk Budi Santoso lewat telegram"),
        ("resolved", "Gangguan #2 ternyata bagian dari #1: Kabel FO putus"),
        ("note", "Budi Santoso (#2): kabel di jalan"),
        ("note", "operator (#2): sama dengan #1"),
    ]
    own = (await reader.get("/api/v1/incidents/2/timeline")).json()["items"]
    assert [item["text"] for item in own] == [
        "Gangguan dimulai di fp-2: Lain",
        "Pesan no. 3 untuk Budi Santoso lewat telegram",
        "Gangguan #2 ternyata bagian dari #1: Kabel FO putus",
        "Budi Santoso: kabel di jalan",
        "operator: sama dengan #1",
    ]


async def test_what_is_not_there_or_no_cursor_is_refused(reader: httpx.AsyncClient, story: None) -> None:
    assert (await reader.get("/api/v1/incidents/9/timeline")).status_code == 404
    for params in ({"cursor": "x"}, {"lang": "fr"}, {"limit": "0"}):
        assert (await reader.get(PATH, params=params)).status_code == 422


@pytest.mark.parametrize(
    ("seconds", "length"),
    [(0.4, "0 detik"), (59, "59 detik"), (60, "1 menit"), (3_661, "1 jam 1 menit"), (90_000, "1 hari 1 jam")],
)
def test_a_length_is_told_in_its_two_largest_units(seconds: float, length: str) -> None:
    assert Teller("id").length(seconds) == length
