"""The clocks and the dice, read nowhere else."""

import asyncio
import random
import time
from datetime import UTC, datetime

from deploy.supervise import Supervisor
from ingest.worker import Clocks


def utc_now() -> datetime:
    return datetime.now(UTC)


def real_clocks() -> Clocks:
    return Clocks(now_us=lambda: time.time_ns() // 1_000, seconds=time.monotonic)


def real_supervisor() -> Supervisor:
    return Supervisor(sleep=asyncio.sleep, random=random.random, clock=time.monotonic)
