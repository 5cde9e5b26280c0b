"""Notifier: decides who must be told what, and keeps it in their mailbox until they read it.

Streams `digest-<uuid>`. Publishes nothing yet; takes `public.documents.incoming.v1`,
`public.documents.outgoing.v1` and `public.supervision.matter.v1`; serves
`shuniu.notifier.v1.AlertStream` and `shuniu.notifier.v1.Inbox`.
"""
