"""What a service knows of the directory: a replica in its own database, never behind itself.

`subscriptions` keep it, `Directory` reads it. Names stay sealed in the database, so that
erasing a person's key erases the name here as well.
"""

from chassis.directory.reading import Directory
from chassis.directory.replica import TOPICS, subscriptions

__all__ = ["TOPICS", "Directory", "subscriptions"]
