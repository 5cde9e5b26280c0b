"""Guards, taken away one at a time: what the checkers would then find proves that they look.

Some stand in the append functions, some in a statement of the chassis. Each is taken out of the
text that is there now; where that text is not there any more, `LookupError` is raised: a guard
that was not removed would prove nothing.
"""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from chassis.migrations import sql
from chassis.store.shards import MARKER_NAMESPACE

ONE, MANY = "append_v1.sql", "append_many_v1.sql"
MARKER = f"perform pg_advisory_xact_lock_shared({MARKER_NAMESPACE}, "
BEGIN = "-- 1. "
NEW = "array(select gen_random_uuid() from unnest({}))"
NEW_EVENT_IDS = f" p_event_ids := {NEW.format('p_event_ids')};\n    "
IN_DATABASE: Mapping[str, Sequence[tuple[str, str, str]]] = {
    # The in-flight marker: readers wait for whoever may still commit a drawn position.
    "marker": (
        (ONE, f"{MARKER}v_shards[i]);", "null;"),
        (MANY, f"{MARKER}m.shard)", "perform m.shard"),
    ),
    # The compare-and-set of versions, with the constraint that stands behind it.
    "stream_check": (
        (ONE, "set version = excluded.version where s.version = 0;", "set version = 1;"),
        (ONE, " and s.version = p_expected[i];", ";"),
        (MANY, "set version = excluded.version where s.version = 0", "set version = 1"),
        (MANY, " and s.version = g.expected", ""),
    ),
    # The command id: every try is another command, with events of its own.
    "command_id": (
        (ONE, BEGIN, f"p_command_id := gen_random_uuid();{NEW_EVENT_IDS}{BEGIN}"),
        (
            MANY,
            BEGIN,
            f"p_command_ids := {NEW.format('p_command_ids')};{NEW_EVENT_IDS}{BEGIN}",
        ),
    ),
}
"""By guard: in which function what is replaced by what."""

BEHIND: Mapping[str, str] = {
    "stream_check": "alter table store.event drop constraint event_stream_id_version_key",
}
"""By guard: the constraint that would still catch what it let through."""

ALL_AS_NEW = (
    "select s as source, i as id from unnest(cast(:sources as text[]), cast(:ids as text[])) "
    "as t (s, i) where cast(:consumer as text) is not null"
)
IN_PROCESS: Mapping[str, tuple[str, str, str, str]] = {
    # The compare-and-set of a consumer's offset.
    "offset_check": ("chassis.consumer.offsets", "_MOVE", "and o.next = m.before ", ""),
    # The inbox: whatever comes is new.
    "inbox": ("chassis.consumer.inbox", "_TAKE", "", ALL_AS_NEW),
    # The fence of a follower's lease.
    "lease_epoch": ("chassis.feed.lease", "_MOVE", " and c.lease_epoch = :epoch", ""),
}
"""By guard: the module and the statement that it is in, and what of it is replaced by what."""

GUARDS = (*IN_DATABASE, *IN_PROCESS)


async def remove_in(db: Any, guard: str) -> None:
    """Take a guard out of a service's database, as its owner."""
    functions: dict[str, str] = {}
    for file, there, instead in _known(IN_DATABASE, guard):
        function = functions.get(file) or sql(file)
        if function.count(there) != 1:
            raise LookupError(f"{file} does not say {there!r} once: where is {guard}?")
        functions[file] = function.replace(there, instead)
    for function in functions.values():
        await db.execute(
            function.replace("create function", "create or replace function", 1)
        )
    if guard in BEHIND:
        await db.execute(BEHIND[guard])


def without(guard: str) -> tuple[Any, str, Any]:
    """Return the module, the name and the statement that a guard's removal comes to."""
    module_name, name, there, instead = _known(IN_PROCESS, guard)
    module = importlib.import_module(module_name)
    statement = str(getattr(module, name))
    if not there:
        if "on conflict do nothing returning" not in statement:
            raise LookupError(
                f"{module_name}.{name} guards by other means: where is {guard}?"
            )
        return module, name, text(instead)
    if statement.count(there) != 1:
        raise LookupError(
            f"{module_name}.{name} does not say {there!r} once: where is {guard}?"
        )
    return module, name, text(statement.replace(there, instead))


def remove_here(guards: str) -> None:
    """Take guards, with commas between, out of this process. Raises `LookupError`."""
    for guard in filter(None, guards.split(",")):
        module, name, statement = without(guard)
        setattr(module, name, statement)


def _known(guards: Mapping[str, Any], guard: str) -> Any:
    if guard not in guards:
        raise LookupError(f"no guard {guard!r} here; known are: {', '.join(guards)}")
    return guards[guard]
