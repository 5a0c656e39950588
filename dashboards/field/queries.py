"""The statement behind a technician's phone. It only reads."""

from dashboards.queries import STORY

OF_INCIDENT = STORY.format(id="incident.id")

# A name as people say it, where it is a technician's.
NAME = "coalesce((select technician.name from technician where technician.id = {who}), {who})"

# Whether somebody was called for an incident: told of it, or about to be; or reached by a policy that is followed.
CALLED = f"""
    exists (select from notification
        where (body ->> 'incident')::bigint = {OF_INCIDENT} and technician = %(technician)s)
    or exists (select from alert join page_member on page_member.alert_id = alert.id
        join page_group on page_group.id = page_member.group_id
        where alert.incident_id = incident.id and page_group.closed_at is null
        and (page_group.reached ? ('technician:' || %(technician)s::text) or exists (
            select from held_page where held_page.group_id = page_group.id and technician = %(technician)s)))"""  # noqa: S608  put together from this file's constants

# Open incidents, those that are somebody's first and of these the worst, the oldest; with where they are, what is
# written last, and who took one of their alerts last.
INCIDENTS = f"""
select incident.id, incident.title, incident.severity, incident.state, incident.class as cls, incident.root,
    incident.area, incident.place, incident.affected, incident.opened_at,
    device.name as root_name, device.kind, device.latitude, device.longitude,
    array(
        select coalesce(above.name, named.id)
        from jsonb_array_elements_text(coalesce(incident.place -> 'above', '[]')) with ordinality as named (id, place)
        left join device above on above.id = named.id order by named.place
    ) as above,
    taken.name as acknowledged_by, taken.acknowledged_at,
    latest.at as note_at, latest.name as note_who, latest.text as note_text, latest.photo as note_photo,
    coalesce(incident.area = any(%(areas)s), false)
        or exists (select from alert where alert.incident_id = incident.id and acknowledged_by = %(voice)s)
        or {CALLED} as mine
from incident
left join device on device.id = incident.root
left join lateral (
    select {NAME.format(who="acknowledged_by")} as name, acknowledged_at from alert
    where alert.incident_id = incident.id and alert.state = 'acknowledged'
    order by acknowledged_at desc, id desc limit 1
) taken on true
left join lateral (
    select at, {NAME.format(who="written.who")} as name, text, photo from (
        select coalesce(said_at, at) as at, who, text, case when photo.removed_at is null then photo.id end as photo
        from note left join photo on photo.note_id = note.id where note.incident_id = {OF_INCIDENT}
        union all
        select coalesce(said_at, at), who, text, null from alert_comment
        where alert_comment.incident_id = {OF_INCIDENT}
    ) written order by at desc limit 1
) latest on true
where incident.state = 'open'
order by mine desc, array_position(array['critical', 'warning', 'info'], incident.severity), incident.opened_at,
    incident.id
limit %(limit)s
"""  # noqa: S608  put together from this file's constants
