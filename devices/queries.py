"""The statements of the registry. A batch of devices goes over as one JSON array of the contract's device shape."""

# Writers go one after the other, so that two of them cannot tie a cycle between them; readers do not notice.
LOCK = "lock table device in share row exclusive mode"

# The whole registry, in the order of ids.
ALL = """
select id, kind, name, area, latitude, longitude, parents, external_ids, attributes from device order by id
"""

# One device.
ONE = """
select id, kind, name, area, latitude, longitude, parents, external_ids, attributes from device where id = %s
"""

# Whether there is any device at all.
ANY = "select exists (select from device)"

# Of the given devices those that are new or differ from what is stored, and whether each is new.
CHANGED = """
select incoming.id, device.id is null
from jsonb_to_recordset(%s) as incoming (
    id text, kind text, name text, area text, latitude double precision, longitude double precision,
    parents jsonb, external_ids jsonb, attributes jsonb
)
left join device on device.id = incoming.id
where (device.kind, device.name, device.area, device.latitude, device.longitude,
       device.parents, device.external_ids, device.attributes)
    is distinct from
      (incoming.kind, incoming.name, incoming.area, incoming.latitude, incoming.longitude,
       incoming.parents, incoming.external_ids, incoming.attributes)
order by incoming.id
"""

# Write the given devices, over those of the same ids.
UPSERT = """
insert into device (id, kind, name, area, latitude, longitude, parents, external_ids, attributes)
select id, kind, name, area, latitude, longitude, parents, external_ids, attributes
from jsonb_to_recordset(%s) as incoming (
    id text, kind text, name text, area text, latitude double precision, longitude double precision,
    parents jsonb, external_ids jsonb, attributes jsonb
)
on conflict (id) do update set
    kind = excluded.kind, name = excluded.name, area = excluded.area,
    latitude = excluded.latitude, longitude = excluded.longitude, parents = excluded.parents,
    external_ids = excluded.external_ids, attributes = excluded.attributes, updated_at = now()
"""

# Take one device out; what it reported stays.
DELETE = "delete from device where id = %s"
