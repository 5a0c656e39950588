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
