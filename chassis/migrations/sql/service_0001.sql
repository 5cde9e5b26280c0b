-- One service's database: the event store, and what followers, consumers and timers remember.
-- {app} is the role the service runs as; the role that runs this file owns the store.

create schema store;
create schema feed;

create table store.store (
    only_row boolean primary key default true check (only_row),
    epoch    uuid not null default gen_random_uuid()
);
insert into store.store default values;

create table store.stream (
    stream_id text primary key,
    category  text not null,
    shard     smallint not null,
    version   bigint not null
);

create table store.event (
    position       bigint generated always as identity (cache 1) primary key,
    shard          smallint not null,
    stream_id      text not null,
    version        bigint not null,
    event_id       uuid not null unique,
    type           text not null,
    schema_version integer not null,
    data           bytea not null,
    meta           bytea not null,
    recorded_at    timestamptz not null,
    previous_hash  bytea not null,
    hash           bytea not null,
    unique (stream_id, version)
);
create index event_by_shard on store.event (shard, position);

create table store.command (
    command_id   uuid primary key,
    request_hash bytea not null,
    outcome      text not null,
    event_ids    uuid[] not null,
    recorded_at  timestamptz not null default now()
);

create table store.snapshot (
    stream_id    text primary key,
    version      bigint not null,
    state_schema text not null,
    data         bytea not null
);

create function store.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'events are never changed or deleted' using errcode = 'SN403';
end $$;
create trigger events_are_final before update or delete on store.event
    for each row execute function store.refuse_change();
create trigger events_stay before truncate on store.event
    for each statement execute function store.refuse_change();

-- What a follower of the feed has done. The lease epoch fences an owner that was replaced.
create table feed.follower (
    name        text primary key,
    lease_epoch bigint not null default 0,
    owner       text,
    lease_until timestamptz not null default '-infinity',
    paused      boolean not null default false,
    error       text
);
create table feed.checkpoint (
    name        text not null references feed.follower on delete cascade,
    shard       smallint not null,
    position    bigint not null,
    lease_epoch bigint not null default 0,
    primary key (name, shard)
);

-- What a consumer of foreign topics has done: the truth, not the broker's group offsets.
create table feed.consumer_offset (
    consumer   text not null,
    topic      text not null,
    partition  integer not null,
    next       bigint not null,
    last_id    text,
    gap        text,
    paused     boolean not null default false,
    primary key (consumer, topic, partition)
);
create table feed.inbox (
    consumer    text not null,
    source      text not null,
    id          text not null,
    received_on date not null default current_date,
    primary key (consumer, source, id)
);
create index inbox_by_day on feed.inbox (received_on);
create table feed.parked (
    parked_id  bigint generated always as identity primary key,
    consumer   text not null,
    topic      text not null,
    partition  integer not null,
    "offset"   bigint not null,
    key        bytea not null,
    value      bytea,
    headers    jsonb not null,
    error      text not null,
    attempts   integer not null default 1,
    parked_at  timestamptz not null default now(),
    unique (consumer, topic, partition, "offset")
);
create index parked_by_key on feed.parked (consumer, topic, key, "offset");
create table feed.parked_key (
    consumer text not null,
    topic    text not null,
    key      bytea not null,
    primary key (consumer, topic, key)
);

create table feed.timer (
    stream_id     text not null,
    name          text not null,
    rung          text not null default '',
    due_at        timestamptz not null,
    armed_by      uuid not null,
    armed_version bigint not null,
    fired_at      timestamptz,
    error         text,
    retry_at      timestamptz,
    primary key (stream_id, name, rung)
);
create index timer_open on feed.timer (due_at) where fired_at is null;

-- Which events belong to one story, for whoever asks why an item exists.
create table feed.chain (
    event_id       uuid primary key,
    correlation_id uuid not null,
    position       bigint not null
);
create index chain_by_correlation on feed.chain (correlation_id, position);

-- What a reaction was refused, for whoever asks why nothing followed.
create table feed.reaction_refused (
    event_id    uuid not null,
    reaction    text not null,
    stream_id   text not null,
    rule        text not null,
    refused_at  timestamptz not null default now(),
    primary key (event_id, reaction, stream_id)
);

grant usage on schema store, feed to {app};
grant select on all tables in schema store to {app};
grant select on all sequences in schema store to {app};
grant insert, update, delete on store.snapshot to {app};
grant select, insert, update, delete on all tables in schema feed to {app};
grant usage on all sequences in schema feed to {app};
