"""Pure: what stands along the streets: feeders of the grid, power meters, street lights, traffic counters."""

from simulators.nature.place import Moment, Place
from simulators.nature.rhythm import DAY, EVENING, HOUR, OFFICE, RUSH

SUNSET_HOUR, SUNRISE_HOUR = 18.0, 6.0  # near the equator, the year round, within minutes


def feeder(place: Place, now: Moment) -> dict[str, float]:
    """A medium-voltage branch of PLN's grid, 20 kV between its phases; it sags in the evening as what hangs on it."""
    sag = place.constant("length", 150, 600) * EVENING.level(now.local)
    volts = 20_300 - sag + place.wander("grid", now.t, 900, -150, 150)
    return {"on_mains": 1.0, "voltage_volts": round(volts, 0)}


def power(place: Place, now: Moment) -> dict[str, float]:
    """A meter behind the mains with a battery beside it; the voltage sags when the evening cooks and lights."""
    watts = place.constant("rating", 800, 6_000) * (0.25 + 0.75 * OFFICE.level(now.local))
    watts *= place.wander("load", now.t, 600, 0.9, 1.1)
    volts = 226 - 9 * EVENING.level(now.local) + place.wander("sag", now.t, 180, -2.5, 2.5)
    return {
        "on_mains": 1.0,
        "voltage_volts": round(volts, 1),
        "current_amperes": round(watts / volts, 2),
        "power_watts": round(watts, 0),
        "frequency_hertz": round(place.wander("frequency", now.t, 60, 49.92, 50.08), 2),
        "battery_ratio": round(place.wander("battery", now.t, 6 * HOUR, 0.97, 1.0), 3),
    }


def street_light(place: Place, now: Moment) -> dict[str, float]:
    """A lamp with a photocell: each has its own idea of dusk, some minutes around 18:00, and of dawn, around 6:00."""
    hour = now.local % DAY / HOUR
    shade = place.constant("shade", 0.0, 0.25)
    on = hour >= SUNSET_HOUR - shade or hour < SUNRISE_HOUR + shade
    watts = place.constant("rating", 60, 150) * place.wander("mains", now.t, HOUR, 0.97, 1.03)
    return {"on": float(on), "power_watts": round(watts if on else 0.4, 1)}


def traffic_counter(place: Place, now: Moment) -> dict[str, float]:
    """A loop in the road: the fuller the slower, slower still in the rain."""
    occupancy = 0.02 + 0.38 * RUSH.level(now.local) * place.wander("platoon", now.t, 240, 0.6, 1.0)
    wet = min(0.25, 0.02 * now.weather.rain(now.t))
    free = place.constant("free", 10.0, 16.0)
    return {
        "vehicles_total": place.counted("vehicles", now, RUSH, place.constant("peak", 0.15, 0.6)),
        "speed_metres_per_second": round(free * (1 - occupancy) * (1 - wet), 1),
        "occupancy_ratio": round(occupancy, 3),
    }
