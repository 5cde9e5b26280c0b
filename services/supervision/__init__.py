"""Supervision 督查督办: what a leader asked for is followed until it is closed.

Streams `matter-<uuid>`, `score-<uuid>`, `series-<uuid>`. Publishes
`public.supervision.matter.v1` and `public.supervision.score.v1`; takes `public.documents.incoming.v1`, to open matters and to learn what a leader has seen,
and `public.meetings.opinion.v1`, to follow the congress's opinions to the vote on them.
"""
