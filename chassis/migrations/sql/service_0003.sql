revoke all on function store.append_many_v1 from public;
grant execute on function store.append_many_v1 to {app};

-- How often somebody set a consumer back on purpose: the log is told with the offset, so that
-- whoever is behind what the log was told without that is known to be an older copy.
alter table feed.consumer_offset add column resets integer not null default 0;
create function feed.note_reset() returns trigger language plpgsql as $$
begin
    new.resets := old.resets + 1;
    return new;
end $$;
create trigger set_back before update on feed.consumer_offset
    for each row when (new.next < old.next) execute function feed.note_reset();
