"""The meetings domain: meetings, agenda items, deliberation opinions, and what they share."""
