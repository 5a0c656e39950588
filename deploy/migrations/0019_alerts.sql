-- alerts: nobody reads alert_transition by its changes; whoever looks for news reads alert.
drop index alert_transition_by_change;
alter table alert_transition drop column changed;

-- The incident that this one turned out to be part of: what was said of it is told there too. Never a chain.
alter table incident
    add column merged_into bigint references incident,
    add constraint incident_merged check (merged_into is null or (merged_into <> id and state = 'resolved'));
create index incident_by_merge on incident (merged_into) where merged_into is not null;
