"""Pure: alerts about the channels by which alerts are told: one that fails is told of through the others."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from alerts.alert import Alert, Change, EndReason, Severity
from alerts.held import Key

NAME = "channel-failing"
# With the colon of a rule that is not in the settings, and on no device of the registry: nobody can match it away.
RULE = f"pantau:{NAME}"
SUMMARY = "Saluran {channel} gagal: pesan tidak sampai ({reason})"


def subject_of(channel: str) -> str:
    """What stands for the device in the alert about a channel."""
    return f"channel:{channel}"


def judge_channels(
    failing: Mapping[str, str], alerts: Mapping[Key, Alert], now: datetime, *, unasked: Collection[str]
) -> Iterator[Change]:
    """`failing`: channels by name, each with the reason. Once told, the reason stays that of the beginning.

    `unasked`: those of which a process that was just started does not know better than that they failed.
    """
    for channel, reason in failing.items():
        if (RULE, subject_of(channel)) not in alerts:
            yield Change(before=None, after=_opened(channel, reason, now).fire(now))
    still = {subject_of(channel) for channel in (*failing, *unasked)}
    for (rule, device), alert in alerts.items():
        if rule == RULE and device not in still:
            yield Change(before=alert, after=alert.resolve(now, EndReason.CLEARED))


def _opened(channel: str, reason: str, now: datetime) -> Alert:
    return Alert(
        rule=RULE,
        device=subject_of(channel),
        kind="channel",
        area="",
        severity=Severity.CRITICAL,
        starts_at=now,
        evidence_at=now,
        summary=SUMMARY.format(channel=channel, reason=reason),
        labels={"alertname": NAME},
    )
