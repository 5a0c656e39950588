"""Policies, [[policies]] of city.toml: who is told first, who next while nobody answers. GoAlert's limits. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from alerts.oncall.target import NAME, TargetText

STEPS_MAX = 10
TARGETS_MAX = 20
MINUTES_MAX = 9_000
REPEAT_MAX = 5


def _sized(most: int) -> AfterValidator:
    """Asked of what is valid otherwise: pydantic's own check counts a faulty element as missing, and says so too."""

    def check(elements: tuple[object, ...]) -> tuple[object, ...]:
        if not 1 <= len(elements) <= most:
            raise ValueError(f"must be 1 to {most}, not {len(elements)}")
        return elements

    return AfterValidator(check)


class Step(BaseModel):
    """All of `notify` are told; after so many minutes without an acknowledgement the next step is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after_minutes: Annotated[int, Field(ge=1, le=MINUTES_MAX)]
    notify: Annotated[tuple[TargetText, ...], _sized(TARGETS_MAX)]

    @property
    def after(self) -> timedelta:
        return timedelta(minutes=self.after_minutes)


class Policy(BaseModel):
    """Steps in order, and how many times more the whole is gone through while nobody acknowledges."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
    steps: Annotated[tuple[Step, ...], _sized(STEPS_MAX)]
    repeat: Annotated[int, Field(ge=0, le=REPEAT_MAX)] = 0

    @model_validator(mode="after")
    def _nobody_twice_in_a_step(self) -> Self:
        for number, step in enumerate(self.steps):
            if len(set(step.notify)) < len(step.notify):
                raise ValueError(f"steps.{number}.notify names somebody twice")
        return self

    def step(self, number: int) -> Step:
        """The step of that number; the last where the policy has become shorter."""
        return self.steps[min(number, len(self.steps) - 1)]

    def of(self, kind: str) -> Sequence[str]:
        """The names of all targets of one kind."""
        return [target.name for step in self.steps for target in step.notify if target.kind == kind]


Policies = Mapping[str, Policy]
