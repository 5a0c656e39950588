-- devices: the registry of the city.

create extension if not exists timescaledb;

create table device (
    id           text primary key check (id ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
    kind         text not null,
    name         text not null,
    area         text not null default '',
    latitude     double precision check (latitude between -90 and 90),
    longitude    double precision check (longitude between -180 and 180),
    -- ids, or lists of ids (a redundancy group)
    parents      jsonb not null default '[]',
    external_ids jsonb not null default '{}',
    attributes   jsonb not null default '{}',
    updated_at   timestamptz not null default now(),
    check ((latitude is null) = (longitude is null))
);

-- Whoever holds the registry in memory listens on 'devices' and loads it again.
create function tell_devices() returns trigger language plpgsql as $$
begin
    perform pg_notify('devices', '');
    return null;
end $$;

create trigger device_changed after insert or update or delete or truncate on device
    for each statement execute function tell_devices();
