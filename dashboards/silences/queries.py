"""The statements about silences. They only read: alerts.silences writes."""

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
