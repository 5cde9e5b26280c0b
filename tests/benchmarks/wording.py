"""What the page says around its figures."""

HEAD = """
<!-- Generated from docs/performance/latest.json by `python -m tests.benchmarks --page`. -->

# Performance

Every figure stands next to its floor: the same work by hand on the raw drivers, with none of the promises,
taken in the same run, in turn, on the same PostgreSQL and the same Kafka broker.
A ratio says what the promises cost; it carries over to other machines, where the figures themselves do not.
"""

CURVES_ONLY = {
    "grow-events": "Appends, followers, projections and operators, among events stored",
    "grow-streams": "Appends among streams",
    "grow-length": "Appends against the length of an item's history",
    "grow-subscribers": "Alerts among subscribers",
    "grow-partitions": "Consuming among partitions",
}
"""Benches whose results are curves alone."""

COLUMNS = {
    "load": "what was asked for",
    "fsync": "`native`: the disk as it is; `+1 ms`: each sync of PostgreSQL made that much slower, like a cloud disk",
    "measure": "`rate` in events a second; `p50`, `p99`, `p99.9` of latency; `factor` between two loads; what else there is, below its heading",
    "ours": "median of the runs, and their range",
    "floor or peer": "the same of the floor; on a line *… beside* a peer, of that peer, under the same load",
    "ratio": "our median over the floor's or the peer's: of a rate more is better, of a latency less",
    "bar": "what we hold ourselves to; nothing fails because a machine is slow",
    "CPU s": "CPU seconds of 10 000 events, ours / floor, or the peer's: Python, PostgreSQL and Kafka together, without a separate load generator",
    "lost+repeated": "counted after every run, ours / floor or the peer's, over all runs; the relay is at least once, so it may repeat",
}

BENCHES = {
    "append": (
        "Append",
        (
            "`Store.execute` in full: load, decide, encode; then one call that keeps the command idempotent, "
            "compares the stream's version, marks the shard, chains the hashes. Target: 2 000 a second with 16 writers."
        ),
        (
            "command, stream and event rows inserted by one autocommit statement of asyncpg, a session a writer, "
            "the hash computed by the client; nothing is read, decided or compared."
        ),
    ),
    "follower": (
        "From a commit to a follower",
        "from the acknowledgement of an append to the call of a follower's handler, over the tailer's proof of what is final.",
        "`select max(position)` every 5 ms, believed: it loses events whose transactions commit out of order.",
    ),
    "relay": (
        "Relay to Kafka",
        "the relay from a filled store: read, decode, make the public message, publish, wait for every acknowledgement, move the checkpoint.",
        "the same records ready-made in memory, in batches of an idempotent aiokafka producer built by hand.",
    ),
    "consume": (
        "Consume from Kafka",
        "the consumer: offsets and inbox in PostgreSQL, parked keys looked up, each message applied once, or executed as one command.",
        "an aiokafka loop, at least once: a view's batch in one `insert … select unnest`, a command as the floor of append.",
    ),
    "http": (
        "A command over HTTP",
        (
            "`POST` of a document's receipt to uvicorn in a process of its own: parsed, authenticated, authorised, decided, appended, answered. "
            "*Whole service*: views, relay, timers, chain and consumer work on the same events in the same process."
        ),
        "a bare FastAPI handler in such a process that calls the append function with ready-made arguments.",
    ),
    "list": (
        "A list of very many matters",
        (
            "`GET /supervision/v1/matters` as an officer asks for it, 50 a page: open, of the organ or addressed to it, by due date; "
            "beside each four open matters there is a closed one. Token, policy, query, JSON; the service in a process of its own."
        ),
        "the statement alone on asyncpg, its rows not even looked at.",
    ),
    "rebuild": (
        "Rebuild of a projection",
        (
            "a view of one row an event built anew beside the old one, swapped in at the end, by a process of its own; "
            "*peak* is the most memory that it had."
        ),
        "a `COPY` of the same rows, at most a million of them, from memory.",
    ),
    "verify": (
        "Verify the hash chain",
        "every hash recomputed and every link compared, in the database.",
        "`sha256` over the same bytes, laid out beforehand, in the database.",
    ),
    "alert": (
        "From a commit to an alert",
        (
            "from the acknowledgement of an append in supervision, with all that follows its feed, over relay, Kafka, decider, mailbox "
            "and streamer to an application's hands through the Python client; each service and the client in a process of its own. "
            "*Of it*: Kafka's time of append and PostgreSQL's time of commit cut the way into its hops."
        ),
        "a bare grpc.aio loop that writes the same alert to the same client: nothing is stored, decided, checked or sent again.",
    ),
    "fanout": (
        "Many subscribers",
        (
            "from the commit of a mailbox to its client, each subscriber with a connection of its own to one streamer process; random ones "
            "are told and acknowledge. *memory*: what the streamer's process grew by, over its subscribers. *busy*: its share of a core."
        ),
        "the bare loop, with as many streams.",
    ),
    "storm": (
        "A storm of Subscribe calls",
        (
            "until the last stream is open, each with its token checked, its device and its place written; whoever is told to come again "
            "does so when told. A hundred streams share a connection. The default options of gRPC are there for comparison."
        ),
        "the bare loop, on our options.",
    ),
    "frozen": (
        "A client that stands still",
        (
            "each alert goes to one busy client and to one of ten others; then the busy one's process is stopped by SIGSTOP. *p50* to *p99* "
            "are of the others. *noticed*: after how long the server had ended its stream. *memory*: what the streamer's process grew by "
            "meanwhile. *caught up*: from SIGCONT until it had everything."
        ),
        "the same while all read: what is stood beside is ourselves.",
    ),
}

NOTES = (
    "One machine runs PostgreSQL, Kafka, what is measured and what applies the load: they share its cores.",
    "PostgreSQL: fsync, synchronous_commit and full_page_writes on, shared_buffers 256 MB, max_wal_size 4 GB, track_commit_timestamp on, the rest its defaults.",
    "Kafka: one broker, replication 1, 1 GiB of heap, G1; it does not sync each record. Topics have 12 partitions.",
    "All Python runs on uvloop. The two sides of a comparison take turns at going first; append and HTTP are warmed up before.",
    "Every process of Python, ours, a floor's or a peer's, leaves what is there once it has started out of its garbage collections, as our services do.",
    "An append's event carries about 300 bytes of data; each command opens a new item.",
    (
        "The HTTP client is not httpx, which would be the bottleneck: requests are written and answers read by hand over 64 kept-alive "
        "connections; closed loops use as many as they have clients. In an open loop time counts from when a request was due."
    ),
    "A latency below zero (seen before its acknowledgement was) counts as zero.",
    "A p99.9 of fewer than a thousand samples is their worst.",
    "The slower disk is measured where a commit is waited for: append and HTTP.",
    "Times to join a Kafka group or to start a server are not in any figure.",
    "Processes share one clock; Kafka's stamps are whole milliseconds. A frozen client is measured once a run: it takes a while.",
)

NOT_YET = (
    "Ten thousand streams at once; one event to very many subscribers; an hour of churn.",
    "Several machines, a network between them, TLS, three Kafka brokers, a standby.",
    "Growth of the log itself: topics far larger than memory, and how long a broker keeps them.",
)

REPRODUCE = """
## How to reproduce

```sh
make bench                                          # everything, natively and at +1 ms; writes this page
make bench ARGS="--resume"                          # the same, from where it was interrupted
make bench ARGS="--list"                            # which benches there are, and how long each takes
make bench ARGS="--quick"                           # does it work? writes nothing
make bench ARGS="--only append,http"                # some of it; writes nothing
make bench ARGS="--only rebuild,grow-events --long --write"   # ten million events; kept beside the rest
```

The raw figures of each run are in `docs/performance/latest.json`, the pictures beside it. The slower disk needs a C compiler, Kafka needs Java and Maven
(or `KAFKA_BOOTSTRAP_SERVERS`); what is missing is skipped and said.
"""
