-- dashboards: kiosks, phones that stay signed in, and accounts whose password somebody else keeps.

-- An account signs in here, with a password of ours, or at a provider (OpenID Connect), which knows it by `subject`.
alter table account
    alter password_hash drop not null,
    add issuer text,
    add subject text,
    add check ((issuer is null) = (subject is null)),
    add check ((issuer is null) = (password_hash is not null));
create unique index account_of_provider on account (issuer, subject);

-- `lasts`: a session that outlives the settings' session_hours, from its last use. `ends_at`: no use prolongs it beyond.
-- A kiosk is a screen that was shown a wall's token once: it lives as long as that token, its parent.
alter table token
    drop constraint token_kind_check,
    drop constraint token_check,
    drop constraint token_check1,
    add parent bigint references token (id) on delete cascade,
    add lasts interval,
    add ends_at timestamptz,
    add constraint token_kind check (kind in ('bearer', 'session', 'kiosk')),
    add constraint token_bearer check (kind <> 'bearer' or (account is null and parent is null and role is not null)),
    add constraint token_session check (kind <> 'session' or (account is not null and expires_at is not null)),
    add constraint token_kiosk check (kind <> 'kiosk' or (parent is not null and role = 'wall' and account is null));
create index token_kiosks on token (parent, last_used_at) where kind = 'kiosk';
create index audit_by_subject on audit (subject, at desc, id desc);
