"""Pure: an alert as Prometheus sent it, and which alert of ours it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from alerts.alert import Alert, Severity
from alerts.held import Key
from alerts.notify.message import fingerprint
from alerts.summary import LONGEST, LONGEST_ANNOTATION
from devices.device import Device

PREFIX = "prometheus:"
NOBODYS = "prometheus"
# Where no end is given: Alertmanager's own default.
RESOLVE_TIMEOUT = timedelta(minutes=5)
SEVERITIES: Mapping[str, Severity] = {**{one.value: one for one in Severity}, "page": Severity.CRITICAL}
# Of an identity; labels themselves are bounded where they come in.
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A row of table outside_alert. It fires until `ends_at`, which its sender moves on as long as it does."""

    fingerprint: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)
    starts_at: datetime
    ends_at: datetime
    received_at: datetime
    generator_url: str = ""

    @classmethod
    def at(
        cls,
        now: datetime,
        *,
        labels: Mapping[str, str],
        annotations: Mapping[str, str],
        starts_at: datetime | None,
        ends_at: datetime | None,
        generator_url: str,
    ) -> Self:
        """As it arrives now. Nothing began later than it was received; `ends_at` must not lie before `starts_at`."""
        named = {name: value for name, value in labels.items() if value}
        return cls(
            fingerprint=fingerprint(named),
            labels=named,
            annotations=annotations,
            starts_at=min(filter(None, (starts_at, ends_at, now))),
            ends_at=ends_at or now + RESOLVE_TIMEOUT,
            received_at=now,
            generator_url=generator_url,
        )

    @property
    def rule(self) -> str:
        return f"{PREFIX}{self.labels['alertname'][:LONGEST_NAME]}:{self.fingerprint[:8]}"

    @property
    def device(self) -> str:
        """What it is about: a device of the registry where its label `device` names one."""
        return (self.labels.get("device") or self.labels.get("instance") or NOBODYS)[:LONGEST_NAME]

    @property
    def key(self) -> Key:
        return self.rule, self.device

    def fires(self, now: datetime) -> bool:
        return self.ends_at > now

    def opened(self, device: Device | None, now: datetime) -> Alert:
        """The alert that begins to fire with it."""
        return Alert(
            rule=self.rule,
            device=self.device,
            kind=self.labels.get("kind", NOBODYS) if device is None else device.kind,
            area=self.labels.get("area", "") if device is None else device.area,
            severity=SEVERITIES.get(self.labels.get("severity", "").lower(), Severity.WARNING),
            starts_at=self.starts_at,
            evidence_at=self.starts_at,
            summary=self._summary(),
            labels=self.labels,
            annotations=self._annotations(),
        ).fire(now)

    def _summary(self) -> str:
        told = self.annotations.get("summary") or self.annotations.get("description") or self.labels["alertname"]
        return told[:LONGEST]

    def _annotations(self) -> dict[str, str]:
        told = {name: text[:LONGEST_ANNOTATION] for name, text in self.annotations.items() if name != "summary"}
        return {"generator_url": self.generator_url, **told} if self.generator_url else told
