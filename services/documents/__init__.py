"""Documents 办文: what comes in, what goes out, and the numbers they carry.

Streams `incoming-<uuid>`, `outgoing-<uuid>`, `series-<uuid>`.
Publishes `public.documents.incoming.v1` and `public.documents.outgoing.v1`;
takes `public.supervision.matter.v1`, to record the handling at the source.
"""
