"""The statements of ingest. Times cross as epoch microseconds (bigint), exact to the last one."""

# The registry, as far as ingest needs it (table of the room devices).
DEVICE_KINDS = "select id, kind from device"

# Numbers of the series asked for, made where they are missing. Sorted, so that two workers never wait in a circle.
NUMBER_SERIES = """
insert into series (device_id, metric)
select * from unnest(%(devices)s::text[], %(metrics)s::text[]) as wanted (device_id, metric)
order by device_id, metric
on conflict do nothing
"""
SERIES_NUMBERS = """
select device_id, metric, id from series
join unnest(%(devices)s::text[], %(metrics)s::text[]) as wanted (device_id, metric) using (device_id, metric)
"""

COPY_READINGS = "copy reading (series_id, time, value) from stdin (format binary)"

# The slower way, after a conflict: some of these readings are there already.
CREATE_STAGING = """
create temporary table staged (
    position bigint generated always as identity, series_id integer, time timestamptz, value double precision
) on commit drop
"""
COPY_STAGED = "copy staged (series_id, time, value) from stdin (format binary)"
# Of several values for one moment the first that came stays.
INSERT_STAGED = """
insert into reading (series_id, time, value)
select distinct on (series_id, time) series_id, time, value from staged order by series_id, time, position
on conflict do nothing
"""
COUNT_CONFLICTING = """
select count(*) from staged join reading using (series_id, time) where reading.value <> staged.value
"""

# Never backwards: an older or equally old reading leaves the row as it is. Sorted against circles of waiting.
UPDATE_LATEST = """
insert into latest (series_id, time, value, received_at)
select series_id, 'epoch'::timestamptz + time_us * interval '1 microsecond', value,
       'epoch'::timestamptz + received_us * interval '1 microsecond'
from unnest(%(series)s::integer[], %(times)s::bigint[], %(values)s::float8[], %(received)s::bigint[])
     as newest (series_id, time_us, value, received_us)
order by series_id
on conflict (series_id) do update
set time = excluded.time, value = excluded.value, received_at = excluded.received_at, changed = excluded.changed
where excluded.time > latest.time
"""

# A retained status that says what we know already is no news; one that differs was missed while we were away.
UPDATE_STATUS = """
insert into device_status (device_id, status, received_at, retained)
values (%s, %s, 'epoch'::timestamptz + %s * interval '1 microsecond', %s)
on conflict (device_id) do update
set status = excluded.status, received_at = excluded.received_at, retained = excluded.retained,
    changed = excluded.changed
where excluded.received_at >= device_status.received_at
  and not (excluded.retained and excluded.status = device_status.status)
"""

INSERT_EVENT = """
insert into event (time, device_id, type, data, received_at)
values ('epoch'::timestamptz + %s * interval '1 microsecond', %s, %s, %s,
        'epoch'::timestamptz + %s * interval '1 microsecond')
on conflict do nothing
"""

INSERT_REJECTED = """
insert into rejected (received_at, topic, device_id, reason, detail, payload)
values ('epoch'::timestamptz + %s * interval '1 microsecond', %s, %s, %s, %s, %s)
"""

INSERT_LATE = """
insert into late_span (device_id, since, until, received_at)
values (%s, 'epoch'::timestamptz + %s * interval '1 microsecond', 'epoch'::timestamptz + %s * interval '1 microsecond',
        'epoch'::timestamptz + %s * interval '1 microsecond')
"""

INSERT_DUE = "insert into rollup_due (bucket, series_ids) values (to_timestamp(%s), %s)"

# What redelivery.py must know after a crash.
SAVE_DELIVERY = """
insert into delivery (client_id, packets, digests) values (%s, %s, %s)
on conflict (client_id) do update set packets = excluded.packets, digests = excluded.digests
"""
LOAD_DELIVERY = "select packets, digests from delivery where client_id = %s"

# Begins a row and prolongs it. It leaves no dead row where nothing was heard since.
KEEP_UPTIME = """
insert into ingest_uptime (worker, since, until)
values (%s, 'epoch'::timestamptz + %s * interval '1 microsecond', 'epoch'::timestamptz + %s * interval '1 microsecond')
on conflict (worker, since) do update set until = excluded.until where excluded.until > ingest_uptime.until
"""
DROP_UPTIME = "delete from ingest_uptime where until < %s"

NOTIFY_READINGS = "select pg_notify('readings', '')"

# One ingest process rolls up and drops; the others find the lock taken.
TAKE_UPKEEP = "select pg_try_advisory_xact_lock(7236203)"

# Buckets that closed long enough ago, at most so many rows at a time.
TAKE_DUE = """
delete from rollup_due where ctid in (
    select ctid from rollup_due where bucket <= %(closed)s order by bucket limit %(rows)s for update skip locked
)
returning bucket, series_ids
"""

ROLL_UP_BUCKET = """
insert into rollup_5m (series_id, bucket, min, max, sum, count, last)
select series_id, %(bucket)s, min(value), max(value), sum(value), count(*), last(value, time)
from reading where time >= %(bucket)s and time < %(bucket)s + interval '5 minutes'
group by series_id
on conflict (series_id, bucket) do update
set min = excluded.min, max = excluded.max, sum = excluded.sum, count = excluded.count, last = excluded.last
"""
ROLL_UP_SERIES = """
insert into rollup_5m (series_id, bucket, min, max, sum, count, last)
select due.series_id, due.bucket, rolled.*
from unnest(%(series)s::integer[], %(buckets)s::timestamptz[]) as due (series_id, bucket)
cross join lateral (
    select min(value), max(value), sum(value), count(*), last(value, time)
    from reading
    where reading.series_id = due.series_id
      and time >= due.bucket and time < due.bucket + interval '5 minutes'
    having count(*) > 0
) as rolled
on conflict (series_id, bucket) do update
set min = excluded.min, max = excluded.max, sum = excluded.sum, count = excluded.count, last = excluded.last
"""

# Hours from their five-minute buckets.
ROLL_UP_HOUR = """
insert into rollup_1h (series_id, bucket, min, max, sum, count, last)
select series_id, %(bucket)s, min(min), max(max), sum(sum), sum(count), last(last, rollup_5m.bucket)
from rollup_5m where rollup_5m.bucket >= %(bucket)s and rollup_5m.bucket < %(bucket)s + interval '1 hour'
group by series_id
on conflict (series_id, bucket) do update
set min = excluded.min, max = excluded.max, sum = excluded.sum, count = excluded.count, last = excluded.last
"""
ROLL_UP_HOURS_OF_SERIES = """
insert into rollup_1h (series_id, bucket, min, max, sum, count, last)
select due.series_id, due.bucket, rolled.*
from unnest(%(series)s::integer[], %(buckets)s::timestamptz[]) as due (series_id, bucket)
cross join lateral (
    select min(min), max(max), sum(sum), sum(count), last(last, rollup_5m.bucket)
    from rollup_5m
    where rollup_5m.series_id = due.series_id
      and rollup_5m.bucket >= due.bucket and rollup_5m.bucket < due.bucket + interval '1 hour'
    having count(*) > 0
) as rolled
on conflict (series_id, bucket) do update
set min = excluded.min, max = excluded.max, sum = excluded.sum, count = excluded.count, last = excluded.last
"""

DROP_CHUNKS = "select count(*) from drop_chunks(%s::regclass, older_than => %s)"
