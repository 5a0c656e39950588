"""Pure: what most likely failed, the power, the fibre or the device, so that the right crew takes the right spare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from statistics import median
from typing import TypeAlias

# Half the light: 10 * log10(2) = 3.01 dB. No healthy part takes as much: TIA-568 allows a splice 0.3 dB and a pair of
# connectors 0.75 dB, and a fusion splice typically costs a tenth.
LOSS_DB = 3.0
# Beyond the noise of a meter and the warmth of a day, some tenths together, and beyond the worst connector allowed.
LEAVING_DB = 1.0
# A digger takes seconds. What slips, bends or lets water in takes longer, and is then seen in several reports.
FADE_READINGS = 3
FADE_TIME = timedelta(minutes=10)
# Of the loss, so much is there before the last reading; else it came at once, whatever small thing went before.
FADE_SHARE = 0.5

Optical: TypeAlias = Sequence[tuple[datetime, float]]


class Class(StrEnum):
    POWER = "power"
    CUT = "fibre-cut"
    FADE = "fibre-fade"  # a bend or a connector
    DEVICE = "device"
    UNKNOWN = "unknown"


class Clue(StrEnum):
    """What a diagnosis rests on."""

    LAST_GASP = "last-gasp"
    MAINS_OFF = "mains-off"
    FEEDER = "feeder"
    OPTICAL_STEP = "optical-step"
    OPTICAL_FADE = "optical-fade"
    ALL_BELOW_SILENT = "all-below-silent"
    ALIVE_BELOW = "alive-below"
    ALONE = "alone"


class Trend(StrEnum):
    """How the light came to its last reading."""

    STEADY = "steady"
    STEP = "step"
    FADE = "fade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of a fall.

    `on_mains` is the last word before it, of the point or of a power sensor that hangs on it; None where there is none.
    `feeder`: it is one, or several that share its feeder fell for want of power. `optical` are the rx_power_dbm of the
    last day before the fall, oldest first. `on_fibre`: it hangs on what is above it by fibre, as a camera does not.
    """

    last_gasp: bool
    on_mains: bool | None
    feeder: bool
    optical: Optical
    alive_below: bool
    fallen_below: int
    on_fibre: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The likely class, and the clues that speak for it; none where it is unknown."""

    cls: Class
    because: tuple[Clue, ...] = ()


def diagnose(signs: Signs) -> Diagnosis:
    """Power by its own evidence; then whether the light still comes through; then how it went; then who fell.

    Unknown is what took others with it without hanging on fibre, such as a gateway on the mobile network: it may have
    failed, or its uplink, and nothing tells which.
    """
    if power := _power(signs):
        return Diagnosis(cls=Class.POWER, because=power)
    if signs.alive_below:
        return Diagnosis(cls=Class.DEVICE, because=(Clue.ALIVE_BELOW,))
    silent = (Clue.ALL_BELOW_SILENT,) if signs.fallen_below else ()
    trend = optical_trend(signs.optical)
    if trend is Trend.FADE:
        return Diagnosis(cls=Class.FADE, because=(Clue.OPTICAL_FADE, *silent))
    if trend is Trend.STEP:
        return Diagnosis(cls=Class.CUT, because=(Clue.OPTICAL_STEP, *silent))
    if not silent:
        return Diagnosis(cls=Class.DEVICE, because=(Clue.ALONE,))
    return Diagnosis(cls=Class.CUT, because=silent) if signs.on_fibre else Diagnosis(cls=Class.UNKNOWN)


def optical_trend(readings: Optical) -> Trend:
    """How rx_power_dbm, oldest first, came to its last reading.

    Steady unless that lies 3 dB below the median of the older half. A fade has left that level by 1 dB for good at
    least 10 minutes and 3 readings before the end, and had lost half of the loss before the last reading; any faster
    loss is a step.
    """
    if len(readings) < 2:  # nothing to compare
        return Trend.STEADY
    values = [value for _, value in readings]
    before = median(values[: len(values) // 2])
    loss = before - values[-1]
    if loss < LOSS_DB:
        return Trend.STEADY
    low = list(takewhile(lambda reading: reading[1] <= before - LEAVING_DB, reversed(readings)))
    gradual = len(low) >= FADE_READINGS and low[0][0] - low[-1][0] >= FADE_TIME
    return Trend.FADE if gradual and before - values[-2] >= FADE_SHARE * loss else Trend.STEP


def _power(signs: Signs) -> tuple[Clue, ...]:
    clues = {
        Clue.LAST_GASP: signs.last_gasp,
        Clue.MAINS_OFF: signs.on_mains is False,
        Clue.FEEDER: signs.feeder,
    }
    return tuple(clue for clue, holds in clues.items() if holds)
