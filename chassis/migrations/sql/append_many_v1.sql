-- Append several commands of one stream each, all different: one round trip, one transaction.
-- One whose stream moved on is stale, one whose stream is locked is busy: left out, and said so.
create function store.append_many_v1(
    p_command_ids     uuid[],     -- of each command
    p_request_hashes  bytea[],
    p_outcomes        text[],
    p_stream_ids      text[],
    p_expected        bigint[],
    p_counts          bigint[],   -- of its events
    p_command         integer[],  -- of each event: its command's place in p_command_ids
    p_number          bigint[],   -- and its own place among that command's events
    p_event_ids       uuid[],
    p_types           text[],
    p_schema_versions integer[],
    p_data            bytea[],
    p_meta            bytea[]
) returns table (n integer, verdict text, request_hash bytea, outcome text, shards smallint[], positions bigint[])
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_fresh     uuid[];
    v_done      text[];       -- streams that took their events, with their shards
    v_shards    smallint[];
    v_held      text[] := '{{}}';  -- streams whose rows are locked by us
    v_more      text[];
    v_of_more   smallint[];
    v_now       timestamptz;
    v_stamp     bytea;
    v_streams   text[] := '{{}}';
    v_positions bigint[] := '{{}}';
begin
    -- 1. A repeat is answered, not redone. In the order of their ids, so that no two calls deadlock.
    with entered as (
        insert into store.command as c (command_id, request_hash, outcome, event_ids)
        select g.command_id, g.request_hash, g.outcome,
               array(select e.event_id from unnest(p_command, p_event_ids) e (command, event_id)
                     where e.command = g.n)
        from unnest(p_command_ids, p_request_hashes, p_outcomes) with ordinality
             g (command_id, request_hash, outcome, n)
        order by g.command_id
        on conflict do nothing
        returning c.command_id
    )
    select coalesce(array_agg(e.command_id), '{{}}') into v_fresh from entered e;

    -- 2. Compare and set every stream's version, before a position is drawn. New streams in the order
    -- of their ids, for the same reason; of the others none is waited for.
    with taken as (
        insert into store.stream as s (stream_id, category, shard, version)
        select g.stream_id, split_part(g.stream_id, '-', 1), store.shard_of(g.stream_id), g.count
        from unnest(p_command_ids, p_stream_ids, p_expected, p_counts) g (command_id, stream_id, expected, count)
        where g.expected = 0 and g.count > 0 and g.command_id = any (v_fresh)
        order by g.stream_id
        on conflict (stream_id) do update set version = excluded.version where s.version = 0
        returning s.stream_id, s.shard
    )
    select coalesce(array_agg(t.stream_id), '{{}}'), coalesce(array_agg(t.shard), '{{}}')
    into v_done, v_shards from taken t;
    if exists (select from unnest(p_expected, p_counts) g (expected, count) where g.expected > 0 and g.count > 0) then
        select coalesce(array_agg(l.stream_id), '{{}}') into v_held from (
            select s.stream_id from store.stream s where s.stream_id = any (p_stream_ids)
            for update skip locked
        ) l;
        with taken as (
            update store.stream s set version = s.version + g.count
            from unnest(p_command_ids, p_stream_ids, p_expected, p_counts) g (command_id, stream_id, expected, count)
            where g.expected > 0 and g.count > 0 and g.command_id = any (v_fresh)
              and s.stream_id = any (v_held) and s.stream_id = g.stream_id and s.version = g.expected
            returning s.stream_id, s.shard
        )
        select coalesce(array_agg(t.stream_id), '{{}}'), coalesce(array_agg(t.shard), '{{}}')
        into v_more, v_of_more from taken t;
        v_done := v_done || v_more;
        v_shards := v_shards || v_of_more;
    end if;
    if cardinality(v_done) < cardinality(p_stream_ids) then
        delete from store.command c
        using unnest(p_command_ids, p_stream_ids, p_counts) g (command_id, stream_id, count)
        where c.command_id = g.command_id and g.command_id = any (v_fresh)
          and g.count > 0 and g.stream_id <> all (v_done);
    end if;

    -- 3. The in-flight marker: readers wait for whoever may still commit a drawn position.
    perform pg_advisory_xact_lock_shared({marker}, m.shard)
    from (select distinct u.shard::integer from unnest(v_shards) u (shard) order by 1) m (shard);

    -- 4. The events, chained by hash within their stream: the first of each, then the second.
    v_now := clock_timestamp();
    v_stamp := int8send((extract(epoch from v_now) * 1000000)::bigint);
    for v_number in 1 .. coalesce((select max(u.count) from unnest(p_counts) u (count)), 0) loop
        with placed as (
            insert into store.event as e (shard, stream_id, version, event_id, type, schema_version,
                                          data, meta, recorded_at, previous_hash, hash)
            select h.shard, h.stream_id, h.version, h.event_id, h.type, h.schema_version,
                   h.data, h.meta, v_now, h.before,
                   store.hash_of(h.before, h.stream_id, h.version, h.event_id, h.type,
                                 h.schema_version, h.data, h.meta, v_stamp)
            from (select d.shard, d.stream_id, p_expected[g.command] + v_number as version,
                         g.event_id, g.type, g.schema_version, g.data, g.meta,
                         coalesce((select b.hash from store.event b where b.stream_id = d.stream_id
                                   and b.version = p_expected[g.command] + v_number - 1), ''::bytea) as before
                  from unnest(p_command, p_number, p_event_ids, p_types, p_schema_versions, p_data, p_meta)
                       g (command, number, event_id, type, schema_version, data, meta)
                  join unnest(v_done, v_shards) d (stream_id, shard) on d.stream_id = p_stream_ids[g.command]
                  where g.number = v_number and p_command_ids[g.command] = any (v_fresh)
                  offset 0) h
            returning e.stream_id, e.position
        )
        select v_streams || coalesce(array_agg(p.stream_id), '{{}}'),
               v_positions || coalesce(array_agg(p.position), '{{}}')
        into v_streams, v_positions from placed p;
    end loop;

    return query
    select g.n::integer,
           case when g.command_id <> all (v_fresh) then 'repeated'
                when g.count = 0 or g.stream_id = any (v_done) then 'appended'
                when g.expected > 0 and g.stream_id <> all (v_held) then 'busy'
                else 'stale' end,
           c.request_hash, c.outcome,
           array_agg(p.shard order by p.position) filter (where p.position is not null),
           array_agg(p.position order by p.position) filter (where p.position is not null)
    from unnest(p_command_ids, p_stream_ids, p_expected, p_counts) with ordinality
         g (command_id, stream_id, expected, count, n)
    left join store.command c on c.command_id = g.command_id and g.command_id <> all (v_fresh)
    left join lateral (
        select d.shard, max(u.position) as position
        from unnest(v_streams, v_positions) u (stream_id, position)
        join unnest(v_done, v_shards) d (stream_id, shard) using (stream_id)
        where u.stream_id = g.stream_id and g.command_id = any (v_fresh)
        group by d.shard
        union all
        select e.shard, e.position from store.event e where e.event_id = any (c.event_ids)
    ) p on true
    group by g.n, g.command_id, g.stream_id, g.expected, g.count, c.request_hash, c.outcome
    order by g.n;
end $$;
