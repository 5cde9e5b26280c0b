"""The words of `docs/FAULTS.md` that no run changes."""

HEAD = """
# Faults

What the suite goes through, and what is left of its promises then.
Every figure here comes from `make faults`: real processes, a real PostgreSQL, a real Kafka, and clients that write down what they asked for and what they were told.
This page is generated from [faults/latest.json](faults/latest.json); a test fails where they differ.
"""

COURSE = """
## How a run goes

1. Warm-up: twenty commands a second on known items, several clients on one item at once. Each command has an `Idempotency-Key`; a time-out counts as unknown, never as failed, and is sent again under its key. The office's clock goes on, so that timers fire.
2. The fault, while the load goes on.
3. Healing: what the fault took away is there again; nobody lends a hand to the services.
4. Rest: until every lag is 0 and every service ready: the recovery. Then clients go on for a moment, everything comes to rest once more, everything unknown is sent again until it is known, and some of what was answered OK as well: it must be answered alike.
5. The checkers read stores, topics, views, mailboxes, logs and the history of the clients. One lab serves many runs, so that each is judged with all that came before it.

A crash point is a place in the program where a process can be made to die; none is in the program itself.
"""

COLUMNS = {
    "runs (seeds)": "how often, and under which seeds: `--seed` runs one again",
    "ok, refused, unknown": "commands by what was known of them in the end",
    "unsure": "attempts that were not answered for certain: cut, timed out, 503",
    "lost, phantom, twice, reordered": "violations by what they say, of any invariant",
    "recovery": "seconds from healing until every lag is 0 and every service ready: median, p95, longest; clients still send again what they have in hand",
    "verdict": "the invariants that were checked; those that were violated are named",
}

INVARIANTS = {
    "I1": "every command answered OK has its events in the store exactly once",
    "I2": "nothing comes of a refused command; an unknown one, sent again, is done once",
    "I3": "each stream is numbered 1..n, and its hash chain verifies",
    "I4": "what is on the topics is what the store has to tell; per key, first occurrences in order",
    "I5": "every view equals a fresh fold of the store; every effect of another's event happened once",
    "I6": "after healing: lag 0 and ready within 30 s, without a hand",
    "I7": "what the fault does not touch goes on; the rest fails fast, with a hint; nothing hangs",
    "I8": "every admin act and every denial has one audit record",
    "I9": "no 5xx from input; no secret or stack trace told; memory and descriptors come back",
    "I10": "consumed and parked make up what was produced; a poison record stops its key alone",
    "I11": "no write under an older lease epoch once a newer one has begun",
}

NOT_COVERED = (
    "Power loss: `fsync` is off in these tests, because what dies is a process and never the machine. PostgreSQL and Kafka are trusted to keep what they acknowledged.",
    "Several regions, and a network between data centres: all runs on one machine, over its loopback.",
    "Storage that lies or rots: no bits are turned on a disk.",
    "Byzantine peers: whoever has a service's credentials can write what they like under its name.",
    "Versions other than the ones named above.",
)

REPRODUCE = """
## Run it again

```sh
make faults                                      # everything, and this page
make faults ARGS="--list"                        # what there is
make faults ARGS="--only F1.append_open --seed 3"
make faults ARGS="--tier short --resume"         # goes on where it was interrupted
```

The short tier is part of `make test`.
"""
