"""What every kind of rule has."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

from alerts.alert import Severity
from alerts.duration import Duration
from alerts.rules.match import Match
from alerts.rules.subject import Subject
from alerts.rules.verdict import Verdict
from alerts.summary import check_template

NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"
Name: TypeAlias = Annotated[str, Field(pattern=NAME)]
LabelName: TypeAlias = Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]{0,63}$")]
Template: TypeAlias = Annotated[str, Field(max_length=2_000)]
# Labels that say which alert it is; no rule may say otherwise.
IDENTITY = ("alertname", "device", "kind", "area", "severity", "incident")
# Annotations that have keys of their own.
OWN_KEYS = ("summary", "runbook_url")
MOST = 20


class Terms(BaseModel):
    """Which devices it asks about, how bad it is, and what is told.

    `for`: it must not hold for so long before anybody is told. `keep_firing_for`: it must hold again for so long
    before what was told is over. Labels sort the alert, annotations are for people; both are templates.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    # What templates may name beside `device`, `rule`, `value` and `flapping`.
    facts: ClassVar[tuple[str, ...]] = ()
    # It speaks of how a device is, not of whether it is: so it may make the device degraded.
    speaks_of_health: ClassVar[bool] = True
    # Nothing can come of it on a device that is up.
    only_of_failed: ClassVar[bool] = False
    # Its own verdict looks to `keep_firing_for`.
    keeps_by_itself: ClassVar[bool] = False
    # Newer evidence of what was told is worth keeping.
    renews: ClassVar[bool] = False

    name: Name
    severity: Severity = Severity.WARNING
    match: Match = Match()
    hold: Duration = Field(default=timedelta(), alias="for")
    keep_firing_for: Duration = timedelta()
    summary: Template = "{{ device.name }}: {{ rule }} ({{ value }})"
    labels: Annotated[Mapping[LabelName, Template], Field(max_length=MOST)] = Field(default_factory=dict)
    annotations: Annotated[Mapping[LabelName, Template], Field(max_length=MOST)] = Field(default_factory=dict)
    runbook_url: Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s]+$")] | None = None

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        """`fired`: somebody was told, so a bound asks for `clear` before it gives in."""
        raise NotImplementedError

    def due(self, subject: Subject) -> datetime | None:  # noqa: ARG002  a kind has its own
        """The last moment at which time alone will not have changed the verdict; None where it never does."""
        return None

    def trusted_for(self, subject: Subject) -> timedelta:
        """How long its evidence speaks for the present."""
        return subject.trusted_for

    @property
    def lingers(self) -> timedelta:
        """How long the evidence must be in order before what was told is over, beyond what the verdict looks to."""
        return timedelta() if self.keeps_by_itself else self.keep_firing_for

    @field_validator("summary")
    @classmethod
    def _summary_renders(cls, template: str) -> str:
        return check_template(template, cls.facts)

    @field_validator("labels", "annotations")
    @classmethod
    def _templates_render(cls, templates: Mapping[str, str]) -> Mapping[str, str]:
        for name, template in templates.items():
            try:
                check_template(template, cls.facts)
            except ValueError as fault:
                raise ValueError(f"{name}: {fault}") from fault
        return templates

    @field_validator("labels")
    @classmethod
    def _identity_stays(cls, labels: Mapping[str, str]) -> Mapping[str, str]:
        if taken := [name for name in labels if name in IDENTITY]:
            raise ValueError(f"{', '.join(taken)}: says which alert it is, and cannot be given by a rule")
        return labels

    @field_validator("annotations")
    @classmethod
    def _once(cls, annotations: Mapping[str, str]) -> Mapping[str, str]:
        if taken := [name for name in annotations if name in OWN_KEYS]:
            raise ValueError(f"{', '.join(taken)}: is a key of the rule itself")
        return annotations
