"""The read models of meetings: meetings, agenda items with their materials, opinions."""
