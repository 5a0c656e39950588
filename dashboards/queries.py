"""The statements of this room, but those about cameras. They write account, token and audit; else they only read."""

from psycopg import sql

# -- who may look ------------------------------------------------------------------------------------------------------

# A new bearer token; the unique index refuses a second live one of that name.
ADD_BEARER = """
insert into token (hash, kind, name, role, created_at) values (%(hash)s, 'bearer', %(name)s, %(role)s, %(now)s)
"""

# Every bearer token ever made, the newest first.
BEARERS = """
select name, role, created_at, last_used_at, revoked_at from token
where kind = 'bearer' order by created_at desc, id desc
"""

# End a live bearer token.
REVOKE_BEARER = """
update token set revoked_at = %(now)s where kind = 'bearer' and name = %(name)s and revoked_at is null
"""

# Whose secret this is, if it still opens anything; a session's role is its account's of this moment.
VISITOR = """
select token.id, token.name, token.kind, coalesce(account.role, token.role) as role, token.last_used_at
from token left join account on account.name = token.account
where token.hash = %(hash)s and token.revoked_at is null and (token.expires_at is null or token.expires_at > %(now)s)
"""

# A token was used; a session that is used lives on.
TOUCH = """
update token set last_used_at = %(now)s, expires_at = case kind when 'session' then %(now)s + %(session)s end
where id = any(%(ids)s) and revoked_at is null and (expires_at is null or expires_at > %(now)s)
and (last_used_at is null or last_used_at < %(now)s - interval '1 minute')
"""

# Which of these tokens still open anything.
ALIVE = """
select id from token
where id = any(%(ids)s) and revoked_at is null and (expires_at is null or expires_at > %(now)s)
"""

# An account, new or changed.
PUT_ACCOUNT = """
insert into account (name, role, password_hash, created_at) values (%(name)s, %(role)s, %(password_hash)s, %(now)s)
on conflict (name) do update set role = excluded.role, password_hash = excluded.password_hash
"""

# The stored hash of an account's password.
STORED_HASH = """
select password_hash from account where name = %(name)s
"""

# A login.
ADD_SESSION = """
insert into token (hash, kind, name, account, created_at, last_used_at, expires_at)
values (%(hash)s, 'session', %(account)s, %(account)s, %(now)s, %(now)s, %(now)s + %(session)s)
"""

# A logout.
END_SESSION = """
update token set revoked_at = %(now)s where id = %(id)s and kind = 'session' and revoked_at is null
"""

# A changed password ends what the old one opened.
END_SESSIONS = """
update token set revoked_at = %(now)s where account = %(account)s and revoked_at is null
"""

# Sessions that are over are of no use to anybody; the audit log keeps who was there.
FORGET_SESSIONS = """
delete from token where kind = 'session' and (expires_at < %(now)s or revoked_at < %(now)s)
"""

# One line of the audit log.
ADD_AUDIT = """
insert into audit (at, who, origin, action, subject, detail)
values (%(at)s, %(who)s, %(origin)s, %(action)s, %(subject)s, %(detail)s)
"""

# -- devices -----------------------------------------------------------------------------------------------------------

DEVICE_COLUMNS = """
    device.id, device.kind, device.name, device.area, device.latitude, device.longitude,
    device.parents, device.external_ids, device.attributes"""

# A value delivered late proves life at its own time, one from a fast clock only up to its receipt.
LAST_SEEN = "max(least(latest.time, latest.received_at))"

STATUS_COLUMNS = "device_status.status, device_status.received_at as status_at, device_status.retained"

# A device as the API shows it: the registry's row, its own last word, and its newest reading of each metric.
SEEN_DEVICES = sql.SQL(f"""
select {DEVICE_COLUMNS}, {STATUS_COLUMNS}, seen.last_seen, seen.metrics, seen.values, seen.times
from device
left join device_status on device_status.device_id = device.id
left join lateral (
    select {LAST_SEEN} as last_seen, array_agg(series.metric order by series.metric) as metrics,
        array_agg(latest.value order by series.metric) as values,
        array_agg(latest.time order by series.metric) as times
    from series join latest on latest.series_id = series.id where series.device_id = device.id
) seen on true
""")  # noqa: S608  put together from this file's constants

# One of them.
DEVICE = SEEN_DEVICES + sql.SQL("where device.id = %(id)s")

# A page of them in the order of their ids, after the last one shown.
DEVICES = SEEN_DEVICES + sql.SQL("""
where device.id > %(after)s
and (%(kind)s::text is null or device.kind = %(kind)s)
and (%(area)s::text is null or device.area = %(area)s)
and (%(q)s::text is null or position(lower(%(q)s) in lower(device.id || ' ' || device.name)) > 0)
order by device.id limit %(limit)s
""")

# Kind, place and evidence of every device, for counts and the map: no values.
EVIDENCE = f"""
select device.id, device.kind, device.name, device.area, device.latitude, device.longitude,
    {STATUS_COLUMNS}, seen.last_seen
from device
left join device_status on device_status.device_id = device.id
left join (
    select series.device_id, {LAST_SEEN} as last_seen
    from series join latest on latest.series_id = series.id group by series.device_id
) seen on seen.device_id = device.id
"""  # noqa: S608  put together from this file's constants

# What a device is, and whether there is one.
KIND = """
select kind from device where id = %(id)s
"""

# The newest reading by its own time and by its receipt, and since when there is any device.
NEWEST = """
select (select max(least(time, received_at)) from latest) as newest_reading,
    (select max(received_at) from latest) as newest_receipt,
    (select min(updated_at) from device) as first_device
"""

# -- live --------------------------------------------------------------------------------------------------------------

# Where this look at the database ends and the next begins: whatever is still being written now lies after it.
HORIZON = """
select pg_snapshot_xmin(pg_current_snapshot())::text
"""

# Changes whenever any row of the registry is added, changed or removed; the order of commits does not matter to a sum.
REGISTRY_PRINT = """
select count(*), coalesce(sum(hashtextextended(id || ' ' || xmin::text, 0)), 0) from device
"""

# The registry.
REGISTRY = sql.SQL(f"select {DEVICE_COLUMNS} from device order by device.id")  # noqa: S608  this file's constants

# Newest readings written since the last look; a row may come twice, none is missed.
CHANGED_LATEST = """
select series.device_id as device, series.metric, latest.time, latest.value, latest.received_at
from latest join series on series.id = latest.series_id where latest.changed >= %(horizon)s::text::xid8
"""

# Words of devices on their own connection, written since the last look.
CHANGED_STATUS = """
select device_id as device, status, received_at as status_at, retained from device_status
where changed >= %(horizon)s::text::xid8
"""

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

ALERT_COLUMNS = "id, rule, device, severity, state, starts_at, ends_at, summary"

# Alerts that are open, and what became of those that were.
OPEN_ALERTS = f"""
select {ALERT_COLUMNS} from alert where state <> 'resolved' or id = any(%(known)s) order by id
"""  # noqa: S608  put together from this file's constants

# How many are firing or acknowledged.
COUNT_FIRING = """
select count(*) from alert where state <> 'resolved' and state <> 'pending'
"""

# A page of alerts, the newest first.
ALERTS = f"""
select {ALERT_COLUMNS} from alert
where (%(state)s::text is null or state = %(state)s)
and (%(device)s::text is null or device = %(device)s)
and (%(before)s::timestamptz is null or (starts_at, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by starts_at desc, id desc limit %(limit)s
"""  # noqa: S608  put together from this file's constants

# One of them.
ALERT = f"""
select {ALERT_COLUMNS} from alert where id = %(id)s
"""  # noqa: S608  put together from this file's constants
