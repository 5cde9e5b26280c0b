"""Taking other services' public events: each applied once, in order per item.

A service lists its subscriptions; `Consumer` does the rest: offsets kept in our own
database by compare-and-set, an inbox that drops repeats, poison parked by key.
"""

from chassis.consumer.consumer import Consumer
from chassis.consumer.subscription import Apply, Subscription, commands, view

__all__ = ["Apply", "Consumer", "Subscription", "commands", "view"]
