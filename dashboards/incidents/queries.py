"""The statement behind an incident's timeline. It only reads."""

# An incident, and those that turned out to be part of it.
STORY = "select id from incident where %(id)s in (id, merged_into)"

# At one moment: what happened before who was told of it, and that before what they said. A place in the list
# is a moment, and then the source's rank with the row's number in one.
RANK = 1_000_000_000_000_000

# Whom a name stands for, where it is a technician's.
NAME = "coalesce((select name from technician where technician.id = {who}), {who})"
NUMBER = "nullif({id}, %(incident)s)"
DEVICE_NAME = "coalesce((select name from device where device.id = {id}), {id})"

# All that is known of an incident, oldest first. `at` is when it happened; `heard_at` when it was heard, where that was
# later. Alerts that were pending are left out: nobody was told of them. `number` is that of an incident which went into
# this one, where something happened under it.
TIMELINE = f"""
with happened as (
    select opened_at as at, null::timestamptz as heard_at, id as place, 'opened' as kind, null as who, root as device,
        'open' as state, null::bigint as photo,
        jsonb_build_object('title', title, 'number', {NUMBER.format(id="id")},
            'device', {DEVICE_NAME.format(id="root")}) as facts
    from incident where id = any(%(incidents)s::bigint[])
    union all
    select coalesce(said_at, at), case when said_at is not null then at end, {RANK} + alert_transition.id, 'alert',
        nullif(who, 'engine'), alert.device, to_state, null,
        jsonb_build_object('from', from_state, 'why', why, 'summary', alert.summary, 'name', {NAME.format(who="who")},
            'device', {DEVICE_NAME.format(id="alert.device")})
    from alert_transition join alert on alert.id = alert_transition.alert_id
    where alert.incident_id = any(%(incidents)s::bigint[]) and to_state <> 'pending'
        and (from_state <> 'pending' or to_state <> 'resolved')
    union all
    select at, null, 2 * {RANK} + suppression.id, 'suppressed', null, device_id, null, null,
        jsonb_build_object('rule', rule, 'cause', cause, 'device', {DEVICE_NAME.format(id="device_id")},
            'cause_name', {DEVICE_NAME.format(id="cause")})
    from suppression where incident_id = any(%(incidents)s::bigint[])
    union all
    select told.at, null, told.rank * {RANK} + notification.id, told.kind, technician, null, null, null,
        jsonb_build_object('channel', channel, 'name', {NAME.format(who="technician")}, 'error', last_error,
            'number', {NUMBER.format(id="(body ->> 'incident')::bigint")}, 'sequence', sequence,
            'status', body ->> 'status')
    from notification cross join lateral (values
        (created_at, 'page', 3), (delivered_at, 'delivered', 4), (failed_at, 'failed', 4)) as told (at, kind, rank)
    where (body ->> 'incident')::bigint = any(%(incidents)s::bigint[]) and told.at is not null
    union all
    select coalesce(said_at, at), case when said_at is not null then at end, 5 * {RANK} + note.id,
        case when photo.id is null then 'note' else 'photo' end, who, null, null,
        case when photo.removed_at is null then photo.id end,
        jsonb_build_object('text', text, 'number', {NUMBER.format(id="incident_id")}, 'name', {NAME.format(who="who")})
    from note left join photo on photo.note_id = note.id where incident_id = any(%(incidents)s::bigint[])
    union all
    select coalesce(said_at, alert_comment.at), case when said_at is not null then alert_comment.at end,
        6 * {RANK} + alert_comment.id, 'note', who, alert.device, null, null,
        jsonb_build_object('text', text, 'number', {NUMBER.format(id="alert_comment.incident_id")},
            'name', {NAME.format(who="who")})
    from alert_comment left join alert on alert.id = alert_comment.alert_id
    where alert_comment.incident_id = any(%(incidents)s::bigint[])
        or alert_comment.alert_id = any(array(select id from alert where incident_id = any(%(incidents)s::bigint[])))
    union all
    select resolved_at, null, 7 * {RANK} + id, 'resolved', null, root, 'resolved', null,
        jsonb_build_object('seconds', extract(epoch from resolved_at - opened_at), 'number', id, 'into', merged_into,
            'title', (select title from incident as whole where whole.id = incident.merged_into))
    from incident where id = any(%(incidents)s::bigint[]) and resolved_at is not null
)
select * from happened
where %(after)s::timestamptz is null or (at, place) > (%(after)s::timestamptz, %(place)s::bigint)
order by at, place limit %(limit)s
"""  # noqa: S608  put together from this file's constants
