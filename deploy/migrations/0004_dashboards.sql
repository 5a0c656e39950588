-- dashboards: who may look, and who changed what.

create table account (
    name          text primary key check (length(name) between 1 and 64),
    role          text not null check (role in ('wall', 'technician', 'operator', 'admin')),
    -- Argon2id, in its own encoded form
    password_hash text not null,
    created_at    timestamptz not null
);

-- A secret is 256 random bits, kept only as its SHA-256: what cannot be guessed needs no slow hash.
-- A bearer token carries its own role. A session is a login's: its role is the account's, read at every request.
create table token (
    id           bigint generated always as identity primary key,
    hash         bytea not null unique check (octet_length(hash) = 32),
    kind         text not null check (kind in ('bearer', 'session')),
    name         text not null check (length(name) between 1 and 64),
    role         text check (role in ('wall', 'technician', 'operator', 'admin')),
    account      text references account (name) on delete cascade,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    check (kind = 'bearer' or (account is not null and expires_at is not null)),
    check (kind = 'session' or (account is null and role is not null))
);
-- `pantau token revoke NAME` must mean one token.
create unique index token_name on token (name) where kind = 'bearer' and revoked_at is null;
create index token_expires on token (expires_at) where kind = 'session';

-- Every change made by a person: who, when, from where, what. Rows are only ever added.
create table audit (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    who     text not null,
    origin  text not null,
    action  text not null,
    subject text not null,
    detail  jsonb not null default '{}'
);
create index audit_by_time on audit (at desc, id desc);
