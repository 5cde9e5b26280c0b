"""The event store: one append function, idempotent commands, one history.

`Store.of(category)` is what doors and handlers use; `Store.transact` is for acts that
change several streams, or draw a number without gaps.
"""

from chassis.store.cause import Cause, Outcome, Position
from chassis.store.errors import (
    ConflictError,
    DifferentRequestError,
    ForgottenCommandError,
    StaleVersionError,
)
from chassis.store.store import Item, Store, Streams
from chassis.store.stored import Meta, Stored
from chassis.store.transaction import Transaction

__all__ = [
    "Cause",
    "ConflictError",
    "DifferentRequestError",
    "ForgottenCommandError",
    "Item",
    "Meta",
    "Outcome",
    "Position",
    "StaleVersionError",
    "Store",
    "Stored",
    "Streams",
    "Transaction",
]
