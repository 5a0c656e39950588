"""Plays a city over MQTT: every device a connection of its own, with birth, will and telemetry at its interval.

Faster than real time, the city lives `speed` times as fast and its devices report as much more often; `ts` stays the
real time of publishing, since ingest refuses what lies ahead of its clock. Seen from outside, days pass in hours and
counters run `speed` times as fast.
"""

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel, Field

from devices.device import Device
from simulators.actor import Actor, Stage
from simulators.city import City
from simulators.company import Company


class SimulateSettings(BaseModel, frozen=True, extra="forbid"):
    """How the city is played. Above a speed of 100 the clients, not the city, would set the pace."""

    seed: int = 1
    speed: float = Field(default=1.0, ge=1.0, le=100.0)


async def play(settings: SimulateSettings, devices: Sequence[Device], city: City, stage: Stage) -> None:
    """Play every device whose kind the city has a model for, until cancelled; then each says `offline` and leaves.

    A device that loses the broker connects again by itself, as real ones do, each after a wait of its own; the reports
    that fell due meanwhile are lost, as a sensor without memory loses them.
    """
    playing = [device for device in devices if city.plays(device)]
    company = Company(size=len(playing))
    started = stage.now().timestamp()
    async with asyncio.TaskGroup() as group:
        for device in playing:
            actor = Actor(device, city, stage, company, started=started, speed=settings.speed)
            group.create_task(actor.run(), name=device.id)
