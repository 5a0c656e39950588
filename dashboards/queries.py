"""The statements of this room, beside those of its folders. They write maintenance and rule; else they only read."""

from psycopg import sql

# -- devices -----------------------------------------------------------------------------------------------------------

DEVICE_COLUMNS = """
    device.id, device.kind, device.name, device.area, device.latitude, device.longitude,
    device.parents, device.external_ids, device.attributes"""

# A value delivered late proves life at its own time, one from a fast clock only up to its receipt.
LAST_SEEN = "max(least(latest.time, latest.received_at))"

# What the engine makes of a device; null where it has not looked at it yet.
STANDING_COLUMNS = """
    device_state.state, device_state.since, device_state.cause, device_state.marks, device_state.reason"""
STANDING = "left join device_state on device_state.device_id = device.id and device_state.until is null"

# How far the engine has judged; no row where it never did.
JUDGED = "select at from judged"

# A device as the API shows it: the registry's row, its standing, and its newest reading of each metric.
SEEN_DEVICES = sql.SQL(f"""
select {DEVICE_COLUMNS}, {STANDING_COLUMNS}, seen.last_seen, seen.metrics, seen.values, seen.times
from device
{STANDING}
left join lateral (
    select {LAST_SEEN} as last_seen, array_agg(series.metric order by series.metric) as metrics,
        array_agg(latest.value order by series.metric) as values,
        array_agg(latest.time order by series.metric) as times
    from series join latest on latest.series_id = series.id where series.device_id = device.id
) seen on true
""")  # noqa: S608  put together from this file's constants

# One of them.
DEVICE = SEEN_DEVICES + sql.SQL("where device.id = %(id)s")

# A page of them in the order of their ids, after the last one shown. Where no state is believed, all are unknown.
DEVICES = SEEN_DEVICES + sql.SQL("""
where device.id > %(after)s
and (%(state)s::text is null
    or case when %(believed)s then coalesce(device_state.state, 'unknown') else 'unknown' end = %(state)s)
and (%(kind)s::text is null or device.kind = %(kind)s)
and (%(area)s::text is null or device.area = %(area)s)
and (%(q)s::text is null or position(lower(%(q)s) in lower(device.id || ' ' || device.name)) > 0)
order by device.id limit %(limit)s
""")

# Kind, place and standing of every device, for counts and the map: no values.
STANDINGS = f"""
select device.id, device.kind, device.name, device.area, device.latitude, device.longitude,
    {STANDING_COLUMNS}, seen.last_seen
from device
{STANDING}
left join (
    select series.device_id, {LAST_SEEN} as last_seen
    from series join latest on latest.series_id = series.id group by series.device_id
) seen on seen.device_id = device.id
"""  # noqa: S608  put together from this file's constants

# What a device is, and whether there is one.
KIND = """
select kind from device where id = %(id)s
"""

# The newest reading by its own time and by its receipt; since when there is any device; how far the engine has judged,
# and since when it knows that nobody can see.
NEWEST = """
select (select max(least(time, received_at)) from latest) as newest_reading,
    (select max(received_at) from latest) as newest_receipt,
    (select min(updated_at) from device) as first_device,
    (select at from judged) as judged_at,
    (select min(since) from blind_window where until is null) as blind_window
"""

# Where devices are, as far as they have a place.
EXTENT_OF_DEVICES = """
select min(longitude) as west, min(latitude) as south, max(longitude) as east, max(latitude) as north from device
"""

# -- live --------------------------------------------------------------------------------------------------------------

# Where this look at the database ends and the next begins: whatever is still being written now lies after it.
# With it: how far the engine has judged, and since when it sees nothing.
HORIZON = """
select pg_snapshot_xmin(pg_current_snapshot())::text as xmin, (select at from judged) as judged_at,
    (select min(since) from blind_window where until is null) as blind_window
"""

# Changes whenever any row of the registry is added, changed or removed; the order of commits does not matter to a sum.
REGISTRY_PRINT = """
select count(*), coalesce(sum(hashtextextended(id || ' ' || xmin::text, 0)), 0), min(updated_at) from device
"""

# The registry.
REGISTRY = sql.SQL(f"select {DEVICE_COLUMNS} from device order by device.id")  # noqa: S608  this file's constants

# Newest readings written since the last look; a row may come twice, none is missed.
CHANGED_LATEST = """
select series.device_id as device, series.metric, latest.time, latest.value, latest.received_at
from latest join series on series.id = latest.series_id where latest.changed >= %(horizon)s::text::xid8
"""

# Standings written since the last look; of each device the one that holds.
CHANGED_STANDINGS = f"""
select device_id as device, {STANDING_COLUMNS} from device_state
where changed >= %(horizon)s::text::xid8 and until is null
"""  # noqa: S608  put together from this file's constants

# -- readings ----------------------------------------------------------------------------------------------------------

# The number of a device's metric; no row where it never reported.
SERIES = """
select id from series where device_id = %(device)s and metric = %(metric)s
"""

# How many raw readings a span holds, counted no further than it matters.
COUNT_RAW = """
select count(*) from (
    select from reading where series_id = %(series)s and time >= %(from)s and time < %(to)s limit %(limit)s
) counted
"""

# How far a series reaches: raw readings are forgotten sooner than their roll-ups.
EXTENT = """
select (select min(time) from reading where series_id = %(series)s) as first_raw,
    (select min(bucket) from rollup_5m where series_id = %(series)s) as first_5m,
    (select min(bucket) from rollup_1h where series_id = %(series)s) as first_1h,
    greatest(
        (select max(time) from reading where series_id = %(series)s),
        (select max(bucket) + interval '1 hour' from rollup_1h where series_id = %(series)s)) as newest
"""

# Raw readings in the order of time.
RAW = """
select time, value from reading where series_id = %(series)s and time >= %(from)s and time < %(to)s
order by time limit %(limit)s
"""

# Rolled-up readings, right to the last committed one: buckets that wait in rollup_due are reckoned from the raw
# readings. Where a bucket is found both ways, the fuller one is right: readings are added, never changed, and raw ones
# are forgotten first. One statement sees one moment, so a roll-up committed meanwhile changes nothing.
ROLLED_UP = sql.SQL("""
with due as (
    select distinct time_bucket(%(width)s, bucket) as time from rollup_due
    where bucket >= %(from)s and bucket < %(to)s
), fresh as (
    select due.time, min(value) as min, max(value) as max, sum(value) as sum, count(*) as count,
        last(value, reading.time) as last
    from due join reading on reading.series_id = %(series)s
        and reading.time >= due.time and reading.time < due.time + %(width)s
    group by due.time
), rolled as (
    select bucket as time, min, max, sum, count, last from {rollup}
    where series_id = %(series)s and bucket >= %(from)s and bucket < %(to)s order by bucket limit %(rows)s
), exact as (
    select distinct on (time) time, min, max, sum, count, last
    from (select * from rolled union all select * from fresh) either order by time, count desc
)
select time_bucket(%(shown)s, time, origin => timestamptz 'epoch') as time,
    min(min) as min, max(max) as max, sum(sum) as sum, sum(count)::bigint as count, last(last, time) as last
from exact group by 1 order by 1 limit %(limit)s
""")

# -- what was refused --------------------------------------------------------------------------------------------------

# Refusals, the newest first. Rows are only ever added, so a row's place on disk tells apart those of one moment.
REJECTED = """
select received_at, topic, device_id as device, reason, detail, payload, ctid::text as place from rejected
where received_at >= %(from)s and received_at < %(to)s
and (%(reason)s::text is null or reason = %(reason)s)
and (%(before)s::timestamptz is null or (received_at, ctid) < (%(before)s::timestamptz, %(place)s::tid))
order by received_at desc, ctid desc limit %(limit)s
"""

# Devices that spoke without being in the registry, with what they said last.
UNKNOWN_DEVICES = """
select device_id as device, count(*) as count, min(received_at) as first_seen, max(received_at) as last_seen,
    last(topic, received_at) as topic, last(payload, received_at) as payload
from rejected
where reason = 'unknown-device' and received_at >= %(since)s and device_id > %(after)s
and not exists (select from device where device.id = rejected.device_id)
group by device_id order by device_id limit %(limit)s
"""

# Whether a device of that id spoke without being in the registry.
SPOKE_UNKNOWN = """
select exists (
    select from rejected where reason = 'unknown-device' and received_at >= %(since)s and device_id = %(device)s
)
"""

# -- alerts ------------------------------------------------------------------------------------------------------------

ALERT_COLUMNS = """
    id, rule, device, severity, state, starts_at, ends_at, summary, incident_id as incident, acknowledged_at,
    acknowledged_by"""

# Alerts that are open, and what became of those that were.
OPEN_ALERTS = f"""
select {ALERT_COLUMNS} from alert where state <> 'resolved' or id = any(%(known)s) order by id
"""  # noqa: S608  put together from this file's constants

# How many incidents go on.
COUNT_INCIDENTS = """
select count(*) from incident where state = 'open'
"""

# A page of alerts, the newest first.
ALERTS = f"""
select {ALERT_COLUMNS} from alert
where (%(state)s::text is null or state = %(state)s)
and (%(device)s::text is null or device = %(device)s)
and (%(before)s::timestamptz is null or (starts_at, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by starts_at desc, id desc limit %(limit)s
"""  # noqa: S608  put together from this file's constants

# -- incidents ---------------------------------------------------------------------------------------------------------

# The numbers of an incident and of those that turned out to be part of it: what was said of them is said of it.
STORY = "any(array(select one.id from incident as one where {id} in (one.id, one.merged_into)))"

INCIDENT_COLUMNS = """
    id, title, severity, state, root, area, class, place, opened_at, resolved_at, affected,
    array(select alert.id from alert where alert.incident_id = incident.id order by alert.id) as alerts,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'device', device_id, 'rule', rule, 'cause', cause, 'at', at, 'until', until) order by device_id, id)
        from suppression where suppression.incident_id = incident.id
    ), '[]') as suppressed"""

# Incidents that are open, and what became of those that were.
OPEN_INCIDENTS = f"""
select {INCIDENT_COLUMNS} from incident where state = 'open' or id = any(%(known)s) order by id
"""  # noqa: S608  put together from this file's constants

# A page of incidents, the newest first.
INCIDENTS = f"""
select {INCIDENT_COLUMNS} from incident
where (%(state)s::text is null or state = %(state)s)
and (%(before)s::timestamptz is null or (opened_at, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by opened_at desc, id desc limit %(limit)s
"""  # noqa: S608  put together from this file's constants

# Messages and their receipts, the newest first.
NOTIFICATIONS = """
select id, channel, technician, (body ->> 'incident')::bigint as incident, sequence, body ->> 'status' as status,
       severity, body ->> 'title' as title, created_at, attempts, delivered_at, failed_at, last_error,
       exists (select from alert where incident_id = (body ->> 'incident')::bigint
               and state in ('acknowledged', 'resolved') and acknowledged_at is not null) as acknowledged
from notification
where (%(incident)s::bigint is null or (body ->> 'incident')::bigint = %(incident)s)
and (%(before)s::timestamptz is null or (created_at, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by created_at desc, id desc limit %(limit)s
"""

# -- the history of states ---------------------------------------------------------------------------------------------

# A device's rows that overlap a span, oldest first.
STATES = """
select state, since, until, cause, marks, reason, bucket, heard_at from device_state
where device_id = %(id)s and since < %(to)s and (until is null or until > %(from)s)
and (%(after)s::timestamptz is null or since > %(after)s)
order by since limit %(limit)s
"""

# Times in which we could not see that overlap a span.
BLIND = """
select reason, since, until, detail from blind_window
where since < %(to)s and (until is null or until > %(from)s) order by since desc limit %(limit)s
"""

# How long each device was in which bucket within a span, and its outages: runs of rows that say the same. Behind the
# last judgement nothing is covered. An outage that goes on at the end of the span has not ended: it is not repaired.
AVAILABILITY = """
with span as (
    select %(from)s::timestamptz as since,
        greatest(%(from)s::timestamptz, least(%(to)s::timestamptz, max(at))) as until
    from judged having max(at) is not null
), clipped as (
    select device_id, bucket, greatest(device_state.since, span.since) as since,
        least(device_state.until, span.until) as until, span.until as seen_until, lag(bucket) over rows as before
    from device_state cross join span
    where device_state.since < span.until and (device_state.until is null or device_state.until > span.since)
    and span.since < span.until and (%(id)s::text is null or device_id = %(id)s)
    window rows as (partition by device_id order by device_state.since)
), counted as (
    select device_id,
        extract(epoch from sum(until - since) filter (where bucket = 'up')) as up,
        extract(epoch from sum(until - since) filter (where bucket = 'down')) as down,
        extract(epoch from sum(until - since) filter (where bucket = 'upstream')) as upstream,
        extract(epoch from sum(until - since) filter (where bucket = 'maintenance')) as maintenance,
        extract(epoch from sum(until - since) filter (where bucket = 'power')) as power,
        count(*) filter (
            where bucket in ('down', 'upstream', 'power')
            and (before is null or before not in ('down', 'upstream', 'power'))) as outages,
        count(*) filter (where bucket = 'down' and before is distinct from 'down') as outages_own,
        count(*) filter (where bucket = 'down' and until = seen_until) as going_on,
        max(since) filter (where bucket = 'down' and before is distinct from 'down') as last_began,
        max(seen_until) as seen_until
    from clipped group by device_id
)
select device.id, device.kind, device.area, device.name, up, down, upstream, maintenance, power,
    coalesce(outages, 0) as outages, coalesce(outages_own, 0) as outages_own,
    coalesce(outages_own - going_on, 0) as repaired,
    down - case going_on when 0 then 0 else extract(epoch from seen_until - last_began) end as repair_seconds
from device left join counted on counted.device_id = device.id
where (%(kind)s::text is null or device.kind = %(kind)s)
and (%(area)s::text is null or device.area = %(area)s)
and (%(id)s::text is null or device.id = %(id)s)
"""

# -- why ---------------------------------------------------------------------------------------------------------------

# What a device's state rests on, and what it said last.
EXPLAINED = f"""
select {STANDING_COLUMNS}, device_state.detail, device_status.status, device_status.received_at as status_at,
    (select {LAST_SEEN} from series join latest on latest.series_id = series.id
        where series.device_id = device.id) as last_seen,
    (select id from incident where incident.state = 'open'
        and root = coalesce(device_state.cause, device.id)) as incident
from device
{STANDING}
left join device_status on device_status.device_id = device.id
where device.id = %(id)s
"""  # noqa: S608  put together from this file's constants

# The standings of some devices.
STANDINGS_OF = f"""
select device.id, {STANDING_COLUMNS} from device {STANDING} where device.id = any(%(ids)s)
"""  # noqa: S608  put together from this file's constants

# What is held back on a device now.
HELD_BACK = """
select rule, cause, at from suppression where device_id = %(id)s and until is null order by rule
"""

# What goes on on a device.
ALERTS_ON = """
select id, rule, severity, state, summary, incident_id as incident from alert
where device = %(id)s and state <> 'resolved' order by id
"""
