"""The services. None imports another: they coordinate through the event log."""
