-- alerts: nobody reads alert_transition by its changes; whoever looks for news reads alert.
drop index alert_transition_by_change;
alter table alert_transition drop column changed;
