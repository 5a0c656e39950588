-- alerts: what is wrong, and who is to hear of it.

-- starts_at, evidence_at and ends_at are event times; fired_at is the engine's clock, null where nobody was ever told.
-- changed: the transaction that wrote the row, for readers with a cursor, as in latest.
-- No foreign key to device: history outlives a device that was taken out of the registry.
create table alert (
    id          bigint generated always as identity primary key,
    rule        text not null,
    device      text not null,
    kind        text not null,
    area        text not null,
    severity    text not null check (severity in ('info', 'warning', 'critical')),
    state       text not null check (state in ('pending', 'firing', 'acknowledged', 'resolved')),
    starts_at   timestamptz not null,
    evidence_at timestamptz not null,
    fired_at    timestamptz,
    ends_at     timestamptz check (ends_at >= starts_at),
    end_reason  text check (end_reason in ('cleared', 'rule-removed', 'device-removed', 'unmatched')),
    value       double precision,
    summary     text not null,
    changed     xid8 not null default pg_current_xact_id(),
    check ((state = 'resolved') = (ends_at is not null)),
    check ((ends_at is null) = (end_reason is null)),
    check (state not in ('firing', 'acknowledged') or fired_at is not null)
);
-- At most one open alert for a rule and a device, whatever a program believes.
create unique index alert_open on alert (rule, device) where state <> 'resolved';
create index alert_by_start on alert (starts_at desc, id desc);
create index alert_by_device on alert (device, starts_at desc);

-- The outbox: written in the transaction that moves the alert, sent afterwards at least once, kept as the record of it.
-- sequence orders the messages of one alert on one channel.
create table notification (
    id              bigint generated always as identity primary key,
    alert_id        bigint not null references alert on delete cascade,
    channel         text not null,
    sequence        integer not null check (sequence >= 1),
    body            jsonb not null,
    created_at      timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts        integer not null default 0,
    delivered_at    timestamptz,
    failed_at       timestamptz,
    last_error      text,
    unique (alert_id, channel, sequence),
    check (delivered_at is null or failed_at is null)
);
create index notification_due on notification (channel, next_attempt_at) where delivered_at is null and failed_at is null;
