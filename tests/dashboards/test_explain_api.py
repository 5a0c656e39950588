"""Why a device is in its state: the sentences a technician reads, and the facts behind them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from tests.dashboards.city import START, City, Clock

MINUTE = timedelta(minutes=1)


async def _explain(client: httpx.AsyncClient, device: str = "fp-001", **asked: str) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/devices/{device}/explain", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_silent_device_is_told_in_the_citys_language_and_on_its_clock(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001", name="Kantor Camat Lengkiti")
    await city.reads("fp-001", "rtt_seconds", (clock.now(), 0.01))
    await city.judge()
    clock.pass_seconds(120)
    told = await _explain(wall)
    assert told["sentences"] == [
        "Kantor Camat Lengkiti diam sejak 21-11-2026 21:02:10 WIB; lebih dari 1 menit 30 detik diam dianggap putus."
    ]
    assert (told["state"], told["rule"]["reason"]) == ("down", "silence")
    assert (told["rule"]["interval_seconds"], told["rule"]["silent_after_seconds"]) == (30, 90)
    assert (told["evidence"]["age_seconds"], told["evidence"]["last_seen"][:19]) == (120, "2026-11-21T14:02:10")


@pytest.mark.parametrize(
    ("asked", "accepted", "begins"),
    [
        ({}, "", "FP-001 belum pernah"),
        ({}, "en-GB,en;q=0.9,id;q=0.5", "FP-001 was never"),
        ({}, "de,id;q=0.9", "FP-001 belum pernah"),
        ({}, "de,fr", "FP-001 belum pernah"),
        ({"lang": "en"}, "id", "FP-001 was never"),
    ],
)
async def test_the_readers_language_is_the_asked_one_else_the_browsers_else_the_citys(
    wall: httpx.AsyncClient, city: City, asked: dict[str, str], accepted: str, begins: str
) -> None:
    await city.add("fp-001")
    wall.headers["Accept-Language"] = accepted
    (sentence,) = (await _explain(wall, **asked))["sentences"]
    assert sentence.startswith(begins)


async def test_what_hangs_on_a_failed_device_names_the_root_and_the_way_there(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-087", name="Puskesmas Lengkiti")
    await city.add("fp-088", parents=["fp-087"])
    await city.add("cam-01", "camera", parents=["fp-088"])
    for device, metric in (("fp-087", "rtt_seconds"), ("fp-088", "rtt_seconds"), ("cam-01", "brightness_ratio")):
        await city.reads(device, metric, (clock.now(), 0.5))
    await city.judge()
    clock.pass_seconds(5)
    for device in ("fp-087", "fp-088", "cam-01"):
        await city.says(device, "offline")
    told = await _explain(wall, "cam-01", lang="en")
    assert (told["state"], [link["id"] for link in told["chain"]]) == ("unreachable", ["cam-01", "fp-088", "fp-087"])
    assert told["sentences"] == [
        "CAM-01 itself, or the broker in its name, said offline at 21-11-2026 21:02:15 WIB.",
        "The cause is above it: Puskesmas Lengkiti (fp-087) has been down since 21-11-2026 21:02:15 WIB.",
        "The way there: cam-01 → fp-088 → fp-087.",
        "Whether CAM-01 itself is broken too will be known only when Puskesmas Lengkiti is back.",
    ]


async def test_what_is_held_back_what_goes_on_and_announced_work_are_told(
    reader: httpx.AsyncClient, city: City
) -> None:
    await city.add("fp-000")
    await city.add("fp-001", parents=["fp-000"])
    await city.stands("fp-001", "down", "maintenance", START - MINUTE, reason="probes", marks=["maintenance"])
    await city.judged()
    await city.alerts("optical-low", "fp-001")
    await city.alerts("older", "fp-001", "resolved")
    add = "insert into suppression (device_id, rule, cause, at, until) values ('fp-001', %s, 'maintenance', %s, %s)"
    await city.execute(add, "device-down", START, None)
    await city.execute(add, "over", START, START)
    for match, until in (({"below": "fp-000"}, 5), ({"id": "fp-000"}, 5), ({"below": "fp-000"}, 0)):
        await city.execute(
            "insert into maintenance (since, until, match, owner, reason, created_at)"
            " values (%s, %s, %s, 'Budi', 'ganti SFP', %s)",
            START - MINUTE,
            START + until * MINUTE,
            Jsonb(match),
            START,
        )
    told = await _explain(reader)
    assert [(held["rule"], held["cause"]) for held in told["suppressed"]] == [("device-down", "maintenance")]
    assert [alert["rule"] for alert in told["alerts"]] == ["optical-low"]
    assert [work["match"] for work in told["maintenance"]] == [{"below": "fp-000"}]
    assert told["sentences"][-1] == (
        "Sedang ada pekerjaan yang diumumkan: ganti SFP (Budi, sampai 21-11-2026 21:07:10 WIB)."
    )


async def test_when_nobody_judges_nothing_else_is_said(reader: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.add("fp-001")
    assert (await _explain(reader))["sentences"] == ["FP-001 belum dinilai; keadaannya tidak diketahui."]
    await city.stands("fp-001", "up", "up", START)
    await city.judged()
    clock.pass_seconds(60)
    told = await _explain(reader)
    assert told["sentences"] == [
        "Penilaian keadaan berhenti pada 21-11-2026 21:02:10 WIB; tidak ada yang diketahui sesudah itu."
    ]
    assert (told["state"], told["since"]) == ("unknown", "2026-11-21T14:02:10Z")


REASONS: list[tuple[str, str, dict[str, Any]]] = [
    ("up", "heard", {}),
    ("degraded", "rules", {"rules": ["optical-low"]}),
    ("down", "offline", {"status": "offline", "status_at": "2026-11-21T14:02:10+00:00"}),
    ("down", "silence", {"silent_after_seconds": 90.0, "last_seen": "2026-11-21T14:02:10+00:00"}),
    ("down", "probes", {"failed_probes": 3, "attempts": 3}),
    ("down", "mains-off", {}),
    ("down", "power-of-all", {"members": ["fp-001", "fp-002"]}),
    ("unknown", "never-heard", {}),
    ("unknown", "blind", {"settle_until": "2026-11-21T14:04:10+00:00"}),
]


@pytest.mark.parametrize(("state", "reason", "detail"), REASONS)
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("marks", [[], ["awaiting-recheck", "flapping", "maintenance"]])
async def test_every_reason_is_a_sentence_without_holes(
    reader: httpx.AsyncClient, city: City, state: str, reason: str, detail: dict[str, Any], lang: str, marks: list[str]
) -> None:
    await city.add("fp-001", "feeder")
    bucket = {"up": "up", "degraded": "up", "unknown": "blind"}.get(state, "down")
    await city.stands("fp-001", state, bucket, START, reason=reason, marks=marks, detail=detail)
    await city.judged()
    told = await _explain(reader, lang=lang)
    assert len(told["sentences"]) == 1 + len(marks)
    for sentence in told["sentences"]:
        assert sentence.endswith(".")
        assert not any(hole in sentence for hole in ("{", "None", "  ", ": .", "()"))
