"""Pure: what active points of the network report: fibre points, hotspots, village internet, gateways of sensors."""

from simulators.nature.place import Moment, Place
from simulators.nature.rhythm import EVENING, HOUR, OFFICE, STEADY, Rhythm

MEGABIT = 125_000.0  # bytes


def fibre_point(place: Place, now: Moment) -> dict[str, float]:
    """A government or public building on the regency's fibre: busy in office hours."""
    return _uplink(place, now, OFFICE, peak_bytes_per_second=place.constant("peak", 4, 60) * MEGABIT)


def hotspot(place: Place, now: Moment) -> dict[str, float]:
    """A public hotspot: busy in the evening."""
    uplink = _uplink(place, now, EVENING, peak_bytes_per_second=place.constant("peak", 20, 90) * MEGABIT)
    return uplink | _radio(place, now, capacity=place.constant("capacity", 60, 180))


def village_internet(place: Place, now: Moment) -> dict[str, float]:
    """A village at the end of a long link, which rain disturbs."""
    uplink = _uplink(place, now, EVENING, peak_bytes_per_second=place.constant("peak", 10, 30) * MEGABIT)
    rain = now.weather.rain(now.t)
    uplink["rtt_seconds"] = round(uplink["rtt_seconds"] + 0.02 + 0.001 * rain, 5)
    uplink["packet_loss_ratio"] = round(min(0.15, uplink["packet_loss_ratio"] + 0.0015 * rain), 4)
    return uplink | _radio(place, now, capacity=place.constant("capacity", 25, 70))


def gateway(place: Place, now: Moment) -> dict[str, float]:
    """A box on a pole that passes on what sensors say, day and night alike, over the mobile network."""
    link = _link(place, now, STEADY, peak_bytes_per_second=place.constant("peak", 60, 600))
    link["rtt_seconds"] = round(link["rtt_seconds"] + 0.04, 5)
    return link | {"signal_dbm": round(_signal(place, now, -98.0, -78.0), 1)}


def _uplink(place: Place, now: Moment, rhythm: Rhythm, *, peak_bytes_per_second: float) -> dict[str, float]:
    link = _link(place, now, rhythm, peak_bytes_per_second=peak_bytes_per_second)
    return {"rx_power_dbm": round(_rx_power(place, now), 2)} | link


def _link(place: Place, now: Moment, rhythm: Rhythm, *, peak_bytes_per_second: float) -> dict[str, float]:
    busy = rhythm.level(now.local)
    rain = now.weather.rain(now.t)
    return {
        "rtt_seconds": round(
            place.constant("distance", 0.001, 0.006) + place.wander("queue", now.t, 300, 0.0, 0.008) * busy, 5
        ),
        "packet_loss_ratio": round(0.004 * max(0.0, place.wander("loss", now.t, 600, -4.0, 1.0)) + 2e-5 * rain, 4),
        "traffic_in_bytes_total": place.counted("in", now, rhythm, peak_bytes_per_second),
        "traffic_out_bytes_total": place.counted("out", now, rhythm, 0.22 * peak_bytes_per_second),
        "uptime_seconds": float(int(max(0.0, now.t - place.installed()))),
        "temperature_celsius": round(_cabinet(place, now) + 4 * busy, 1),
        "on_mains": 1.0,
    }


def _rx_power(place: Place, now: Moment) -> float:
    """The length of fibre, warm splices by day, and a little water in the joints after rain; healthy: above -25 dBm."""
    budget = place.constant("budget", -23.0, -14.0) + place.wander("splice", now.t, 6 * HOUR, -0.25, 0.25)
    return budget - 0.15 * now.weather.warmth(now.t) - 0.02 * now.weather.fallen(now.t)


def _cabinet(place: Place, now: Moment) -> float:
    """A closed cabinet: some ten degrees above the air outside, less in the rain."""
    air = 27.5 + 3.5 * now.weather.warmth(now.t) - min(4.0, 0.4 * now.weather.fallen(now.t))
    return air + place.constant("cabinet", 6.0, 13.0) + place.wander("draught", now.t, 1_200, -0.6, 0.6)


def _radio(place: Place, now: Moment, *, capacity: float) -> dict[str, float]:
    present = capacity * EVENING.level(now.local) * place.wander("clients", now.t, 900, 0.7, 1.0)
    indoors = min(1.0, now.weather.rain(now.t) / 10)  # rain empties the square
    return {
        "clients": float(int(present * (1 - 0.6 * indoors))),
        "signal_dbm": round(_signal(place, now, -68.0, -52.0), 1),
    }


def _signal(place: Place, now: Moment, low: float, high: float) -> float:
    return place.constant("signal", low, high) + place.wander("fading", now.t, 120, -4.0, 4.0)
