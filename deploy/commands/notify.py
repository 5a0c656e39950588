"""pantau notify test: one page that is none, on every channel or on one, and what came of each."""

import asyncio
import json
import time
from dataclasses import asdict, dataclass

from alerts.notify.channels.kinds import open_all
from alerts.notify.channels.sender import Sender
from alerts.notify.trial import trial
from deploy.clocks import utc_now
from deploy.commands.failed import FailedError
from deploy.refused import RefusedError
from deploy.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one channel; `reason` is None where the page was delivered."""

    channel: str
    delivered: bool
    reason: str | None
    seconds: float


async def try_out(settings: Settings, *, channel: str | None, to: str | None, as_json: bool) -> None:
    """Raises RefusedError where there is no such channel, FailedError where one did not deliver."""
    channels = [one for one in settings.city.channels if channel in (None, one.name)]
    if not channels:
        known = ", ".join(one.name for one in settings.city.channels)
        wanted = f"no channel is called {channel}; there are: {known}" if known else "there are no [[channels]]"
        raise RefusedError([f"{settings.config}: {wanted}"])
    async with open_all(channels) as senders:
        tried = await asyncio.gather(*(_try(settings, name, sender, to) for name, sender in senders.items()))
    if as_json:
        print(json.dumps([asdict(one) for one in tried], ensure_ascii=False, indent=2))
    else:
        for one in tried:
            print(f"{one.channel:<24} {one.reason or f'delivered in {one.seconds:.1f} s'}")
    if failed := [one.channel for one in tried if not one.delivered]:
        raise FailedError(f"not delivered: {', '.join(failed)}")


async def _try(settings: Settings, name: str, sender: Sender, to: str | None) -> Tried:
    city, began = settings.city.city, time.monotonic()
    page = trial(name, to=to, city=city.name, url=settings.external_url, language=city.language, now=utc_now())
    answer = await sender.send(page, utc_now())
    seconds = round(time.monotonic() - began, 3)
    return Tried(channel=name, delivered=answer.refused is None, reason=answer.refused, seconds=seconds)
