"""The statements about what people say of alerts. They only read: alerts.desk writes."""

from dashboards.queries import ALERT_COLUMNS, INCIDENT_COLUMNS, STORY

COMMENTS = """
    coalesce((
        select jsonb_agg(jsonb_build_object('at', at, 'said_at', said_at, 'who', who, 'text', text) order by id)
        from (select * from alert_comment where {about} order by id desc limit 200) newest
    ), '[]') as comments"""

# One alert, with all that became of it.
ALERT = f"""
select {ALERT_COLUMNS}, fired_at, end_reason, value, labels, annotations,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'at', at, 'said_at', said_at, 'from_state', from_state, 'to_state', to_state, 'who', who, 'why', why)
            order by id)
        from (select * from alert_transition where alert_id = alert.id order by id desc limit 200) newest
    ), '[]') as transitions,
    {COMMENTS.format(about="alert_id = alert.id")}
from alert where id = %(id)s
"""  # noqa: S608  put together from this file's constants

# One incident, with what people wrote about it.
INCIDENT = f"""
select {INCIDENT_COLUMNS}, merged_into, {COMMENTS.format(about=f"incident_id = {STORY.format(id='incident.id')}")}
from incident where id = %(id)s
"""  # noqa: S608  put together from this file's constants

# The states of alerts.
STATES = "select state from alert where id = any(%(ids)s)"

# Every alert of an incident; no row where there is no such incident.
ALERTS_OF = """
select array(select alert.id from alert where alert.incident_id = incident.id order by alert.id)
from incident where id = %(id)s
"""

SILENCE_COLUMNS = """
    id, match, owner, reason, since, until, ends_on_recovery, silenced_at, ended_at, ended_by"""

# A page of silences, the newest first; or only those that go on.
SILENCES = f"""
select {SILENCE_COLUMNS} from silence
where (not %(active)s or (ended_at is null and until > %(now)s))
and (%(before)s::timestamptz is null or (since, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by since desc, id desc limit %(limit)s
"""  # noqa: S608  put together from this file's constants

# One of them.
SILENCE = f"select {SILENCE_COLUMNS} from silence where id = %(id)s"  # noqa: S608  put together from this file's constants

# Whether there is such a device.
DEVICE_EXISTS = "select id from device where id = %(id)s"
