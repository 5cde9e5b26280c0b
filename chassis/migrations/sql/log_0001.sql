-- The embedded log: topics of partitions of records, tailed with the feed's technique.
create schema log;
create table log.topic (
    topic_id   integer generated always as identity primary key,
    name       text not null unique,
    partitions integer not null,
    compacted  boolean not null default false
);
create table log.record (
    position    bigint generated always as identity (cache 1) primary key,
    topic_id    integer not null references log.topic on delete cascade,
    partition   integer not null,
    key         bytea not null,
    value       bytea,
    headers     jsonb not null,
    recorded_at timestamptz not null default clock_timestamp()
);
create index record_by_partition on log.record (topic_id, partition, position);
create table log.member (
    group_id   text not null,
    member_id  text not null,
    topics     text[] not null,
    seen_until timestamptz not null,
    primary key (group_id, member_id)
);
-- Partition and topic make the marker's second key: topic_id * 1024 + partition.
create function log.publish_v1(
    p_topics text[], p_partitions integer[], p_keys bytea[], p_values bytea[], p_headers jsonb[]
) returns void language plpgsql set search_path = pg_catalog as $$
declare
    v_marker integer;
begin
    for v_marker in
        select distinct t.topic_id * 1024 + u.p
        from unnest(p_topics, p_partitions) u (name, p) join log.topic t using (name)
    loop
        perform pg_advisory_xact_lock_shared({marker}, v_marker);
    end loop;
    insert into log.record (topic_id, partition, key, value, headers)
    select t.topic_id, u.p, u.k, u.v, u.h
    from unnest(p_topics, p_partitions, p_keys, p_values, p_headers) with ordinality u (name, p, k, v, h, o)
    join log.topic t using (name) order by u.o;
end $$;
grant usage on schema log to {app};
grant select, insert, update, delete on all tables in schema log to {app};
grant usage, select on all sequences in schema log to {app};
