-- alerts: replies that come through the API, from a gateway that was told to pass them on, until they are dealt with.

-- answer: what was said back, '' for nothing.
create table reply (
    id          bigint generated always as identity primary key,
    channel     text not null,
    sender      text not null,
    text        text not null,
    said_at     timestamptz,
    received_at timestamptz not null,
    handled_at  timestamptz,
    answer      text,
    check ((handled_at is null) = (answer is null))
);
create index reply_waiting on reply (id) where handled_at is null;

-- Whether a channel still delivers is asked by its newest receipts.
create index notification_delivered on notification (channel, delivered_at desc) where delivered_at is not null;
