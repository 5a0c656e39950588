"""Policies, [[policies]] of city.toml: who is told first, who next while nobody answers. GoAlert's limits. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from alerts.oncall.lists import DISTINCT, sized
from alerts.oncall.target import NAME, Target, TargetText

STEPS_MAX = 10
TARGETS_MAX = 20
MINUTES_MAX = 9_000
REPEAT_MAX = 5


class Step(BaseModel):
    """All of `notify` are told; after so many minutes without an acknowledgement the next step is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after_minutes: Annotated[int, Field(ge=1, le=MINUTES_MAX)]
    notify: Annotated[tuple[TargetText, ...], sized(1, TARGETS_MAX), DISTINCT]

    @property
    def after(self) -> timedelta:
        return timedelta(minutes=self.after_minutes)


class Policy(BaseModel):
    """Steps in order, and how many times more the whole is gone through while nobody acknowledges."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
    steps: Annotated[tuple[Step, ...], sized(1, STEPS_MAX)]
    repeat: Annotated[int, Field(ge=0, le=REPEAT_MAX)] = 0

    def step(self, number: int) -> Step:
        """The step of that number; the last where the policy has become shorter."""
        return self.steps[min(number, len(self.steps) - 1)]

    def of(self, kind: str) -> Sequence[str]:
        """The names of all targets of one kind."""
        return [target.name for step in self.steps for target in step.notify if target.kind == kind]


Policies = Mapping[str, Policy]
# Goes on for one that is in the settings no more, by that name: what began under it must not end in nobody.
GONE = (Step(after_minutes=15, notify=(Target("area"),)),)


def policy_of(policies: Policies, name: str) -> Policy:
    """The policy of that name; of none, one that calls who covers the area again and again."""
    return policies.get(name) or Policy.model_construct(name=name, steps=GONE, repeat=REPEAT_MAX)
