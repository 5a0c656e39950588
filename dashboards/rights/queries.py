"""The statements about accounts, tokens and the audit log that only people's own pages ask."""

# Everybody who may sign in, by name.
ACCOUNTS = """
select name, role, case when issuer is null then 'password' else 'provider' end as signs_in, created_at,
    (select count(*) from token where token.account = account.name and token.revoked_at is null
        and token.expires_at > %(now)s) as sessions
from account where name > %(after)s order by name limit %(limit)s
"""

# One of them.
ACCOUNT = """
select name, role, case when issuer is null then 'password' else 'provider' end as signs_in, created_at,
    (select count(*) from token where token.account = account.name and token.revoked_at is null
        and token.expires_at > %(now)s) as sessions
from account where name = %(name)s
"""

# Bearer tokens and how many screens live from each, the newest first.
TOKENS = """
select id, name, role, created_at, last_used_at, revoked_at,
    (select count(*) from token kiosk where kiosk.parent = token.id and token.revoked_at is null) as kiosks
from token
where kind = 'bearer' and (not %(active)s or revoked_at is null)
and (%(before)s::timestamptz is null or (created_at, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by created_at desc, id desc limit %(limit)s
"""

# The audit log, the newest first. An action is asked for by its whole name or by the word before its dot.
AUDIT = """
select id, at, who, origin, action, subject, detail from audit
where (%(from)s::timestamptz is null or at >= %(from)s) and (%(to)s::timestamptz is null or at < %(to)s)
and (%(who)s::text is null or who = %(who)s)
and (%(subject)s::text is null or subject = %(subject)s)
and (%(action)s::text is null or action = %(action)s or starts_with(action, %(action)s || '.'))
and (%(before)s::timestamptz is null or (at, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by at desc, id desc limit %(limit)s
"""

# The live bearer token with this secret.
BEARER = """
select id, name, role from token where hash = %(hash)s and kind = 'bearer' and revoked_at is null
"""

# The screen with this secret, if it is that token's.
KIOSK_OF = """
select id from token where hash = %(hash)s and kind = 'kiosk' and parent = %(parent)s and revoked_at is null
"""

# A screen that lives from a token.
ADD_KIOSK = """
insert into token (hash, kind, name, role, parent, created_at, last_used_at)
values (%(hash)s, 'kiosk', %(name)s, 'wall', %(parent)s, %(now)s, %(now)s)
"""

# All but so many that were used last.
FORGET_KIOSKS = """
delete from token where kind = 'kiosk' and parent = %(parent)s and id not in (
    select id from token where kind = 'kiosk' and parent = %(parent)s order by last_used_at desc, id desc
    limit %(most)s)
"""
