"""Disasters on a real Mosquitto: who vanishes, who is silent, who comes back, and what the broker hears of it."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.local.mosquitto import Mosquitto
from devices.broker import BrokerAddress
from devices.device import Device
from devices.inventory import Inventory, parse
from devices.topics import Channel, Grammar
from devices.topology import below, children_of
from simulators.actor import Stage
from simulators.cast import AbsentError, Cast
from simulators.city import City
from simulators.line import LineLostError
from simulators.outage import Fade, Pinned
from simulators.publisher import cast_of, playing
from simulators.schedule import Pace
from tests.simulators.audience import Audience, listening, until_alone

INTERVAL_SECONDS = 0.2
CITY = City(seed=1)
POINTS = [Device(id=f"fp-{number:03}", kind="fibre_point", name="FP") for number in range(5)]
GATEWAY = [
    Device(id="gw-1", kind="gateway", name="GW"),
    Device(id="wl-1", kind="water_level", name="WL", parents=("gw-1",)),
    Device(id="ws-1", kind="weather", name="WS", parents=("gw-1",)),
]


def utc_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def stage(mosquitto_server: Mosquitto) -> Stage:
    root = f"outage/{secrets.token_hex(4)}"
    return Stage(address=BrokerAddress.parse(mosquitto_server.url), now=utc_now, grammar=Grammar(root))


@asynccontextmanager
async def watched(
    devices: list[Device], stage: Stage, *, interval_seconds: float = INTERVAL_SECONDS, probed: Collection[str] = ()
) -> AsyncIterator[tuple[Cast, Audience]]:
    """The devices on stage, all there, and an audience that has heard them all."""
    address = stage.address
    async with listening(f"mqtt://{address.host}:{address.port}", stage.grammar) as audience:
        async with playing(devices, CITY, stage, interval_seconds=interval_seconds, probed=probed) as cast:
            await audience.until(lambda: audience.have_reported() >= set(cast.parts))
            yield cast, audience
            there = {name for name in cast.actors.keys() & cast.parts.keys() if cast.actors[name].present.is_set()}
        await audience.until(lambda: all(audience.statuses(name)[-1:] == [b"offline"] for name in there))


async def a_few_reports(audience: Audience, *devices: str) -> None:
    """Of each of those that report; where none does, the time in which they would have."""
    await asyncio.sleep(3 * INTERVAL_SECONDS)
    await audience.until(lambda: all(len(audience.reports(device)) >= 3 for device in devices))


async def what_was_on_its_way(cast: Cast, audience: Audience, *devices: str) -> None:
    """Has arrived, and is forgotten: each of them, still connected, says something that follows it."""
    for device in devices:
        await cast.event(device, "so far")
    await audience.until(lambda: all(audience.payloads(device, Channel.EVENT) for device in devices))
    audience.forget()


async def test_of_a_cut_every_will_is_spoken_at_once_and_nothing_follows(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        gone = {"fp-001", "fp-002", "fp-003"}
        audience.forget()
        await cast.cut(gone)
        await audience.until(lambda: audience.have_said(b"offline") == gone)
        audience.forget()
        await a_few_reports(audience, "fp-000", "fp-004")
        assert audience.have_reported() == {"fp-000", "fp-004"}
        assert not audience.have_said(b"offline")


async def test_who_comes_after_a_cut_finds_the_wills_retained(stage: Stage, mosquitto_server: Mosquitto) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.cut({"fp-001"})
        await audience.until(lambda: audience.statuses("fp-001") == [b"online", b"offline"])
        async with listening(mosquitto_server.url, stage.grammar) as late:
            await late.until(lambda: len(late.have_said(b"online")) == 4 and bool(late.of("fp-001")))
            (word,) = late.of("fp-001")
        assert (word.payload, word.retained) == (b"offline", True)


async def test_restored_devices_are_born_again_and_report(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.cut(cast.everyone)
        await audience.until(lambda: len(audience.have_said(b"offline")) == 5)
        audience.forget()
        await cast.restore({"fp-001", "fp-002"})
        await audience.until(lambda: len(audience.reports("fp-001")) > 2 < len(audience.reports("fp-002")))
        assert audience.of("fp-001")[0].payload == b"online"
        assert {word.device for word in audience.words} == {"fp-001", "fp-002"}


async def test_silent_devices_stay_connected_and_speak_again(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.silence({"fp-003"})
        await what_was_on_its_way(cast, audience, "fp-003")
        await a_few_reports(audience, "fp-000", "fp-001", "fp-002", "fp-004")
        assert audience.have_reported() == {"fp-000", "fp-001", "fp-002", "fp-004"}
        assert not audience.of("fp-003")
        await cast.resume({"fp-003"})
        await audience.until(lambda: bool(audience.reports("fp-003")))
        assert not audience.statuses("fp-003")


@pytest.mark.parametrize("historical", [False, True])
async def test_a_device_with_a_memory_delivers_what_it_measured_while_away(stage: Stage, *, historical: bool) -> None:
    async with watched(POINTS[:1], stage) as (cast, audience):
        await cast.cut({"fp-000"}, remembering=True)
        cut_at = int(time.time() * 1_000)
        await audience.until(lambda: audience.have_said(b"offline") == {"fp-000"})
        audience.forget()
        await audience.until(lambda: len(cast.parts["fp-000"].memory) >= 2)
        assert not audience.reports("fp-000")
        restored_at = time.time() * 1_000
        await cast.restore({"fp-000"}, historical=historical)
        await audience.until(lambda: any(report["ts"] > restored_at for report in audience.reports("fp-000")))
    times = [report["ts"] for report in audience.reports("fp-000")]
    late = [report for report in audience.reports("fp-000") if report["ts"] < restored_at]
    assert times == sorted(set(times))
    assert len(late) >= 2
    assert all(report["ts"] >= cut_at for report in late)
    assert [report.get("historical", False) for report in late] == [historical] * len(late)
    assert "historical" not in audience.reports("fp-000")[-1]


async def test_a_device_without_a_memory_has_lost_what_it_measured(stage: Stage) -> None:
    async with watched(POINTS[:1], stage) as (cast, audience):
        await cast.cut({"fp-000"})
        await audience.until(lambda: audience.have_said(b"offline") == {"fp-000"})
        await a_few_reports(audience)
        audience.forget()
        restored_at = time.time() * 1_000
        await cast.restore({"fp-000"})
        await audience.until(lambda: len(audience.reports("fp-000")) > 1)
    assert all(report["ts"] >= int(restored_at) for report in audience.reports("fp-000"))


async def test_of_a_power_cut_comes_a_last_word_a_last_gasp_and_then_the_will(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.cut_power(cast.everyone)
        await audience.until(lambda: len(audience.have_said(b"offline")) == 5)
    for device in cast.everyone:
        *_, word, gasp, will = audience.of(device)
        assert json.loads(word.payload)["values"] == {"on_mains": False}
        assert json.loads(gasp.payload)["type"] == "last_gasp"
        assert (will.channel, will.payload) == (Channel.STATUS, b"offline")


async def test_a_power_cut_may_come_without_a_word(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.cut_power({"fp-000"}, last_word=False, gasp=False)
        await audience.until(lambda: bool(audience.have_said(b"offline")))
    assert not audience.payloads("fp-000", Channel.EVENT)
    assert all(report["values"]["on_mains"] for report in audience.reports("fp-000"))


async def test_who_has_no_word_for_the_mains_only_gasps(stage: Stage) -> None:
    async with watched([Device(id="ws-1", kind="weather", name="WS")], stage) as (cast, audience):
        await cast.cut_power({"ws-1"})
        await audience.until(lambda: bool(audience.have_said(b"offline")))
    assert [word.channel for word in audience.of("ws-1")[-2:]] == [Channel.EVENT, Channel.STATUS]


async def test_after_a_power_cut_the_devices_report_again_but_those_that_were_silent(stage: Stage) -> None:
    async with watched(POINTS[:2], stage) as (cast, audience):
        await cast.silence({"fp-001"})
        await cast.cut_power(cast.everyone)
        await cast.restore(cast.everyone)
        await audience.until(lambda: len(audience.statuses("fp-001")) == 3)
        audience.forget()
        await audience.until(lambda: len(audience.reports("fp-000")) > 1)
        assert not audience.reports("fp-001")


async def test_a_flapping_radio_vanishes_and_returns_each_time(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.flap({"fp-001"}, away_seconds=0.1, back_seconds=0.2, times=4)
        await audience.until(lambda: len(audience.statuses("fp-001")) == 9)
    assert audience.statuses("fp-001")[:9] == [b"online", *[b"offline", b"online"] * 4]
    assert audience.statuses("fp-002") == [b"online", b"offline"]


async def test_nothing_is_heard_of_a_device_between_its_will_and_its_birth(stage: Stage) -> None:
    async with watched(POINTS, stage, interval_seconds=0.01) as (cast, audience):
        await cast.flap(cast.everyone, away_seconds=0.02, back_seconds=0.03, times=10)
        await audience.until(lambda: len(audience.statuses("fp-001")) == 21)
    for device in cast.everyone:
        followed = [after.payload for word, after in pairwise(audience.of(device)) if word.payload == b"offline"]
        assert followed == [b"online"] * 10


async def test_a_device_cut_and_restored_in_the_same_moment_is_back_at_once(stage: Stage) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(seconds)

    async with watched(POINTS, replace(stage, sleep=sleep)) as (cast, audience):
        await cast.cut({"fp-001"})
        await cast.restore({"fp-001"})
        assert max(slept) <= INTERVAL_SECONDS, "nobody waits as after a failure"
        await audience.until(lambda: audience.statuses("fp-001") == [b"online", b"offline", b"online"])


async def test_a_gateway_speaks_for_the_sensors_around_it_and_goes_on_while_they_are_silent(stage: Stage) -> None:
    async with watched(GATEWAY, stage) as (cast, audience):
        await cast.cut({"wl-1", "ws-1"})
        await what_was_on_its_way(cast, audience, "gw-1")
        await a_few_reports(audience, "gw-1")
        assert audience.have_reported() == {"gw-1"}
        await cast.restore({"wl-1", "ws-1"})
        await audience.until(lambda: audience.have_reported() == set(cast.everyone))
        assert not audience.have_said(b"offline")


async def test_of_the_sensors_around_a_lost_gateway_nothing_is_heard_and_no_will(stage: Stage) -> None:
    async with watched(GATEWAY, stage) as (cast, audience):
        await cast.cut({"gw-1"})
        await audience.until(lambda: audience.have_said(b"offline") == {"gw-1"})
        audience.forget()
        await a_few_reports(audience)
        assert not audience.words
        await cast.restore({"gw-1"})
        await audience.until(lambda: audience.have_reported() == set(cast.everyone))
        assert audience.have_said(b"online") == {"gw-1"}


async def test_sensors_restored_before_their_gateway_are_heard_when_it_returns(stage: Stage) -> None:
    async with watched(GATEWAY, stage) as (cast, audience):
        await cast.cut(cast.everyone, remembering=True)
        await a_few_reports(audience)
        await cast.restore({"wl-1"})
        audience.forget()
        await cast.restore({"gw-1", "ws-1"})
        await audience.until(lambda: len(audience.reports("wl-1")) > 3)


async def test_of_a_probed_device_that_is_cut_is_said_that_it_does_not_answer(stage: Stage) -> None:
    service = Device(id="web", kind="service", name="Web")
    async with watched([*POINTS, service], stage, probed={"fp-000", "web"}) as (cast, audience):
        await cast.cut({"fp-000", "web"})
        audience.forget()
        await audience.until(lambda: len(audience.reports("fp-000")) > 2 < len(audience.reports("web")))
        assert [report["values"] for report in audience.reports("fp-000")[-2:]] == [{"packet_loss_ratio": 1.0}] * 2
        assert audience.reports("web")[-1]["values"] == {"available": False}
        audience.forget()
        await cast.restore({"fp-000", "web"})
        await audience.until(
            lambda: bool(audience.reports("fp-000")) and len(audience.reports("fp-000")[-1]["values"]) > 1
        )
        assert not audience.statuses("fp-000")
        assert not audience.statuses("web")


async def test_light_fades_before_the_loss_and_is_as_before_after_the_repair(stage: Stage) -> None:
    async with watched(POINTS[:1], stage) as (cast, audience):
        healthy = audience.reports("fp-000")[0]["values"]["rx_power_dbm"]
        began = time.time()
        await cast.suffer({"fp-000"}, Fade(metric="rx_power_dbm", by=-9.0, seconds=2.0))
        await what_was_on_its_way(cast, audience, "fp-000")
        await audience.until(lambda: any(report["ts"] / 1_000 > began + 2 for report in audience.reports("fp-000")))
        await cast.recover({"fp-000"})
        for report in audience.reports("fp-000"):
            fallen = 9.0 * min(1.0, (report["ts"] / 1_000 - began) / 2)
            assert report["values"]["rx_power_dbm"] == pytest.approx(healthy - fallen, abs=0.2)
        audience.forget()
        await audience.until(lambda: len(audience.reports("fp-000")) > 1)
        assert audience.reports("fp-000")[-1]["values"]["rx_power_dbm"] == pytest.approx(healthy, abs=0.1)


async def test_a_device_says_what_it_is_told_to_say(stage: Stage) -> None:
    yesterday = utc_now() - timedelta(days=1)
    async with watched(POINTS, stage) as (cast, audience):
        await cast.silence(cast.everyone)
        await what_was_on_its_way(cast, audience, "fp-001")
        began = int(time.time() * 1_000)
        await cast.say("fp-001", {"packet_loss_ratio": 1.0})
        await cast.say("fp-001", {"on_mains": 0.0}, ts=yesterday, historical=True)
        await cast.event("fp-001", "door_open", {"door": 2})
        await audience.until(lambda: len(audience.of("fp-001")) == 3)
    now, old = audience.reports("fp-001")
    assert began <= now["ts"] <= time.time() * 1_000
    assert now["values"] == {"packet_loss_ratio": 1.0}
    assert old == {"ts": int(yesterday.timestamp() * 1_000), "values": {"on_mains": False}, "historical": True}
    event = json.loads(audience.payloads("fp-001", Channel.EVENT)[0])
    assert (event["type"], event["data"]) == ("door_open", {"door": 2})


async def test_who_is_cut_can_say_nothing_and_gasps_unheard(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.cut({"fp-001"})
        await audience.until(lambda: audience.have_said(b"offline") == {"fp-001"})
        with pytest.raises(LineLostError, match="fp-001"):
            await cast.say("fp-001", {"packet_loss_ratio": 1.0})
        await cast.gasp({"fp-001"})
    assert not audience.payloads("fp-001", Channel.EVENT)


async def test_two_hundred_devices_vanish_and_return_at_once(stage: Stage) -> None:
    many = [Device(id=f"hs-{number:03}", kind="hotspot", name="HS") for number in range(200)]
    async with watched(many, stage, interval_seconds=0.5) as (cast, audience):
        await cast.cut(cast.everyone)
        await audience.until(lambda: audience.have_said(b"offline") == cast.everyone)
        audience.forget()
        await asyncio.sleep(1)
        assert not audience.words
        await cast.restore(cast.everyone)
        await audience.until(lambda: audience.have_reported() == cast.everyone)
        assert audience.have_said(b"online") == cast.everyone


async def test_when_the_play_is_over_everyone_says_offline_and_those_that_are_cut_do_not(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.cut({"fp-001"})
        await audience.until(lambda: audience.have_said(b"offline") == {"fp-001"})
        audience.forget()
    assert audience.have_said(b"offline") == cast.everyone - {"fp-001"}


async def test_a_play_that_ends_in_the_midst_of_a_return_leaves_nobody_behind(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, _):
        await cast.cut(cast.everyone)
        returning = asyncio.create_task(cast.restore(cast.everyone))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    returning.cancel()
    await asyncio.wait([returning])
    await until_alone()


async def test_a_device_that_is_cut_while_it_connects_is_not_born(stage: Stage) -> None:
    async with watched(POINTS, stage) as (cast, audience):
        await cast.cut({"fp-001"})
        await audience.until(lambda: audience.have_said(b"offline") == {"fp-001"})
        audience.forget()
        returning = asyncio.create_task(cast.restore({"fp-001"}))
        await asyncio.sleep(0)
        await cast.cut({"fp-001"})
        await a_few_reports(audience)
        assert not audience.have_said(b"online")
        returning.cancel()


async def test_after_a_restart_of_the_broker_who_is_cut_stays_away(tmp_path: Path, servers_root: Path) -> None:
    with Mosquitto(tmp_path / "broker", root=servers_root) as server:
        stage = Stage(address=BrokerAddress.parse(server.url), now=utc_now)
        async with playing(POINTS, CITY, stage, interval_seconds=INTERVAL_SECONDS) as cast:
            async with listening(server.url, stage.grammar) as audience:
                await cast.cut({"fp-001"})
                await audience.until(lambda: audience.have_said(b"offline") == {"fp-001"})
            server.stop()
            server.start()
            async with listening(server.url, stage.grammar) as audience:
                await audience.until(lambda: len(audience.have_reported()) == 4)
                assert audience.statuses("fp-001") == [b"offline"]


async def test_the_district_below_a_point_of_the_city_vanishes_with_its_cameras_passed_over(stage: Stage) -> None:
    inventory = parse((Path(__file__).parents[2] / "deploy" / "devices.csv").read_bytes())
    assert isinstance(inventory, Inventory)
    children = children_of(inventory.devices)
    district = [device for device in inventory.devices if device.id in below(children, "fp-080")]
    gone = below(children, "fp-087")
    assert "camera" in {device.kind for device in district if device.id in gone}
    async with watched(district, stage) as (cast, audience):
        await cast.cut(gone)
        await audience.until(lambda: audience.have_said(b"offline") == gone & cast.parts.keys())


async def test_who_is_not_of_the_city_is_refused_by_name() -> None:
    cast = off_stage()
    with pytest.raises(KeyError, match="fp-999"):
        await cast.cut({"fp-001", "fp-999"})


async def test_those_who_do_not_come_are_named() -> None:
    with pytest.raises(AbsentError, match="fp-004"):
        await off_stage().gathered({"fp-004"}, within_seconds=0.01)


async def test_a_device_does_not_suffer_in_what_it_does_not_report() -> None:
    with pytest.raises(KeyError, match="level_metres"):
        await off_stage().suffer({"fp-001"}, Pinned(metric="level_metres", value=9.0))


def off_stage() -> Cast:
    stage = Stage(address=BrokerAddress.parse("mqtt://nowhere"), now=utc_now)
    return cast_of(POINTS, CITY, stage, Pace(started=0.0))
