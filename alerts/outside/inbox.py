"""Pure: what was sent to us and is not over, and what becomes of its alerts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.alert import Alert, Change, EndReason
from alerts.held import Key
from alerts.outside.sent import PREFIX, Sent
from alerts.view import View


@dataclass(slots=True)
class Inbox:
    """`sent`: as it was last sent, until it is over. `over`: rows that have served."""

    sent: dict[Key, Sent] = field(default_factory=dict)
    over: list[Sent] = field(default_factory=list)

    def learn(self, rows: Iterable[Sent]) -> None:
        """Rows that changed; one that comes a second time changes nothing."""
        self.sent.update((row.key, row) for row in rows)

    def ended(self, key: Key) -> None:
        """Somebody ended its alert by hand: should it go on, it will be sent again."""
        if (row := self.sent.pop(key, None)) is not None:
            self.over.append(row)

    def round(self, view: View, alerts: Mapping[Key, Alert], now: datetime) -> list[Change]:
        """What opens and what ends. What was over before it was seen never fires."""
        changes = list(self._unsent(view, alerts, now))
        for row in list(self.sent.values()):
            changes += self._follow(row, view, alerts.get(row.key), now)
        return changes

    def _unsent(self, view: View, alerts: Mapping[Key, Alert], now: datetime) -> Iterator[Change]:
        """Of what nobody speaks any more: the row was taken away by hand."""
        for key in [key for key in view.held.now_held if key[0].startswith(PREFIX) and key not in self.sent]:
            view.held.release(key, now)
        for key, alert in alerts.items():
            if key[0].startswith(PREFIX) and key not in self.sent:
                yield Change(before=alert, after=alert.resolve(now, EndReason.CLEARED))

    def _follow(self, row: Sent, view: View, before: Alert | None, now: datetime) -> Iterator[Change]:
        if not row.fires(now):
            view.held.release(row.key, now)
            self.ended(row.key)
            if before is not None:
                yield Change(before=before, after=before.resolve(row.ends_at, EndReason.CLEARED))
        elif before is None:
            yield from self._open(row, view, now)
        elif row.starts_at > before.starts_at:
            # It ended and began again between two looks; what began is opened by the next one.
            yield Change(before=before, after=before.resolve(row.starts_at, EndReason.CLEARED))

    def _open(self, row: Sent, view: View, now: datetime) -> Iterator[Change]:
        """Unless what its device hangs on failed, or work on it was announced: that is known already."""
        known = view.devices.get(row.device)
        cause = None if known is None else view.held_by(row.device)
        if cause is not None:
            view.held.hold(row.key, cause, now)
            return
        view.held.release(row.key, now)
        yield Change(before=None, after=row.opened(known, now))
