"""The statements of the roster: tables technician, rota, rota_override and roster_version."""

# Changes with each write of any of them.
VERSION = "select coalesce(sum(version), 0)::bigint from roster_version"

# Who writes waits for whoever else does: what is checked against the others stays so until it is committed.
LOCK = "select part, version from roster_version order by part for update"

# How often each was written.
VERSIONS = "select part, version from roster_version"

# All technicians, in the order of their list.
TECHNICIANS = "select id, name, contacts, language, areas, quiet from technician order by place, id"

# All rotas, in the order of their list.
ROTAS = "select name, time_zone, layers, holidays from rota order by place, name"

# Those of the overrides that end last.
OVERRIDES = """
select id, rota, technicians, since, until from rota_override
where removed_at is null order by until desc, id desc limit %(limit)s
"""

# Technicians who are in the list no more.
DROP_TECHNICIANS = "delete from technician where id <> all(%(kept)s)"

# The whole list of technicians; who stands in it as before is not touched.
PUT_TECHNICIANS = """
insert into technician (id, place, name, contacts, language, areas, quiet, changed_at, changed_by)
select id, place, name, contacts, language, areas, nullif(quiet, 'null'), %(now)s, %(who)s
from jsonb_to_recordset(%(rows)s)
    as r(id text, place integer, name text, contacts jsonb, language text, areas jsonb, quiet jsonb)
on conflict (id) do update set place = excluded.place, name = excluded.name, contacts = excluded.contacts,
    language = excluded.language, areas = excluded.areas, quiet = excluded.quiet,
    changed_at = excluded.changed_at, changed_by = excluded.changed_by
where (technician.place, technician.name, technician.contacts, technician.language, technician.areas, technician.quiet)
    is distinct from
    (excluded.place, excluded.name, excluded.contacts, excluded.language, excluded.areas, excluded.quiet)
"""

# Rotas that are in the list no more, their overrides with them.
DROP_ROTAS = "delete from rota where name <> all(%(kept)s)"

# The whole list of rotas; overrides stay with their rota.
PUT_ROTAS = """
insert into rota (name, place, time_zone, layers, holidays, changed_at, changed_by)
select name, place, time_zone, layers, holidays, %(now)s, %(who)s
from jsonb_to_recordset(%(rows)s) as r(name text, place integer, time_zone text, layers jsonb, holidays jsonb)
on conflict (name) do update set place = excluded.place, time_zone = excluded.time_zone, layers = excluded.layers,
    holidays = excluded.holidays, changed_at = excluded.changed_at, changed_by = excluded.changed_by
where (rota.place, rota.time_zone, rota.layers, rota.holidays)
    is distinct from (excluded.place, excluded.time_zone, excluded.layers, excluded.holidays)
"""

OVERRIDE_COLUMNS = "id, rota, technicians, since, until, reason, created_at, created_by"

# Overrides that are not over, or all there ever were and that were not taken back; the latest first.
LIST_OVERRIDES = f"""
select {OVERRIDE_COLUMNS} from rota_override
where removed_at is null and (not %(active)s or until > %(now)s)
and (%(rota)s::text is null or rota = %(rota)s)
and (%(before)s::timestamptz is null or (since, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by since desc, id desc limit %(limit)s
"""  # noqa: S608  put together from this file's constants

# How many overrides are not over.
COUNT_OVERRIDES = "select count(*) from rota_override where removed_at is null and until > %(now)s"

# An override.
ADD_OVERRIDE = f"""
insert into rota_override (rota, technicians, since, until, reason, created_at, created_by)
values (%(rota)s, %(technicians)s, %(since)s, %(until)s, %(reason)s, %(now)s, %(who)s) returning {OVERRIDE_COLUMNS}
"""  # noqa: S608  put together from this file's constants

# One that goes on ends now; one that has not begun is taken back.
REMOVE_OVERRIDE = """
update rota_override set until = case when since < %(now)s then %(now)s else until end,
    removed_at = case when since < %(now)s then null else %(now)s end
where id = %(id)s and removed_at is null and until > %(now)s returning id
"""

# -- the hand-over brief -----------------------------------------------------------------------------------------------

# Open incidents, the worst first, and who took any of their alerts.
BRIEF_INCIDENTS = """
select incident.id, incident.title, incident.severity, incident.opened_at,
    coalesce(array_agg(distinct alert.acknowledged_by order by alert.acknowledged_by)
        filter (where alert.state = 'acknowledged' and alert.acknowledged_by is not null), '{}') as held_by
from incident left join alert on alert.incident_id = incident.id
where incident.state = 'open' group by incident.id
order by array_position(array['critical', 'warning', 'info'], incident.severity), incident.opened_at limit %(most)s
"""

# Devices that fall and return all the time.
BRIEF_FLAPPING = """
select device.name from device_state join device on device.id = device_state.device_id
where device_state.until is null and 'flapping' = any(device_state.marks) order by device.name, device.id limit %(most)s
"""

# Silences that go on and end soon.
BRIEF_SILENCES = """
select id, match, owner, reason, until, ends_on_recovery from silence
where ended_at is null and since <= %(now)s and until > %(now)s and until <= %(soon)s order by until, id limit %(most)s
"""

# Why we cannot see, where we cannot.
BRIEF_BLIND = "select reason, since from blind_window where until is null order by since"

# How far the engine has judged.
BRIEF_JUDGED = "select at from judged"

# Whose state nobody knows, of those that ever spoke.
BRIEF_UNKNOWN = """
select device.kind, count(*) from device_state join device on device.id = device_state.device_id
where device_state.until is null and device_state.state = 'unknown'
and exists (select from device_status where device_id = device.id
    union all select from series join latest on latest.series_id = series.id where series.device_id = device.id)
group by device.kind
"""
