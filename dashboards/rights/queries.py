"""The statements about accounts, tokens and the audit log, which this folder owns."""

# Everybody who may sign in, by name.
ACCOUNTS = """
select name, role, case when issuer is null then 'password' else 'provider' end as signs_in, technician,
    created_at, (select count(*) from token where token.account = account.name and token.revoked_at is null
        and token.expires_at > %(now)s) as sessions
from account where name > %(after)s order by name limit %(limit)s
"""

# One of them.
ACCOUNT = """
select name, role, case when issuer is null then 'password' else 'provider' end as signs_in, technician,
    created_at, (select count(*) from token where token.account = account.name and token.revoked_at is null
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

# -- who may look, and who that is -------------------------------------------------------------------------------------

# A new bearer token; the unique index refuses a second live one of that name.
ADD_BEARER = """
insert into token (hash, kind, name, role, created_at) values (%(hash)s, 'bearer', %(name)s, %(role)s, %(now)s)
"""

# Every bearer token ever made, the newest first.
BEARERS = """
select name, role, created_at, last_used_at, revoked_at from token
where kind = 'bearer' order by created_at desc, id desc
"""

# End a live bearer token.
REVOKE_BEARER = """
update token set revoked_at = %(now)s where kind = 'bearer' and name = %(name)s and revoked_at is null
"""

# What still opens anything: neither revoked nor run out, nor of a token that was revoked.
STILL_OPENS = """
    token.revoked_at is null and (token.expires_at is null or token.expires_at > %(now)s) and (
        token.parent is null
        or exists (select from token parent where parent.id = token.parent and parent.revoked_at is null))"""

# Whose secrets these are, each of a kind that is shown so, if they still open anything, a kiosk's last. A session's
# role is its account's of now.
VISITOR = f"""
select token.id, token.name, token.kind, coalesce(account.role, token.role) as role, token.last_used_at, token.lasts,
    account.technician
from unnest(%(hashes)s::bytea[], %(kinds)s::text[]) as shown (hash, kind)
join token on token.hash = shown.hash and token.kind = coalesce(shown.kind, token.kind)
left join account on account.name = token.account
where {STILL_OPENS} order by token.kind = 'kiosk' limit 1
"""  # noqa: S608  put together from this file's constants

# A token was used; a session that is used lives on.
TOUCH = f"""
update token set last_used_at = %(now)s,
    expires_at = case kind when 'session' then least(%(now)s + coalesce(lasts, %(session)s), ends_at) end
where id = any(%(ids)s) and {STILL_OPENS}
and (last_used_at is null or last_used_at < %(now)s - interval '1 minute')
"""  # noqa: S608  put together from this file's constants

# Which of these tokens still open anything.
ALIVE = f"""
select id from token where id = any(%(ids)s) and {STILL_OPENS}
"""  # noqa: S608  put together from this file's constants

# An account, new or changed; none of a provider's.
PUT_ACCOUNT = """
insert into account (name, role, password_hash, created_at) values (%(name)s, %(role)s, %(password_hash)s, %(now)s)
on conflict (name) do update set role = excluded.role, password_hash = excluded.password_hash
where account.issuer is null
"""

# Another role for an account of ours.
CHANGE_ROLE = """
update account set role = %(role)s where name = %(name)s and issuer is null
"""

# Another password for one.
CHANGE_HASH = """
update account set password_hash = %(password_hash)s where name = %(name)s and issuer is null
"""

# Which technician somebody is, or none.
LINK = """
update account set technician = %(technician)s where name = %(name)s
"""

# Whether a name reads as that of a technician, who answers pages under theirs: by its letters and digits alone.
READS_AS_TECHNICIAN = """
select exists (
    select from technician cross join lateral (values (id), (technician.name)) as known (name)
    where lower(regexp_replace(known.name, '[^[:alnum:]]', '', 'g'))
        = lower(regexp_replace(%(name)s, '[^[:alnum:]]', '', 'g')))
"""

ACCOUNT_EXISTS = "select 1 from account where name = %(name)s"

REMOVE_ACCOUNT = "delete from account where name = %(name)s"

# The account of somebody at a provider, which no other sign-in of theirs now changes.
LOCK_OF_PROVIDER = """
select name, role from account where issuer = %(issuer)s and subject = %(subject)s for update
"""

# A new one; none where an account or a token has the name, or the same person comes in by another door at this moment.
ADD_OF_PROVIDER = """
insert into account (name, role, issuer, subject, created_at)
select %(name)s, %(role)s, %(issuer)s, %(subject)s, %(now)s
where not exists (select from token where kind = 'bearer' and name = %(name)s) on conflict do nothing
"""

CHANGE_OF_PROVIDER = """
update account set role = %(role)s where issuer = %(issuer)s and subject = %(subject)s
"""

END_OF_PROVIDER = """
update token set revoked_at = %(now)s from account
where token.account = account.name and account.issuer = %(issuer)s and account.subject = %(subject)s
and token.revoked_at is null
"""

# Every admin, none of whom another transaction can now demote or remove.
LOCK_ADMINS = """
select name from account where role = 'admin' order by name for update
"""

# The stored hash of an account's password.
STORED_HASH = """
select password_hash from account where name = %(name)s
"""

# A login.
ADD_SESSION = """
insert into token (hash, kind, name, account, created_at, last_used_at, expires_at, lasts, ends_at)
values (%(hash)s, 'session', %(account)s, %(account)s, %(now)s, %(now)s,
    least(%(now)s + coalesce(%(lasts)s::interval, %(session)s), %(ends_at)s::timestamptz),
    %(lasts)s::interval, %(ends_at)s::timestamptz)
"""

# A logout.
END_SESSION = """
update token set revoked_at = %(now)s where id = %(id)s and kind = 'session' and revoked_at is null
"""

# A changed password ends what the old one opened.
END_SESSIONS = """
update token set revoked_at = %(now)s where account = %(account)s and revoked_at is null
"""

# But for the session in which somebody changed their own.
END_OTHER_SESSIONS = """
update token set revoked_at = %(now)s where account = %(account)s and id <> %(keep)s and revoked_at is null
"""

# Sessions that are over are of no use to anybody, nor are the screens of a token that was revoked; the audit log keeps
# who was there.
FORGET_SESSIONS = """
delete from token where kind = 'session' and (expires_at < %(now)s or revoked_at < %(now)s)
or kind = 'kiosk' and exists (select from token parent where parent.id = token.parent and parent.revoked_at < %(now)s)
"""

# One line of the audit log.
ADD_AUDIT = """
insert into audit (at, who, origin, action, subject, detail)
values (%(at)s, %(who)s, %(origin)s, %(action)s, %(subject)s, %(detail)s)
"""
