"""The shapes of what people say of alerts: who changed what, comments, and what came of a request."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from alerts.alert import EndReason, State
from dashboards.shapes import AlertShape, IncidentShape


class TransitionShape(BaseModel):
    """A change of state by `who`: a person, or `engine`. `from_state` is null where the alert opened.

    `at` is when it took effect here; `said_at` when it was said, where a phone was out of reach till then. Both states
    are resolved where somebody took an alert that was over by the time it was heard of.
    """

    at: datetime
    said_at: datetime | None
    from_state: State | None
    to_state: State
    who: str
    why: str


class CommentShape(BaseModel):
    at: datetime
    said_at: datetime | None
    who: str
    text: str


class AlertDetail(AlertShape):
    """An alert with what became of it: of its changes of state and its comments the newest 200, oldest first."""

    fired_at: datetime | None
    end_reason: EndReason | None
    value: float | None
    labels: dict[str, Any]
    annotations: dict[str, Any]
    transitions: list[TransitionShape]
    comments: list[CommentShape]


class AlertAnswer(AlertDetail):
    """`changed`: whether this request changed its state; not where it was so already."""

    changed: bool


class IncidentDetail(IncidentShape):
    """`merged_into`: the number of the incident that this turned out to be part of, which tells all that was said."""

    merged_into: int | None
    comments: list[CommentShape]


class IncidentAnswer(IncidentDetail):
    """`changed`: the alerts of which this request changed the state."""

    changed: list[int]
