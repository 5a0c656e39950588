-- ingest: when we could see, and what came late.

-- Each unbroken time in which a worker had both broker and database; it is extended every few seconds. What lies
-- between two rows of one worker is a time in which we could not see.
create table ingest_uptime (
    worker integer not null check (worker >= 1),
    since  timestamptz not null,
    until  timestamptz not null check (until >= since),
    primary key (worker, since)
);
create index ingest_uptime_by_end on ingest_uptime (until desc);

-- The event times of late and historical readings: one row per batch and device, from the first of them to the last.
-- Whoever keeps a history made of readings asks, as in latest, for changed >= the xmin of its last snapshot.
create table late_span (
    device_id   text not null,
    since       timestamptz not null,
    until       timestamptz not null check (until >= since),
    received_at timestamptz not null,
    changed     xid8 not null default pg_current_xact_id()
);
select create_hypertable('late_span', by_range('received_at', interval '1 day'), create_default_indexes => false);
create index late_span_by_change on late_span (changed);

-- What was received since a moment, whenever it happened.
create index event_by_receipt on event (received_at desc);
