"""Alerts of Shuniu 枢纽, in asyncio: resumes, acknowledges and reconnects by itself."""

from shuniu.notifier.v1.alert_stream_pb2 import Alert, AlertFilter, Severity
from shuniu_client.client import AlertClient
from shuniu_client.frames import Begin, Patience
from shuniu_client.items import Delivery, Gap, Item
from shuniu_client.ledger import NeglectedGapError
from shuniu_client.place import Cursor, FilePlace, MemoryPlace, Place, PlaceError
from shuniu_client.refusals import AlertsRefusedError, ReplacedError

__all__ = [
    "Alert",
    "AlertClient",
    "AlertFilter",
    "AlertsRefusedError",
    "Begin",
    "Cursor",
    "Delivery",
    "FilePlace",
    "Gap",
    "Item",
    "MemoryPlace",
    "NeglectedGapError",
    "Patience",
    "Place",
    "PlaceError",
    "ReplacedError",
    "Severity",
]
