"""Random and hostile input, through the real broker into the real database: a clear word for each, and nothing lost."""

import asyncio
import json
import random
import time
from collections.abc import Iterator

from devices.topics import Channel, Grammar
from tests.load import DEVICES, nothing, stream, under_load
from tests.rig import MakeRig, until

GRAMMAR = Grammar()
HOSTILE = 10_000
MIB = 1024 * 1024


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def hostile(seed: int) -> Iterator[tuple[str, bytes]]:
    """Payloads that no decoder, range, encoding or column of ours may stumble over."""
    dice = random.Random(seed)
    makers = [
        lambda: dice.randbytes(dice.randrange(200)),
        bytes,
        lambda: b"\x00" * dice.randrange(1, 50),
        lambda: b"[" * dice.randrange(1, 30_000),
        lambda: b'{"a":' * dice.randrange(1, 8_000) + b"1" + b"}" * 8_000,
        lambda: b'{"rtt_seconds": ' + b"9" * dice.randrange(1, 5_000) + b"}",
        lambda: b'{"rtt_seconds": 1e%d}' % dice.randrange(-400, 400),
        lambda: b'{"rtt_seconds": NaN}',
        lambda: b'{"rtt_seconds": -Infinity}',
        lambda: b'{"rtt_\\u0000seconds": 1}',
        lambda: b'{"\\ud800": 1}',
        lambda: b'{"\xff\xfe": 1}',
        lambda: '{"ts": "2026-11-21T10:00:00", "values": {"rtt_seconds": 1}}'.encode("utf-16"),
        lambda: b'{"ts": %d, "values": {"rtt_seconds": 1}}' % dice.randrange(-(10**30), 10**30),
        lambda: b'{"ts": 1e30, "values": {"rtt_seconds": 1}}',
        lambda: b'{"ts": {}, "values": [], "historical": "yes"}',
        lambda: json.dumps([{"values": {"rtt_seconds": None}}] * dice.randrange(1, 1_100)).encode(),
        lambda: json.dumps({f"metric_{n}": n for n in range(dice.randrange(1, 300))}).encode(),
        lambda: rb"""{"name": "\u202e\ud83d\udca3", "rtt_seconds": "'; drop table reading; --"}""",
    ]
    topics = [GRAMMAR.format(DEVICES[0].id, channel) for channel in Channel]
    topics += [GRAMMAR.format("nobody", Channel.TELEMETRY), f"{GRAMMAR.root}/UPPER case/telemetry"]
    for number in range(HOSTILE):
        yield dice.choice(topics), b"x" * MIB if number % 500 == 0 else dice.choice(makers)()


async def test_ten_thousand_hostile_payloads_each_leave_a_row_and_stop_nothing(make_rig: MakeRig) -> None:
    with make_rig() as line:
        (worker,) = line.workers
        load = list(hostile(seed=20_261_121))
        await under_load(line, iter(load), rate=5_000, disturb=nothing)
        await under_load(line, stream(100), rate=1_000, disturb=nothing, client_id="good")
        # The flood's own readings are of now, those that were sent behind it of an hour ago.
        series = "select count(*) from reading where time < now() - interval '30 minutes'"
        until(lambda: line.ask(series) == [(100,)], "good readings after the flood")
        assert worker.metric("pantau_ingest_messages_received_total") == HOSTILE + 100
        left = {reason for (reason,) in line.ask("select distinct reason from rejected")}
        assert left >= {
            "too-large", "not-json", "bad-shape", "bad-value", "out-of-range", "clock", "unknown-device",
            "unknown-metric",
        }  # fmt: skip
        assert line.ask("select max(length(payload)) from rejected") == [(4_096,)]
        # Every message left something: a rejection, or readings, or an event.
        silent = line.ask("select count(*) from (select distinct topic, payload from rejected) as heard")
        assert silent[0][0] > HOSTILE / 4


async def test_a_clock_that_runs_ahead_or_behind(make_rig: MakeRig) -> None:
    topic = GRAMMAR.format(DEVICES[0].id, Channel.TELEMETRY)
    minute, day = 60_000, 86_400_000
    skews = [0, 4 * minute, 6 * minute, -29 * day, -31 * day]
    with make_rig() as line:
        messages = [(topic, b'{"ts": %d, "values": {"rtt_seconds": 0.5}}' % (now_ms() + skew)) for skew in skews]
        await under_load(line, iter(messages), rate=100, disturb=nothing)
        line.until_rows(3)
        assert line.ask("select reason, count(*) from rejected group by 1") == [("clock", 2)]
        # The newest is the one four minutes ahead, as its own clock says; nothing older moved it back.
        assert line.ask("select round(extract(epoch from time - received_at) / 60) from latest") == [(4,)]


async def test_a_device_deleted_and_renamed_while_it_publishes(make_rig: MakeRig) -> None:
    """Each message is a reading of a known device or a rejection that can be adopted; never neither or both."""
    with make_rig() as line:

        async def change_the_registry() -> None:
            await asyncio.sleep(1)
            line.do("delete from device where id = %s", DEVICES[0].id)
            line.do("update device set name = 'Nama baru', area = 'Lengkiti' where id = %s", DEVICES[1].id)
            line.do("update device set id = 'renamed' where id = %s", DEVICES[2].id)

        await under_load(line, stream(6_000), rate=2_000, disturb=change_the_registry)
        until(lambda: line.rows() + line.rejected() >= 6_000, "a row for every message")
        assert line.rows() + line.rejected() == 6_000
        refused = line.ask("select distinct device_id, reason from rejected order by 1")
        assert refused == [(DEVICES[0].id, "unknown-device"), (DEVICES[2].id, "unknown-device")]
        assert line.ask(
            "select count(*) from reading join series on id = series_id where device_id = %s", DEVICES[1].id
        ) == [(120,)]
