"""What the page says of the peers: what each was told, and what it does not promise."""

PEERS = {
    "eventsourcing": (
        "`eventsourcing` 9.5 on psycopg: `Application.save` of a new aggregate with our bench's fields. One process, as many threads as "
        "writers, a connection each, opened beforehand; no check of a connection before its use, no snapshots, no encryption. As it comes it "
        "locks its table for each save, so that readers miss nothing: that is why it stays flat. *No lock* is its own option of database "
        "functions: faster, and without that lock, so that a reader of its notifications may pass over what commits late. Neither keeps a "
        "command idempotent nor chains hashes."
    ),
    "Debezium": (
        "Debezium 3.2, PostgreSQL connector with the outbox router, in a Kafka Connect of its own (1 GiB of heap, G1), on the same server "
        "(`wal_level=logical` for both sides) and broker. It is asked every millisecond, in batches of 2 048 from a queue of 8 192; its producer waits "
        "for all replicas, is idempotent, does not linger, sends 256 KiB at a time, five requests in flight. Its rate counts from the first record "
        "on the broker to the last, after five backlogs to warm up its compiler: starting and reading the log up to there is not in it. "
        "An outbox row is written ready for Kafka; ours is made public from the event at that time."
    ),
    "FastStream": (
        "FastStream 0.7 on aiokafka and uvloop, batches of 500 as ours, acknowledged by hand after the same SQL as the floor, one session. "
        "It is at least once: no offset is kept with the effect, nothing that comes twice is noticed, and a poison record would stop it."
    ),
}
"""By peer: its settings and promises."""
