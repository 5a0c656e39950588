"""The statements about alerts that are sent to us. They write outside_alert."""

# What is sent, as often as it is sent. While it fires, what is sent again began when it began; of two senders who
# speak of the same, the one who speaks last is believed. Held in one order, as whoever else writes here holds them.
RECEIVE = """
insert into outside_alert (fingerprint, labels, annotations, starts_at, ends_at, received_at, generator_url)
select fingerprint, labels, annotations, starts_at, ends_at, received_at, generator_url
from jsonb_populate_recordset(null::outside_alert, %(rows)s) order by fingerprint
on conflict (fingerprint) do update
set annotations = excluded.annotations, ends_at = excluded.ends_at, received_at = excluded.received_at,
    generator_url = excluded.generator_url, changed = excluded.changed,
    starts_at = case when outside_alert.ends_at > excluded.received_at
                     then least(outside_alert.starts_at, excluded.starts_at) else excluded.starts_at end
"""
COUNT = "select count(*) from outside_alert"

# Written since a cursor.
CHANGED = """
select fingerprint, labels, annotations, starts_at, ends_at, received_at, generator_url
from outside_alert where changed >= %(cursor)s::xid8
"""

# Rows that have served, unless they were sent anew meanwhile.
FORGET = """
delete from outside_alert where fingerprint in (
    select fingerprint
    from outside_alert join jsonb_to_recordset(%(rows)s) as over (fingerprint text, received_at timestamptz)
        using (fingerprint)
    where outside_alert.received_at <= over.received_at
    order by fingerprint for update of outside_alert)
"""
