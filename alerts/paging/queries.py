"""The statements about what is told together and to whom.

They write page_group, page_member, held_page and reply_code, and put messages into notification.
"""

# Who changes groups does so alone, to the end of the transaction: a round and an answer would wait for each other.
ALONE = "select pg_advisory_xact_lock(7236203)"

# Alerts into the open group of their receiver and key, which is opened where there is none; it is looked at now.
JOIN = """
with joining as (
    select receiver, key, alert_id
    from jsonb_to_recordset(%(rows)s) as joined (receiver text, key jsonb, alert_id bigint)
), opened as (
    insert into page_group (receiver, key, opened_at, due_at)
    select receiver, key, %(now)s::timestamptz, %(now)s::timestamptz
    from joining group by receiver, key order by min(alert_id)
    on conflict (receiver, key) where closed_at is null do update set due_at = excluded.due_at
    returning id, receiver, key
)
insert into page_member (group_id, alert_id)
select opened.id, joining.alert_id from joining join opened using (receiver, key)
on conflict do nothing
"""

# Whether there is anything to do: a group whose moment has come, a message that may be stuck, one held back.
WAITING = """
select exists(select from page_group where closed_at is null and due_at <= %(now)s) as due,
       exists(select from notification where technician is not null and delivered_at is null and passed_on_at is null
              and created_at <= %(before)s) as stuck,
       exists(select from held_page join technician on technician.id = held_page.technician where digest_id is null)
           as held
"""

# Groups of alerts that moved are looked at now.
TOUCH = """
update page_group set due_at = least(due_at, %(now)s)
where closed_at is null and id in (select group_id from page_member where alert_id = any(%(alerts)s))
"""

# All open groups are looked at now: while nobody judged, a person may have ended what they tell of.
TOUCH_ALL = "update page_group set due_at = least(due_at, %(now)s) where closed_at is null"

# Open groups whose moment has come, those that have waited longest first.
DUE = """
select id, receiver, key, told_at, sequence, reached, escalation, asked from page_group
where closed_at is null and due_at <= %(now)s order by due_at, id limit %(limit)s
for update
"""

# What these groups are made of, but for what is over and was told, or never was.
MEMBERS = """
select page_member.group_id, page_member.told, alert.id, rule, device, kind, area, severity, state, starts_at,
       evidence_at, fired_at, ends_at, end_reason, value, summary, incident_id, labels, annotations, acknowledged_at,
       acknowledged_by
from page_member join alert on alert.id = page_member.alert_id
where page_member.group_id = any(%(groups)s) and page_member.told <> 'resolved'
  and (page_member.told = 'firing' or alert.state <> 'resolved')
order by page_member.group_id, alert.id
"""

# The last numbers of groups, over or not, that tell of these incidents.
NUMBERS = """
select receiver, alert.incident_id, max(page_group.sequence)
from alert join page_member on page_member.alert_id = alert.id join page_group on page_group.id = page_member.group_id
where alert.incident_id = any(%(incidents)s) group by receiver, alert.incident_id
"""

# How groups stand after a look.
LOOKED = """
update page_group
set told_at = looked.told_at, sequence = looked.sequence, due_at = looked.due_at, reached = looked.reached,
    escalation = looked.escalation, asked = looked.asked, closed_at = looked.closed_at
from jsonb_to_recordset(%(rows)s) as looked (
    id bigint, told_at timestamptz, sequence integer, due_at timestamptz, reached jsonb, escalation jsonb,
    asked boolean, closed_at timestamptz)
where page_group.id = looked.id
"""

# What members were told by now.
TOLD = """
update page_member set told = told.told
from jsonb_to_recordset(%(rows)s) as told (group_id bigint, alert_id bigint, told text)
where page_member.group_id = told.group_id and page_member.alert_id = told.alert_id
"""

# Messages to send: at once, also where the clock of who judges is ahead of the database's, by which they are taken.
ENQUEUE = """
insert into notification (
    group_id, channel, technician, address, rung, step, severity, sequence, body, created_at, next_attempt_at)
select group_id, channel, technician, address, rung, step, severity, sequence, body, %(now)s,
       least(%(now)s, clock_timestamp())
from jsonb_populate_recordset(null::notification, %(rows)s)
returning id
"""

# When each person was sent a message on each channel, as far back as budgets remember.
SENT = """
select technician, channel, array_agg(created_at) from notification
where technician = any(%(technicians)s) and created_at > %(after)s
group by technician, channel
"""

# Messages to persons that were not delivered in time and not yet passed on to the person's next contact.
STUCK = """
select id, group_id, technician, rung, step, body from notification
where technician is not null and delivered_at is null and passed_on_at is null and created_at <= %(before)s
order by id limit %(limit)s for update skip locked
"""
# Groups that are looked at now.
LOOK_AT = "update page_group set due_at = least(due_at, %(now)s) where closed_at is null and id = any(%(groups)s)"
PASSED_ON = "update notification set passed_on_at = %(now)s where id = any(%(ids)s)"

# Pages that have not arrived when all is over, of which the person heard by another contact. The end is told there too,
# and what comes hours later would say that it begins. Counted as an attempt, so that one that fails meanwhile is late.
WITHDRAW = """
update notification as late
set failed_at = %(now)s, last_error = 'it was over before this arrived', attempts = attempts + 1
where group_id = any(%(groups)s) and passed_on_at is not null and delivered_at is null and failed_at is null
  and body ->> 'status' = 'firing'
  and exists (
      select from notification as told
      where told.group_id = late.group_id and told.technician = late.technician and told.delivered_at is not null)
  and not exists (
      select from notification as ended
      where ended.group_id = late.group_id and ended.channel = late.channel
        and ended.address is not distinct from late.address and ended.id > late.id
        and ended.body ->> 'status' = 'resolved')
"""

# How the pages of each call of these groups fare: whether any arrived, or all are lost.
RECEIPTS = """
select group_id, step, bool_or(delivered_at is not null) as arrived,
       bool_and(delivered_at is null and (passed_on_at is not null or failed_at is not null)) as lost
from notification where group_id = any(%(groups)s) and step is not null
group by group_id, step
"""

# What is held back from people, and what a digest has told them.
HOLD = """
insert into held_page (technician, group_id, severity, status, title, at)
select technician, group_id, severity, status, title, %(now)s
from jsonb_populate_recordset(null::held_page, %(rows)s)
"""
HELD = """
select technician, severity, status, title, at, id from held_page where digest_id is null order by technician, id
"""
DIGESTED = "update held_page set digest_id = %(digest)s where id = any(%(ids)s)"

# A person's numbers for groups; one whose group has been over for long means nothing any more.
FORGET_CODES = """
delete from reply_code using page_group
where page_group.id = reply_code.group_id and page_group.closed_at < %(before)s
  and reply_code.technician = any(%(technicians)s)
"""
CODES = "select technician, group_id, code from reply_code where technician = any(%(technicians)s)"
CODE = """
insert into reply_code (technician, group_id, code, at)
select technician, group_id, code, %(now)s from jsonb_populate_recordset(null::reply_code, %(rows)s)
"""

# The groups that a reply means: by the person's code, by the incident's number, or all that the person was told of. A
# button has both: pressed long after, its code stands for another group, of which he was told under another number.
BY_CODE = """
select group_id from reply_code
where technician = %(technician)s and code = %(code)s and (%(incident)s::bigint is null or exists (
    select from notification where notification.group_id = reply_code.group_id
    and notification.technician = reply_code.technician and (body ->> 'incident')::bigint = %(incident)s::bigint))
"""
BY_INCIDENT = """
select distinct notification.group_id from notification
where technician = %(technician)s and (body ->> 'incident')::bigint = %(incident)s and group_id is not null
"""
BY_PERSON = """
select id from page_group where closed_at is null and escalation is not null and reached ? %(target)s
"""

# Alerts of groups that go on.
ALERTS_OF = """
select distinct alert.id from page_member join alert on alert.id = page_member.alert_id
where page_member.group_id = any(%(groups)s) and alert.state in ('firing', 'acknowledged')
"""

# Somebody wants the next to be told.
ASK = """
update page_group set asked = true, due_at = %(now)s where closed_at is null and id = any(%(groups)s)
"""

# How far policies were followed, to be changed.
ESCALATIONS = """
select id, escalation from page_group
where closed_at is null and escalation is not null and id = any(%(groups)s) order by id for update
"""
ESCALATION = """
update page_group set escalation = %(escalation)s, due_at = least(due_at, %(now)s) where id = %(group)s
"""

# A hand-over that nobody was told of yet.
HAND_OVER = """
insert into handover (rota, since, at) values (%(rota)s, %(since)s, %(now)s)
on conflict (rota, since) do nothing returning id
"""
