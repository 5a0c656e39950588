"""The statements about announced work, which operators write here and the engine reads."""

MAINTENANCE_COLUMNS = "id, since, until, match, owner, reason, created_at, rrule, time_zone"

NOT_OVER = "(until > %(now)s or (rrule is not null and (over_at is null or over_at > %(now)s)))"

# Announced work that is not over, or all there ever was; the latest first.
MAINTENANCES = f"""
select {MAINTENANCE_COLUMNS} from maintenance
where removed_at is null and (not %(active)s or {NOT_OVER})
and (%(before)s::timestamptz is null or (since, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by since desc, id desc limit %(limit)s
"""  # noqa: S608  put together from this file's constants

# Announced work that goes on, or comes again and again.
WORK_NOW = f"""
select {MAINTENANCE_COLUMNS} from maintenance
where removed_at is null and since <= %(now)s and {NOT_OVER} order by until, id
"""  # noqa: S608  put together from this file's constants

# Announce work; of such as recurs no more than so many.
ADD_MAINTENANCE = f"""
insert into maintenance (since, until, match, owner, reason, created_at, rrule, time_zone, over_at)
select %(since)s, %(until)s, %(match)s, %(owner)s, %(reason)s, %(now)s, %(rrule)s, %(time_zone)s, %(over_at)s
where %(rrule)s::text is null or (
    select count(*) from maintenance where removed_at is null and rrule is not null and {NOT_OVER}) < %(most)s
returning {MAINTENANCE_COLUMNS}
"""  # noqa: S608  put together from this file's constants

# Take it back, or end it early.
REMOVE_MAINTENANCE = """
update maintenance set removed_at = %(now)s where id = %(id)s and removed_at is null returning id
"""

# Whether the registry has what a match names.
MATCHES = """
select exists (
    select from device where (%(id)s::text is null or id = %(id)s) and (%(below)s::text is null or id = %(below)s)
    and (%(kind)s::text is null or kind = %(kind)s) and (%(area)s::text is null or area = %(area)s))
"""

# Tells the engine to look again.
TELL_STATES = "select pg_notify('readings', '')"
