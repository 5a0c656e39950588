"""The statements about silences. They write silence; of alerts they only read."""

COLUMNS = "id, match, owner, reason, since, until, ends_on_recovery, silenced_at"

# Silences that go on.
GOING_ON = f"""
select {COLUMNS} from silence where ended_at is null and until > %(now)s order by id
"""  # noqa: S608  put together from this file's constants

# A new one, where there are not too many.
ADD = f"""
insert into silence (match, owner, reason, since, until, ends_on_recovery)
select %(match)s, %(owner)s, %(reason)s, %(since)s, %(until)s, %(ends_on_recovery)s
where (select count(*) from silence where ended_at is null and until > %(since)s) < %(most)s
returning {COLUMNS}
"""  # noqa: S608  put together from this file's constants

# Ended early, by somebody or because all has recovered.
END = """
update silence set ended_at = greatest(%(now)s, since), ended_by = %(who)s
where id = any(%(ids)s) and ended_at is null and until > %(now)s returning id
"""

# They were found to silence something.
FOUND = "update silence set silenced_at = %(now)s where id = any(%(ids)s) and silenced_at is null"

# Alerts that were told, or would be.
FIRING = """
select id, rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, ends_at, end_reason, labels
from alert where state in ('firing', 'acknowledged') order by id
"""
