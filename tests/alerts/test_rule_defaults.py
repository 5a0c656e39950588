"""OKU's own rules: every fall is told by one of them, a healthy city by none, and each tells of its trouble."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.rules.derived import Derived
from alerts.rules.forecast import Forecast
from alerts.rules.in_state import InState
from alerts.rules.kinds import Rule
from alerts.rules.rate import Rate
from alerts.rules.threshold import Threshold
from alerts.rules.window import Window
from alerts.settings import AlertSettings
from deploy.city import read_city
from deploy.city_text import CityText
from devices.device import Device
from devices.inventory import Inventory, parse
from devices.kinds import KINDS
from simulators.city import City as Simulated
from tests.alerts.city import NOON, City, after
from tests.alerts.test_rule_derived import rolled, told

OKU = Path(__file__).parents[2] / "deploy"
CITY = read_city(CityText.read([OKU / "city.toml"]))
RULES: dict[str, Rule] = {rule.name: rule for rule in CITY.rules}
HOUR, DAY = 3_600, 86_400


def _devices() -> list[Device]:
    inventory = parse((OKU / "devices.csv").read_bytes())
    assert isinstance(inventory, Inventory)
    return list(inventory.devices)


DEVICES = _devices()


def some(kind: str, count: int = 4) -> list[Device]:
    """Devices of a kind from all over the list."""
    of_kind = [device for device in DEVICES if device.kind == kind]
    return of_kind[:: max(1, len(of_kind) // count)][:count]


def start(city: City) -> None:
    city.start(AlertSettings(rules=CITY.rules, states=CITY.states))


def test_what_the_issue_asks_for_is_there() -> None:
    assert {
        *("fibre-down", "village-down", "camera-offline", "application-down", "device-down"),
        *("optical-low", "optical-fading", "packet-loss", "slow", "hotspot-full"),
        *("river-warning", "river-danger", "river-rising", "air-unhealthy", "mains-off", "ups-low"),
        *("camera-covered", "camera-moved", "certificate-ends", "disk-full", "ingest-lag"),
    } <= RULES.keys()


def test_every_kind_of_device_falls_by_exactly_one_rule() -> None:
    falls = Counter(kind for rule in CITY.rules if isinstance(rule, InState) for kind in rule.match.kinds)
    assert falls == dict.fromkeys(KINDS, 1)


class TestTheHealthyCity:
    """Seed 1 is the one that the demo plays: a year of it, at odd hours."""

    YEAR = range(0, 365 * 24, 11)
    SIMULATED = Simulated(seed=1)
    BEGIN = datetime(2026, 1, 1, tzinfo=UTC).timestamp()

    def _values(self, device: Device, metric: str, hours: Iterable[float]) -> list[float]:
        return [self.SIMULATED.value(device, metric, self.BEGIN + hour * HOUR) for hour in hours]

    def _asked(self, rule: Threshold | Derived) -> list[Device]:
        kinds = [kind for kind in rule.match.kinds if kind != "camera" and rule.metric in KINDS[kind].metrics]
        return [device for kind in kinds for device in some(kind, 2)]

    @pytest.mark.parametrize(
        "rule", [rule for rule in CITY.rules if isinstance(rule, Threshold | Window)], ids=lambda rule: rule.name
    )
    def test_no_value_is_beyond_a_bound(self, rule: Threshold | Window) -> None:
        """And so neither is any mean of values."""
        for device in self._asked(rule):
            worst = [value for value in self._values(device, rule.metric, self.YEAR) if rule.breached(value)]
            assert not worst, (device.id, worst)

    def _reckoned(self, rule: Rate | Forecast, step: float, seconds: float) -> list[float]:
        """What the rule makes of a window a step long, at many moments."""
        found = []
        for device in self._asked(rule):
            for hour in range(24 * 8, 365 * 24, 67):
                ages = [-age for age in range(0, int(seconds), int(step))][::-1]
                values = self._values(device, rule.metric, [hour + age / HOUR for age in ages])
                measured = rule.measure({"at": NOON, "seconds": [float(age) for age in ages], "amounts": values})
                assert measured is not None
                found.append(measured.value)
        return found

    def test_no_fibre_fades(self) -> None:
        rule = RULES["optical-fading"]
        assert isinstance(rule, Rate)
        assert not [value for value in self._reckoned(rule, 6 * HOUR, 7 * DAY) if rule.breached(value)]

    def test_no_river_is_about_to_flood(self) -> None:
        rule = RULES["river-rising"]
        assert isinstance(rule, Forecast)
        assert not [value for value in self._reckoned(rule, 300, HOUR + 300) if rule.breached(value)]

    async def test_nothing_fires_in_rounds_of_the_engine(self, city: City) -> None:
        start(city)
        playing = [device for kind in KINDS for device in some(kind, 1) if self.SIMULATED.plays(device)]
        for device in playing:
            await city.add(device.id, kind=device.kind, area=device.area)
        for _ in range(14):
            t = city.clock.now().timestamp()
            for device in playing:
                for metric, value in self.SIMULATED.values(device, t).items():
                    await told(city, device.id, (t - NOON.timestamp(), value), metric=metric)
            assert await city.round() == []
            city.clock.pass_(30)


async def plays(city: City, kind: str, metric: str, value: Callable[[float], float], *, minutes: int) -> None:
    """A device reports this every half minute."""
    start(city)
    await city.add("one", kind=kind)
    for at in range(0, minutes * 60 + 1, 30):
        city.clock.moment = after(at)
        await told(city, "one", (at, value(at)), metric=metric)
        await city.round()


CONSTANT: list[tuple[str, str, str, float, int]] = [
    ("optical-low", "hotspot", "rx_power_dbm", -27.5, 3),
    ("packet-loss", "fibre_point", "packet_loss_ratio", 0.3, 9),
    ("slow", "village_internet", "rtt_seconds", 0.2, 4),
    ("hotspot-full", "hotspot", "clients", 230.0, 6),
    ("river-warning", "water_level", "level_metres", 8.0, 4),
    ("mains-off", "power", "on_mains", 0.0, 2),
    ("ups-low", "power", "battery_ratio", 0.2, 2),
    *((f"camera-{word.replace('_', '-')}", "camera", word, 1.0, 1) for word in ("covered", "sprayed", "signal_lost")),
    *((f"camera-{word}", "camera", word, 1.0, 1) for word in ("defocused", "frozen", "moved")),
    ("certificate-ends", "service", "certificate_remaining_seconds", 10.0 * DAY, 11),
    ("disk-full", "service", "disk_used_ratio", 0.95, 11),
]


@pytest.mark.parametrize(("rule", "kind", "metric", "value", "minutes"), CONSTANT, ids=[row[0] for row in CONSTANT])
async def test_each_tells_of_its_trouble_and_no_other_does(
    city: City, rule: str, kind: str, metric: str, value: float, minutes: int
) -> None:
    await plays(city, kind, metric, lambda _: value, minutes=minutes)
    assert await city.states() == [(rule, "one", "firing")]
    ((summary,),) = await city.run("select summary from alert")
    assert summary
    assert RULES[rule].name not in summary


async def test_a_flood_is_foretold_then_warned_of_then_there(city: City) -> None:
    await plays(city, "water_level", "level_metres", lambda at: 5.0 + 1.8 * at / HOUR, minutes=150)
    assert [name for name, *_ in await city.states()] == ["river-rising", "river-warning", "river-danger"]
    ((summary,),) = await city.run("select summary from alert where rule = 'river-rising'")
    assert summary == "ONE: 6.05 m, mencapai 9 m dalam 98 menit"


async def test_a_week_of_fading_light(city: City) -> None:
    start(city)
    await city.add("one")
    series = await told(city, "one", (0, -22.0), metric="rx_power_dbm")
    await rolled(city, "rollup_1h", series, [(-3_600.0 * n, -22.0 + 0.4 * n / 24) for n in range(1, 7 * 24)])
    for at in range(0, 6 * HOUR + 1, 60):
        await told(city, "one", (at, -22.0), metric="rx_power_dbm")
        city.clock.moment = after(at)
        if at % 1_800 == 0 or at < 120:
            await city.round()
    (alert,) = city.reader.alerts.values()
    assert alert.summary == "ONE: daya optik menurun 0.4 dB per hari, kini -22.0 dBm"


async def test_a_day_of_bad_air(city: City) -> None:
    start(city)
    await city.add("one", kind="air_quality")
    metric = "pm2_5_micrograms_per_cubic_metre"
    series = await told(city, "one", (0, 90.0), metric=metric)
    await rolled(city, "rollup_5m", series, [(-300.0 * n, 180.0) for n in range(1, 288)])
    await city.round()
    assert await city.states() == [("air-unhealthy", "one", "firing")]


@pytest.mark.parametrize(
    ("kind", "metric", "failed"),
    [("fibre_point", "packet_loss_ratio", 1.0), ("service", "available", 0.0)],
)
async def test_a_fall_is_told_once_and_its_lost_packets_never(
    city: City, kind: str, metric: str, failed: float
) -> None:
    """Ten minutes of failed probes, then ten minutes of good ones: the mean stays bad for a while after both."""
    await plays(city, kind, metric, lambda at: failed if 60 <= at < 660 else 1.0 - failed, minutes=21)
    name = {"fibre_point": "fibre-down", "service": "application-down"}[kind]
    told_of = await city.run("select rule, state from alert where fired_at is not null")
    assert told_of == [(name, "resolved")]
