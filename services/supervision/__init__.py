"""Supervision 督查督办: what a leader asked for is followed until it is closed.

Streams `matter-<uuid>`, `series-<uuid>`. Publishes `public.supervision.matter.v1`;
takes `public.documents.incoming.v1`, to open matters and to learn what a leader has seen.
"""
