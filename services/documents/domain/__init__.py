"""The documents domain: one folder per kind of stream."""
