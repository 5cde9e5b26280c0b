"""I1 and I2: what clients were told about their commands, and what the stores say of them.

A client knows its key, the store the command id that a door made of it: the id is made again
and looked for, or that of the record which an admin act leaves. It is looked for twice, among
the commands that the store remembers and in what each event says of its command: whoever forgot
the command still cannot hide its events.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.http.doors import KEYS
from chassis.store.cause import derived_id
from tests.faults.checkers.findings import Findings
from tests.faults.checkers.stores import (
    SERVICES,
    Services,
    Source,
    chunks,
    ids,
    open_stores,
)
from tests.faults.evidence import Evidence, Verdict
from tests.faults.history import Attempt, Outcome, Phase

KEYS_AT_ONCE = 1_000
KEY_REUSED = 422

_TOLD = """
create temp table told as
select (said ->> 'command_id')::uuid as command_id, said ->> 'actor' as actor, event_id, position
from (select convert_from(meta, 'UTF8')::jsonb as said, event_id, position from store.event) e;
create index on told (command_id);
analyze told;
"""
_ACTORS = "select distinct actor from told order by 1"
_FOUND = """
select c.id, k.event_ids,
    array(select event_id from told t where t.command_id = c.id order by t.position) as stored
from unnest($1::uuid[]) as c (id) left join store.command k on k.command_id = c.id
where k.command_id is not null or exists (select from told t where t.command_id = c.id)
"""
_HALVES = """
select c.command_id, count(*) filter (where e.event_id is null) as missing, count(*) as all
from store.command c cross join unnest(c.event_ids) as i (id)
left join store.event e on e.event_id = i.id
group by 1 having count(*) filter (where e.event_id is null) > 0 limit 100
"""
_TWICE = """
select t.command_id, count(*) as stored, cardinality(c.event_ids) as decided
from told t join store.command c using (command_id)
group by 1, 3 having count(*) <> cardinality(c.event_ids) limit 100
"""
_UNKNOWN = """
select command_id, count(*) as stored from told t
where not exists (select from store.command c where c.command_id = t.command_id)
group by 1 limit 100
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a store knows of one command: the events it decided, and those that are stored."""

    command_id: UUID
    decided: Sequence[UUID] | None
    stored: Sequence[UUID]

    def faults(self) -> Iterable[str]:
        """Say in what it was not done exactly once."""
        decided = self.decided
        if decided is None:
            yield f"has {len(self.stored)} events of it but does not remember the command"
            return
        if lost := [e for e in decided if e not in self.stored]:
            yield f"lost {len(lost)} of its {len(decided)} events ({ids(lost)})"
        if more := [e for e in self.stored if e not in decided]:
            yield f"stored {len(more)} events more than it decided ({ids(more)})"
        if set(decided) != {uuid5(self.command_id, str(n)) for n in range(len(decided))}:
            yield "gave its events ids that do not derive from the command"


async def answered_commands(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I1: every command that was answered OK has its events in the store exactly once.

    So has every command that a store remembers, whoever gave it.
    """
    findings = Findings("I1")
    outcomes = evidence.history.outcomes()
    by_key = {attempt.key: attempt for attempt in evidence.history}
    wanted = _by_service(by_key, {k for k, o in outcomes.items() if o is Outcome.OK})
    async with open_stores(evidence, services) as sources:
        for name in sorted(wanted.keys() - sources.keys()):
            findings.violated(f"Clients called {name}, whose database nobody gave us.")
        for name, source in sources.items():
            found = await _look_up(source, by_key, wanted.get(name, ()))
            for key in wanted.get(name, ()):
                findings.count("answered OK")
                _judge_done(findings, by_key[key], found.get(key, []))
            await _judge_all(findings, source)
    findings.count("repeats compared", evidence.compared)
    for said in evidence.unlike:
        findings.violated(f"A repeat was not answered as the first time: {said}.")
    if by_key and Outcome.OK in outcomes.values():
        findings.expect_work(
            "answered OK", "No command that was answered OK was looked for."
        )
    return findings.verdict()


async def refused_and_unknown(evidence: Evidence, services: Services = SERVICES) -> Verdict:
    """I2: nothing came of what was refused; what was unknown was done once or not at all."""
    findings = Findings("I2")
    outcomes = evidence.history.outcomes()
    attempts: dict[UUID, list[Attempt]] = defaultdict(list)
    for attempt in evidence.history:
        attempts[attempt.key].append(attempt)
    last = {key: every[-1] for key, every in attempts.items()}
    unsure = {
        key
        for key, every in attempts.items()
        if any(a.outcome is Outcome.UNKNOWN for a in every)
    }
    refused = {k for k, o in outcomes.items() if o is Outcome.REFUSED}
    wanted = _by_service(last, refused | unsure)
    async with open_stores(evidence, services) as sources:
        for name, source in sources.items():
            keys = wanted.get(name, ())
            found = await _look_up(source, last, keys)
            for key in keys:
                done = found.get(key, [])
                if outcomes[key] is Outcome.REFUSED:
                    _judge_refused(findings, last[key], done)
                else:
                    _judge_unknown(findings, outcomes[key], attempts[key], done)
    if wanted and not findings.counted("refused") + findings.counted("unknown"):
        findings.violated("Nothing of what was refused or unknown was looked for.")
    return findings.verdict()


def _judge_done(findings: Findings, attempt: Attempt, done: Sequence[Done]) -> None:
    what = _named(attempt)
    if not done:
        findings.violated(
            f"{what} was answered OK, but its store knows nothing of it: lost."
        )
    elif len(done) > 1:
        who = ids([d.command_id for d in done])
        findings.violated(f"{what} was carried out {len(done)} times: commands {who}.")
    else:
        for fault in done[0].faults():
            findings.violated(f"{what} was answered OK, but its store {fault}.")


def _judge_refused(findings: Findings, attempt: Attempt, done: Sequence[Done]) -> None:
    findings.count("refused")
    left = sum(len(d.stored) for d in done)
    if done:
        findings.violated(
            f"{_named(attempt)} was refused ({attempt.status} {attempt.said}), but "
            f"{left} events of it are in the store: a phantom."
        )


def _judge_unknown(
    findings: Findings, outcome: Outcome, attempts: Sequence[Attempt], done: Sequence[Done]
) -> None:
    findings.count("unknown")
    last = attempts[-1]
    what = _named(last)
    findings.count("unknown, then done" if done else "unknown, never done")
    if len(done) > 1:
        findings.violated(f"{what} was unknown and carried out {len(done)} times.")
    for one in done[:1]:
        for fault in one.faults():
            findings.violated(f"{what} was unknown, and its store {fault}.")
    if last.outcome is Outcome.UNKNOWN and last.phase is Phase.QUIESCE:
        findings.violated(
            f"{what} was sent again when all was well, and nobody answered it: "
            "it did not converge."
        )
    if outcome is not Outcome.OK and done and last.status == KEY_REUSED:
        findings.violated(
            f"{what} was carried out, but sent again it was taken for another request."
        )


async def _judge_all(findings: Findings, source: Source) -> None:
    """Look at every command of a store: those of consumers, reactions and timers as well."""
    number = await source.db.fetchval("select count(*) from store.command")
    findings.count("commands in stores", number)
    for row in await source.db.fetch(_HALVES):
        findings.violated(
            f"{source.name}: command {row['command_id']} lost {row['missing']} of its "
            f"{row['all']} events."
        )
    for row in await source.db.fetch(_TWICE):
        findings.violated(
            f"{source.name}: command {row['command_id']} decided {row['decided']} events, and "
            f"{row['stored']} are stored under it."
        )
    for row in await source.db.fetch(_UNKNOWN):
        findings.violated(
            f"{source.name}: {row['stored']} events name the command {row['command_id']}, which "
            "the store does not remember."
        )


async def _look_up(
    source: Source, attempts: Mapping[UUID, Attempt], keys: Sequence[UUID]
) -> Mapping[UUID, list[Done]]:
    await source.db.execute(_TOLD)
    everybody = [row["actor"] for row in await source.db.fetch(_ACTORS)]
    found: dict[UUID, list[Done]] = defaultdict(list)
    for some in chunks(keys, KEYS_AT_ONCE):
        made = {}
        for key in some:
            person = attempts[key].person
            for actor in [person] if person else everybody:
                command_id = uuid5(KEYS, f"{source.name}|{actor}|{key}")
                made[command_id] = key
                made[derived_id("audit", "acted", command_id)] = key
        for row in await source.db.fetch(_FOUND, list(made)):
            done = Done(row["id"], row["event_ids"], row["stored"])
            found[made[done.command_id]].append(done)
    return found


def _by_service(
    attempts: Mapping[UUID, Attempt], keys: Iterable[UUID]
) -> Mapping[str, Sequence[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for key in keys:
        found[attempts[key].service].append(key)
    return found


def _named(attempt: Attempt) -> str:
    return f"{attempt.service}: {attempt.act} of {attempt.item} (key {attempt.key})"
