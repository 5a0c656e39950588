"""`pantau doctor` and `pantau notify test` as an operator meets them, against real servers and dead ends."""

import json
from pathlib import Path

import psycopg
import pytest

from deploy.commands import doctor, notify
from deploy.commands.failed import FailedError
from deploy.local.mosquitto import Mosquitto
from deploy.refused import RefusedError
from deploy.settings import Settings, read_settings
from tests.alerts.peers.http_server import HttpServer, Response, always, http_server

PASSWORD = "hunter2-rahasia"
CITY = '[city]\nname = "Kota"\ndevices = "devices.csv"\n'
CHANNEL = '[[channels]]\nname = "{name}"\nkind = "webhook"\nurl = "{url}/{password}"\ntimeout_seconds = 15\n'
ADD_CAMERA = """
insert into device (id, kind, name, area, parents, attributes)
values ('cam-1', 'camera', 'Kamera', '', '[]', '{"rtsp_url": "rtsp://127.0.0.1:9/1"}')
"""


def settings(tmp_path: Path, *, database: str = "", broker: str = "", **urls: str) -> Settings:
    city = tmp_path / "city.toml"
    channels = [CHANNEL.format(name=name, url=url, password=PASSWORD) for name, url in urls.items()]
    city.write_text(CITY + "".join(channels))
    given = {"PANTAU_CONFIG": str(city), "PANTAU_DATABASE_URL": database, "PANTAU_MQTT_URL": broker}
    return read_settings(given)


async def test_where_everything_answers_there_is_a_line_each(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    async with http_server(always(Response())) as server:
        asked = settings(tmp_path, database=database_url, broker=mosquitto_server.url, ops=server.url)
        await doctor.run(asked, as_json=False)
    assert capsys.readouterr().out == "ok   database\nok   broker\nok   channel   ops\n"
    assert [request.method for request in server.requests] == ["HEAD"]


async def test_what_cannot_be_reached_is_told_with_its_reason_and_no_secret(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(ADD_CAMERA)
    asked = settings(
        tmp_path, database=database_url, broker=f"mqtt://u:{PASSWORD}@127.0.0.1:9", ops="http://127.0.0.1:9"
    )
    with pytest.raises(FailedError, match="3 of 4 cannot be reached"):
        await doctor.run(asked, as_json=True)
    out = capsys.readouterr().out
    assert [(one["part"], one["name"], bool(one["reason"])) for one in json.loads(out)] == [
        ("database", "", False),
        ("broker", "", True),
        ("camera", "cam-1", True),
        ("channel", "ops", True),
    ]
    assert json.loads(out)[2]["reason"] == "refused"
    assert PASSWORD not in out


async def test_what_is_not_set_and_a_dead_database_are_findings_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(FailedError):
        await doctor.run(settings(tmp_path, database=f"postgresql://u:{PASSWORD}@127.0.0.1:9/d"), as_json=False)
    database, broker = capsys.readouterr().out.splitlines()
    assert database.startswith("FAIL database")
    assert "refused" in database
    assert broker.split(None, 2)[2] == "PANTAU_MQTT_URL is not set"
    assert PASSWORD not in database


async def test_a_trial_page_goes_out_on_every_channel_and_says_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with http_server(always(Response())) as good, http_server(always(Response(500))) as bad:
        asked = settings(tmp_path, ops=good.url, log=bad.url)
        with pytest.raises(FailedError, match="not delivered: log"):
            await notify.try_out(asked, channel=None, to=None, as_json=False)
        ops, log = capsys.readouterr().out.splitlines()
        assert ops.startswith("ops  ")
        assert "delivered in" in ops
        assert log.split() == ["log", "HTTP", "500"]
        await notify.try_out(asked, channel="ops", to=None, as_json=True)
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["channel"], told["delivered"], told["reason"]) == ("ops", True, None)
    body = good.requests[0].json
    assert (body["version"], body["status"]) == ("4", "resolved")
    assert body["commonAnnotations"]["summary"].startswith("UJI COBA: kanal ops dari Kota")


async def test_a_channel_that_there_is_not_is_refused(tmp_path: Path) -> None:
    gone = HttpServer(always(Response()), port=9)
    for asked, channel, told in (
        (settings(tmp_path, ops=gone.url), "sms", "no channel is called sms; there are: ops"),
        (settings(tmp_path), "sms", "city.toml: there are no [[channels]]"),
        (settings(tmp_path), None, "city.toml: there are no [[channels]]"),
    ):
        with pytest.raises(RefusedError) as refused:
            await notify.try_out(asked, channel=channel, to=None, as_json=False)
        assert refused.value.faults[0].endswith(told)
