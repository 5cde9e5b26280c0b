-- Append one command's events to one or several streams: one round trip, one transaction.
-- Streams come sorted by id, so that no two appends deadlock. SQLSTATE SN412: stale version.
create function store.append_v1(
    p_command_id      uuid,
    p_request_hash    bytea,
    p_outcome         text,
    p_stream_ids      text[],
    p_expected        bigint[],
    p_stream          integer[],  -- of each event: its stream's place in p_stream_ids
    p_event_ids       uuid[],
    p_types           text[],
    p_schema_versions integer[],
    p_data            bytea[],
    p_meta            bytea[]
) returns table (repeated boolean, request_hash bytea, outcome text, shards smallint[], positions bigint[])
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_now       timestamptz;
    v_shards    smallint[] := '{{}}';
    v_versions  bigint[] := '{{}}';
    v_hashes    bytea[] := '{{}}';
    v_positions bigint[] := '{{}}';
    v_stamp     bytea;
    v_hash      bytea;
    v_position  bigint;
    v_shard     smallint;
    i           integer;
begin
    -- 1. A repeat is answered, not redone. A conflict below raises and takes this row with it.
    insert into store.command (command_id, request_hash, outcome, event_ids)
    values (p_command_id, p_request_hash, p_outcome, p_event_ids)
    on conflict do nothing;
    if not found then
        return query
        select true, c.request_hash, c.outcome,
               (select array_agg(e.shard order by e.position) from store.event e where e.event_id = any (c.event_ids)),
               (select array_agg(e.position order by e.position) from store.event e where e.event_id = any (c.event_ids))
        from store.command c where c.command_id = p_command_id;
        return;
    end if;

    -- 2. Compare and set every stream's version, before a position is drawn.
    for i in 1 .. cardinality(p_stream_ids) loop
        v_shard := store.shard_of(p_stream_ids[i]);
        v_shards := v_shards || v_shard;
        v_versions := v_versions || p_expected[i];
        if p_expected[i] = 0 then
            insert into store.stream as s (stream_id, category, shard, version)
            values (p_stream_ids[i], split_part(p_stream_ids[i], '-', 1), v_shard,
                    cardinality(array_positions(p_stream, i)))
            on conflict (stream_id) do update set version = excluded.version where s.version = 0;
        else
            update store.stream s set version = s.version + cardinality(array_positions(p_stream, i))
            where s.stream_id = p_stream_ids[i] and s.version = p_expected[i];
        end if;
        if not found then
            raise exception 'stale version of stream %', p_stream_ids[i] using errcode = 'SN412';
        end if;
        v_hashes := v_hashes || coalesce(
            (select e.hash from store.event e
             where e.stream_id = p_stream_ids[i] and e.version = p_expected[i]), ''::bytea);
    end loop;

    -- 3. The in-flight marker: readers wait for whoever may still commit a drawn position.
    for i in 1 .. cardinality(v_shards) loop
        perform pg_advisory_xact_lock_shared({marker}, v_shards[i]);
    end loop;

    -- 4. The events, chained by hash within their stream.
    v_now := clock_timestamp();
    v_stamp := int8send((extract(epoch from v_now) * 1000000)::bigint);
    for e in 1 .. cardinality(p_event_ids) loop
        i := p_stream[e];
        v_versions[i] := v_versions[i] + 1;
        v_hash := store.hash_of(v_hashes[i], p_stream_ids[i], v_versions[i], p_event_ids[e],
                                p_types[e], p_schema_versions[e], p_data[e], p_meta[e], v_stamp);
        insert into store.event (shard, stream_id, version, event_id, type, schema_version,
                                 data, meta, recorded_at, previous_hash, hash)
        values (v_shards[i], p_stream_ids[i], v_versions[i], p_event_ids[e], p_types[e],
                p_schema_versions[e], p_data[e], p_meta[e], v_now, v_hashes[i], v_hash)
        returning position into v_position;
        v_hashes[i] := v_hash;
        v_positions := v_positions || v_position;
    end loop;
    return query select false, p_request_hash, p_outcome,
        (select array_agg(v_shards[s] order by o) from unnest(p_stream) with ordinality u (s, o)),
        v_positions;
end $$;
