"""What befalls a played city of itself, and heals again: a story that an operator before the wall can follow.

[[mishaps]]
kind = "cut"
device = "fp-087"
at_seconds = 40
lasts_seconds = 150
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field

from devices.device import Device
from devices.topology import children_of, cut_off
from simulators.camera import CameraServer
from simulators.cast import AbsentError, Cast
from simulators.faults import Fault
from simulators.outage import Fade

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Everything that a mishap can reach: what is played over MQTT, the cameras, and what hangs on what."""

    cast: Cast
    cameras: CameraServer
    devices: Mapping[str, Device]

    def with_what_hangs_on(self, device: str) -> list[str]:
        """What another way still reaches is not among them."""
        parents = {id_: one.parents for id_, one in self.devices.items()}
        return [device, *cut_off(parents, children_of(self.devices.values()), device)]

    def cameras_of(self, ids: Iterable[str]) -> list[str]:
        return [id_ for id_ in ids if self.devices[id_].kind == "camera"]


class Mishap(BaseModel, frozen=True, extra="forbid"):
    """`at_seconds` after the story's beginning `device` suffers, for `lasts_seconds`."""

    device: str
    at_seconds: Annotated[float, Field(ge=0)]
    lasts_seconds: Annotated[float, Field(gt=0)]


class Cut(Mishap, frozen=True):
    """The cable to it breaks: it and all that hangs on it is gone, cameras too."""

    kind: Literal["cut"]

    async def begin(self, town: Town) -> None:
        gone = town.with_what_hangs_on(self.device)
        await town.cast.cut(gone)
        for camera in town.cameras_of(gone):
            await town.cameras.camera(camera).suffer(Fault.GONE)

    async def end(self, town: Town) -> None:
        gone = town.with_what_hangs_on(self.device)
        for camera in town.cameras_of(gone):
            await town.cameras.camera(camera).recover()
        await town.cast.restore(gone)


class Drift(Mishap, frozen=True):
    """One of its metrics moves away from what is healthy, by `by` in the end, evenly over `within_seconds`."""

    kind: Literal["drift"]
    metric: str
    by: float
    within_seconds: Annotated[float, Field(ge=0)] = 0.0

    async def begin(self, town: Town) -> None:
        await town.cast.suffer([self.device], Fade(metric=self.metric, by=self.by, seconds=self.within_seconds))

    async def end(self, town: Town) -> None:
        await town.cast.recover([self.device])


class CameraFault(Mishap, frozen=True):
    """A camera has a fault."""

    kind: Literal["camera"]
    fault: Fault

    async def begin(self, town: Town) -> None:
        await town.cameras.camera(self.device).suffer(self.fault)

    async def end(self, town: Town) -> None:
        await town.cameras.camera(self.device).recover()


AnyMishap: TypeAlias = Annotated[Cut | Drift | CameraFault, Field(discriminator="kind")]


class Scenario(BaseModel, frozen=True, extra="forbid"):
    """The mishaps, and after how long the story begins anew; without that it is told once."""

    mishaps: tuple[AnyMishap, ...] = ()
    again_after_seconds: Annotated[float, Field(gt=0)] | None = None

    def fault(self, devices: Mapping[str, Device], played: Mapping[str, Sequence[str]]) -> str | None:
        """Why it cannot be told in this city. `played`: the metrics of each device that is played over MQTT."""
        for number, mishap in enumerate(self.mishaps):
            if mishap.device not in devices:
                return f"mishaps.{number}.device: {mishap.device} is not in the device list"
            if isinstance(mishap, CameraFault) and devices[mishap.device].kind != "camera":
                return f"mishaps.{number}.device: {mishap.device} is no camera"
            if isinstance(mishap, Drift) and mishap.metric not in played.get(mishap.device, ()):
                return f"mishaps.{number}.metric: {mishap.device} does not report {mishap.metric}"
        return None


async def befall(scenario: Scenario, town: Town) -> None:
    """Tell the story until cancelled, again and again where it says so."""
    while True:
        async with asyncio.TaskGroup() as group:
            for mishap in scenario.mishaps:
                group.create_task(_suffer(mishap, town))
            await town.cast.stage.sleep(scenario.again_after_seconds or 0)
        if scenario.again_after_seconds is None:
            await asyncio.Event().wait()


async def _suffer(mishap: Cut | Drift | CameraFault, town: Town) -> None:
    sleep = town.cast.stage.sleep
    await sleep(mishap.at_seconds)
    name = town.devices[mishap.device].name
    log.info("mishap: %s, %s (%s), for %g s", mishap.kind, mishap.device, name, mishap.lasts_seconds)
    await mishap.begin(town)
    await sleep(mishap.lasts_seconds)
    try:
        await mishap.end(town)
    except AbsentError as absent:  # the broker is away: they come when it does
        log.warning("mishap: %s", absent)
    log.info("mishap: %s is repaired", mishap.device)
