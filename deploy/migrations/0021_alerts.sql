-- alerts: digests and the briefs of hand-overs that do not arrive are passed on to the person's next contact, as pages are.

-- What never arrived before counts as passed on: nobody is to hear of it now.
update notification set passed_on_at = now()
where technician is not null and group_id is null and delivered_at is null and passed_on_at is null
  and created_at < now() - interval '10 minutes';
drop index notification_on_its_way;
create index notification_on_its_way on notification (created_at)
    where technician is not null and delivered_at is null and passed_on_at is null;

-- Messages are numbered by what was told of their incident, not by the groups before theirs.
drop index page_group_by_key;
