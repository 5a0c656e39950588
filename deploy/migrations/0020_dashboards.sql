-- dashboards: which technician somebody is who signs in. It was told by the account's name, which at a provider people may
-- choose: now an admin says it. Names of our own accounts admins gave; where one is a technician's id, it was meant.
alter table account add technician text references technician (id) on delete set null;
update account set technician = technician.id from technician
where technician.id = account.name and account.issuer is null;
