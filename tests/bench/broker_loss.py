"""What a Mosquitto forgets that is killed: messages it had acknowledged and not yet saved.

With ingest connected, what is lost is on its way; with ingest away, what was queued since the last save.
"""

import time

from tests.bench.figures import Figure, figure
from tests.bench.line import Load, fresh_line, publishing
from tests.rig import Rig

RATE = 1_000
SECONDS = 25
SETTLE_SECONDS = 6.0


def figures(runs: int) -> list[Figure]:
    connected = [_lost(away=False) for _ in range(runs)]
    away = [_lost(away=True) for _ in range(runs)]
    return [
        figure(f"lost by a killed broker at {RATE:,} messages/s, ingest connected", "messages", connected),
        figure(f"lost by a killed broker at {RATE:,} messages/s, ingest away", "messages", away),
    ]


def _lost(*, away: bool) -> float:
    with fresh_line(227) as line:
        (worker,) = line.workers
        if away:
            worker.stop()
        with publishing(line.mosquitto.url, Load(messages=SECONDS * RATE, rate=RATE)) as publisher:
            time.sleep(SECONDS - SETTLE_SECONDS)
            line.mosquitto.kill()
            line.mosquitto.start()
            publisher.wait()
        if away:
            worker.start()
        return SECONDS * RATE - _settled_rows(line)


def _settled_rows(line: Rig) -> int:
    """The rows once they have not grown for a while."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < SETTLE_SECONDS:
        if (rows := line.rows()) != before:
            before, since = rows, time.monotonic()
        time.sleep(0.2)
    return before
