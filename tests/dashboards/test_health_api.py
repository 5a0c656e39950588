"""Alive is not ready."""

from pathlib import Path

import httpx
from psycopg_pool import AsyncConnectionPool

from dashboards.app import create_app
from dashboards.cameras.access import AccessLog
from dashboards.live.live import Live
from dashboards.settings import DashboardsSettings
from tests.dashboards.city import Clock, NotRandom


async def test_alive_says_only_that_this_process_runs(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/healthz")).json() == {"status": "alive"}


async def test_ready_waits_for_the_live_readers_first_look(anonymous: httpx.AsyncClient, live: Live) -> None:
    answer = await anonymous.get("/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.json()["parts"] == {"database": None, "live": "has not read the database yet", "frame_access": None}
    await live.look()
    assert ((await anonymous.get("/readyz")).json()) == {
        "parts": {"database": None, "live": None, "frame_access": None}
    }


async def test_a_live_reader_that_is_stuck_is_not_ready(anonymous: httpx.AsyncClient, live: Live, clock: Clock) -> None:
    await live.look()
    clock.pass_seconds(31)
    assert (await anonymous.get("/readyz")).json()["parts"]["live"] == "last read the database 31 s ago"


async def test_without_a_database_every_answer_is_503_and_ready_says_which_part(
    clock: Clock, not_random: NotRandom, tmp_path: Path
) -> None:
    settings = DashboardsSettings(database_wait_seconds=0.2)
    pool = AsyncConnectionPool("postgresql://user:secret@127.0.0.1:1/x", min_size=0, max_size=1, open=False)
    await pool.open(wait=False)
    live = Live(pool, settings, now=clock.now, process="test")
    app = create_app(
        pool,
        settings,
        frames_dir=tmp_path,
        photos_dir=tmp_path,
        live=live,
        access=AccessLog(pool, settings, now=clock.now),
        now=clock.now,
        token_bytes=not_random.token_bytes,
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test") as client:
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["parts"]["database"]) == (503, "did not answer within 0.2 s")
        answer = await client.get("/api/v1/summary", headers={"Authorization": "Bearer x"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        login = await client.post("/login", data={"name": "operator", "password": "x"})
        assert (login.status_code, login.headers["content-type"]) == (503, "application/problem+json")
        assert "secret" not in ready.text + answer.text + login.text
    await pool.close()
