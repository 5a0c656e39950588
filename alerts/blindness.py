"""Pure: the one alert that is about ourselves: the control room is blind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from alerts.alert import Alert, Change, EndReason, Severity
from alerts.held import CONTROL_ROOM, Key
from alerts.states.ledger import Ledger
from devices.state import Gap

# Not a rule of city.toml, and on no device of the registry: nobody can match it away.
NAME = "control-room-blind"
CONTROL_ROOM_RULE: Key = (NAME, CONTROL_ROOM)
UPLINK = "Ruang kendali buta: sambungan keluar kita sendiri putus; perangkat yang diam tidak dinilai"
INGEST = "Ruang kendali buta: data tidak masuk (ingest atau broker berhenti); tidak ada perangkat yang dinilai"


def judge_ourselves(ledger: Ledger, alert: Alert | None, now: datetime) -> Iterator[Change]:
    """It fires when our uplink is gone, or nothing comes in for longer than a restart takes; and ends when we see."""
    gap, summary = _blind_by(ledger, now)
    if gap is not None and alert is None:
        opened = Alert(
            rule=NAME,
            device=CONTROL_ROOM,
            kind="control_room",
            area="",
            severity=Severity.CRITICAL,
            starts_at=gap.since,
            evidence_at=gap.since,
            summary=summary,
        )
        yield Change(before=None, after=opened.fire(now))
    elif gap is None and alert is not None and not ledger.blind:
        yield Change(before=alert, after=alert.resolve(ledger.seeing_since or now, EndReason.CLEARED))
    elif gap is not None and alert is not None and alert.summary != summary:
        yield Change(before=alert, after=replace(alert, summary=summary))


def _blind_by(ledger: Ledger, now: datetime) -> tuple[Gap | None, str]:
    suspicion = ledger.suspicion
    if suspicion.cut_off:
        return suspicion.uplink, UPLINK
    gap, patience = ledger.gap, suspicion.settings.page_after
    if gap is not None and gap.until is None and now >= gap.since + patience:
        return gap, INGEST
    return None, ""
