-- alerts: the messages about an incident are numbered through, whichever group tells of it.

-- Earlier groups of a receiver and key, where the next one goes on counting.
create index page_group_by_key on page_group (receiver, key);
