"""Meetings 办会: what is put before a meeting, what it decides, and what has to come of it.

Streams `meeting-<uuid>`, `agenda_item-<uuid>`, `opinion-<uuid>`, `series-<uuid>`. Publishes
`public.meetings.meeting.v1`, `public.meetings.agenda-item.v1`, `public.meetings.opinion.v1`;
takes `public.supervision.matter.v1`, to know which matter prompted an item.
"""
