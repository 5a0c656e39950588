-- alerts: what people say of alerts, silences, work that comes again and again, and alerts that others send us.

-- Every change of an alert's state, by whomever. at: when it took effect for us; said_at: when it was said, where a
-- phone was out of reach till later. from_state is null for an alert that opens. Where both states are resolved,
-- somebody took an alert that was over by the time we heard of it. who is 'engine', or who said it; why is a rule, a
-- reason to end, or what was said. changed: as in alert.
create table alert_transition (
    id         bigint generated always as identity primary key,
    alert_id   bigint not null references alert on delete cascade,
    at         timestamptz not null,
    said_at    timestamptz check (said_at <= at),
    from_state text check (from_state in ('pending', 'firing', 'acknowledged', 'resolved')),
    to_state   text not null check (to_state in ('pending', 'firing', 'acknowledged', 'resolved')),
    who        text not null check (who <> ''),
    why        text not null default '',
    changed    xid8 not null default pg_current_xact_id()
);
create index alert_transition_by_alert on alert_transition (alert_id, id);
create index alert_transition_by_change on alert_transition (changed) where who <> 'engine';
create unique index alert_transition_late on alert_transition (alert_id, who, said_at) where from_state = to_state;

-- What people write about an alert or an incident. at, said_at: as above.
create table alert_comment (
    id          bigint generated always as identity primary key,
    alert_id    bigint references alert on delete cascade,
    incident_id bigint references incident on delete cascade,
    at          timestamptz not null,
    said_at     timestamptz check (said_at <= at),
    who         text not null check (who <> ''),
    text        text not null check (text <> ''),
    check (num_nonnulls(alert_id, incident_id) = 1)
);
create index alert_comment_by_alert on alert_comment (alert_id, id) where alert_id is not null;
create index alert_comment_by_incident on alert_comment (incident_id, id) where incident_id is not null;

-- Alerts of which nobody is to be told for a while. match: what labels must carry, or below (a device and all that hangs
-- on it). silenced_at: when it was first found to silence anything. ended_by: a person, or 'recovery'.
create table silence (
    id               bigint generated always as identity primary key,
    match            jsonb not null check (jsonb_typeof(match) = 'object' and match <> '{}'),
    owner            text not null check (owner <> ''),
    reason           text not null check (reason <> ''),
    since            timestamptz not null,
    until            timestamptz not null check (until > since),
    ends_on_recovery boolean not null default false,
    silenced_at      timestamptz,
    ended_at         timestamptz,
    ended_by         text,
    check ((ended_at is null) = (ended_by is null))
);
create index silence_going_on on silence (until) where ended_at is null;
create index silence_by_start on silence (since desc, id desc);

-- since and until are the first occurrence; rrule (RFC 5545, 3.3.10) repeats it by the clock of time_zone. over_at: the
-- end of the last one, null where it never ends or does not recur.
alter table maintenance
    add column rrule text,
    add column time_zone text,
    add column over_at timestamptz,
    add constraint maintenance_recurs check ((rrule is null) = (time_zone is null));

-- Alerts that programs send us, as they were last sent. ends_at in the future: unless it is refreshed it ends then.
create table outside_alert (
    fingerprint   text primary key,
    labels        jsonb not null,
    annotations   jsonb not null default '{}',
    starts_at     timestamptz not null,
    ends_at       timestamptz not null check (ends_at >= starts_at),
    received_at   timestamptz not null,
    generator_url text not null default '',
    changed       xid8 not null default pg_current_xact_id()
);
create index outside_alert_by_change on outside_alert (changed);
