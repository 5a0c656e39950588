"""A line to the broker, and the parts that are played over it: a device's own, and those of whom it passes on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from devices.broker import BrokerAddress
from devices.kinds import KINDS
from devices.reading import Status
from devices.topics import Channel, Grammar
from simulators.company import Company
from simulators.line import FAREWELL_SECONDS, Line, LineLostError, Will, open_line
from simulators.outage import Report
from simulators.part import Part
from simulators.schedule import Pace, backoff_delay

_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all devices share: the broker, the time now (aware), and how to wait."""

    address: BrokerAddress
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    grammar: Grammar = field(default_factory=Grammar)

    def seconds(self) -> float:
        """The time now, UTC epoch seconds."""
        return self.now().timestamp()


class Actor:
    """Plays its parts from their birth on, on a line of its own that it keeps unless it is cut.

    One that `announces` is the device of its name, and says so: by birth, will and farewell. The other is the control
    room's prober, which says nothing of itself. `present` is set while the line stands and everything kept was said.
    """

    def __init__(
        self,
        name: str,
        parts: Sequence[Part],
        stage: Stage,
        company: Company,
        *,
        seed: int,
        pace: Pace,
        announces: bool = True,
    ) -> None:
        self.present = asyncio.Event()
        self._name = name
        self._parts = parts
        self._stage = stage
        self._company = company
        self._seed = seed
        self._pace = pace
        self._announces = announces
        self._allowed = asyncio.Event()
        self._allowed.set()
        self._dropped = False
        self._line: Line | None = None
        self._failures = 0

    async def run(self) -> None:
        """Connect, report and connect again, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_connected())
            for part in self._parts:
                group.create_task(self._recite(part))

    def cut(self) -> None:
        """The line is lost without a word, and there is no other until it is restored."""
        self._allowed.clear()
        self.present.clear()
        self._dropped = True
        line, self._line = self._line, None
        if line is not None:
            line.cut()

    def restore(self) -> None:
        self._allowed.set()

    async def say(self, part: Part, reports: Sequence[Report]) -> None:
        """Publish them as one message. Raises LineLostError."""
        kind = part.device.kind
        elements = [msgspec.structs.replace(report, values=spoken(kind, report.values)) for report in reports]
        payload = _json.encode(elements[0] if len(elements) == 1 else elements)
        await self._publish(part.device.id, Channel.TELEMETRY, payload)

    async def tell(self, part: Part, kind: str, data: Any) -> None:  # noqa: ANN401  JSON
        """Publish an event of this moment. Raises LineLostError."""
        ts = int(self._stage.seconds() * 1_000)
        await self._publish(part.device.id, Channel.EVENT, _json.encode({"ts": ts, "type": kind, "data": data}))

    async def catch_up(self, part: Part) -> None:
        """Say what it kept, the oldest first, and what it measures now. Raises LineLostError."""
        while not part.cut and (batch := part.memory.oldest()):
            await self.say(part, batch)
            part.memory.forget(batch[-1].ts)
        await self._report(part)

    async def _keep_connected(self) -> None:
        await self._stage.sleep(self._pace.seconds_to_connect(self._seed, self._name))
        while True:
            while not self._allowed.is_set():  # it may be cut again before the restored one wakes up
                await self._allowed.wait()
            self._dropped = False
            reason = await self._until_lost()
            if not self._dropped:
                self._failures += 1
                self._company.fail(reason)
                await self._stage.sleep(backoff_delay(self._seed, self._name, self._failures))

    async def _until_lost(self) -> str:
        """One connection, from birth to loss; returns why it was lost or could not be had."""
        identifier = f"simulated-{self._name}" if self._announces else ""
        try:
            async with open_line(self._stage.address, identifier=identifier, will=self._will()) as line:
                self._line = line
                return await self._live(line)
        except LineLostError as lost:
            return str(lost)
        finally:
            self._line = None
            self.present.clear()

    async def _live(self, line: Line) -> str:
        if self._dropped:  # while it was still connecting
            line.cut()
        try:
            await self._say_status(Status.ONLINE)
            return await self._perform(line)
        except asyncio.CancelledError:
            await self._say_farewell()
            raise

    async def _perform(self, line: Line) -> str:
        self._failures = 0
        self._company.enter()
        try:
            for part in self._parts:
                await self.catch_up(part)
            if not self._dropped:
                self.present.set()
            await asyncio.wait({line.lost})
            return line.lost.result()
        finally:
            self._company.leave()

    async def _say_farewell(self) -> None:
        """The broker speaks the will of those who vanish; who disconnects in order must say it himself."""
        # A broker that does not answer misses us by itself, and speaks the will.
        with suppress(TimeoutError, LineLostError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._say_status(Status.OFFLINE)

    async def _recite(self, part: Part) -> None:
        """Report for ever, on the part's own grid. What is said while the line is lost is lost with it."""
        while True:
            await self._stage.sleep(part.seconds_to_report(self._stage.seconds()))
            if self.present.is_set() or part.cut:  # no word before the birth, and before what was kept
                with suppress(LineLostError):
                    await self._report(part)

    async def _report(self, part: Part) -> None:
        report = part.report(self._stage.seconds())
        if report is not None:
            await self.say(part, [report])

    async def _say_status(self, status: Status) -> None:
        if self._announces:
            await self._publish(self._name, Channel.STATUS, status.value, retain=True)

    async def _publish(self, device: str, channel: Channel, payload: str | bytes, *, retain: bool = False) -> None:
        if self._line is None:
            raise LineLostError(f"{self._name} is not connected")
        await self._line.publish(self._stage.grammar.format(device, channel), payload, retain=retain)

    def _will(self) -> Will | None:
        topic = self._stage.grammar.format(self._name, Channel.STATUS)
        return (topic, Status.OFFLINE.value) if self._announces else None


def spoken(kind: str, values: Mapping[str, float]) -> dict[str, float | bool]:
    """The values as a device writes them: what is a yes or no becomes a JSON boolean."""
    metrics = KINDS[kind].metrics
    return {name: bool(value) if metrics[name].unit == "bool" else value for name, value in values.items()}
