"""What paging needs beside the database: the settings, where we are, and the roster as it was read last."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.incidents.words import Language
from alerts.oncall.policy import Policy
from alerts.oncall.roster import Roster
from alerts.paging.compose import Desk
from alerts.paging.route import Route
from alerts.settings import AlertSettings


@dataclass(slots=True, kw_only=True)
class Paging:
    """`webhooks`: those of the channels that take Alertmanager's body.

    `failing`: those that fail, and why, as of `asked_at`; `unreachable`: those that said so when they were asked, None
    until they were. `version` is the roster's; None before it was read. `handover_at`: when it was last looked for a
    change of shifts.
    """

    routes: Sequence[Route]
    policies: Mapping[str, Policy]
    channels: Collection[str]
    webhooks: Collection[str]
    desk: Desk
    language: Language = "id"
    failing: Mapping[str, str] = field(default_factory=dict)
    asked_at: datetime | None = None
    unreachable: Mapping[str, str] | None = None
    roster: Roster = field(default_factory=Roster)
    version: int | None = None
    handover_at: datetime | None = None

    @classmethod
    def of(cls, settings: AlertSettings, desk: Desk, language: Language = "id") -> "Paging":
        return cls(
            routes=settings.routes,
            policies={policy.name: policy for policy in settings.policies},
            channels={channel.name for channel in settings.channels},
            webhooks={channel.name for channel in settings.channels if channel.kind == "webhook"},
            desk=desk,
            language=language,
        )

    @property
    def unasked(self) -> Collection[str]:
        """Channels of which nobody knows yet whether they can be reached."""
        return self.channels if self.unreachable is None else ()

    def learn(self, unreachable: Mapping[str, str]) -> None:
        self.unreachable = unreachable
