"""The statements about cameras. They write frame_access; of all other tables they only read."""

# The name of one camera; no row where there is none of that id.
CAMERA = """
select name from device where id = %(id)s and kind = 'camera'
"""

# Cameras for a mosaic, in the order of their ids.
NAMED_CAMERAS = """
select id, name from device where kind = 'camera'
and (%(ids)s::text[] is null or id = any(%(ids)s))
and (%(area)s::text is null or area = %(area)s)
order by id limit %(limit)s
"""

# Each camera's last word on being seen or not; where both are of one moment, that it is not.
LAST_WORDS = """
select camera.id, said.time, said.type, said.data
from unnest(%(ids)s::text[]) as camera (id) cross join lateral (
    select time, type, data from event
    where device_id = camera.id and type in ('camera_lost', 'camera_back')
    order by time desc, type desc limit 1
) said
"""

# Add what was looked at to what is known of its hour: of several processes, each adds its own.
ADD_ACCESS = """
insert into frame_access as known (hour, who, role, address, camera, what, first_at, last_at, count)
select * from unnest(
    %(hours)s::timestamptz[], %(who)s::text[], %(roles)s::text[], %(addresses)s::text[], %(cameras)s::text[],
    %(what)s::text[], %(first_at)s::timestamptz[], %(last_at)s::timestamptz[], %(counts)s::bigint[])
on conflict (camera, hour, who, role, address, what) do update set
    first_at = least(known.first_at, excluded.first_at),
    last_at = greatest(known.last_at, excluded.last_at),
    count = known.count + excluded.count
"""

# What was looked at in a span, the newest first. A row spans no more than its hour, so the index on first_at serves.
ACCESS = """
select id, who, role, address, camera, what, first_at, last_at, count from frame_access
where first_at >= %(from)s - interval '1 hour' and first_at < %(to)s and last_at >= %(from)s
and (%(camera)s::text is null or camera = %(camera)s)
and (%(who)s::text is null or who = %(who)s)
and (%(before)s::timestamptz is null or (first_at, id) < (%(before)s::timestamptz, %(id)s::bigint))
order by first_at desc, id desc limit %(limit)s
"""

# Forget what is older than the log is kept, so much at a time.
FORGET_ACCESS = """
delete from frame_access where id = any(array(
    select id from frame_access where first_at < %(before)s order by first_at limit %(limit)s
))
"""
