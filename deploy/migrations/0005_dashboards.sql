-- dashboards: who looked at which camera's pictures (UU 27/2022 on personal data).

-- One row for everything of one sort that somebody looked at within an hour, so a wall that asks every two seconds is a
-- row an hour. No foreign keys: the log outlives the camera, the account and the token.
create table frame_access (
    id       bigint generated always as identity primary key,
    hour     timestamptz not null,
    who      text not null,
    role     text not null check (role in ('wall', 'technician', 'operator', 'admin')),
    address  text not null,
    camera   text not null,
    what     text not null check (what in ('frame', 'kept', 'stream', 'mosaic')),
    first_at timestamptz not null,
    last_at  timestamptz not null check (last_at >= first_at),
    count    bigint not null check (count > 0),
    unique (camera, hour, who, role, address, what)
) with (fillfactor = 70);
create index frame_access_by_time on frame_access (first_at desc, id desc);
