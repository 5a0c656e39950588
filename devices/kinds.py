"""Kinds of devices as data: which metrics each reports, in which unit, within which physical range, how often.

The range is what physics and the instrument allow, not what is healthy: a value outside it is a broken sensor or a
mistaken unit and is refused (`out-of-range`); whether a value inside it is good or bad is a rule's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from devices.tamper import Tamper

MINUTE = 60.0
DAY = 86_400.0
YEAR = 366 * DAY
EXABYTE = 1e18


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One quantity a device reports: its unit, and the physical range with both ends included."""

    name: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Which metric tells what came of asking a device, and its value when the device did not answer."""

    metric: str
    failed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a device of this kind reports, and how many seconds pass between two reports when all is well.

    `silent_intervals` without a report are too many. `relays`: it only passes on what others say, so that without it
    those are not down but unseen.
    """

    name: str
    interval_seconds: float
    metrics: Mapping[str, Metric]
    silent_intervals: float = 3.0
    probe: Probe | None = None
    relays: bool = False


def _kind(name: str, interval_seconds: float, *metrics: Metric, **more: Any) -> Kind:  # noqa: ANN401  fields of Kind
    return Kind(
        name=name,
        interval_seconds=interval_seconds,
        metrics=MappingProxyType({metric.name: metric for metric in metrics}),
        **more,
    )


def _metric(name: str, unit: str, low: float, high: float) -> Metric:
    return Metric(name=name, unit=unit, low=low, high=high)


# What every active point of the network reports; ICMP and SNMP probes publish the same names.
NETWORK = (
    _metric("rtt_seconds", "s", 0.0, 60.0),
    _metric("packet_loss_ratio", "ratio", 0.0, 1.0),
    _metric("traffic_in_bytes_total", "B", 0.0, EXABYTE),
    _metric("traffic_out_bytes_total", "B", 0.0, EXABYTE),
    _metric("uptime_seconds", "s", 0.0, 50 * YEAR),
    _metric("temperature_celsius", "°C", -40.0, 125.0),
    _metric("on_mains", "bool", 0.0, 1.0),
)
# All packets of a probe lost.
PING = Probe(metric="packet_loss_ratio", failed=1.0)
OPTICAL = _metric("rx_power_dbm", "dBm", -50.0, 10.0)
CLIENTS = _metric("clients", "count", 0.0, 100_000.0)
SIGNAL = _metric("signal_dbm", "dBm", -130.0, 0.0)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            _kind("fibre_point", 30.0, OPTICAL, *NETWORK, probe=PING),
            _kind("hotspot", 30.0, OPTICAL, *NETWORK, CLIENTS, SIGNAL, probe=PING),
            _kind("village_internet", 30.0, OPTICAL, *NETWORK, CLIENTS, SIGNAL, probe=PING),
            # Passes on what sensors around it say, over LoRa or a local wire.
            _kind("gateway", 30.0, *NETWORK, SIGNAL, probe=PING, relays=True),
            # A branch of the public grid. Few have a sensor; all are known by what hangs on them.
            _kind(
                "feeder",
                MINUTE,
                _metric("on_mains", "bool", 0.0, 1.0),
                _metric("voltage_volts", "V", 0.0, 100_000.0),
            ),
            _kind(
                "camera",
                10.0,
                _metric("frame_age_seconds", "s", 0.0, 30 * DAY),
                _metric("brightness_ratio", "ratio", 0.0, 1.0),
                # Frames decoded per second in the last minute. Of a stream read by its key frames those alone count.
                _metric("frames_per_second", "1/s", 0.0, 240.0),
                # Variance of the Laplacian of the luma: how much edge there is.
                _metric("sharpness", "variance", 0.0, 2_000_000.0),
                # Share of the picture that moved, outside and inside the camera's motion masks.
                _metric("motion_ratio", "ratio", 0.0, 1.0),
                _metric("masked_motion_ratio", "ratio", 0.0, 1.0),
                # Of the last hour: 3 excellent, 2 fair, 1 poor, 0 unusable.
                _metric("connection_grade", "grade", 0.0, 3.0),
                _metric("people", "count", 0.0, 10_000.0),
                _metric("vehicles", "count", 0.0, 10_000.0),
                *(_metric(tamper, "bool", 0.0, 1.0) for tamper in Tamper),
                # A reading carries the time of its frame: no frame for 20 s.
                silent_intervals=2.0,
            ),
            # Height of the river above the zero of its staff gauge; the zero may lie above the lowest water.
            _kind(
                "water_level",
                MINUTE,
                _metric("level_metres", "m", -5.0, 30.0),
                _metric("battery_ratio", "ratio", 0.0, 1.0),
            ),
            _kind(
                "weather",
                MINUTE,
                _metric("temperature_celsius", "°C", -40.0, 60.0),
                _metric("humidity_ratio", "ratio", 0.0, 1.0),
                _metric("pressure_pascals", "Pa", 30_000.0, 110_000.0),
                _metric("rainfall_millimetres_per_hour", "mm/h", 0.0, 500.0),
                _metric("wind_speed_metres_per_second", "m/s", 0.0, 100.0),
                _metric("wind_direction_degrees", "°", 0.0, 360.0),
            ),
            _kind(
                "air_quality",
                MINUTE,
                _metric("pm2_5_micrograms_per_cubic_metre", "µg/m³", 0.0, 2_000.0),
                _metric("pm10_micrograms_per_cubic_metre", "µg/m³", 0.0, 5_000.0),
                _metric("temperature_celsius", "°C", -40.0, 60.0),
                _metric("humidity_ratio", "ratio", 0.0, 1.0),
            ),
            _kind(
                "power",
                30.0,
                _metric("on_mains", "bool", 0.0, 1.0),
                _metric("voltage_volts", "V", 0.0, 1_000.0),
                _metric("current_amperes", "A", 0.0, 10_000.0),
                _metric("power_watts", "W", 0.0, 10_000_000.0),
                _metric("frequency_hertz", "Hz", 0.0, 100.0),
                _metric("battery_ratio", "ratio", 0.0, 1.0),
            ),
            _kind(
                "street_light",
                5 * MINUTE,
                _metric("on", "bool", 0.0, 1.0),
                _metric("power_watts", "W", 0.0, 10_000.0),
            ),
            _kind(
                "traffic_counter",
                MINUTE,
                _metric("vehicles_total", "count", 0.0, 1e12),
                _metric("speed_metres_per_second", "m/s", 0.0, 100.0),
                _metric("occupancy_ratio", "ratio", 0.0, 1.0),
            ),
            # An application of the regency, watched over HTTP from the control room.
            _kind(
                "service",
                MINUTE,
                _metric("available", "bool", 0.0, 1.0),
                _metric("response_seconds", "s", 0.0, 600.0),
                _metric("status_code", "code", 0.0, 999.0),
                _metric("certificate_remaining_seconds", "s", -50 * YEAR, 50 * YEAR),
                # Of the fullest disk of the host that it runs on.
                _metric("disk_used_ratio", "ratio", 0.0, 1.0),
                probe=Probe(metric="available", failed=0.0),
            ),
        )
    }
)
