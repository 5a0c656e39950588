"""The statements about states. They write device_state, judged and blind_window; of other tables they only read."""

# The open row of every device.
OPEN_STATES = """
select device_id, since, state, cause, reason, marks, bucket, detail from device_state where until is null
"""

# When devices fell and came back lately, for those that flap: each row that differs from the one before in being down.
LATE_CHANGES = """
select device_id, since from (
    select device_id, since, state, reason, lag(state) over rows as before from device_state
    where since > %(after)s and reason <> 'blind' and state in ('up', 'degraded', 'down')
    window rows as (partition by device_id order by since)
) changed
where before is not null and (before = 'down') <> (state = 'down') order by since
"""

# Words of devices on their own connection, written since a cursor.
WORDS = """
select device_id, status, received_at, retained from device_status where changed >= %(cursor)s::xid8
"""

# The newest results of probes, newest first, of devices whose newest one failed.
PROBES = """
select wanted.device, probe.time, probe.value
from unnest(%(devices)s::text[], %(metrics)s::text[], %(counts)s::integer[]) as wanted (device, metric, count)
join series on series.device_id = wanted.device and series.metric = wanted.metric
cross join lateral (
    select time, value from reading where series_id = series.id order by time desc limit wanted.count
) as probe
order by wanted.device, probe.time desc
"""

# Last gasps received since a moment.
GASPS = """
select device_id, max(least(time, received_at)) from event
where received_at >= %(after)s and type = 'last_gasp' group by device_id
"""

# When ingest had both broker and database, as far as it matters for what comes.
UPTIME = """
select worker, since, until from ingest_uptime where until >= %(after)s
union (select worker, since, until from ingest_uptime order by until desc limit 2 * %(workers)s)
"""

# Announced work that is going on, or comes again and again.
MAINTENANCE = """
select match, since, until, rrule, time_zone from maintenance
where since <= %(now)s and removed_at is null
  and (until > %(now)s or (rrule is not null and (over_at is null or over_at > %(now)s)))
"""

# How far was judged, before; no row where never.
JUDGED = "select at, late_cursor::text from judged"
JUDGE = """
insert into judged (at, late_cursor) values (%(now)s, %(cursor)s::xid8)
on conflict (single) do update set at = excluded.at, late_cursor = excluded.late_cursor
"""

# Ends the open rows of devices that are in another state since a moment.
END_STATES = """
update device_state set until = moved.since, changed = pg_current_xact_id()
from jsonb_to_recordset(%(rows)s) as moved (device_id text, since timestamptz)
where device_state.device_id = moved.device_id and device_state.until is null and device_state.since < moved.since
"""
# Opens their rows; one that began at the same moment is written anew.
PUT_STATES = """
insert into device_state (device_id, since, state, cause, reason, marks, bucket, detail)
select device_id, since, state, cause, reason, marks, bucket, detail
from jsonb_to_recordset(%(rows)s) as moved (
    device_id text, since timestamptz, state text, cause text, reason text, marks text[], bucket text, detail jsonb)
on conflict (device_id, since) do update
set state = excluded.state, cause = excluded.cause, reason = excluded.reason, marks = excluded.marks,
    bucket = excluded.bucket, detail = excluded.detail, changed = excluded.changed
"""
# Ends the rows of devices that are no longer judged: out of the registry, or of a kind that does not exist.
END_GONE = """
update device_state set until = greatest(%(now)s, since + interval '1 microsecond'), changed = pg_current_xact_id()
where until is null and device_id <> all(%(judged)s)
"""

# Times that turned out to be none, or to have begun at another moment.
FORGET_BLIND = """
delete from blind_window
where reason = %(reason)s and (until is null or until >= %(after)s) and since <> all(%(since)s)
"""
# Times in which we could not see: begun, and ended.
PUT_BLIND = """
insert into blind_window (reason, since, until) values (%(reason)s, %(since)s, %(until)s)
on conflict (reason, since) do update set until = excluded.until, changed = pg_current_xact_id()
where blind_window.until is distinct from excluded.until
"""
# The last time in which our uplink was gone.
LAST_UPLINK = "select since, until from blind_window where reason = 'uplink' order by since desc limit 1"

# Event times of late readings written since a cursor, by device.
LATE = """
select device_id, min(since), max(until) from late_span where changed >= %(cursor)s::xid8 group by device_id
"""
# The rows that such spans touch.
ROWS = """
select device_state.device_id, device_state.since, device_state.until, state, reason, bucket, cause, marks, heard_at,
    detail
from unnest(%(devices)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[]) as span (device_id, since, until)
join device_state on device_state.device_id = span.device_id
    and (device_state.until is null or device_state.until > span.since) and device_state.since < span.until
order by device_state.device_id, device_state.since
"""
# All readings of devices in such spans: when, and of what.
READINGS = """
select series.device_id, reading.time, series.metric, reading.value
from unnest(%(devices)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[]) as span (device_id, since, until)
join series on series.device_id = span.device_id
join reading on reading.series_id = series.id and reading.time >= span.since and reading.time <= span.until
order by series.device_id, reading.time
"""
# History that turned out to be another: the old rows go, the new ones come.
FORGET = """
delete from device_state using jsonb_to_recordset(%(rows)s) as old (device_id text, since timestamptz)
where device_state.device_id = old.device_id and device_state.since = old.since
"""
LEARN = """
insert into device_state (device_id, since, until, state, cause, reason, marks, bucket, heard_at, detail)
select device_id, since, until, state, cause, reason, marks, bucket, heard_at, detail
from jsonb_to_recordset(%(rows)s) as learned (
    device_id text, since timestamptz, until timestamptz, state text, cause text, reason text, marks text[],
    bucket text, heard_at timestamptz, detail jsonb)
"""

# Tells those who show states to look again, once this transaction is committed.
TELL = "select pg_notify('states', '')"
