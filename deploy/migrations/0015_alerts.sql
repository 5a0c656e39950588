-- alerts: who was told at the hand-over of a rota what is going on. since: the moment of the hand-over.
create table handover (
    id    bigint generated always as identity primary key,
    rota  text not null,
    since timestamptz not null,
    at    timestamptz not null,
    unique (rota, since)
);
