"""Pure: what river gauges, weather stations and air monitors report."""

from math import cos, exp, tau

from simulators.nature.place import Moment, Place
from simulators.nature.rhythm import DAY, HOUR, RUSH

MINUTE = 60.0


def water_level(place: Place, now: Moment) -> dict[str, float]:
    """A staff gauge on the Ogan: the rain of the days before, later and slower the further down the river."""
    down_river = place.constant("down river", 0.0, 5 * HOUR)
    flood = now.weather.runoff(now.t - down_river)
    stage = 7.0 * (1 - exp(-flood / 4.0))  # once over its banks a river widens more than it rises
    ripple = place.wander("ripple", now.t, 10 * MINUTE, -0.02, 0.02)
    solar = 0.04 * now.weather.warmth(now.t - 2 * HOUR)
    return {
        "level_metres": round(place.constant("low water", 0.8, 1.8) + stage + ripple, 3),
        "battery_ratio": round(place.constant("battery", 0.86, 0.94) + solar, 3),
    }


def weather(place: Place, now: Moment) -> dict[str, float]:
    """A weather station; the regional front passes each one some minutes earlier or later, and rains unevenly."""
    rain = _rain_here(place, now)
    warmth, wet = now.weather.warmth(now.t), now.weather.fallen(now.t)
    hour = now.local % DAY / HOUR
    return {
        "temperature_celsius": round(_air_temperature(place, now), 1),
        "humidity_ratio": round(_humidity(place, now), 3),
        # The tide of the tropical air: highest around 10 and 22 o'clock.
        "pressure_pascals": round(
            100_600 + 140 * cos(2 * tau * (hour - 10) / 24) + place.wander("pressure", now.t, 2 * DAY, -250, 250), 0
        ),
        "rainfall_millimetres_per_hour": round(rain, 1),
        "wind_speed_metres_per_second": round(
            (1.6 + 1.2 * warmth + 0.12 * min(rain, 60) + 0.05 * min(wet, 60))
            * place.wander("gust", now.t, 90, 0.5, 1.5)
            + 0.8,
            1,
        ),
        "wind_direction_degrees": round(_wind_direction(place, now), 0),
    }


def air_quality(place: Place, now: Moment) -> dict[str, float]:
    """Traffic and, in the dry season, haze; washed out by rain."""
    traffic = RUSH.level(now.local) * place.constant("roadside", 6.0, 22.0)
    haze = 70.0 * now.weather.haze_season(now.t) * place.wander("haze", now.t, 1.5 * DAY, 0.2, 1.0)
    fine = (9.0 + traffic + haze) * place.wander("eddy", now.t, 15 * MINUTE, 0.85, 1.15)
    washed = fine * exp(-now.weather.fallen(now.t) / 3.0)
    return {
        "pm2_5_micrograms_per_cubic_metre": round(3.0 + washed, 1),
        "pm10_micrograms_per_cubic_metre": round(5.0 + washed * place.wander("coarse", now.t, HOUR, 1.5, 2.1), 1),
        "temperature_celsius": round(_air_temperature(place, now), 1),
        "humidity_ratio": round(_humidity(place, now), 3),
    }


def _rain_here(place: Place, now: Moment) -> float:
    front = place.constant("front", -15 * MINUTE, 15 * MINUTE)
    return now.weather.rain(now.t - front) * place.wander("cell", now.t, HOUR, 0.6, 1.4)


def _air_temperature(place: Place, now: Moment) -> float:
    cooled = min(5.0, 0.5 * now.weather.fallen(now.t))
    local = place.constant("height", -1.2, 0.6) + place.wander("air", now.t, 2 * HOUR, -0.7, 0.7)
    return 27.0 + 4.2 * now.weather.warmth(now.t) - cooled + local


def _humidity(place: Place, now: Moment) -> float:
    damp = 0.76 - 0.15 * now.weather.warmth(now.t) + min(0.2, 0.03 * now.weather.fallen(now.t))
    return min(0.99, max(0.3, damp + place.wander("damp", now.t, 2 * HOUR, -0.03, 0.03)))


def _wind_direction(place: Place, now: Moment) -> float:
    """The monsoon: from the north-west in the wet season, from the south-east in the dry one."""
    turn = (1 - now.weather.wet_season(now.t)) / 2
    return (315 - 180 * turn + place.wander("veer", now.t, 20 * MINUTE, -40, 40)) % 360
