"""An agenda item: submitted, accepted, scheduled with its materials, decided."""
