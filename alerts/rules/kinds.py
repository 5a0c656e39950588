"""Every kind of rule: a new one is its file and a name here."""

from typing import Annotated, TypeAlias

from pydantic import Field

from alerts.rules.anomaly import Anomaly
from alerts.rules.delay import Delay
from alerts.rules.event import Event
from alerts.rules.forecast import Forecast
from alerts.rules.in_state import InState
from alerts.rules.rate import Rate
from alerts.rules.ratio import Ratio
from alerts.rules.silence import Silence
from alerts.rules.threshold import Threshold
from alerts.rules.window import Window

Rule: TypeAlias = Annotated[
    Anomaly | Delay | Event | Forecast | InState | Rate | Ratio | Silence | Threshold | Window,
    Field(discriminator="kind"),
]
