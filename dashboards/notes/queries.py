"""The statements about notes and photos, which this room owns."""

from dashboards.queries import STORY

# What is written about: an incident, or a device.
INCIDENT_EXISTS = "select id from incident where id = %(id)s"
DEVICE_EXISTS = "select id from device where id = %(id)s"

NOTE_COLUMNS = """
    note.id, note.key, note.at, note.said_at, note.who, note.text, note.incident_id as incident,
    case when photo.removed_at is null then photo.id end as photo"""
NOTES = "from note left join photo on photo.note_id = note.id"

# Notes about one incident or one device, the newest first.
PAGE = f"""
select {NOTE_COLUMNS} {NOTES}
where (note.incident_id = {STORY.format(id="%(incident)s::bigint")} or note.device_id = %(device)s::text)
and (%(before)s::timestamptz is null or (note.at, note.id) < (%(before)s::timestamptz, %(id)s::bigint))
order by note.at desc, note.id desc limit %(limit)s
"""

# One note by the key of whoever sent it, with what it is about, and whether it ever had a photo.
BY_KEY = f"""
select {NOTE_COLUMNS}, note.incident_id, note.device_id, photo.id is not null as pictured {NOTES}
where note.key = %(key)s
"""

# A new note, where its key is new and there are not too many about the same incident, nor lately about the same device,
# which stands for years. Who comes second with a key waits here.
ADD = """
insert into note (key, device_id, incident_id, at, said_at, who, text)
select %(key)s, %(device)s, %(incident)s, %(at)s, %(said_at)s, %(who)s, %(text)s
where (
    select count(*) from note
    where incident_id = %(incident)s::bigint or (device_id = %(device)s::text and note.at > %(lately)s)) < %(most)s
on conflict (key) do nothing returning id
"""

# How many photos an incident has.
COUNT_PHOTOS = """
select count(*) from photo join note on note.id = photo.note_id
where note.incident_id = %(incident)s and photo.removed_at is null
"""

# A photo of a note.
ADD_PHOTO = """
insert into photo (note_id, width, height, bytes) values (%(note)s, %(width)s, %(height)s, %(bytes)s) returning id
"""

# When the photo came, if it is there still.
PHOTO = """
select note.at from photo join note on note.id = photo.note_id where photo.id = %(id)s and photo.removed_at is null
"""

# Somebody looked at a photo: one line of the audit log for him, the photo and the hour.
ADD_LOOK = """
insert into audit (at, who, origin, action, subject)
select %(now)s, %(who)s, %(origin)s, 'photo.look', %(photo)s where not exists (
    select from audit where at > %(now)s - interval '1 hour' and action = 'photo.look'
    and subject = %(photo)s and who = %(who)s and origin = %(origin)s)
"""

# Photos that were kept long enough have no file any more.
REMOVE_PHOTOS = """
update photo set removed_at = %(now)s from note
where note.id = photo.note_id and note.at < %(before)s and photo.removed_at is null
"""
