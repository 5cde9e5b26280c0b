"""A meeting: planned, noticed, held, closed."""
