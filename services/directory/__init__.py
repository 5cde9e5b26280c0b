"""Directory: which organs, units and people there are, and who is who among them.

Streams `organ-<uuid>`, `unit-<uuid>`, `person-<uuid>`, each id derived from a code. Publishes
the compacted topics `public.directory.organ.v1`, `public.directory.unit.v1`,
`public.directory.person.v1` and, for our own services, `internal.directory.person.v1`;
takes nothing.
"""
