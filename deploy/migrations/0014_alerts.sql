-- alerts: what is asked every few seconds is found without reading every message and every alert there ever was.

-- Which channels fail.
create index notification_in_vain on notification (channel, created_at)
    where delivered_at is null and last_error is not null;
-- What began to fire since a moment.
create index alert_by_firing on alert (fired_at desc) where fired_at is not null;
