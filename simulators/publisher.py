"""Plays a city over MQTT: every device a connection of its own, with birth, will and telemetry at its interval.

Faster than real time, the city lives `speed` times as fast and its devices report as much more often; `ts` stays the
real time of publishing, since ingest refuses what lies ahead of its clock. Seen from outside, days pass in hours and
counters run `speed` times as fast.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from devices.device import Device
from simulators.actor import Actor, Stage
from simulators.cast import Cast
from simulators.city import City
from simulators.company import Company
from simulators.part import Part
from simulators.schedule import Pace
from simulators.voices import PROBER, voices


@asynccontextmanager
async def playing(
    devices: Sequence[Device], city: City, stage: Stage, *, interval_seconds: float, probed: Collection[str] = ()
) -> AsyncIterator[Cast]:
    """The city on stage, all reporting every so many seconds, for what a scenario does to it while the block runs.

    Everyone has reported once when it begins. When it ends those who are connected say `offline`; cut everyone before,
    and they vanish. The `probed` have no connection of their own: the control room asks them. Raises AbsentError when
    the broker is not there.
    """
    pace = Pace(started=stage.seconds(), interval_seconds=interval_seconds)
    cast = cast_of(devices, city, stage, pace, probed=probed)
    run = asyncio.create_task(cast.run())
    try:
        await cast.gathered(cast.everyone)
        yield cast
    finally:
        run.cancel()
        await asyncio.wait({run})
    if not run.cancelled():
        run.result()


def cast_of(devices: Sequence[Device], city: City, stage: Stage, pace: Pace, *, probed: Collection[str] = ()) -> Cast:
    """Raises ValueError for a device that cannot be probed."""
    played = [device for device in devices if city.plays(device)]
    parts = {device.id: Part(device, city, pace, probed=device.id in probed) for device in played}
    carriers = voices(played, probed)
    carried: defaultdict[str, list[Part]] = defaultdict(list)
    for device, carrier in carriers.items():
        carried[carrier].append(parts[device])
    actors = _actors(carried, stage, city.seed, pace)
    return Cast(
        stage=stage,
        everyone=frozenset(device.id for device in devices),
        parts=parts,
        voices={device: actors[carrier] for device, carrier in carriers.items()},
        actors=actors,
    )


def _actors(carried: Mapping[str, Sequence[Part]], stage: Stage, seed: int, pace: Pace) -> dict[str, Actor]:
    company = Company(size=len(carried))
    return {
        name: Actor(name, parts, stage, company, seed=seed, pace=pace, announces=name != PROBER)
        for name, parts in carried.items()
    }
