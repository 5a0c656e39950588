"""The shapes of rules; fields may be added, never renamed."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel


class RuleShape(BaseModel):
    """A rule of the city's settings, or one that an operator made. `terms`: what stands in one [[rules]] but its name.

    `fault`: why it is no rule any more, and left out.
    """

    name: str
    source: Literal["city", "operator"]
    enabled: bool
    terms: dict[str, Any]
    fault: str | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    changed_at: datetime | None = None
    changed_by: str | None = None


class Rules(BaseModel):
    items: list[RuleShape]
    next: str | None = None
