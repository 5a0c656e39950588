"""Between a round's judgement and its rows: which alerts are one story, what that is called, and when it is over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from alerts.alert import Alert, Change
from alerts.incidents import rows
from alerts.incidents.incident import Incident, gather, over, root_of, starting
from alerts.incidents.story import ask_optical, tell
from alerts.states.standing import Moved, Standing
from alerts.view import View

Connection = AsyncConnection[Any]
Incidents = dict[str, Incident]


async def tie(
    connection: Connection, view: View, known: Incidents, changes: Sequence[Change], now: datetime
) -> list[Change]:
    """The changes, with every alert that begins to fire tied to its incident, which is stored where it is new."""
    ledger = view.ledger
    firing = starting(changes)
    if not firing:
        return list(changes)
    found = gather(firing, known, ledger.standings, ledger.settings.correlation, now)
    await rows.merge(connection, found.into, [change.after.id for change in changes], now)
    await rows.change(connection, found.changed)
    moved = {one.id for one in found.changed} | found.into.keys()
    for root in [root for root, one in known.items() if one.id in moved]:
        del known[root]
    known |= {one.root: one for one in [*found.changed, *await rows.open_new(connection, found.new)]}
    return [_tied(change, known, view) for change in changes]


async def follow(
    connection: Connection,
    view: View,
    known: Incidents,
    moved: Iterable[Moved],
    alerts: Iterable[Alert],
    now: datetime,
) -> None:
    """What is told of the incidents whose devices moved; those that are over; and what is held back because of them."""
    roots = {root for one in moved for root in (one.device, one.after.cause) if root is not None}
    await _retell(connection, view, known, roots | {root for root, one in known.items() if not one.place})
    ended = over(known.values(), alerts, now)
    await rows.change(connection, ended)
    for incident in ended:
        known.pop(incident.root, None)
    view.held.belong({root: one.id for root, one in known.items() if one.id is not None})
    await rows.save_held(connection, view.held)


async def _retell(connection: Connection, view: View, known: Incidents, roots: Iterable[str]) -> None:
    """An incident whose root has not failed by its state, but by a rule, keeps the title of its first alert."""
    standings = view.ledger.standings
    failed = {root: standings[root].since for root in roots if root in known and _has_failed(root, standings)}
    if not failed:
        return
    optical = await rows.optical(connection, ask_optical(view.ledger, failed))
    told = {root: tell(view.ledger, known[root], optical.get(root, ()), view.language) for root in failed}
    await rows.change(connection, [one for root, one in told.items() if one != known[root]])
    known |= told


def _has_failed(root: str, standings: Mapping[str, Standing]) -> bool:
    return root in standings and standings[root].failed


def _tied(change: Change, known: Mapping[str, Incident], view: View) -> Change:
    if not (change.tells and change.after.fired):
        return change
    incident = known[root_of(change.after.device, view.ledger.standings)]
    return Change(before=change.before, after=replace(change.after, incident_id=incident.id))
