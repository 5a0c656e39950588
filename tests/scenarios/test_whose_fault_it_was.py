"""Who or what was at fault, told from outside: a broker that restarts, a feeder without power, a radio that flaps, an
outage that is learned late, a centre that was stopped, an uplink of our own that is gone.

Each story runs the whole centre on a real broker and database, with a city whose devices report twice a second.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.mosquitto import Mosquitto
from devices.device import Device
from simulators.cast import Cast
from simulators.city import City
from simulators.publisher import playing
from tests.alerts.hosts import Host, hosts_on_the_loopback
from tests.scenarios.story import DOWN_IS_TOLD, OFTEN_HEARD, Story, reports, telling

CITY = """
[city]
name = "Kota uji"
devices = "devices.csv"

[mqtt]
root = "{root}"

[states.kinds.fibre_point]
{numbers}
{ourselves}
"""
INTERVAL_SECONDS = 0.5
# A radio that was quiet for so many intervals flaps no more; silent it is, here too, after half a minute.
OFTEN_LOOKED_AT = "interval_seconds = 2\nsilent_intervals = 15"
EVERY_STATE = "select count(*) from device_state where until is null and state <> 'up'"


def point(name: str, *parents: str, kind: str = "fibre_point", metres: int = 1_400) -> Device:
    attributes = {"cable_metres": metres} if parents else {}
    return Device(id=name, kind=kind, name=name.upper(), area="Lengkiti", parents=parents, attributes=attributes)


# Two branches: on one a cable, on the other a feeder that three points share.
CABLE = [point("core"), point("east", "core"), point("e-1", "east"), point("e-2", "east"), point("e-3", "e-2")]
FEEDER = [
    Device(id="plg-7", kind="feeder", name="Penyulang 7", area="Lengkiti"),
    *(point(f"w-{n}", "core", "plg-7") for n in (1, 2, 3)),
]


@asynccontextmanager
async def a_city(
    folder: Path,
    database_url: str,
    mqtt_url: str,
    devices: list[Device],
    *,
    numbers: str = OFTEN_HEARD,
    ourselves: str = "",
    well_after: str = "3s",
) -> AsyncIterator[tuple[Story, Cast]]:
    """The centre and its city, everyone heard and up; feeders have no sensor."""
    told = DOWN_IS_TOLD.replace("3s", well_after)
    city = (CITY + told).replace("{numbers}", numbers).replace("{ourselves}", ourselves)
    played = [device for device in devices if device.kind != "feeder"]
    async with (
        telling(folder, database_url, mqtt_url, city=city, devices=devices) as story,
        playing(played, City(seed=1), replace(story.stage, sleep=soon), interval_seconds=INTERVAL_SECONDS) as cast,
    ):
        for device in played:
            await story.until_state(device.id, "up")
        yield story, cast


async def soon(seconds: float) -> None:
    """Who lost the broker tries again within 2 s, not after up to 45 s."""
    await asyncio.sleep(min(seconds, 2))


async def test_a_broker_restart_is_a_blind_window_and_no_page(
    tmp_path: Path, database_url: str, servers_root: Path
) -> None:
    restart = "[states.ourselves]\npage_after_seconds = 600  # longer than any restart"
    with Mosquitto(tmp_path / "mosquitto", root=servers_root) as broker:
        async with a_city(tmp_path, database_url, broker.url, CABLE, ourselves=restart) as (story, _):
            port = broker.port
            broker.stop()
            await story.until("summary", lambda found: found["blind_since"] is not None)
            for device in CABLE:
                await story.until_state(device.id, "unknown")
            with Mosquitto(tmp_path / "mosquitto", root=servers_root, port=port):
                for device in CABLE:
                    await story.until_state(device.id, "up")
                await asyncio.sleep(3)
                blind = await story.until("blind", lambda found: all(window["until"] for window in found["items"]))
                assert {window["reason"] for window in blind["items"]} == {"ingest"}
                buckets = await story.rows("select distinct bucket from device_state")
                assert {bucket for (bucket,) in buckets} == {"up", "blind"}
                assert story.pages() == []


async def test_a_power_cut_on_a_feeder_is_told_from_a_fibre_cut(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto
) -> None:
    async with a_city(tmp_path, database_url, mosquitto_server.url, [*CABLE, *FEEDER]) as (story, cast):
        await cast.cut_power(["w-1", "w-2", "w-3"])
        power = await story.told(1)
        assert power["labels"]["device"] == "plg-7"
        assert power["annotations"]["description"] == "Listrik padam: Penyulang 7, Lengkiti: 3 titik"
        await cast.cut(["east", "e-1", "e-2", "e-3"])
        fibre = await story.told(2)
        assert fibre["labels"]["device"] == "east"
        incidents = (await story.until("incidents?state=open", lambda found: len(found["items"]) == 2))["items"]
        assert {incident["root"]: incident["class"] for incident in incidents} == {
            "plg-7": "power",
            "east": "fibre-cut",
        }
        by_root = {incident["root"]: incident for incident in incidents}
        assert by_root["east"]["title"] == "Kabel FO putus antara CORE dan EAST (1,4 km), Lengkiti: 3 titik"
        counted = {
            **dict.fromkeys(["w-1", "w-2", "w-3"], "power"),
            "east": "down",
            **dict.fromkeys(["e-1", "e-2", "e-3"], "upstream"),
        }
        await story.until_rows(
            "select device_id, bucket from device_state where until is null and device_id ~ '^[we]'",
            lambda found: dict(found) == counted,
        )
        assert len(story.pages()) == 2


async def test_a_flapping_radio_is_one_page_and_a_mark(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto
) -> None:
    async with a_city(
        tmp_path, database_url, mosquitto_server.url, CABLE, numbers=OFTEN_LOOKED_AT, well_after="30s"
    ) as (story, cast):
        while "flapping" not in (await story.ask("devices/e-3"))["marks"]:
            await cast.cut(["e-3"])
            await story.until_state("e-3", "down")
            await cast.restore(["e-3"])
            await story.until_state("e-3", "up")
        await story.told(1)
        assert story.pages() == [("firing", "device-down", "e-3")]
        await story.until("devices/e-3", lambda found: found["marks"] == [] and found["state"] == "up")
        assert (await story.told(2))["status"] == "resolved"
        assert len(story.pages()) == 2


async def test_an_hour_old_outage_that_is_learned_late_is_a_line_with_both_times_and_no_page(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto
) -> None:
    async with a_city(tmp_path, database_url, mosquitto_server.url, CABLE) as (story, _):
        # The centre has run for hours, and e-1 was up all the time, as far as anybody knew.
        hour = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        await story.rows(
            "with gone as (delete from device_state where device_id = 'e-1' and until is not null returning 1),"
            " moved as (update device_state set since = since - interval '2 hours' where device_id = 'e-1'"
            " and until is null returning 1) select count(*) from gone, moved"
        )
        seconds = [hour + timedelta(seconds=second) for second in range(40)]
        probes = [(at, {"packet_loss_ratio": float(10 <= n < 30)}) for n, at in enumerate(seconds)]
        await story.say("e-1", reports(probes))
        since = (hour - timedelta(hours=2)).isoformat().replace("+00:00", "Z")
        found = await story.until(
            f"devices/e-1/states?from={since}", lambda found: any(row["state"] == "down" for row in found["items"])
        )
        (line,) = [row for row in found["items"] if row["state"] == "down"]
        assert datetime.fromisoformat(line["since"]) == seconds[10]
        assert datetime.fromisoformat(line["until"]) == seconds[30]
        assert datetime.fromisoformat(line["heard_at"]) > hour + timedelta(minutes=59)
        assert (await story.ask("devices/e-1"))["state"] == "up"
        assert story.pages() == []


async def test_a_centre_that_was_stopped_goes_on_as_if_it_had_run_with_that_time_blind(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto
) -> None:
    async with a_city(tmp_path, database_url, mosquitto_server.url, CABLE) as (story, cast):
        await cast.cut(["east", "e-1", "e-2", "e-3"])
        await story.told(1)
        await story.until_state("e-3", "unreachable")
        await story.stop()
        await asyncio.sleep(8)
        await story.start()
        await story.until("blind", lambda found: any(row["until"] is not None for row in found["items"]))
        as_before = {"core": "up", "east": "down", "e-3": "unreachable"}
        await story.until_rows(
            "select device_id, array_agg(state order by since) from device_state group by device_id",
            lambda found: all(dict(found)[each][-3:] == [was, "unknown", was] for each, was in as_before.items()),
        )
        assert (await story.until_state("e-3", "unreachable"))["cause"] == "east"
        gaps = await story.rows(
            "select count(*) from (select until, lead(since) over (partition by device_id order by since)"
            " as next from device_state) rows where until is distinct from next and next is not null"
        )
        assert gaps == [(0,)]
        await asyncio.sleep(2)
        assert story.pages() == [("firing", "device-down", "east")]
        await cast.restore(cast.everyone)
        assert (await story.told(2))["status"] == "resolved"


@pytest.fixture
def witnesses() -> Iterator[list[Host]]:
    with hosts_on_the_loopback(3) as hosts:
        yield hosts


async def test_when_a_crowd_falls_silent_and_no_witness_answers_the_control_room_is_blind_and_nothing_else_is_said(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto, witnesses: list[Host]
) -> None:
    named = ", ".join(f'"{host.address}"' for host in witnesses)
    ourselves = f"[states.ourselves]\nwitnesses = [{named}]\nask_every_seconds = 0.5\nanswer_within_seconds = 8"
    async with a_city(tmp_path, database_url, mosquitto_server.url, CABLE, ourselves=ourselves) as (story, cast):
        await story.until_metric("alerts", "pantau_alerts_witnesses_reached 3.0")
        for host in witnesses:
            host.cut()
        await story.until_metric("alerts", "pantau_alerts_witnesses_reached 0.0")
        await cast.cut(cast.everyone)
        assert (await story.told(1))["labels"]["alertname"] == "control-room-blind"
        await story.until_state("east", "unknown")
        await story.until_rows(
            "select device_id, cause from suppression where until is null order by 1",
            lambda held: held == [(device, "control-room") for device in sorted(cast.everyone)],
        )
        for host in witnesses:
            host.restore()
        await cast.restore(cast.everyone)
        assert (await story.told(2))["status"] == "resolved"
        for device in CABLE:
            await story.until_state(device.id, "up")
        await asyncio.sleep(2)
        assert story.pages() == [
            ("firing", "control-room-blind", "control-room"),
            ("resolved", "control-room-blind", "control-room"),
        ]
        assert await story.rows(EVERY_STATE) == [(0,)]
        assert {row["reason"] for row in (await story.ask("blind"))["items"]} == {"uplink"}
