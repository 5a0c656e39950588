"""A city whose devices suffer what a scenario says: fibre and power cuts, silence, fading light, late readings.

    async with playing(devices, City(seed=1), stage, interval_seconds=0.5) as cast:
        await cast.cut(below(children_of(devices), "fp-087"))
        await cast.suffer(["fp-090"], Fade(metric="rx_power_dbm", by=-9.0, seconds=3.0))
        await cast.restore(cast.everyone)

It speaks MQTT alone, as the devices do. A cut is known at once, by the wills; of a fibre that is really cut the broker
would learn after one and a half keep-alives, since nobody closes the connection then.
"""

import asyncio
from collections.abc import Collection, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulators.actor import Actor, Stage
from simulators.line import LineLostError
from simulators.outage import Report, Trouble
from simulators.part import Part

GATHERING_SECONDS = 120.0
LAST_GASP = "last_gasp"
ON_MAINS = "on_mains"


class AbsentError(Exception):
    """Devices that were to be there did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The devices of a city, and what can be done to them.

    Any device of the city may be named; nothing befalls those that are not played, such as cameras. KeyError is raised
    for an id that the city has not.
    """

    stage: Stage
    everyone: frozenset[str]
    parts: Mapping[str, Part]
    """By device, those that are played."""
    voices: Mapping[str, Actor]
    """By device: over whose line it is heard."""
    actors: Mapping[str, Actor]
    """By the device whose line it is."""

    async def run(self) -> None:
        """Play until cancelled; then each says `offline` and leaves."""
        async with asyncio.TaskGroup() as group:
            for name, actor in self.actors.items():
                group.create_task(actor.run(), name=name)

    async def gathered(self, ids: Collection[str], *, within_seconds: float = GATHERING_SECONDS) -> None:
        """Return when all of them are connected and have reported. Raises AbsentError."""
        voices = {part.device.id: self.voices[part.device.id] for part in self._chosen(ids)}
        try:
            async with asyncio.timeout(within_seconds):
                for voice in voices.values():
                    await voice.present.wait()
        except TimeoutError:
            absent = ", ".join(name for name, voice in voices.items() if not voice.present.is_set())
            raise AbsentError(f"not there after {within_seconds:g} s: {absent}") from None

    async def cut(self, ids: Collection[str], *, remembering: bool = False) -> None:
        """They vanish, and the broker speaks their wills; with `remembering` each keeps what it measures meanwhile.

        Who is heard over a gateway just ceases to be; of who is probed is said that it does not answer.
        """
        for part in self._chosen(ids):
            part.cut, part.remembering = True, remembering
            if part.device.id in self.actors:
                self.actors[part.device.id].cut()

    async def restore(self, ids: Collection[str], *, historical: bool = False) -> None:
        """They come back, say what they kept, marked as `historical` or not, and go on; returns when all have."""
        parts = self._chosen(ids)
        for part in parts:
            part.cut = False
            if historical:
                part.memory.turn_historical()
        own = [part.device.id for part in parts if part.device.id in self.actors]
        for name in own:
            self.actors[name].restore()
        await self.gathered(own)
        await _together(self.voices[part.device.id].catch_up(part) for part in parts if part.device.id not in own)

    async def flap(self, ids: Collection[str], *, away_seconds: float, back_seconds: float, times: int) -> None:
        """They lose their links, and have them again, so many times."""
        for _ in range(times):
            await self.cut(ids)
            await self.stage.sleep(away_seconds)
            await self.restore(ids)
            await self.stage.sleep(back_seconds)

    async def cut_power(self, ids: Collection[str], *, last_word: bool = True, gasp: bool = True) -> None:
        """Their mains fail: each says so in its telemetry, where its kind has a word for it, and gasps; they vanish."""
        talking = [part for part in self._chosen(ids) if not part.silent]
        _hush(talking, silent=True)  # or else a report on its way would say after it that the mains are on
        if last_word:
            await _together(self.say(part.device.id, {ON_MAINS: 0.0}) for part in talking if ON_MAINS in part.metrics)
        if gasp:
            await self.gasp(ids)
        await self.cut(ids)
        _hush(talking, silent=False)

    async def gasp(self, ids: Collection[str]) -> None:
        """Each that has a line sends the event `last_gasp`; it does not vanish by itself."""
        await _together(self.voices[part.device.id].tell(part, LAST_GASP, None) for part in self._chosen(ids))

    async def silence(self, ids: Collection[str]) -> None:
        """They stay connected and report nothing."""
        _hush(self._chosen(ids), silent=True)

    async def resume(self, ids: Collection[str]) -> None:
        _hush(self._chosen(ids), silent=False)

    async def suffer(self, ids: Collection[str], *troubles: Trouble) -> None:
        """From now on, beside what they suffer. Raises KeyError for a metric that one of them does not report."""
        for part in self._chosen(ids):
            part.suffer(troubles, self.stage.seconds())

    async def recover(self, ids: Collection[str]) -> None:
        """Their readings are those of the healthy city again."""
        for part in self._chosen(ids):
            part.recover()

    async def say(
        self, device: str, values: Mapping[str, float], *, ts: datetime | None = None, historical: bool = False
    ) -> None:
        """One report out of turn, of now or of an aware `ts`. Raises LineLostError when it has no line."""
        part = self.parts[device]
        if ts is None:
            report = part.stamped(values, self.stage.seconds(), historical=historical)
        else:
            report = Report(ts=int(ts.timestamp() * 1_000), values=values, historical=historical)
        await self.voices[device].say(part, [report])

    async def event(self, device: str, kind: str, data: Any = None) -> None:  # noqa: ANN401  JSON
        """Raises LineLostError when it has no line."""
        await self.voices[device].tell(self.parts[device], kind, data)

    def _chosen(self, ids: Collection[str]) -> list[Part]:
        if strangers := set(ids) - self.everyone:
            raise KeyError(f"not of this city: {', '.join(sorted(strangers))}")
        return [self.parts[device] for device in ids if device in self.parts]


def _hush(parts: Iterable[Part], *, silent: bool) -> None:
    for part in parts:
        part.silent = silent


async def _together(words: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Who has no line, or loses it in the midst, is not heard."""
    await asyncio.gather(*map(_heard_or_not, words))


async def _heard_or_not(word: Coroutine[Any, Any, None]) -> None:
    with suppress(LineLostError):
        await word
