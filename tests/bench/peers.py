"""Beside ours, in the same run: paho receiving alone, COPY alone, and what a user would write in twenty lines."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from deploy.local.mosquitto import Mosquitto
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from ingest.binary_copy import reading_rows
from ingest.queries import COPY_READINGS
from tests.bench.figures import Figure, figure
from tests.bench.line import LOCAL, UNLIMITED, Load, fresh_line, measure, publishing

MESSAGES = 150_000
FEWER = 15_000  # for the peer that would take minutes
COPY_ROWS, COPY_BATCH = 1_000_000, 10_000


def figures(runs: int) -> list[Figure]:
    ours, paho, copy, naive = [], [], [], []
    for _ in range(runs):
        ours.append(_ours())
        paho.append(_subscriber("paho_alone", MESSAGES))
        naive.append(_subscriber("insert_per_message", FEWER))
        copy.append(_copy())
    return [
        figure("ours, to commit, as fast as it comes", "messages/s", ours),
        figure("(a) paho receiving alone", "messages/s", paho),
        figure("(b) binary COPY alone", "rows/s", copy),
        figure("(c) paho and one INSERT per message", "messages/s", naive),
        figure("ours / (a)", "ratio", _ratios(ours, paho), least=0.6),
        figure("ours / (b)", "ratio", _ratios(ours, copy)),
        figure("ours / (c)", "ratio", _ratios(ours, naive), least=10),
    ]


def _ratios(ours: list[float], theirs: list[float]) -> list[float]:
    return [our / their for our, their in zip(ours, theirs, strict=True)]


def _ours() -> float:
    with fresh_line(227) as line:
        return MESSAGES / measure(line, Load(messages=MESSAGES, rate=UNLIMITED)).seconds


def _subscriber(module: str, messages: int) -> float:
    """A peer in a process of its own: it says `ready`, then how many seconds its messages took."""
    root = ensure_root(LOCAL / "servers")
    with (
        tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder,
        Mosquitto(Path(folder) / "mosquitto", root=root) as mosquitto,
        Postgres(Path(folder) / "postgres", root=root) as postgres,
    ):
        command = [sys.executable, "-m", f"tests.bench.{module}", mosquitto.url, postgres.url, str(messages)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as peer:
            assert peer.stdout is not None
            assert peer.stdout.readline() == "ready\n"
            began = time.monotonic()
            with publishing(mosquitto.url, Load(messages=messages, rate=UNLIMITED)):
                assert peer.stdout.readline() == "done\n"
                ended = time.monotonic()
        return messages / (ended - began)


def _copy() -> float:
    root = ensure_root(LOCAL / "servers")
    with (
        tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder,
        Postgres(Path(folder) / "postgres", root=root) as postgres,
        psycopg.connect(postgres.url, autocommit=True) as connection,
    ):
        connection.execute("create table reading (series_id integer, time timestamptz, value double precision)")
        connection.execute("select create_hypertable('reading', by_range('time', interval '1 day'))")
        connection.execute("create unique index on reading (series_id, time desc)")
        batches = [_batch(first) for first in range(0, COPY_ROWS, COPY_BATCH)]
        began = time.monotonic()
        for batch in batches:
            with connection.cursor().copy(COPY_READINGS) as copy:
                copy.write(batch)
        return COPY_ROWS / (time.monotonic() - began)


def _batch(first: int) -> bytes:
    start_us = 1_795_000_000_000_000
    return reading_rows([(n % 1_816, start_us + n * 1_000, -21.4) for n in range(first, first + COPY_BATCH)])
