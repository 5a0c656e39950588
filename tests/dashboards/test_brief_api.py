"""The hand-over brief, gathered from what stands in the database."""

from datetime import timedelta

import httpx
from psycopg.types.json import Jsonb

from tests.dashboards.city import START, City

PATH = "/api/v1/oncall/brief"
HOUR = timedelta(hours=1)
INCIDENT = """
insert into incident (root, area, title, severity, state, class, opened_at, resolved_at)
values (%s, 'Lengkiti', %s, %s, %s, 'fibre-cut', %s, %s)
"""
ALERT = """
insert into alert (rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, summary, incident_id,
    acknowledged_at, acknowledged_by)
values ('device-down', %s, 'fibre_point', 'Lengkiti', 'critical', %s, %s, %s, %s, '', %s, %s, %s)
"""
SILENCE = """
insert into silence (match, owner, reason, since, until, ended_at, ended_by) values (%s, 'operator', %s, %s, %s, %s, %s)
"""
TECHNICIAN = """
insert into technician (id, place, name, contacts, language, changed_at, changed_by)
values ('budi', 0, 'Budi', '[{"channel": "sms", "address": "+62811"}]', 'id', %s, 'operator')
"""


async def _fill(city: City) -> None:
    for root, title, severity, state, ended in (
        ("fp-003", "FP-003 mati", "warning", "open", None),
        ("fp-001", "Kabel FO putus sebelum FP-001", "critical", "open", None),
        ("fp-009", "FP-009 mati", "critical", "resolved", START),
    ):
        await city.execute(INCIDENT, root, title, severity, state, START - HOUR, ended)
    at = START - HOUR
    await city.execute(ALERT, "fp-001", "acknowledged", at, at, at, 2, START, "budi")
    await city.execute(ALERT, "fp-002", "acknowledged", at, at, at, 2, START, "operator")
    await city.execute(ALERT, "fp-003", "firing", at, at, at, 1, START, "budi")  # taken back
    for device, name, state, marks in (("fp-1", "FP-1", "up", ["flapping"]), ("cam-1", "CAM-1", "unknown", [])):
        await city.add(device, "camera" if state == "unknown" else "fibre_point", name=name)
        await city.stands(device, state, "blind" if state == "unknown" else "up", START - HOUR, marks=marks)
        await city.execute("insert into device_status values (%s, 'online', %s, false)", device, START)
    for reason, since, until, ended in (
        ("ganti SFP", -1, 2, None),
        ("panjang", -1, 13, None),
        ("sudah dicabut", -1, 2, START),
        ("belum mulai", 1, 2, None),
    ):
        span = (START + since * HOUR, START + until * HOUR)
        await city.execute(SILENCE, Jsonb({"below": "fp-1"}), reason, *span, ended, ended and "operator")
    await city.execute("insert into blind_window (reason, since) values ('uplink', %s)", START - HOUR)
    await city.execute(TECHNICIAN, START)


async def test_the_brief_gathers_what_is_open_flapping_silent_and_blind(reader: httpx.AsyncClient, city: City) -> None:
    await _fill(city)
    await city.judged()
    found = (await reader.get(PATH)).json()
    assert [(one["id"], one["severity"], one["held_by"]) for one in found["incidents"]] == [
        (2, "critical", ["Budi", "operator"]),
        (1, "warning", []),
    ]
    assert (found["flapping"], found["unknown"]) == (["FP-1"], {"camera": 1})
    assert [(one["match"], one["reason"]) for one in found["silences"]] == [({"below": "fp-1"}, "ganti SFP")]
    assert found["blind"] == [{"reason": "uplink", "since": "2026-11-21T13:02:10Z"}]
    text = await reader.get(f"{PATH}.txt")
    assert (text.headers["content-type"], text.text) == ("text/plain; charset=utf-8", found["text"])
    assert "- #2 KRITIS Kabel FO putus sebelum FP-001; sudah 1 jam, dipegang Budi, operator\n" in found["text"]
    assert (await reader.get(f"{PATH}.txt", params={"lang": "en"})).text.startswith("SHIFT HAND-OVER")
    assert (await reader.get(PATH, params={"lang": "xx"})).status_code == 422


async def test_where_nobody_judges_the_brief_says_since_when(reader: httpx.AsyncClient, city: City) -> None:
    assert (await reader.get(PATH)).json()["blind"] == [{"reason": "engine", "since": None}]
    await city.judged()
    assert (await reader.get(PATH)).json()["blind"] == []
    city.clock.pass_seconds(16)
    assert (await reader.get(PATH)).json()["blind"] == [{"reason": "engine", "since": "2026-11-21T14:02:10Z"}]
