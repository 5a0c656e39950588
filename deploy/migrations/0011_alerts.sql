-- alerts: what is told together, at what pace, and to whom.

-- Alerts that one receiver ('channel:NAME' or 'policy:NAME') is told together, because they share the labels of key.
-- due_at: when to look at it again; null while only news is worth a look. reached: who was told, and so hears the rest.
-- escalation: how far a policy has been followed. asked: somebody wants the next to be told.
create table page_group (
    id         bigint generated always as identity primary key,
    receiver   text not null,
    key        jsonb not null,
    opened_at  timestamptz not null,
    told_at    timestamptz,
    sequence   integer not null default 0,
    due_at     timestamptz,
    reached    jsonb not null default '[]',
    escalation jsonb,
    asked      boolean not null default false,
    closed_at  timestamptz
);
create unique index page_group_open on page_group (receiver, key) where closed_at is null;
create index page_group_due on page_group (due_at) where closed_at is null;

-- told: what its receiver was last told of the alert.
create table page_member (
    group_id bigint not null references page_group on delete cascade,
    alert_id bigint not null references alert on delete cascade,
    told     text not null default 'nothing' check (told in ('nothing', 'firing', 'resolved')),
    primary key (group_id, alert_id)
);
create index page_member_by_alert on page_member (alert_id);

-- The outbox holds messages about groups now, to a channel or to a person at an address of it. group_id is null for
-- digests and tests. rung: which of the person's contacts. step: how often the policy had moved on. passed_on_at: when
-- the next contact was tried because this page had not arrived.
alter table notification
    drop column alert_id,
    add column group_id bigint references page_group on delete cascade,
    add column technician text,
    add column address text,
    add column rung integer,
    add column step integer,
    add column severity text,
    add column passed_on_at timestamptz;
create index notification_by_group on notification (group_id, channel, id);
create index notification_by_person on notification (technician, channel, created_at desc) where technician is not null;
create index notification_by_time on notification (created_at desc, id desc);
create index notification_by_incident on notification (((body ->> 'incident')::bigint), created_at desc);
create index notification_on_its_way on notification (created_at)
    where technician is not null and delivered_at is null and passed_on_at is null and group_id is not null;

-- Messages that a person's budget or quiet hours hold back, until a digest tells them together.
create table held_page (
    id         bigint generated always as identity primary key,
    technician text not null,
    group_id   bigint not null references page_group on delete cascade,
    severity   text not null,
    status     text not null,
    title      text not null,
    at         timestamptz not null,
    digest_id  bigint references notification on delete set null
);
create index held_page_waiting on held_page (technician) where digest_id is null;

-- The short number by which a person answers a page; no number means two things to one person at a time.
create table reply_code (
    technician text not null,
    code       integer not null,
    group_id   bigint not null references page_group on delete cascade,
    at         timestamptz not null,
    primary key (technician, code),
    unique (technician, group_id)
);
