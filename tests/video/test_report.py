"""What a camera's voice does when it is told to stop."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import cast

import aiomqtt
import pytest
from prometheus_client import CollectorRegistry, Counter

from devices.topics import Grammar
from tests.patience import PATIENCE_SECONDS
from video.newest import Newest
from video.report import Report


class LosingClient:
    """A client that loses the cancellation of a publish, as asyncio.wait_for before Python 3.12 may."""

    def __init__(self) -> None:
        self.publishing = asyncio.Event()

    async def publish(self, *_: object, **__: object) -> None:
        self.publishing.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


async def test_whoever_is_cancelled_in_the_midst_of_a_word_stops_though_his_client_lost_it() -> None:
    report = Report(
        "cam-01",
        Newest(),
        grammar=Grammar(),
        interval=timedelta(seconds=1),
        offline_after=timedelta(0),
        now=lambda: datetime.now(UTC),
        given_up=Counter("given_up", "given up", registry=CollectorRegistry()),
    )
    client = LosingClient()
    speaking = asyncio.create_task(report._speak(cast("aiomqtt.Client", client)))
    await client.publishing.wait()
    speaking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(speaking, PATIENCE_SECONDS)
