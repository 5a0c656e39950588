"""POST /api/v2/alerts: what a Prometheus sends to an Alertmanager. Its alerts become ours.

https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (postableAlerts)
"""

from typing import Annotated, Self

from fastapi import Body, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from alerts.outside import rows
from alerts.outside.sent import Sent
from dashboards.centre import Here
from dashboards.parameters import Moment, storable
from dashboards.problem import Problem

BODY_MAX_BYTES = 1024 * 1024
ALERTS_MAX, LABELS_MAX = 1_000, 64
# How Go writes a time that nobody has set.
UNSET = "0001-01-01T00:00:00"


def _set(text: object) -> object:
    return None if isinstance(text, str) and text.startswith(UNSET) else text


Name = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=128)]
Label = Annotated[str, AfterValidator(storable), Field(max_length=1_024)]
Annotation = Annotated[str, AfterValidator(storable), Field(max_length=8_192)]
Url = Annotated[str, AfterValidator(storable), Field(max_length=4_096)]
Time = Annotated[Moment | None, BeforeValidator(_set)]


class Posted(BaseModel, extra="ignore"):
    """One alert. Without `endsAt` it ends five minutes after it was last sent."""

    labels: Annotated[dict[Name, Label], Field(max_length=LABELS_MAX)]
    annotations: Annotated[dict[Name, Annotation], Field(max_length=LABELS_MAX)] = {}
    starts_at: Time = Field(default=None, alias="startsAt")
    ends_at: Time = Field(default=None, alias="endsAt")
    generator_url: Url = Field(default="", alias="generatorURL")

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.labels.get("alertname"):
            raise ValueError("labels.alertname: missing")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValueError("endsAt: lies before startsAt")
        return self


async def hear(centre: Here, body: Annotated[list[Posted], Body(max_length=ALERTS_MAX)]) -> Response:
    """Alerts that a Prometheus sends; all of them are stored, or where one is at fault none."""
    now = centre.now()
    sent = [
        Sent.at(
            now,
            labels=one.labels,
            annotations=one.annotations,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            generator_url=one.generator_url,
        )
        for one in body
    ]
    try:
        async with centre.database() as connection, connection.transaction():
            await rows.receive(connection, sent)
    except rows.TooManyError as error:
        raise Problem(
            429, (f"Sudah ada {rows.MOST} peringatan dari luar.", f"{rows.MOST} alerts from outside are known already.")
        ) from error
    return Response(status_code=200)
