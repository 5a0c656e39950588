"""A night on call: a line of three fibre points, two technicians, and real ways to reach them.

At second 0 the fibre before B is cut. Budi's Telegram shows one page that says where and what hangs on it, and the
office has it by mail. He presses the button that calls the next; Siti's SMS carries a code, and she answers with it
that she takes it. When the cable is whole again, everybody who was told hears that, once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.mosquitto import Mosquitto
from devices.device import Device
from simulators.city import City
from simulators.publisher import playing
from tests.alerts.peers.bot_api import TOKEN, BotApi, bot_api
from tests.alerts.peers.certificate import make_certificate
from tests.alerts.peers.http_server import HttpServer, Request, Response, http_server
from tests.alerts.peers.mail_server import MailServer, mail_server
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.story import OFTEN_HEARD, Story, telling

CITY = """
[city]
name = "OKU"
devices = "devices.csv"

[mqtt]
root = "{root}"

[states.kinds.fibre_point]
{often}

[[rules]]
name = "device-down"
kind = "state"
severity = "critical"
keep_firing_for = "3s"

[[channels]]
name = "tg"
kind = "telegram"
token = "{token}"
api = "{telegram}"
timeout_seconds = 15

[[channels]]
name = "sms"
kind = "sms_http"
url = "{gateway}/send"
timeout_seconds = 15

[[channels]]
name = "office"
kind = "email"
host = "127.0.0.1"
port = {mail}
ca_file = "certificate.pem"
timeout_seconds = 15
sender = "pantau@oku.example"
to = "noc@oku.example"

[[policies]]
name = "night"
steps = [
    { after_minutes = 30, notify = ["technician:budi", "channel:office"] },
    { after_minutes = 30, notify = ["technician:siti"] },
]

[[routes]]
policy = "night"
""".replace("{often}", OFTEN_HEARD)
BUDI = {"id": "budi", "name": "Budi", "contacts": [{"channel": "tg", "address": "77"}]}
SITI = {"id": "siti", "name": "Siti", "contacts": [{"channel": "sms", "address": "+6281234567890"}]}
LINE = [
    Device(id="pop", kind="fibre_point", name="POP", area="Lengkiti"),
    Device(id="b", kind="fibre_point", name="B", area="Lengkiti", latitude=-4.2, longitude=104.1, parents=("pop",)),
    Device(id="c", kind="fibre_point", name="C", area="Lengkiti", parents=("b",)),
]


@dataclass(frozen=True, slots=True)
class Phones:
    """What stands in for the hardware and the services of others."""

    telegram: BotApi
    gateway: HttpServer
    mail: MailServer

    @property
    def short_messages(self) -> list[dict[str, Any]]:
        return [request.json for request in self.gateway.requests]

    @property
    def ends_by_sms(self) -> list[dict[str, Any]]:
        """An answer to a reply may come before it or after it."""
        return [message for message in self.short_messages if "PULIH" in message["text"]]


@asynccontextmanager
async def phones(folder: Path) -> AsyncIterator[tuple[Phones, str]]:
    """The peers, and the city that knows them."""

    async def taken(_: Request) -> Response:
        return Response()

    tls = make_certificate(folder).server_context()
    async with bot_api() as telegram, http_server(taken) as gateway, mail_server(tls) as mail:
        known = {"token": TOKEN, "telegram": telegram.url, "gateway": gateway.url, "mail": str(mail.port)}
        city = CITY
        for name, value in known.items():
            city = city.replace(f"{{{name}}}", value)
        yield Phones(telegram, gateway, mail), city


async def until(holds: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)
    assert holds(), what


async def test_a_cut_calls_one_and_then_the_next_and_all_of_them_hear_the_end(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto
) -> None:
    async with (
        phones(tmp_path) as (reached, city),
        telling(tmp_path, database_url, mosquitto_server.url, city=city, devices=LINE) as story,
        playing(LINE, City(seed=1), story.stage, interval_seconds=0.5) as cast,
    ):
        answer = await story.api.put("/api/v1/oncall/technicians", json={"items": [BUDI, SITI]})
        assert answer.is_success, answer.text
        await story.until("summary", lambda found: found["devices"]["fibre_point"]["up"] == len(LINE))

        await cast.cut({"b", "c"})
        await _budi_is_told(reached)
        await reached.telegram.presses(_button(reached.telegram.sent[0], "Naikkan"))
        await _siti_takes_it(reached, story)

        await cast.restore({"b", "c"})
        await until(lambda: len(reached.telegram.sent) == 2, "Budi hears the end")
        await until(lambda: reached.ends_by_sms, "Siti hears the end")
        await until(lambda: len(reached.mail.mails) == 2, "the office hears the end")
        assert "PULIH" in reached.telegram.sent[1]["text"]
        assert [message["to"] for message in reached.ends_by_sms] == ["+6281234567890"]
        first, last = reached.mail.mails
        assert last["References"] == first["References"], "a mail client shows one thread"
        await story.until("notifications", lambda told: all(one["delivered_at"] for one in told["items"]))
        assert (await story.ask("incidents?state=open"))["items"] == []


async def _budi_is_told(reached: Phones) -> None:
    await until(lambda: reached.telegram.sent, "Budi is told")
    await until(lambda: reached.mail.mails, "and so is the office")
    page = reached.telegram.sent[0]
    assert page["chat_id"] == "77"
    number, _, rest = page["text"].partition(" ")
    assert number.endswith(".1")
    assert rest.startswith("KRITIS: Kabel FO putus antara POP dan B, Lengkiti: 1 titik")
    for line in ("https://www.google.com/maps?q=-4.200000,104.100000", "Bawa: OTDR", "Terdampak: C"):
        assert line in page["text"]
    assert reached.mail.mails[0]["Subject"].startswith(number)
    assert not reached.short_messages


async def _siti_takes_it(reached: Phones, story: Story) -> None:
    await until(lambda: reached.short_messages, "Siti is called")
    message = reached.short_messages[0]
    assert message["to"] == "+6281234567890"
    assert len(message["text"]) <= 160
    assert message["text"].endswith("1a ok 1e naik 1c tutup")
    stranger = await story.api.post("/api/v1/replies/sms", json={"from": "+6289999999999", "text": "1a"})
    assert stranger.status_code == 202
    answer = await story.api.post("/api/v1/replies/sms", json={"from": "081234567890", "text": "1a"})
    assert answer.status_code == 202
    (alert,) = (await story.until("alerts?state=acknowledged", lambda found: found["items"]))["items"]
    assert alert["device"] == "b"
    ((who,),) = await story.rows("select acknowledged_by from alert where id = %s", alert["id"])
    assert who == "Siti"


def _button(message: dict[str, Any], label: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    return next(str(button["callback_data"]) for row in rows for button in row if button["text"] == label)
