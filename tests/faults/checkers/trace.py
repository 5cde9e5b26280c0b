"""Who moved a checkpoint or an offset, and under which lease: what I11 goes by.

A store shows where a checkpoint stands, and not who put it there. So a run lays a trace beside
it: `install` in each database before anything starts, `tell_epochs` in each process, whose
writes then carry the epoch they believe in. Neither changes what is written.
"""

from typing import Any

from sqlalchemy import text

from chassis.feed import lease

SETTING = "shuniu.believed_epoch"
TRACE = f"""
create schema if not exists traced;
create table if not exists traced.move (
    n         bigint generated always as identity primary key,
    what      text not null,     -- lease, checkpoint, offset
    name      text not null,
    place     text not null default '',
    before    bigint not null,
    after     bigint not null,
    epoch     bigint,            -- that the row is fenced with
    believed  bigint,            -- that whoever wrote it believes in
    rewound   boolean not null default false,
    at        timestamptz not null default clock_timestamp()
);
create or replace function traced.note() returns trigger language plpgsql security definer as $$
declare
    v_old jsonb := to_jsonb(old);
    v_new jsonb := to_jsonb(new);
    v_believed bigint := nullif(current_setting('{SETTING}', true), '')::bigint;
begin
    if tg_argv[0] = 'lease' then
        insert into traced.move (what, name, before, after)
        values ('lease', new.name, (v_old ->> 'lease_epoch')::bigint, (v_new ->> 'lease_epoch')::bigint);
    elsif tg_argv[0] = 'checkpoint' then
        insert into traced.move (what, name, place, before, after, epoch, believed)
        values ('checkpoint', new.name, v_new ->> 'shard', (v_old ->> 'position')::bigint,
                (v_new ->> 'position')::bigint, (v_new ->> 'lease_epoch')::bigint, v_believed);
    else
        insert into traced.move (what, name, place, before, after, rewound)
        values ('offset', v_new ->> 'consumer', concat_ws('/', v_new ->> 'topic', v_new ->> 'partition'),
                (v_old ->> 'next')::bigint, (v_new ->> 'next')::bigint, v_new ->> 'last_id' is null);
    end if;
    return null;
end $$;
create or replace trigger traced_lease after update on feed.follower for each row
    when (old.lease_epoch is distinct from new.lease_epoch) execute function traced.note('lease');
create or replace trigger traced_move after update on feed.checkpoint for each row
    when (old.position is distinct from new.position) execute function traced.note('checkpoint');
create or replace trigger traced_offset after update on feed.consumer_offset for each row
    when (old.next is distinct from new.next) execute function traced.note('offset');
"""  # noqa: S608 the setting's name is ours
_FROM = "  as t (shard, before, after) "
_TELLING = f", (select set_config('{SETTING}', cast(cast(:epoch as bigint) as text), true)) as told "


async def install(db: Any) -> None:
    """Lay the trace in a service's database, as its owner. Idempotent."""
    await db.execute(TRACE)


def tell_epochs() -> None:
    """Let this process's followers say which epoch they believe in. Idempotent.

    Raises `LookupError` where the statement they move by is not the one we know.
    """
    told = str(lease._MOVE)  # noqa: SLF001 the statement whose author is to be told
    if SETTING in told:
        return
    if told.count(_FROM) != 1:
        raise LookupError("chassis.feed.lease moves checkpoints by another statement now")
    telling = told.replace(_FROM, _FROM.rstrip() + _TELLING.replace(":epoch", ":believed"))
    lease._MOVE = text(telling.replace(":believed", ":epoch"))  # noqa: SLF001 as above
