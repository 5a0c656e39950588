"""An operator's evening at the desk: a cut, an incident, a stranger in the river, somebody who falls ill."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from alerts.oncall import rows
from alerts.oncall.written import WrittenRota, WrittenTechnician
from alerts.rules.parse import parse_rule
from dashboards.rights import accounts
from dashboards.roles import Role
from deploy.clocks import utc_now
from deploy.database import connect
from tests.browser.conftest import fixture
from tests.browser.engine import judging
from tests.browser.phone import take_photo
from tests.browser.screen import PASSWORD, Screen, screen_of
from tests.browser.wib import WIB
from tests.centre import Centre, ingesting

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIBRE_DOWN = parse_rule(
    "fibre-down",
    {"kind": "state", "severity": "critical", "match": {"kind": "fibre_point"}, "summary": "{{ device.name }} putus"},
)
CONTACT = {"channel": "telegram", "address": "chat-77"}
TECHNICIANS = [{"id": name.lower(), "name": name, "contacts": [CONTACT]} for name in ("Budi", "Sari")]
DAILY = {
    "name": "siang",
    "participants": ["budi"],
    "rotation": "daily",
    "starts_on": "2026-01-01",
    "hand_over": "08:00",
}
ROTA = {"name": "lapangan", "time_zone": "Asia/Jakarta", "layers": [DAILY]}
NEW_PASSWORD = "sungai ogan yang baru"
# What a page does under its own origin, with its own cookie.
ASK = """async ([method, path, body]) => {
  const headers = { "Content-Type": "application/json" };
  return (await fetch(path, { method, headers, body: JSON.stringify(body) })).status;
}"""


@fixture
async def engine(database_url: str) -> AsyncIterator[asyncio.Task[None]]:
    async with judging(database_url, [FIBRE_DOWN]) as task:
        yield task


@asynccontextmanager
async def at_the_wall(browser: Browser, url: str, database_url: str) -> AsyncIterator[Screen]:
    """Somebody who may only look."""
    async with connect(database_url) as connection:
        await accounts.create(connection, "lobi", Role.WALL, PASSWORD, now=utc_now(), token_bytes=secrets.token_bytes)
    async with screen_of(browser, url) as screen:
        await screen.page.goto(f"{url}/login?next=/desk")
        await screen.page.locator("input[name=name]").fill("lobi")
        await screen.page.locator("input[name=password]").fill(PASSWORD)
        await screen.page.locator("button").click()
        yield screen


async def _cut(town: Centre) -> None:
    """fp-001 goes, and takes fp-002 with it."""
    await town.rows("update device set parents = '[\"fp-001\"]' where id = 'fp-002' returning id")
    for power in (-21.4, -21.6):
        for device in ("fp-001", "fp-002"):
            await town.publish(device, f'{{"rx_power_dbm": {power}}}')
    for device in ("fp-002", "fp-001"):
        await town.publish(device, "offline", channel="status", retain=True)


async def test_an_evening_at_the_desk(town: Centre, screen: Screen, browser: Browser) -> None:
    page = screen.page
    await _cut(town)
    await screen.log_in(query="?next=/desk")
    async with screen.never_reloaded():
        await _finds_out_why(page)
        await _takes_the_incident(page)
        await _silences_it(page, screen)
        await _adopts_a_stranger(town, page)
        await _lets_sari_stand_in(town, page)
    await page.goto(f"{screen.url}/desk/incidents/1?lang=en")
    await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    await expect(page.get_by_role("link", name="On call")).to_have_attribute("href", "/desk/oncall?lang=en")
    assert await screen.fits(360)
    await page.goto(f"{screen.url}/desk/accounts")
    await expect(page.locator("nav [aria-current]")).to_be_in_viewport(ratio=1)
    async with at_the_wall(browser, screen.url, town.database_url) as wall:
        await _may_only_look(wall)


async def _finds_out_why(page: Page) -> None:
    """From the search to what is down, and from what hangs on it to the cause; Back is where one came from."""
    await page.get_by_label("Cari nama atau id").fill("fp_002")
    await page.locator(".rows").get_by_role("link", name="fp_002").click()
    await expect(page.get_by_role("heading", name="fp_002", level=1)).to_be_focused()
    await expect(page.locator(".lead")).to_contain_text("Tak terjangkau")
    await page.locator(".chain").get_by_role("link", name="fp_001").click()
    await expect(page.locator(".lead")).to_contain_text("Putus")
    await expect(page.locator(".sentences")).to_contain_text("menyatakan putus pada")
    chart = page.get_by_role("img", name=re.compile(r"^daya optik: terendah -21,6 dBm"))
    await expect(chart.locator("canvas")).to_be_visible()
    await expect(page.locator(".ribbon .bucket.down").last).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="fp_002", level=1)).to_be_focused()
    await page.locator(".lead").get_by_role("link", name="fp_001").click()


async def _takes_the_incident(page: Page) -> None:
    await page.locator(".sentences ~ p").get_by_role("link", name="Insiden #1").click()
    await page.get_by_role("button", name="Tangani").dblclick()
    await expect(page.get_by_role("status").get_by_text("Anda menanganinya")).to_be_visible()
    await expect(page.get_by_text("Ditangani: operator")).to_be_visible()
    for label, button, said in (
        ("Komentar", "Kirim komentar", "Tim berangkat"),
        ("Catatan", "Simpan catatan", "Kabel di jembatan"),
    ):
        await page.get_by_role("textbox", name=label).fill(said)
        await page.get_by_role("button", name=button).click()
        await expect(page.locator(".timeline").get_by_text(said)).to_have_count(1)


async def _silences_it(page: Page, screen: Screen) -> None:
    """What the server refuses stands beside the button that asked, in the page's language."""
    await page.locator("summary", has_text="Redam").click()
    silence = page.get_by_role("form", name="Redam pemberitahuan")
    await silence.get_by_label("Alasan").fill("Sudah dikerjakan")
    await silence.get_by_label("Sampai").fill("2020-01-01T00:00")
    await silence.get_by_role("button").click()
    await expect(silence.get_by_role("alert")).to_have_text("Server menolak: Akhirnya harus sesudah sekarang.")
    screen.forgive("status of 422")
    await silence.get_by_label("Sampai").fill(_in_an_hour())
    await silence.get_by_role("button").click()
    await expect(silence.get_by_role("status")).to_contain_text("Diredam")
    await page.get_by_role("link", name="Peredaman & pekerjaan").click()
    await expect(page.locator(".rows tbody tr")).to_contain_text("Sudah dikerjakan")


async def _adopts_a_stranger(town: Centre, page: Page) -> None:
    await town.publish("wl-77", '{"level_metres": 2.1}')
    await town.until("select device_id from rejected", ("wl-77",))
    await page.get_by_role("link", name="Pesan ditolak").click()
    await page.locator("summary", has_text="Adopsi wl-77").click()
    adoption = page.get_by_role("form", name="Adopsi wl-77")
    await adoption.get_by_label("Jenis").select_option(label="Tinggi muka air")
    await adoption.get_by_label("Nama", exact=True).fill("Ogan di Jembatan")
    await adoption.get_by_label("Kecamatan").select_option("Baturaja Timur")
    await adoption.get_by_role("button").click()
    await page.get_by_role("status").get_by_role("link", name="wl-77").click()
    await expect(page.get_by_role("heading", name="Ogan di Jembatan", level=1)).to_be_focused()


async def _lets_sari_stand_in(town: Centre, page: Page) -> None:
    people, rota = map(WrittenTechnician.model_validate, TECHNICIANS), WrittenRota.model_validate(ROTA)
    async with connect(town.database_url) as connection:
        await rows.save_technicians(connection, list(people), who="test", now=utc_now())
        await rows.save_rotas(connection, [rota], who="test", now=utc_now())
    await page.get_by_role("link", name="Jadwal piket").click()
    await expect(page.locator(".duty")).to_contain_text("lapangan: Budi")
    await page.locator("summary", has_text="Tambah pengganti").click()
    form = page.get_by_role("form", name="Tambah pengganti")
    await form.get_by_label("Sari").check()
    await form.get_by_label("Alasan").fill("Budi sakit")
    await form.get_by_role("button").click()
    await expect(page.locator(".rows tbody tr")).to_contain_text("Budi sakit")
    await expect(page.locator(".duty")).to_contain_text("lapangan: Sari")
    await expect(page.locator(".week .override.now")).to_contain_text("Sari")


async def _may_only_look(wall: Screen) -> None:
    """No button writes, and the server refuses what is asked all the same."""
    page = wall.page
    await page.locator("a[href='/desk/incidents/1']").click()
    await expect(page.locator(".timeline").get_by_text("Kabel di jembatan")).to_be_visible()
    await expect(page.locator("main button")).to_have_count(0)
    assert await page.evaluate(ASK, ["POST", "/api/v1/incidents/1/acknowledge", {}]) == 403
    await expect(page.get_by_role("link", name="Jejak audit")).to_have_count(0)
    await page.goto(f"{wall.url}/desk/audit")
    await expect(page.get_by_role("alert").get_by_text("Peran Anda tidak boleh melihat halaman ini")).to_be_visible()
    wall.forgive("status of 403")


async def test_a_counter_says_how_fast_it_grows_now(centre: Centre, screen: Screen) -> None:
    await centre.has_devices(tc_01="traffic_counter")
    async with ingesting(centre):
        now = int(utc_now().timestamp() * 1_000)

        async def counts(vehicles: int, *, ago: int) -> None:
            told = f'{{"ts": {now - ago * 1_000}, "values": {{"vehicles_total": {vehicles}}}}}'
            await centre.publish("tc-01", told)

        for vehicles, ago in ((500, 180), (530, 120), (590, 60)):
            await counts(vehicles, ago=ago)
        await screen.log_in(query="?next=/desk/devices/tc-01")
        caption = screen.page.locator(".chart figcaption", has_text="kendaraan")
        await expect(caption.locator("strong")).to_have_text("3.600 /jam")
        await counts(620, ago=0)
        await expect(caption.locator("strong")).to_have_text("1.800 /jam")


async def test_a_photo_taken_by_a_large_camera_is_made_small_here_and_stands_in_the_timeline(
    town: Centre, screen: Screen, tmp_path: Path
) -> None:
    page = screen.page
    await _cut(town)
    await town.until("select count(*) from incident", (1,))
    await screen.log_in(query="?next=/desk/incidents/1")
    form = page.get_by_role("form", name="Foto", exact=True)
    (tmp_path / "notes.jpg").write_text("Kabel di jembatan")
    await form.locator("input[type=file]").set_input_files(tmp_path / "notes.jpg")
    await form.get_by_role("button", name="Kirim foto").click()
    await expect(form.get_by_role("alert")).to_have_text("Berkas ini bukan gambar yang dapat dibaca.")
    await form.locator("input[type=file]").set_input_files(take_photo(tmp_path / "closure.jpg"))
    await form.get_by_label("Keterangan foto").fill("Closure di jembatan")
    await form.get_by_role("button", name="Kirim foto").dblclick()
    photo = page.locator(".timeline img")
    await expect(photo).to_have_attribute("alt", re.compile("Closure di jembatan$"))
    await photo.scroll_into_view_if_needed()
    await expect(photo).to_have_js_property("naturalWidth", 1_920)
    await expect(form.locator("input[type=file]")).to_have_value("")
    assert await town.rows("select count(*) from photo") == [(1,)]
    (kept,) = (tmp_path / "photos").iterdir()
    assert kept.stat().st_size < 1_000_000
    assert b"Exif" not in kept.read_bytes()


async def test_a_password_is_changed_by_who_knows_the_old_one_and_other_screens_are_out(
    town: Centre, screen: Screen, browser: Browser
) -> None:
    await screen.log_in(query="?next=/desk/accounts")
    async with screen_of(browser, screen.url) as forgotten:
        await forgotten.log_in(query="?next=/desk")
        await expect(forgotten.page.locator(".live")).to_have_text("Langsung")
        async with screen.never_reloaded():
            await _changes_the_password(screen)
        await forgotten.page.wait_for_url("**/login?next=%2Fdesk")
        await forgotten.log_in(query="?next=/desk")
        await expect(forgotten.page.get_by_role("alert")).to_have_text("Nama atau kata sandi salah.")
        await forgotten.log_in(password=NEW_PASSWORD, query="?next=/desk")
        await expect(forgotten.page.locator(".live")).to_have_text("Langsung")
        forgotten.forgive("401 (Unauthorized)")


async def _changes_the_password(screen: Screen) -> None:
    """What is wrong stands beside the button; in our words where we know, in the server's where that refuses it."""
    form = screen.page.get_by_role("form", name="Kata sandi saya")
    for old, new, again, said in (
        (PASSWORD, NEW_PASSWORD, PASSWORD, "Kedua kata sandi baru tidak sama."),
        ("bukan ini", NEW_PASSWORD, NEW_PASSWORD, "Kata sandi lama salah."),
    ):
        await _types(form, old, new, again)
        await expect(form.get_by_role("alert")).to_contain_text(said)
    await _types(form, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    await expect(form.get_by_role("status")).to_contain_text("Kata sandi diganti; sesi lain berakhir")
    await expect(form.get_by_label("Kata sandi lama")).to_have_value("")
    screen.forgive("403 (Forbidden)")


async def _types(form: Locator, old: str, new: str, again: str) -> None:
    for label, typed in (("Kata sandi lama", old), ("Kata sandi baru", new), ("Sekali lagi", again)):
        await form.get_by_label(label).fill(typed)
    await form.get_by_role("button").click()


def _in_an_hour() -> str:
    return (utc_now().astimezone(WIB) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
