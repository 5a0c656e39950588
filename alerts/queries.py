"""The statements about alerts and notifications, which this room owns; it reads device, series and latest."""

# Whether this session is the one that judges; the lock goes with the session.
TRY_LOCK = "select pg_try_advisory_lock(%s)"
UNLOCK = "select pg_advisory_unlock(%s)"

# Ends the session that judges where nothing was heard from it for so long: its process is stopped, or its machine is
# gone, and the lock would stay with it. In the middle of a round it may reckon for longer, the more devices there are.
# One that waits for the database is not idle; another role's is not ours to end.
RELIEVE = """
select pg_terminate_backend(pid)
from pg_locks join pg_stat_activity using (pid)
where locktype = 'advisory' and granted and objsubid = 1 and (classid::bigint << 32 | objid::bigint) = %(lock)s
  and database = (select oid from pg_database where datname = current_database()) and usename = current_user
  and clock_timestamp() > state_change + %(silent)s + case state
      when 'idle' then interval '0'
      when 'idle in transaction' then (select count(*) from device) * %(reckoning)s
      when 'idle in transaction (aborted)' then interval '0'
  end
"""

# The cursor for the next look, and marks that change with every insert, update and delete in the registry, and in the
# rules of operators.
LOOK = """
select pg_snapshot_xmin(pg_current_snapshot())::text as cursor,
       (select count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) from device) as registry,
       (select count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) from rule) as rules
"""

# Newest readings written since a cursor. A clock that runs ahead is not believed beyond the receipt.
NEWEST = """
select series.device_id as device, series.metric, latest.value, least(latest.time, latest.received_at) as at,
       extract(epoch from greatest(latest.received_at - latest.time, '0'))::float8 as delay_seconds
from latest join series on series.id = latest.series_id
where latest.changed >= %(cursor)s::xid8
"""

ALERT_COLUMNS = """id, rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, ends_at, end_reason,
       value, summary, incident_id, labels, annotations, acknowledged_at, acknowledged_by, well_since"""

# Alerts written since a cursor, by whomever; from the beginning of time those that are not over.
ALERTS = f"""
select {ALERT_COLUMNS}
from alert where changed >= %(cursor)s::xid8 and (state <> 'resolved' or %(cursor)s <> '0')
"""  # noqa: S608  put together from this file's constants

# These alerts as they stand, held until the end of the transaction. Who holds several takes them in the order of their
# numbers, so that no two wait for each other.
HOLD_ALERTS = f"""
select {ALERT_COLUMNS} from alert where id = any(%(ids)s) order by id for no key update
"""  # noqa: S608  put together from this file's constants

# Rules of operators that are to be judged.
RULES = "select name, body from rule where enabled order by name"

# Events received since a moment, of each device and type the newest. As above, no clock is believed beyond the receipt.
EVENTS = """
select device_id as device, type, max(least(time, received_at)) as at from event
where received_at >= %(after)s and type = any(%(types)s) group by device_id, type
"""

# Up to which event alerts of these rules have come and gone.
SPENT = """
select rule, device, max(evidence_at) from alert
where rule = any(%(rules)s) and state = 'resolved' and evidence_at >= %(after)s group by rule, device
"""

# How long a statement may take, within this transaction.
HURRY = "select set_config('statement_timeout', %s, true)"
NO_HURRY = "set local statement_timeout to default"

# Devices with an alert that began to fire after a moment of the engine's clock, and the newest such moment.
FIRED = """
select coalesce(array_agg(distinct device), '{}') as devices, max(fired_at) as newest
from alert where fired_at > %(after)s
"""

# The newest moment at which any alert began to fire.
NEWEST_FIRED = "select coalesce(max(fired_at), 'epoch') from alert"

# New alerts. One that is open already stays as it is.
OPEN = """
insert into alert (
    rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, value, summary, incident_id, labels,
    annotations)
select rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, value, summary, incident_id, labels,
       annotations
from jsonb_populate_recordset(null::alert, %(alerts)s)
on conflict (rule, device) where state <> 'resolved' do nothing
returning id, rule, device
"""

# Open alerts that moved. Whoever else writes here moves an alert only among firing, acknowledged and resolved, and what
# the engine makes of a fired alert is resolved, which may follow both; so a row not yet resolved is safe to write.
# Who has taken it is theirs alone to write. Held in the order of their numbers, as above; says what each was before.
MOVE = """
with held as materialized (
    select id, state from alert where id = any(%(ids)s) order by id for no key update
)
update alert
set state = case when alert.state in ('firing', 'acknowledged') and moved.state in ('firing', 'acknowledged')
                 then alert.state else moved.state end,
    starts_at = moved.starts_at, evidence_at = moved.evidence_at, fired_at = moved.fired_at,
    ends_at = moved.ends_at, end_reason = moved.end_reason, value = moved.value, summary = moved.summary,
    incident_id = moved.incident_id, labels = moved.labels, annotations = moved.annotations,
    well_since = moved.well_since, changed = pg_current_xact_id()
from jsonb_populate_recordset(null::alert, %(alerts)s) as moved join held using (id)
where alert.id = held.id and alert.state <> 'resolved'
returning alert.id, held.state as before, alert.state as after
"""

# What people said of alerts.
SAY = """
update alert
set state = said.state, acknowledged_at = said.acknowledged_at, acknowledged_by = said.acknowledged_by,
    ends_at = said.ends_at, end_reason = said.end_reason, changed = pg_current_xact_id()
from jsonb_populate_recordset(null::alert, %(alerts)s) as said where alert.id = said.id
"""

# Changes of state, each once.
RECORD = """
insert into alert_transition (alert_id, at, said_at, from_state, to_state, who, why)
select alert_id, at, said_at, from_state, to_state, who, why
from jsonb_populate_recordset(null::alert_transition, %(rows)s)
on conflict (alert_id, who, said_at) where from_state = to_state do nothing
"""

# A comment, unless it is here already: a phone that had no answer sends it again.
COMMENT = """
insert into alert_comment (alert_id, incident_id, at, said_at, who, text)
select %(alert)s, %(incident)s, %(at)s, %(said_at)s, %(who)s, %(text)s
where not exists (
    select from alert_comment as known
    where known.alert_id is not distinct from %(alert)s and known.incident_id is not distinct from %(incident)s
      and known.who = %(who)s and known.text = %(text)s and known.said_at is not distinct from %(said_at)s
      and (known.said_at is not null or known.at > %(at)s - interval '1 minute'))
"""

# Alerts of an incident that were told and go on.
ALERTS_OF = """
select id from alert where incident_id = %(incident)s and state in ('firing', 'acknowledged') order by id
"""

# Tells the others to look again, once this transaction is committed.
TELL = "select pg_notify('alerts', '')"
# And the engine, when it was not the engine that changed something.
TELL_ALL = "select pg_notify('alerts', ''), pg_notify('readings', '')"

# What the clock shows that all processes share.
CLOCK = "select clock_timestamp()"

# Takes messages that are due: of what goes on before what is over, the worst first, of that the newest, for whoever was
# out of reach for an hour needs to know what is the matter now. Never one before its elders about the same group to the
# same address, which count for as much as what waits behind them. They stay taken until the lease ends: whoever took
# them and died leaves them to the next.
TAKE = """
with due as materialized (
    select candidate.id
    from notification as candidate
    left join page_group on page_group.id = candidate.group_id
    cross join lateral (
        select max(id) as newest, min(array_position(array['critical', 'warning', 'info'], severity)) as worst
        from (
            select candidate.id, candidate.severity
            union all
            select behind.id, behind.severity from notification as behind
            where behind.group_id = candidate.group_id and behind.channel = candidate.channel
              and behind.address is not distinct from candidate.address
              and behind.id > candidate.id and behind.delivered_at is null and behind.failed_at is null) as each
    ) as queue
    where candidate.channel = %(channel)s and candidate.next_attempt_at <= %(now)s
      and candidate.delivered_at is null and candidate.failed_at is null
      and not exists (
          select from notification as elder
          where elder.group_id = candidate.group_id and elder.channel = candidate.channel
            and elder.address is not distinct from candidate.address
            and elder.id < candidate.id and elder.delivered_at is null and elder.failed_at is null)
    order by page_group.closed_at is not null, queue.worst, queue.newest desc limit %(limit)s
    for update of candidate skip locked
)
update notification set attempts = attempts + 1, next_attempt_at = %(lease_until)s
from due where notification.id = due.id
returning notification.id, notification.channel, attempts, notification.next_attempt_at, created_at, body
"""

# What came of attempts. A delivery counts whoever made it; a failure only while nobody else has taken the message.
SETTLE = """
update notification
set delivered_at = settled.delivered_at, failed_at = settled.failed_at, last_error = settled.last_error,
    next_attempt_at = settled.next_attempt_at
from jsonb_populate_recordset(null::notification, %(settled)s) as settled
where notification.id = settled.id and notification.delivered_at is null
  and (settled.delivered_at is not null or notification.attempts = settled.attempts)
"""

# Messages to channels that the settings do not name, and that nobody has taken for so long: a process that was started
# with other settings may know them.
ABANDON = """
update notification set failed_at = %(now)s, last_error = 'the channel was removed from the settings'
where channel <> all(%(channels)s) and next_attempt_at <= %(before)s and delivered_at is null and failed_at is null
returning channel
"""

# A reply that somebody's gateway passed on.
KEEP_REPLY = """
insert into reply (channel, sender, text, said_at, received_at)
values (%(channel)s, %(sender)s, %(text)s, %(said_at)s, %(received_at)s) returning id
"""

# The oldest reply that nobody has heard yet.
WAITING_REPLY = """
select id, channel, sender, text, said_at, received_at from reply where handled_at is null order by id limit 1
"""
HEARD_REPLY = "update reply set handled_at = %(now)s, answer = %(answer)s where id = %(id)s"

# Of each channel its last delivery, and what of the messages since a moment was tried in vain.
CHANNEL_RECORDS = """
select channel, last.delivered_at, coalesce(vain.failures, 0)::integer as failures, vain.since as failing_since,
       vain.reason
from unnest(%(channels)s::text[]) as channel
left join lateral (
    select max(delivered_at) as delivered_at from notification
    where notification.channel = channel.channel and delivered_at is not null
) as last on true
left join lateral (
    select sum(attempts) as failures, min(created_at) as since,
           (array_agg(last_error order by id desc))[1] as reason
    from notification
    where notification.channel = channel.channel and delivered_at is null and last_error is not null and attempts > 0
      and created_at > %(after)s
) as vain on true
"""
