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
