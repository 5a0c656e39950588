-- alerts: who is on call, and how those are reached.

-- contacts: [{"channel", "address"}] in the order in which they are tried. quiet: {"from", "until", "time_zone"} or null.
-- place: where in the list it stands.
create table technician (
    id         text primary key check (id ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
    place      integer not null,
    name       text not null check (name <> ''),
    contacts   jsonb not null check (jsonb_typeof(contacts) = 'array'),
    language   text not null check (language in ('id', 'en')),
    areas      jsonb not null default '[]' check (jsonb_typeof(areas) = 'array'),
    quiet      jsonb,
    changed_at timestamptz not null,
    changed_by text not null
);

-- layers, holidays: as in the API; alerts/oncall/written.py is their grammar.
create table rota (
    name       text primary key check (name ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
    place      integer not null,
    time_zone  text not null,
    layers     jsonb not null check (jsonb_typeof(layers) = 'array'),
    holidays   jsonb not null default '[]' check (jsonb_typeof(holidays) = 'array'),
    changed_at timestamptz not null,
    changed_by text not null
);

-- Whoever is on call in a span of time instead of all others of a rota; of two at once the greater id.
create table rota_override (
    id          bigint generated always as identity primary key,
    rota        text not null references rota on delete cascade,
    technicians text[] not null check (cardinality(technicians) > 0),
    since       timestamptz not null,
    until       timestamptz not null check (until > since),
    reason      text not null default '',
    created_at  timestamptz not null,
    created_by  text not null,
    removed_at  timestamptz
);
create index rota_override_by_end on rota_override (until);

-- How often each of the three was written: whoever holds them in memory loads them again when the sum has changed.
create table roster_version (
    part    text primary key,
    version bigint not null default 0
);
insert into roster_version (part) values ('technician'), ('rota'), ('rota_override');

-- A trigger, so that a change by hand counts too.
create function count_roster_write() returns trigger language plpgsql as $$
begin
    update roster_version set version = version + 1 where part = tg_table_name;
    return null;
end $$;

create trigger technician_written after insert or update or delete or truncate on technician
    for each statement execute function count_roster_write();
create trigger rota_written after insert or update or delete or truncate on rota
    for each statement execute function count_roster_write();
create trigger rota_override_written after insert or update or delete or truncate on rota_override
    for each statement execute function count_roster_write();
