-- dashboards: what people write down about a device or an incident, with the pictures they took.

-- key is made by whoever sends it: the same sent twice is one note. at, said_at: as in alert_comment. text is empty only
-- beside a photo. No foreign key to device: what was written outlives it.
create table note (
    id          bigint generated always as identity primary key,
    key         uuid not null unique,
    device_id   text,
    incident_id bigint references incident on delete cascade,
    at          timestamptz not null,
    said_at     timestamptz check (said_at <= at),
    who         text not null check (who <> ''),
    text        text not null,
    check (num_nonnulls(device_id, incident_id) = 1)
);
create index note_by_incident on note (incident_id, at desc, id desc) where incident_id is not null;
create index note_by_device on note (device_id, at desc, id desc) where device_id is not null;

-- The picture itself is a file by its number. removed_at: when it was deleted because it was kept long enough.
create table photo (
    id         bigint generated always as identity primary key,
    note_id    bigint not null unique references note on delete cascade,
    width      integer not null check (width > 0),
    height     integer not null check (height > 0),
    bytes      integer not null check (bytes > 0),
    removed_at timestamptz
);
