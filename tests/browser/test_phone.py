"""The technician's phone in a real browser: in a valley without a network, and back on the road."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from shutil import copytree, ignore_patterns
from time import monotonic
from typing import NoReturn

import cv2
import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from psycopg.types.json import Jsonb

from dashboards.rights import accounts
from dashboards.roles import Role
from deploy.clocks import utc_now
from deploy.database import connect
from tests.browser.line import Line, line_to
from tests.browser.phone import NAME, Phone, phone_of, take_photo
from tests.browser.screen import PASSWORD
from tests.browser.server import Server, serving
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

fixture = partial(pytest_asyncio.fixture, loop_scope="session")
LOG = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
ROOMS = ("alerts", "dashboards", "deploy", "devices", "ingest", "simulators", "video")
BUDGET_BYTES = 50_000
MINE, OTHERS, GONE = 1, 2, 3
# The phone's own bound (queue.ts).
ITEMS_MAX = 100
WAITING = "↑ menunggu jaringan"
# The engine says that it judged, and a reading came.
SEEN = """
insert into judged (at) values (now()) on conflict (single) do update set at = excluded.at;
insert into latest (series_id, time, value, received_at) select id, now(), 1, now() from series
on conflict (series_id) do update set received_at = excluded.received_at
"""


class Town:
    """A break in Lengkiti, which is Budi's, and two elsewhere; an alert of each that fires."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def do(self, statement: str, *arguments: object) -> list[tuple[object, ...]]:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            cursor = await connection.execute(statement, arguments or None)  # type: ignore[arg-type]
            return await cursor.fetchall() if cursor.description else []

    async def until(self, statement: str, *expected: tuple[object, ...]) -> None:
        """Ask until the answer is as expected, for as long as it still becomes another one."""
        found, deadline = await self.do(statement), monotonic() + PATIENCE_SECONDS
        while found != list(expected) and monotonic() < deadline:
            await asyncio.sleep(0.05)
            if (before := found) != (found := await self.do(statement)):
                LOG.info("%s: %s, then %s", statement, before, found)
                deadline = monotonic() + PATIENCE_SECONDS
        assert found == list(expected)

    async def build(self) -> None:
        async with connect(self._url) as connection:
            await accounts.create(
                connection, NAME, Role.TECHNICIAN, PASSWORD, now=utc_now(), token_bytes=lambda count: b"b" * count
            )
        await self._people()
        await self.do("update account set technician = %s where name = %s", NAME, NAME)
        for number, area in ((MINE, "Lengkiti"), (OTHERS, "Baturaja Timur"), (GONE, "Peninjauan")):
            await self._break(number, area)
        await self.do("insert into series (device_id, metric) values ('fp-1', 'rx_power_dbm')")

    async def is_seen(self) -> NoReturn:
        """As long as the test takes."""
        while True:
            await self.do(SEEN)
            await asyncio.sleep(1)

    async def _people(self) -> None:
        contacts = Jsonb([{"channel": "sms_http", "address": "+62 812-3456-78"}])
        await self.do(
            "insert into technician (id, place, name, contacts, language, areas, changed_at, changed_by)"
            " values (%s, 1, 'Budi Santoso', %s, 'id', %s, now(), 'test')",
            *(NAME, contacts, Jsonb(["Lengkiti"])),
        )
        layer = {"name": "siang", "participants": [NAME], "rotation": "daily", "starts_on": "2026-01-01"}
        layer |= {"hand_over": "08:00", "ends_on": None, "windows": [], "holidays_only": False}
        await self.do(
            "insert into rota (name, place, time_zone, layers, changed_at, changed_by)"
            " values ('lapangan', 1, 'Asia/Jakarta', %s, now(), 'test')",
            Jsonb([layer]),
        )

    async def _break(self, number: int, area: str) -> None:
        device = f"fp-{number}"
        await self.do(
            "insert into device (id, kind, name, area, parents, latitude, longitude)"
            " values (%s, 'fibre_point', %s, %s, '[]', -4.25, 103.75)",
            *(device, f"Tiang {area}", area),
        )
        await self.do(
            "insert into incident (root, area, title, severity, state, class, place, affected, opened_at)"
            " values (%s, %s, %s, 'critical', 'open', 'fibre-cut', '{}', %s, now() - interval '1 hour')",
            *(device, area, f"Kabel putus di {area}"),
            Jsonb({"count": 3, "by_kind": {"camera": 3}, "names": ["CCTV Pasar", "CCTV Jembatan", "CCTV Balai"]}),
        )
        await self.do(
            "insert into alert (rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, summary,"
            " incident_id) select 'light-lost', %s, 'fibre_point', %s, 'critical', 'firing', at, at, at, 'gelap', %s"
            " from (select now() - interval '1 hour' as at) since",
            *(device, area, number),
        )

    async def ends(self, number: int) -> None:
        await self.do(
            "update alert set state = 'resolved', ends_at = now(), end_reason = 'cleared' where incident_id = %s",
            number,
        )
        await self.do("update incident set state = 'resolved', resolved_at = now() where id = %s", number)

    async def forgets(self, number: int) -> None:
        await self.do("delete from alert where incident_id = %s", number)
        await self.do("delete from incident where id = %s", number)


@fixture
async def built(database_url: str) -> AsyncIterator[Town]:
    town = Town(database_url)
    await town.build()
    seeing = asyncio.create_task(town.is_seen())
    yield town
    seeing.cancel()
    await asyncio.wait([seeing])


@fixture
async def server(environment: Mapping[str, str], built: Town) -> AsyncIterator[Server]:
    async with serving(environment) as server:
        yield server


@fixture
async def line(server: Server) -> AsyncIterator[Line]:
    async with line_to(server.url) as line:
        yield line


@fixture
async def phone(browser: Browser, line: Line) -> AsyncIterator[Phone]:
    async with phone_of(browser, line) as phone:
        yield phone


@pytest.mark.timeout(600)  # a server started twice, on a machine that may have much else to do
async def test_what_is_done_in_a_valley_arrives_once_with_its_own_time(
    built: Town, server: Server, line: Line, phone: Phone, tmp_path: Path
) -> None:
    """The road there and back: installed in town, used in the valley, sent over a line that loses an answer."""
    await _installs(line, phone)
    left = utc_now()
    await _works_offline(phone, take_photo(tmp_path / "closure.jpg"))
    came_back = utc_now()
    await built.ends(OTHERS)
    await built.forgets(GONE)
    await _answer_is_lost_and_the_server_dies(built, server, line, phone)
    server.process.environment = _another_build(tmp_path) | dict(server.process.environment)
    await _everything_arrives(server, phone)
    await _arrived_once(built, left, came_back, tmp_path)
    assert [line.posts.count(f"/api/v1/incidents/{MINE}/{what}") for what in ("notes", "photos")] == [1, 1]
    await _session_ends(built, phone)
    await _is_another_build(phone)
    await _is_sent_with_the_page_closed(built, phone)
    await _logs_out(phone)


async def _installs(line: Line, phone: Phone) -> None:
    """What is mine first, with all that one must know; small, in both languages of the eye, and to be installed."""
    page = phone.page
    await page.goto(f"{phone.url}/phone")
    line.bytes_passed = 0
    await phone.log_in()
    mine = page.locator("section", has=page.locator("#mine"))
    await expect(mine.locator("h3")).to_have_text(["Kabel putus di Lengkiti"])
    for text in ("Kritis", "1 jam", "Tiang Lengkiti", "CCTV Jembatan", "Splicer", "Belum ada yang menangani"):
        await expect(phone.incident(MINE)).to_contain_text(text)
    call = page.get_by_role("link", name="Telepon Budi Santoso")
    await expect(call).to_have_attribute("href", "tel:+62812345678")
    await expect(phone.age).to_have_text(re.compile(r"^Data dari \d\d:\d\d WIB$"))
    await expect(page.locator("main")).not_to_have_class("old")
    assert await phone.is_hatched() is False
    assert await phone.small_targets() == []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert await phone.axe() == []
    await page.evaluate("navigator.serviceWorker.ready.then(() => caches.open('pantau-phone-of-last-year'))")
    assert await phone.not_to_be_installed_because() == ["in-incognito"]  # as every context of Playwright's is
    LOG.info("the first visit, with the installation: %d bytes", line.bytes_passed)
    assert line.bytes_passed < BUDGET_BYTES
    line.bytes_passed = 0
    async with page.expect_response(f"{phone.url}/api/v1/phone*"):
        await page.reload()
    await expect(phone.age).to_have_text(re.compile("^Data dari"))
    await expect(page.locator(".refresh")).to_have_text("Perbarui")
    LOG.info("the next visit: %d bytes", line.bytes_passed)
    assert 0 < line.bytes_passed < BUDGET_BYTES / 5


async def _works_offline(phone: Phone, photo: Path) -> None:
    await phone.context.set_offline(True)
    await expect(phone.age).to_have_text(re.compile(r"^Data dari \d\d:\d\d WIB · luring$"))
    assert await phone.is_hatched() is True
    await phone.acknowledge(MINE)
    await phone.write(MINE, "Tiang roboh, kabel putus")
    await phone.photograph(MINE, photo, "Closure")
    await phone.acknowledge(OTHERS)
    await phone.write(GONE, "Tidak ada apa-apa")
    await _waits(phone)
    await phone.page.reload()
    # A page opened while Chromium plays offline believes that it is online, and finds out.
    await expect(phone.age).to_have_text(re.compile("luring|server tidak terjangkau"))
    await _waits(phone)
    await expect(phone.incident(MINE).get_by_role("button", name="Saya tangani")).to_have_count(0)
    assert await phone.axe() == []


async def _waits(phone: Phone) -> None:
    """What is shown is on the phone's disk."""
    await expect(phone.incident(MINE).locator(".mark")).to_have_text([WAITING] * 3)
    for number in (OTHERS, GONE):
        await expect(phone.incident(number).locator(".mark")).to_have_text([WAITING])


async def _answer_is_lost_and_the_server_dies(town: Town, server: Server, line: Line, phone: Phone) -> None:
    """Both tabs see the network; what is sent first is heard, and the phone does not know."""
    line.loses_answers = True
    tab = await phone.another_tab()
    await phone.context.set_offline(False)
    await town.until("select id from alert where acknowledged_by is not null", (MINE,))
    server.kill()
    line.cut()
    await expect(phone.age).to_have_text(re.compile("server tidak terjangkau$"))
    await expect(phone.incident(MINE).locator(".mark")).to_have_text([WAITING] * 3)
    await expect(tab.locator(f"[data-incident='{MINE}'] .mark")).to_have_text([WAITING] * 3)
    line.loses_answers = False


async def _everything_arrives(server: Server, phone: Phone) -> None:
    await server.start()
    await phone.refresh()
    await expect(phone.incident(MINE).locator(".mark")).to_have_count(0)
    await expect(phone.incident(MINE)).to_contain_text("Ditangani: Budi Santoso")
    await expect(phone.incident(MINE)).to_contain_text("lihat foto")
    verdicts = phone.page.locator(".outbox .mark")
    await expect(verdicts).to_contain_text(
        ["insiden sudah selesai", "Ditolak server (404). Insiden ini tidak ada lagi."]
    )
    await phone.page.get_by_role("button", name="Mengerti").click()
    await phone.page.get_by_role("button", name="Buang").click()
    await expect(phone.page.locator(".outbox")).to_have_count(0)
    await expect(phone.age).to_have_text(re.compile("WIB$"))


async def _arrived_once(town: Town, left: datetime, came_back: datetime, data: Path) -> None:
    """By the server's clock, although the phone's is an hour slow; in the order in which it was done."""
    taken = await town.do("select alert_id, said_at from alert_transition where who = %s order by alert_id", NAME)
    notes = await town.do("select text, said_at from note order by said_at")
    assert [alert for alert, _ in taken] == [MINE, OTHERS]
    assert [text for text, _ in notes] == ["Tiang roboh, kabel putus", "Closure"]
    # Its clock is late by as much as an answer was once on its way, and never ahead.
    late, second = timedelta(seconds=PATIENCE_SECONDS), timedelta(seconds=1)
    for _, said_at in (*taken, *notes):
        assert isinstance(said_at, datetime)
        assert left - late < said_at < came_back + second
    ((number, bytes_),) = await town.do("select id, bytes from photo")
    picture = cv2.imread(str(data / "photos" / f"{number}.jpg"))
    assert picture is not None
    assert max(picture.shape) == 1_600
    assert isinstance(bytes_, int)


async def _session_ends(town: Town, phone: Phone) -> None:
    """The page stays, what is written waits, and a login sends it."""
    await town.do("update token set revoked_at = now() where kind = 'session'")
    await phone.write(MINE, "Tersambung lagi")
    await expect(phone.age).to_have_text(re.compile("sesi habis$"))
    await expect(phone.incident(MINE).locator(".mark")).to_have_text([WAITING])
    await phone.page.get_by_role("link", name="Masuk").click()
    await phone.log_in()
    await expect(phone.incident(MINE)).to_contain_text("Tersambung lagi")
    await expect(phone.incident(MINE).locator(".mark")).to_have_count(0)
    assert await town.do("select count(*) from note") == [(3,)]


async def _is_another_build(phone: Phone) -> None:
    """Fetched beside the old one and taken over without a hand; nothing is left of older ones."""
    await expect(phone.page).to_have_title("Pantau teknisi, yang baru")
    assert await phone.shells() == ["pantau-phone-000000000000"]


async def _is_sent_with_the_page_closed(town: Town, phone: Phone) -> None:
    """By the service worker, when the browser tells it that there is a network."""
    await phone.context.set_offline(True)
    await phone.write(MINE, "Dari jalan")
    await expect(phone.incident(MINE).locator(".mark")).to_have_text([WAITING])
    await phone.close()
    await phone.context.set_offline(False)
    await phone.find_a_network()
    await town.until("select count(*) from note where text = 'Dari jalan'", (1,))
    assert await town.do("select count(*) from note") == [(4,)]


async def _logs_out(phone: Phone) -> None:
    """Nothing is left on the phone of whom to call."""
    await phone.open()
    await expect(phone.incident(MINE)).to_contain_text("Dari jalan")
    await phone.page.get_by_role("button", name="Keluar").click()
    await expect(phone.page.locator("input[name=name]")).to_be_visible()
    await phone.page.goto(f"{phone.url}/phone")
    await expect(phone.age).to_have_text("sesi habis")
    await expect(phone.page.locator("main")).to_have_text(re.compile("^Menunggu data pertama"))


# The phone's disk is busy, until it is said not to be.
BUSY = """() => new Promise((begun, failed) => {
  const asked = indexedDB.open("pantau-phone");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const queue = asked.result.transaction("queue", "readwrite").objectStore("queue");
    globalThis.busy = true;
    const hold = () => { if (globalThis.busy) queue.count().onsuccess = hold; };
    hold();
    begun();
  };
})"""


async def test_a_note_that_is_begun_while_the_phone_still_writes_stays_open(built: Town, phone: Phone) -> None:
    incident = phone.incident(MINE)
    await phone.page.goto(f"{phone.url}/phone")
    await phone.log_in()
    await expect(incident).to_be_visible()
    await phone.page.evaluate(BUSY)
    await phone.acknowledge(MINE)
    await incident.get_by_role("button", name="Catatan").click()
    await incident.locator("textarea").fill("Tiang roboh")
    await phone.page.evaluate("globalThis.busy = false")
    await expect(incident).to_contain_text("Ditangani: Budi Santoso")
    await expect(incident.locator("textarea")).to_have_value("Tiang roboh")
    await incident.get_by_role("button", name="Simpan").click()
    await expect(incident.locator("textarea")).to_have_count(0)
    await built.until("select text from note", ("Tiang roboh",))


# What was written on this phone, again and again under other keys.
COPIED = """(times) => new Promise((done, failed) => {
  const asked = indexedDB.open("pantau-phone");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const step = asked.result.transaction("queue", "readwrite");
    step.oncomplete = () => { asked.result.close(); done(); };
    const queue = step.objectStore("queue");
    queue.getAll().onsuccess = ({ target }) => {
      for (let time = 0; time < times; time += 1) queue.add({ ...target.result[0], key: crypto.randomUUID() });
    };
  };
})"""


async def test_a_phone_that_is_full_says_so_keeps_what_is_written_and_sends_all_it_took(
    built: Town, phone: Phone
) -> None:
    page = phone.page
    await page.goto(f"{phone.url}/phone")
    await phone.log_in()
    await expect(phone.incident(MINE)).to_be_visible()
    await phone.context.set_offline(True)
    await phone.write(MINE, "Tiang roboh")
    await expect(phone.incident(MINE).locator(".mark")).to_have_text([WAITING])
    await page.evaluate(COPIED, ITEMS_MAX - 1)
    await phone.write(MINE, "Yang terakhir")
    await expect(phone.incident(MINE).locator(".complaint")).to_have_text(re.compile(r"^Antrean penuh \(100\)"))
    await expect(phone.incident(MINE).locator("textarea")).to_have_value("Yang terakhir")
    await phone.context.set_offline(False)
    await built.until("select count(*) from note", (ITEMS_MAX,))
    await expect(phone.incident(MINE).locator(".mark")).to_have_count(0)
    await phone.incident(MINE).get_by_role("button", name="Simpan").click()
    await expect(phone.incident(MINE)).to_contain_text("Yang terakhir")
    await expect(phone.incident(MINE).locator("textarea")).to_have_count(0)
    await expect(phone.incident(MINE).locator(".mark")).to_have_count(0)
    assert await built.do("select count(*) from note where text = 'Yang terakhir'") == [(1,)]
    assert await built.do("select count(*) from note") == [(ITEMS_MAX + 1,)]


def _another_build(folder: Path) -> dict[str, str]:
    """The same centre with other pages: where Python finds it."""
    copied = folder / "another"
    for room in ROOMS:
        copytree(ROOT / room, copied / room, ignore=ignore_patterns("node_modules"))
    pages = copied / "dashboards/built/phone"
    page, worker = pages / "index.html", pages / "sw.js"
    page.write_text(page.read_text().replace("Pantau teknisi", "Pantau teknisi, yang baru"))
    worker.write_text(re.sub(r"[0-9a-f]{12}", "0" * 12, worker.read_text()))
    return {"PYTHONPATH": str(copied), "PYTHONSAFEPATH": "1"}
