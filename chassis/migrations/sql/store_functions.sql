create function store.shard_of(p_stream_id text) returns smallint
language sql immutable parallel safe set search_path = pg_catalog as $$
    select (get_byte(sha256(convert_to(p_stream_id, 'UTF8')), 0) % {shards})::smallint
$$;

-- sha256 over the length-prefixed fields, so that no two different events hash alike by shifting bytes.
create function store.hash_of(
    p_previous bytea, p_stream_id text, p_version bigint, p_event_id uuid, p_type text,
    p_schema_version integer, p_data bytea, p_meta bytea, p_stamp bytea
) returns bytea language sql immutable parallel safe as $$
    select sha256(
        int4send(octet_length(p_previous)) || p_previous
        || int4send(octet_length(p_stream_id)) || convert_to(p_stream_id, 'UTF8')
        || int8send(p_version) || uuid_send(p_event_id)
        || int4send(octet_length(p_type)) || convert_to(p_type, 'UTF8')
        || int4send(p_schema_version)
        || int4send(octet_length(p_data)) || p_data
        || int4send(octet_length(p_meta)) || p_meta
        || p_stamp)
$$;

-- Lock a stream's row for a pessimistic transaction; makes the row where there is none.
create function store.lock_v1(p_stream_id text) returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_version bigint;
begin
    insert into store.stream (stream_id, category, shard, version)
    values (p_stream_id, split_part(p_stream_id, '-', 1), store.shard_of(p_stream_id), 0)
    on conflict do nothing;
    select s.version into v_version from store.stream s where s.stream_id = p_stream_id for update;
    return v_version;
end $$;

-- Events whose hash or whose link to the one before is wrong, and streams that lost their tail.
create function store.verify_v1() returns table (stream_id text, version bigint, fault text)
language sql stable set search_path = pg_catalog as $$
    with chained as (
        select e.*, lag(e.hash) over w as before_hash, lag(e.version) over w as before_version
        from store.event e window w as (partition by e.stream_id order by e.version)
    )
    select c.stream_id, c.version,
        case when c.version <> coalesce(c.before_version, 0) + 1 then 'missing event'
             when c.previous_hash <> coalesce(c.before_hash, ''::bytea) then 'broken link'
             else 'changed event' end
    from chained c
    where c.version <> coalesce(c.before_version, 0) + 1
       or c.previous_hash <> coalesce(c.before_hash, ''::bytea)
       or c.hash <> store.hash_of(c.previous_hash, c.stream_id, c.version, c.event_id, c.type,
            c.schema_version, c.data, c.meta, int8send((extract(epoch from c.recorded_at) * 1000000)::bigint))
    union all
    select s.stream_id, s.version, 'cut tail' from store.stream s
    where s.version <> (select count(*) from store.event e where e.stream_id = s.stream_id)
$$;

-- Forget commands that no client repeats any more; event ids still keep them idempotent.
create function store.prune_commands_v1(p_days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_gone bigint;
begin
    delete from store.command c where c.recorded_at < now() - make_interval(days => p_days);
    get diagnostics v_gone = row_count;
    return v_gone;
end $$;
