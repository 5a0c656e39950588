-- ingest: what was observed.

-- One row per device and metric that ever reported; readings carry its number instead of two texts.
-- No foreign key to device: history outlives a device that was taken out of the registry.
create table series (
    id        integer generated always as identity primary key,
    device_id text not null,
    metric    text not null,
    unique (device_id, metric)
);

create table reading (
    series_id integer not null,
    time      timestamptz not null,
    value     double precision not null
);
select create_hypertable('reading', by_range('time', interval '1 day'), create_default_indexes => false);
create unique index reading_key on reading (series_id, time desc);

-- The newest reading of each series by its own time; it never goes backwards.
-- changed: the transaction that wrote the row. A reader asks for changed >= the xmin of its last snapshot and misses nothing.
create table latest (
    series_id   integer primary key,
    time        timestamptz not null,
    value       double precision not null,
    received_at timestamptz not null,
    changed     xid8 not null default pg_current_xact_id()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- The last word of each device on its own connection. retained: spoken at an unknown earlier time.
create table device_status (
    device_id   text primary key,
    status      text not null check (status in ('online', 'offline')),
    received_at timestamptz not null,
    retained    boolean not null,
    changed     xid8 not null default pg_current_xact_id()
);

create table event (
    time        timestamptz not null,
    device_id   text not null,
    type        text not null,
    data        jsonb,
    received_at timestamptz not null
);
select create_hypertable('event', by_range('time', interval '30 days'), create_default_indexes => false);
create unique index event_key on event (device_id, time desc, type);

create table rejected (
    received_at timestamptz not null,
    topic       text not null,
    device_id   text,
    reason      text not null,
    detail      text not null,
    payload     bytea not null
);
select create_hypertable('rejected', by_range('received_at', interval '1 day'));
create index rejected_by_reason on rejected (reason, received_at desc);

-- Messages without a time of their own, committed and perhaps not yet acknowledged: delivered again, they are known by
-- packet identifier and digest. One row per ingest client, replaced by every batch.
create table delivery (
    client_id text primary key,
    packets   integer[] not null,
    digests   bigint[] not null
);

-- Readings rolled up. Buckets are aligned to the epoch.
create table rollup_5m (
    series_id integer not null,
    bucket    timestamptz not null,
    min       double precision not null,
    max       double precision not null,
    sum       double precision not null,
    count     bigint not null,
    last      double precision not null,
    primary key (series_id, bucket)
);
select create_hypertable('rollup_5m', by_range('bucket', interval '30 days'), create_default_indexes => false);

create table rollup_1h (like rollup_5m including all);
select create_hypertable('rollup_1h', by_range('bucket', interval '365 days'), create_default_indexes => false);

-- Five-minute buckets that readings touched since they were last rolled up: one row per batch and bucket, only ever
-- inserted and deleted, so that writers never wait for each other. series_ids null: all series of the bucket.
create table rollup_due (
    bucket     timestamptz not null,
    series_ids integer[]
);
create index rollup_due_by_bucket on rollup_due (bucket);
