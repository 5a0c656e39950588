-- alerts: what an alert says of itself beside its summary, who took it, and rules made by an operator.

-- labels, annotations: of the rule that made it, or of who sent it; labels are settled when it begins to fire.
-- acknowledged_at, acknowledged_by: the last time it was taken, null where it is nobody's.
-- well_since: since which event time its evidence is in order, while it is kept firing none the less.
alter table alert
    add column labels jsonb not null default '{}',
    add column annotations jsonb not null default '{}',
    add column acknowledged_at timestamptz,
    add column acknowledged_by text,
    add column well_since timestamptz;
alter table alert drop constraint alert_end_reason_check;
alter table alert add constraint alert_end_reason_check check (
    end_reason in ('cleared', 'rule-removed', 'device-removed', 'unmatched', 'held-back', 'by-hand')
);

-- Rules beside those of the city's settings. body: what stands in one [[rules]] there, but for the name.
create table rule (
    name       text primary key check (name ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
    body       jsonb not null check (jsonb_typeof(body) = 'object'),
    enabled    boolean not null default true,
    created_at timestamptz not null,
    created_by text not null,
    changed_at timestamptz not null,
    changed_by text not null
);
