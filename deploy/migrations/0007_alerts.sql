-- alerts: the state of every device, what was held back and why, when we were blind, and which alerts are one story.

-- Unbroken: each row ends where the next begins, and the open one has no end. Times are event times where evidence has
-- some. cause: the root device's id, where something it depends on is down. heard_at: when the row was learned, where
-- that was after it had ended. detail: the evidence that the state rests on.
-- No foreign key to device: history outlives a device that was taken out of the registry.
create table device_state (
    device_id text not null,
    since     timestamptz not null,
    until     timestamptz check (until > since),
    state     text not null check (state in ('up', 'degraded', 'down', 'unreachable', 'unknown')),
    cause     text,
    reason    text not null,
    marks     text[] not null default '{}',
    bucket    text not null check (bucket in ('up', 'down', 'upstream', 'maintenance', 'blind', 'power')),
    heard_at  timestamptz,
    detail    jsonb not null default '{}',
    changed   xid8 not null default pg_current_xact_id(),
    primary key (device_id, since),
    check ((state = 'unreachable') = (cause is not null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
create unique index device_state_open on device_state (device_id) where until is null;
create index device_state_by_end on device_state (until);
create index device_state_by_change on device_state (changed);

-- How far the engine has judged; what reads states must not believe an older one. late_cursor: how far it has read
-- late_span.
create table judged (
    single      boolean primary key default true check (single),
    at          timestamptz not null,
    late_cursor xid8 not null default '0'
);

-- Times in which we could not see, the whole city or, for an uplink, those who had fallen silent.
create table blind_window (
    id      bigint generated always as identity primary key,
    reason  text not null check (reason in ('ingest', 'uplink')),
    since   timestamptz not null,
    until   timestamptz check (until > since),
    detail  jsonb not null default '{}',
    changed xid8 not null default pg_current_xact_id(),
    unique (reason, since)
);
create unique index blind_window_open on blind_window (reason) where until is null;
create index blind_window_by_end on blind_window (until);

-- Times in which work on devices was announced. match: kind, area, id or below (an id and all that hangs on it).
create table maintenance (
    id         bigint generated always as identity primary key,
    since      timestamptz not null,
    until      timestamptz not null check (until > since),
    match      jsonb not null default '{}',
    owner      text not null check (owner <> ''),
    reason     text not null check (reason <> ''),
    created_at timestamptz not null,
    removed_at timestamptz
);
create index maintenance_by_end on maintenance (until);

-- Alerts with one cause. root: the device that failed. class: what failed there. place: between which points, how far
-- apart. affected: what hangs below, {"count", "by_kind"}.
create table incident (
    id          bigint generated always as identity primary key,
    root        text not null,
    area        text not null,
    title       text not null,
    severity    text not null check (severity in ('info', 'warning', 'critical')),
    state       text not null check (state in ('open', 'resolved')),
    class       text not null,
    place       jsonb not null default '{}',
    affected    jsonb not null default '{}',
    opened_at   timestamptz not null,
    resolved_at timestamptz check (resolved_at >= opened_at),
    changed     xid8 not null default pg_current_xact_id(),
    check ((state = 'resolved') = (resolved_at is not null))
);
create unique index incident_open on incident (root) where state = 'open';
create index incident_by_start on incident (opened_at desc, id desc);
create index incident_by_change on incident (changed);

alter table alert add column incident_id bigint references incident;
alter table alert drop constraint alert_end_reason_check;
alter table alert add check (
    end_reason in ('cleared', 'rule-removed', 'device-removed', 'unmatched', 'held-back')
);
create index alert_by_incident on alert (incident_id);
create index alert_by_change on alert (changed);

-- Alerts that would have been, and why they are not. cause: the root device's id, or 'maintenance', 'control-room'.
create table suppression (
    id          bigint generated always as identity primary key,
    device_id   text not null,
    rule        text not null,
    cause       text not null,
    incident_id bigint references incident,
    at          timestamptz not null,
    until       timestamptz check (until >= at)
);
create unique index suppression_open on suppression (device_id, rule) where until is null;
create index suppression_by_incident on suppression (incident_id);
create index suppression_by_device on suppression (device_id, at desc);
