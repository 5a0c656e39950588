"""The statements about incidents and what is held back. They write incident and suppression, and tie alerts to them."""

# Every incident that goes on.
OPEN_INCIDENTS = """
select id, root, area, title, severity, state, class as cls, place, affected, opened_at, resolved_at
from incident where state = 'open'
"""

# Incidents by their numbers, over or not.
INCIDENTS = """
select id, root, area, title, severity, state, class as cls, place, affected, opened_at, resolved_at
from incident where id = any(%(ids)s) order by opened_at, id
"""

# New incidents.
OPEN = """
insert into incident (root, area, title, severity, state, class, place, affected, opened_at)
select root, area, title, severity, state, cls, place, affected, opened_at
from jsonb_to_recordset(%(rows)s) as opened (
    root text, area text, title text, severity text, state text, cls text, place jsonb, affected jsonb,
    opened_at timestamptz)
returning root, id
"""

# Incidents of which more is known now, or that are over.
CHANGE = """
update incident
set root = changed.root, area = changed.area, title = changed.title, severity = changed.severity,
    state = changed.state, class = changed.cls, place = changed.place, affected = changed.affected,
    resolved_at = changed.resolved_at, changed = pg_current_xact_id()
from jsonb_to_recordset(%(rows)s) as changed (
    id bigint, root text, area text, title text, severity text, state text, cls text, place jsonb, affected jsonb,
    resolved_at timestamptz)
where incident.id = changed.id
"""

# Alerts that go over to another incident, with all else that this round writes: held at once, in the order of their
# numbers, as everybody who holds several does.
HOLD_ALERTS = """
select from alert where incident_id = any(%(incidents)s) or id = any(%(alerts)s) order by id for no key update
"""
# Alerts and what was held back go over to the incident that theirs turned out to be.
MERGE_ALERTS = """
update alert set incident_id = merged.into, changed = pg_current_xact_id()
from jsonb_to_recordset(%(rows)s) as merged ("from" bigint, "into" bigint) where alert.incident_id = merged."from"
"""
MERGE_SUPPRESSIONS = """
update suppression set incident_id = merged.into
from jsonb_to_recordset(%(rows)s) as merged ("from" bigint, "into" bigint) where suppression.incident_id = merged."from"
"""
# They are over, and so is whatever went into them before; nobody has to follow from one to the next.
MERGE_INCIDENTS = """
update incident
set merged_into = merged.into, state = 'resolved', changed = pg_current_xact_id(),
    resolved_at = coalesce(resolved_at, greatest(%(now)s, opened_at))
from jsonb_to_recordset(%(rows)s) as merged ("from" bigint, "into" bigint)
where merged."from" in (incident.id, incident.merged_into)
"""

# Optical power of points on the day before they fell, oldest first.
OPTICAL = """
select wanted.device, reading.time, reading.value
from unnest(%(devices)s::text[], %(falls)s::timestamptz[]) as wanted (device, fall)
join series on series.device_id = wanted.device and series.metric = 'rx_power_dbm'
join reading on reading.series_id = series.id
    and reading.time > wanted.fall - interval '1 day' and reading.time <= wanted.fall
order by wanted.device, reading.time
"""

# What is held back now.
HELD = """
select id, rule, device_id as device, cause, incident_id, at, until from suppression where until is null
"""

# What began to be held back.
HOLD = """
insert into suppression (rule, device_id, cause, incident_id, at)
select rule, device, cause, incident_id, at
from jsonb_to_recordset(%(rows)s) as held (
    rule text, device text, cause text, incident_id bigint, at timestamptz)
on conflict (device_id, rule) where until is null do nothing
returning id, rule, device_id as device, cause, incident_id, at, until
"""

# What is held back for another cause, belongs to an incident now, or is held back no longer.
HOLD_ON = """
update suppression set cause = held.cause, incident_id = held.incident_id, until = held.until
from jsonb_to_recordset(%(rows)s) as held (id bigint, cause text, incident_id bigint, until timestamptz)
where suppression.id = held.id
"""
