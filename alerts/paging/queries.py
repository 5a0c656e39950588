"""The statements about what is told together and to whom.

They write page_group, page_member, held_page and reply_code, and put messages into notification.
"""

# Alerts into the open group of their receiver and key, which is opened where there is none; it is looked at now. It
# goes on counting where the one before it ended, or two messages would bear the same number.
JOIN = """
with joining as (
    select receiver, key, alert_id
    from jsonb_to_recordset(%(rows)s) as joined (receiver text, key jsonb, alert_id bigint)
), opened as (
    insert into page_group (receiver, key, opened_at, due_at, sequence)
    select receiver, key, %(now)s::timestamptz, %(now)s::timestamptz,
           coalesce((select max(earlier.sequence) from page_group as earlier
                     where earlier.receiver = joining.receiver and earlier.key = joining.key), 0)
    from joining group by receiver, key order by min(alert_id)
    on conflict (receiver, key) where closed_at is null do update set due_at = excluded.due_at
    returning id, receiver, key
)
insert into page_member (group_id, alert_id)
select opened.id, joining.alert_id from joining join opened using (receiver, key)
on conflict do nothing
"""

# Whether there is anything to do: a group whose moment has come, a page that may be stuck, one that is held back.
WAITING = """
select exists(select from page_group where closed_at is null and due_at <= %(now)s) as due,
       exists(select from notification where technician is not null and delivered_at is null and passed_on_at is null
              and group_id is not null and created_at <= %(before)s) as stuck,
       exists(select from held_page where digest_id is null) as held
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
select id, receiver, key, told_at, sequence, reached, escalation from page_group
where closed_at is null and due_at <= %(now)s order by due_at, id limit %(limit)s
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

# How groups stand after a look.
LOOKED = """
update page_group
set told_at = looked.told_at, sequence = looked.sequence, due_at = looked.due_at, closed_at = looked.closed_at
from jsonb_to_recordset(%(rows)s) as looked (
    id bigint, told_at timestamptz, sequence integer, due_at timestamptz, closed_at timestamptz)
where page_group.id = looked.id
"""

# What members were told by now.
TOLD = """
update page_member set told = told.told
from jsonb_to_recordset(%(rows)s) as told (group_id bigint, alert_id bigint, told text)
where page_member.group_id = told.group_id and page_member.alert_id = told.alert_id
"""

# Messages to send.
ENQUEUE = """
insert into notification (
    group_id, channel, technician, address, rung, step, severity, sequence, body, created_at, next_attempt_at)
select group_id, channel, technician, address, rung, step, severity, sequence, body, %(now)s, %(now)s
from jsonb_populate_recordset(null::notification, %(rows)s)
returning id
"""

# When each person was sent a message on each channel, as far back as budgets remember.
SENT = """
select technician, channel, array_agg(created_at) from notification
where technician = any(%(technicians)s) and created_at > %(after)s
group by technician, channel
"""

# Pages to persons that were not delivered in time and not yet passed on to the person's next contact.
STUCK = """
select id, group_id, channel, technician, rung, step, severity, sequence, body from notification
where technician is not null and delivered_at is null and passed_on_at is null and group_id is not null
  and created_at <= %(before)s
order by id limit %(limit)s for update skip locked
"""
PASSED_ON = "update notification set passed_on_at = %(now)s where id = any(%(ids)s)"

# How the pages of the present step of these groups fare: whether any arrived, and whether all were passed on in vain.
RECEIPTS = """
select group_id, step, bool_or(delivered_at is not null) as arrived,
       bool_and(passed_on_at is not null or failed_at is not null) as lost, max(created_at) as sent_at
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

# A person's number for a group: the smallest that means nothing to that person now, or has meant nothing for a day.
FORGET_CODES = """
delete from reply_code using page_group
where page_group.id = reply_code.group_id and page_group.closed_at < %(before)s
  and reply_code.technician = any(%(technicians)s)
"""
CODES = "select technician, group_id, code from reply_code where technician = any(%(technicians)s)"
CODE = """
insert into reply_code (technician, code, group_id, at)
select technician, code, group_id, %(now)s
from jsonb_populate_recordset(null::reply_code, %(rows)s)
"""

# The group that a number means to a person.
MEANT = "select group_id from reply_code where technician = %(technician)s and code = %(code)s"
# Alerts of a group that go on.
ALERTS_OF = """
select alert.id from page_member join alert on alert.id = page_member.alert_id
where page_member.group_id = %(group)s and alert.state in ('firing', 'acknowledged')
"""
# The groups of policies that tell of an incident which goes on.
GROUPS_OF_INCIDENT = """
select distinct page_group.id from page_group
join page_member on page_member.group_id = page_group.id
join alert on alert.id = page_member.alert_id
where alert.incident_id = %(incident)s and closed_at is null and escalation is not null
"""
ESCALATION = "select escalation from page_group where id = %(group)s and closed_at is null for update"
ESCALATE = "update page_group set escalation = %(escalation)s, due_at = %(now)s where id = %(group)s"
