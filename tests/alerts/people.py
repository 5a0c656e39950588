"""Two technicians and a policy for these tests, devices that fall, and time that goes by."""

from collections.abc import Mapping, Sequence
from typing import Any

from alerts.oncall.rows import save_technicians
from alerts.oncall.written import WrittenTechnician
from alerts.settings import AlertSettings
from tests.alerts.city import DOWN, City, settings

MAILS = """
select technician, channel, body ->> 'status', sequence from notification order by id
"""


def technician(name: str, *channels: str, quiet: Sequence[str] = (), language: str = "id") -> WrittenTechnician:
    """Quiet, where it is given, from one time of the day until another."""
    contacts = [{"channel": channel, "address": f"{name}@{channel}"} for channel in channels or ("tg", "sms")]
    hours = {"from": quiet[0], "until": quiet[1], "time_zone": "Asia/Jakarta"} if quiet else None
    written = {"id": name, "name": name.title(), "contacts": contacts, "quiet": hours, "language": language}
    return WrittenTechnician.model_validate(written)


BUDI, SITI, AGUS = technician("budi"), technician("siti"), technician("agus", "sms")
NIGHT = {
    "name": "night",
    "repeat": 1,
    "steps": [
        {"after_minutes": 5, "notify": ["technician:budi"]},
        {"after_minutes": 10, "notify": ["technician:siti", "channel:ops"]},
    ],
}


def wanted(*rules: Mapping[str, Any], **route: Any) -> AlertSettings:  # noqa: ANN401  sections of city.toml
    channels = [{"name": name, "kind": "webhook", "url": f"http://{name}.example"} for name in ("ops", "tg", "sms")]
    routes = [{"policy": "night", "group_wait": "0s"} | route]
    policies = [NIGHT | {"name": route.get("policy") or "night"}]
    return settings(*map(dict, rules), channels=channels, routes=routes, policies=policies)


async def start(city: City, *people: WrittenTechnician, rules: Sequence[Mapping[str, Any]] = (DOWN,)) -> None:
    city.start(wanted(*rules))
    async with city.pool.connection() as connection:
        await save_technicians(connection, people or (BUDI, SITI), who="tests", now=city.clock.now())


async def falls(city: City, *devices: str) -> None:
    for device in devices:
        await city.add(device)
        await city.says("online", device)
        await city.reads(device, -20.0)
    await city.round()
    city.clock.pass_(1)
    await city.says("offline", *devices)
    await city.round()


async def arrives(city: City) -> None:
    await city.run("update notification set delivered_at = created_at where delivered_at is null")


async def passes(city: City, seconds: float, *heard: str, step: float = 5) -> None:
    """Time goes by with a round every few seconds, in which those who are well are heard."""
    left = seconds
    while left > 0:
        city.clock.pass_(min(step, left))
        left -= step
        for device in heard:
            await city.reads(device, -20.0)
        await city.round()
